"""Ordinary links and images: paths in notes become addresses of the site."""

import json
import posixpath
from collections.abc import Iterable
from html import escape

from notecast.anchors import anchor_of, near_anchor
from notecast.feature import Feature
from notecast.model import BASE, Hole, Post, Shown
from notecast.pictures import with_variants
from notecast.problems import Problem
from notecast.site import View
from notecast.targets import Target
from notecast.urls import join, quote

BUNDLE_SUFFIXES = frozenset(
    {
        *(".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"),
        *(".m4a", ".mp3", ".mp4", ".ogg", ".wav", ".webm"),
        *(".bib", ".csv", ".json", ".npy", ".npz", ".pdf", ".tsv", ".txt", ".zip"),
    }
)
"""Files beside `index.md` that are published with it even if the note does not name them."""


class Links(Feature):
    """Fills the holes that links and images leave (`href`, `image`, `src`, `picture`)."""

    name = "links"

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        if hole.kind == "href":
            return _href(hole, post, view)
        if hole.kind == "image":
            return _image(hole, post, view)
        target = view.targets.of_path(post.path, hole.data[0])
        return escape(_address(target, hole.data[0], post))

    def files(self, view: View) -> Iterable[str]:
        for post in view.posts:
            for hole in post.holes:
                if hole.feature == self.name:
                    target = view.targets.of_path(post.path, hole.data[0])
                    if target.kind == "file":
                        yield target.path
        bundles = {
            posixpath.dirname(post.path)
            for post in view.posts
            if posixpath.basename(post.path) in ("index.md", "index.ipynb") and "/" in post.path
        }
        for path in view.files():
            if (
                posixpath.dirname(path) in bundles
                and posixpath.splitext(path)[1].lower() in BUNDLE_SUFFIXES
            ):
                yield path

    def pictures(self, view: View) -> Iterable[Shown]:
        for post in view.posts:
            for hole in post.holes:
                if hole.feature == self.name and hole.kind == "image":
                    target = view.targets.of_path(post.path, hole.data[0])
                    if target.kind == "file":
                        yield Shown(target.path, post.path, hole.line, hole.column)

    def check(self, view: View) -> Iterable[Problem]:
        for post in view.posts:
            for hole in post.holes:
                if hole.feature == self.name:
                    yield from _check(hole, post, view)


def _address(target: Target, written: str, post: Post) -> str:
    if target.kind in {"note", "file"}:
        return BASE + target.url
    # A root-relative address may be a page or a static file of the site. What nothing is
    # found for leads where a browser would look for it, also in feeds.
    return BASE + (written if written.startswith("/") else quote(join(post.url, written)))


def _href(hole: Hole, post: Post, view: View) -> str:
    written, fragment, *query = hole.data
    target = view.targets.of_path(post.path, written)
    if fragment:
        # Headings may be named as they are written, too, as editors do it.
        found = anchor_of(fragment, view.post(target.path))
        fragment = fragment if found is None else found
    anchor = (f"?{query[0]}" if query else "") + (f"#{fragment}" if fragment else "")
    anchor = anchor.replace("^", "%5E")
    if not written:
        return escape(anchor or "#")
    return escape(_address(target, written, post) + anchor)


def _image(hole: Hole, post: Post, view: View) -> str:
    source, alt, title, more = hole.data
    target = view.targets.of_path(post.path, source)
    if target.kind != "file" and not source.startswith("/"):
        shown = alt or source
        return f'<span class="missing-image" title="{escape(source)}">{escape(shown)}</span>'
    given = json.loads(more) if more else {}
    attributes = {"src": _address(target, source, post), "alt": alt}
    file = view.file(target.path)
    if file and file.width and file.height:
        attributes.update(width=str(file.width), height=str(file.height))
        if "width" in given and "height" not in given and str(given["width"]).isdecimal():
            # The room that is kept while the picture loads has its shape.
            given["height"] = str(max(1, round(int(given["width"]) * file.height / file.width)))
    attributes.update(loading="lazy", decoding="async")
    if title:
        attributes["title"] = title
    attributes.update(given)
    written = "".join(f' {name}="{escape(str(value))}"' for name, value in attributes.items())
    width = str(given.get("width", ""))
    return with_variants(f"<img{written}>", target.path, width, view)


def _check(hole: Hole, post: Post, view: View) -> Iterable[Problem]:
    written = hole.data[0]
    fragment = hole.data[1] if hole.kind == "href" else ""
    target = view.targets.of_path(post.path, written)
    place = (view.shown(post.path), hole.line, hole.column)
    what = "image" if hole.kind in ("image", "picture") else "link"
    if target.kind == "missing" and written.startswith("/"):
        if not _is_address(written, view):
            yield Problem(
                f"{what}-target-exists",
                "warning",
                *place,
                f'nothing on this site has the address "{written}"',
                "files for such addresses belong into the folder static/, "
                "or write the path of the note or file",
                same=written,
            )
    elif target.kind == "missing":
        yield Problem(
            f"{what}-target-exists",
            "warning",
            *place,
            f'there is no {"image" if what == "image" else "note or file"} "{written}"',
            _suggestion(target.path, view),
            same=target.path,
        )
    elif target.kind == "withheld":
        yield Problem(
            "link-target-is-published",
            "warning",
            *place,
            f'the note "{written}" is not published (a draft, dated in the future, expired, '
            "or its header cannot be read)",
            same=target.path,
        )
    elif fragment and target.kind == "note":
        other = view.post(target.path)
        if other and anchor_of(fragment, other) is None:
            near = near_anchor(fragment, other)
            yield Problem(
                "link-anchor-exists",
                "warning",
                *place,
                f'there is no heading or block "#{fragment}" in {other.path}',
                f"did you mean #{near}?" if near else "",
                same=f"{other.path}#{fragment}",
            )


def _is_address(written: str, view: View) -> bool:
    plain = written.split("?")[0]
    return plain in view.addresses or plain.rstrip("/") + "/" in view.addresses


def _suggestion(path: str, view: View) -> str:
    near = view.targets.suggestion(path)
    return f"did you mean {near} (from the notes folder)?" if near else ""


FEATURE = Links()
