"""Notes as Markdown beside their pages, and `llms.txt`, for readers that are programs.

`sources: {markdown: true}` publishes the file of each note as `index.md` beside
its page, links to it and offers to copy it; `llms: true` lists the notes in
`/llms.txt` (https://llmstxt.org). Only notes that are published, and what is in
their files: headers and comments too.
"""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from notecast.config_sections import about
from notecast.feature import Feature
from notecast.loader.scan import NOTE_SUFFIXES
from notecast.model import NotePath, Page, Post, Url
from notecast.site import View

FILE = "index.md"


@dataclass(frozen=True)
class Sources:
    """Notes as Markdown."""

    markdown: bool = field(
        default=False,
        metadata=about(
            "Whether each note is also published as `index.md`, a notebook as it is, too.",
            True,
        ),
    )
    llms: bool = field(
        default=False,
        metadata=about("Whether `/llms.txt` lists the notes for language models.", True),
    )


class SourcesFeature(Feature):
    name = "sources"
    options = Sources
    slots: ClassVar[Mapping[str, str]] = {
        "head": "sources/head.html",
        "note_foot": "sources/note_foot.html",
    }

    def note_context(self, post: Post, view: View) -> Any:
        address = source_url(post, view)
        return {"url": address, "file": file_url(post)} if address else None

    def sources(self, view: View) -> Iterable[tuple[Url, NotePath, str]]:
        for post in view.posts:
            address = source_url(post, view)
            if address:
                file = file_url(post)
                yield address, post.path, FILE if file else ""
                if file:
                    yield file, post.path, ""

    def pages(self, view: View) -> Iterable[Page]:
        options = view.options(self.name)
        if options and options.llms:
            yield Page(
                url=Url("/llms.txt"),
                template="sources/llms.txt",
                context=partial(_context, view),
                identity=[
                    (post.url, post.title, view.description(post), _group(post, view))
                    for post in view.posts
                ],
            )


def source_url(post: Post, view: View) -> Url | None:
    """Where the file of a note is published, `None` where it is not."""
    options = view.options("sources")
    if not options or not options.markdown or not post.url.endswith("/"):
        return None
    return Url(post.url + FILE)


def file_url(post: Post) -> Url | None:
    """Where the file itself is published if it is of another format, beside its Markdown."""
    suffix = posixpath.splitext(post.path)[1].lower()
    return None if suffix in NOTE_SUFFIXES else Url(f"{post.url}index{suffix}")


def _context(view: View) -> dict[str, Any]:
    groups: dict[str, list[dict[str, str]]] = {}
    for post in view.posts:
        groups.setdefault(_group(post, view), []).append(
            {
                "title": post.title,
                "url": source_url(post, view) or post.url,
                "description": " ".join(view.description(post).split()),
            }
        )
    return {"groups": [{"name": name, "notes": groups[name]} for name in sorted(groups)]}


def _group(post: Post, view: View) -> str:
    """The outermost category of a note, by the name that it is shown by."""
    trail = view.term_trail("categories", post.categories[0]) if post.categories else []
    return trail[0]["name"] if trail else ""


FEATURE = SourcesFeature()
