"""Wikilinks: `[[Note]]`, `[[Note|text]]`, `[[Note#Heading]]`, `[[#Heading]]`, `![[image.png|300]]`.

Names are looked up as Obsidian does: the file's name, with as many folders as
are needed to tell it from others; then the other names of a note (`aliases`),
then its title. Case and Unicode normal form do not matter.

`syntax.py` finds them, `embeds.py` knows which notes may stand inside which,
`media.py` embedded files.
"""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.anchors import anchor_of, near_anchor
from notecast.feature import Feature
from notecast.features.wikilinks.embeds import refusals
from notecast.features.wikilinks.media import drawing, is_drawing, is_picture, media
from notecast.features.wikilinks.names import shown_text
from notecast.model import BASE, Embed, Hole, Post, Shown
from notecast.problems import Problem
from notecast.site import View
from notecast.targets import fold_path

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class Wikilinks(Feature):
    """Parses wikilinks, resolves their names, embeds notes and files."""

    name = "wikilinks"
    version = 3

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.wikilinks.syntax import install

        install(md)

    def fill(self, hole: Hole, post: Post, view: View) -> str | Embed:
        target = view.targets.of_name(post.path, hole.data[0])
        if hole.kind != "link":
            target = drawing(target, view) or target
        if hole.kind == "block" and target.kind == "note":
            embed = _embed(hole, post, view)
            if embed is not None:
                return embed
        if hole.kind == "link":
            return _link(hole, post, view)
        shown = (
            media(target, hole.data[2], view) if target.kind == "file" else _link(hole, post, view)
        )
        if hole.kind != "block":
            return shown
        lone = target.kind == "file" and is_picture(target.path)
        return f'<p class="lone">{shown}</p>' if lone else f"<p>{shown}</p>"

    def files(self, view: View) -> Iterable[str]:
        for post, hole in _holes(view):
            target = view.targets.of_name(post.path, hole.data[0])
            if hole.kind != "link":
                target = drawing(target, view) or target
            if target.kind == "file":
                yield target.path

    def pictures(self, view: View) -> Iterable[Shown]:
        for post, hole in _holes(view):
            target = view.targets.of_name(post.path, hole.data[0])
            if hole.kind != "link" and target.kind == "file" and is_picture(target.path):
                yield Shown(target.path, post.path, hole.line, hole.column)

    def check(self, view: View) -> Iterable[Problem]:
        for post, hole in _holes(view):
            yield from _check(hole, post, view)


def _holes(view: View) -> Iterable[tuple[Post, Hole]]:
    for post in view.posts:
        for hole in post.holes:
            if hole.feature == Wikilinks.name:
                yield post, hole


def _link(hole: Hole, post: Post, view: View) -> str:
    written, fragment, text = hole.data[:3]
    target = view.targets.of_name(post.path, written)
    own = text if hole.kind == "link" else ""
    shown = escape(own or shown_text(written, fragment))
    if target.kind not in {"note", "file"}:
        return f'<span class="missing-link">{shown}</span>'
    anchor = anchor_of(fragment, view.post(target.path)) or ""
    same_page = target.kind == "note" and target.path == post.path
    href = f"#{anchor}" if same_page or anchor else ""
    address = href if same_page else BASE + target.url + href
    return f'<a class="wikilink" href="{escape(address.replace("^", "%5E"))}">{shown}</a>'


def _embed(hole: Hole, post: Post, view: View) -> Embed | None:
    """The part of a note that stands in the place of the hole; None where a link has to do."""
    written, fragment = hole.data[:2]
    target = view.targets.of_name(post.path, written)
    section = anchor_of(fragment, view.post(target.path))
    other = view.post(target.path)
    if (
        section is None
        or other is None
        or is_drawing(target)
        or refusals(view).get((post.path, hole))
    ):
        return None
    lang = f' lang="{escape(other.lang)}"' if other.lang != post.lang else ""
    source = ""
    if other.path != post.path:
        address = escape(BASE + other.url + (f"#{section}" if section else "")).replace("^", "%5E")
        source = f'<p class="embed-source"><a href="{address}">{other.title_html}</a></p>\n'
    return Embed(
        note=other.path,
        section=section,
        url=other.url,
        before=f'<section class="embed" aria-label="{escape(other.title)}"{lang}>\n{source}',
        after="</section>\n",
        within=hole.data[3:],
    )


def _check(hole: Hole, post: Post, view: View) -> Iterable[Problem]:
    written, fragment = hole.data[:2]
    target = view.targets.of_name(post.path, written)
    place = (view.shown(post.path), hole.line, hole.column)
    if target.kind == "missing":
        near = view.targets.name_suggestion(written)
        yield Problem(
            "link-target-exists",
            "warning",
            *place,
            f'no {"note" if hole.kind == "link" else "file or note"} is called "{written}"',
            f'did you mean "{near}"?' if near else "",
            same=f"{hole.kind == 'link'} {fold_path(written)}",
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
    elif target.kind == "note":
        others = view.targets.ambiguous(post.path, written)
        if others:
            yield Problem(
                "link-target-is-unique",
                "warning",
                *place,
                f'several notes are called "{written}": {", ".join(others)}; '
                f"the link leads to {target.path}",
                "write the folder too, as in [[folder/Note]]",
            )
        if anchor_of(fragment, view.post(target.path)) is None:
            near = near_anchor(fragment, view.post(target.path))
            yield Problem(
                "link-anchor-exists",
                "warning",
                *place,
                f'there is no heading or block "#{fragment}" in {target.path}',
                f"did you mean #{near}?" if near else "",
                same=f"{target.path}#{fragment}",
            )
        elif hole.kind != "link" and is_drawing(target):
            if drawing(target, view) is None:
                yield Problem(
                    "drawing-has-picture",
                    "warning",
                    *place,
                    f"there is no picture of the drawing {target.path}, so a link is shown",
                    "let the Excalidraw plugin export SVG files beside its drawings",
                )
        elif hole.kind == "embed":
            yield Problem(
                "embed-stands-alone",
                "warning",
                *place,
                f'"{written or fragment}" is embedded in the middle of a text, '
                "so it is shown as a link",
                "put ![[…]] into a paragraph of its own",
            )
        elif hole.kind == "block":
            reason = refusals(view).get((post.path, hole))
            if reason:
                yield Problem("embed-ends", "error", *place, *reason)


FEATURE = Wikilinks()
