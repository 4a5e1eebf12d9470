"""Wikilinks: `[[Note]]`, `[[Note|text]]`, `[[Note#Heading]]`, `[[#Heading]]`, `![[image.png|300]]`.

Names are looked up as Obsidian does: the file's name, with as many folders as
are needed to tell it from others; then the other names of a note (`aliases`),
then its title. Case and Unicode normal form do not matter.
"""

import posixpath
import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.feature import Feature, NoteContext
from notecast.model import BASE, Hole, Post
from notecast.problems import Problem
from notecast.site import View
from notecast.slugs import heading_id
from notecast.targets import Target

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

# `|` may be escaped, as it has to be in tables. `[[@key]]` is a citation.
_LINK = re.compile(
    r"(?P<embed>!?)\[\[(?!@)(?P<target>[^\[\]|\n]*?)(?:\\?\|(?P<text>[^\[\]\n]*))?\]\]"
)
_SIZE = re.compile(r"(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?")


class Wikilinks(Feature):
    """Parses wikilinks and resolves their names."""

    name = "wikilinks"

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.loader.markdown.engine import starts

        md.inline.ruler.before("link", "wikilink", starts("[!")(_parse))
        md.add_render_rule("wikilink", _render)

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        target_text, fragment, text = hole.data[:3]
        target = view.targets.of_name(post.path, target_text)
        if hole.kind == "embed":
            if target.kind == "file":
                return _media(target, text, view)
            text = ""
        shown = escape(text or _shown(target_text, fragment))
        if target.kind not in {"note", "file"}:
            return f'<span class="missing-link">{shown}</span>'
        anchor = _anchor(fragment, target, view)
        same_page = target.kind == "note" and target.path == post.path
        address = (anchor or "#") if same_page else BASE + target.url + anchor
        return f'<a class="wikilink" href="{escape(address)}">{shown}</a>'

    def files(self, view: View) -> Iterable[str]:
        for post, hole in _holes(view):
            target = view.targets.of_name(post.path, hole.data[0])
            if target.kind == "file":
                yield target.path

    def check(self, view: View) -> Iterable[Problem]:
        for post, hole in _holes(view):
            yield from _check(hole, post, view)


def _holes(view: View) -> Iterable[tuple[Post, Hole]]:
    for post in view.posts:
        for hole in post.holes:
            if hole.feature == Wikilinks.name:
                yield post, hole


def _parse(state: "StateInline", silent: bool) -> bool:
    from notecast.loader.markdown.places import place_at

    match = _LINK.match(state.src, state.pos, state.posMax)
    if match is None or not (match["target"].strip() or match["text"]):
        return False
    if not silent:
        target, _, fragment = match["target"].strip().rstrip("\\").partition("#")
        target, fragment = target.strip(), fragment.strip()
        text = (match["text"] or "").strip()
        token = state.push("wikilink", "", 0)
        token.content = text or _shown(target, fragment)
        kind = "embed" if match["embed"] else "name"
        place = place_at(state, state.pos)
        token.meta = {"parts": (target, fragment, text), "kind": kind, "place": place}
        if kind == "embed":
            token.meta["text"] = "" if _SIZE.fullmatch(text) else text
        token.meta["link"] = (target, fragment, kind)
    state.pos = match.end()
    return True


def _render(self: Any, tokens: list[Any], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    line, column = token.meta["place"]
    kind = "embed" if token.meta["kind"] == "embed" else "link"
    return NoteContext.of(env).hole(
        Wikilinks.name, kind, *token.meta["parts"], line=line, column=column
    )


def _shown(target: str, fragment: str) -> str:
    """What Obsidian shows for a link without text: `Note > Heading`."""
    heading = " > ".join(part.strip() for part in fragment.split("#") if part.strip())
    return " > ".join(part for part in (target, heading.removeprefix("^")) if part)


def _anchor(fragment: str, target: Target, view: View) -> str:
    """`#id` for a heading as it is written in the link, or for a block `^id`."""
    if not fragment:
        return ""
    written = fragment.rpartition("#")[2].strip()
    wanted = written if written.startswith("^") else heading_id(written)
    post = view.post(target.path)
    if post is None:
        return f"#{written}"  # a page of a PDF, a time of a film
    for candidate in (wanted, written, wanted.removeprefix("^")):
        if candidate in post.anchors:
            return f"#{candidate}"
    return ""


def _media(target: Target, text: str, view: View) -> str:
    """An embedded file: picture, sound, film, or a link to anything else."""
    suffix = posixpath.splitext(target.path)[1].lower()
    address = escape(BASE + target.url)
    name = escape(posixpath.basename(target.path))
    if suffix in {".mp4", ".webm", ".ogv", ".mov"}:
        return f'<video src="{address}" controls preload="metadata"></video>'
    if suffix in {".mp3", ".ogg", ".wav", ".m4a", ".flac"}:
        return f'<audio src="{address}" controls preload="metadata"></audio>'
    if suffix not in {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp"}:
        return f'<a class="wikilink" href="{address}">{name}</a>'
    size = _SIZE.fullmatch(text)
    file = view.file(target.path)
    width, height = (file.width, file.height) if file else (0, 0)
    if size:
        wanted = int(size["width"])
        height = int(size["height"] or (round(wanted * height / width) if width else 0))
        width = wanted
    alt = "" if size else escape(text)
    sizes = (f' width="{width}"' if width else "") + (f' height="{height}"' if height else "")
    return f'<img src="{address}" alt="{alt}"{sizes} loading="lazy" decoding="async">'


def _check(hole: Hole, post: Post, view: View) -> Iterable[Problem]:
    written, fragment = hole.data[:2]
    target = view.targets.of_name(post.path, written)
    place = (view.shown(post.path), hole.line, hole.column)
    if target.kind == "missing":
        near = view.targets.name_suggestion(written)
        what = "file or note" if hole.kind == "embed" else "note"
        yield Problem(
            "link-target-exists",
            "warning",
            *place,
            f'no {what} is called "{written}"',
            f'did you mean "{near}"?' if near else "",
        )
    elif target.kind == "withheld":
        yield Problem(
            "link-target-is-published",
            "warning",
            *place,
            f'the note "{written}" is not published (a draft, dated in the future, expired, '
            "or its header cannot be read)",
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
        if fragment and not _anchor(fragment, target, view):
            yield Problem(
                "link-anchor-exists",
                "warning",
                *place,
                f'there is no heading or block "#{fragment}" in {target.path}',
            )


FEATURE = Wikilinks()
