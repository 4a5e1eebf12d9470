"""Links: what leads out of the site is finished here, what stays inside leaves a hole.

The hole takes the place of the address (`href="…"`), kind `href`, with the
target percent-decoded as the author meant it and the fragment; the feature
`links` fills it. Links that may lead to a note are recorded with the sentence
that they stand in, for backlinks.

A feature's own inline token can have its link recorded in the same way, by
`token.meta["link"] = (target, fragment, kind)` and `meta["place"]`.
"""

import posixpath
import re
import unicodedata
from collections.abc import Sequence
from functools import partial, wraps
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token
from msgspec import structs

from notecast.feature import NoteContext, WantedSentence
from notecast.loader.markdown.engine import InlineRule, starts
from notecast.loader.markdown.places import place_at
from notecast.model import Link

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"(?:file:/*)?[A-Za-z]:[\\/]|file:", re.IGNORECASE)
_NOTE_SUFFIXES = frozenset({"", ".md", ".markdown", ".mdx", ".rmd", ".qmd", ".html"})


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.inline.ruler.at("link", _with_place(link, "[", "link_open"))
    md.inline.ruler.at("image", _with_place(image, "!", "image"))
    md.inline.ruler.at("autolink", _with_place(autolink, "<", "link_open"))
    md.core.ruler.push("links", links)
    # Files on the author's disk are taken for links, so that `_finish` can say what is wrong.
    valid = md.validateLink
    md.validateLink = lambda url: is_local_file(url) or valid(url)  # type: ignore[method-assign]


def is_external(address: str) -> bool:
    """Whether an address leads out of the site: it has a scheme, or starts with `//`."""
    return address.startswith("//") or _SCHEME.match(address) is not None


def is_local_file(address: str) -> bool:
    """Whether an address names a file on the author's own machine."""
    return _DRIVE.match(unquote(address)) is not None


def split_target(address: str) -> tuple[str, str, str]:
    """A relative address as path, fragment and query, each percent-decoded."""
    path, _, fragment = address.partition("#")
    path, _, query = path.partition("?")
    # Ids are composed, whatever the keyboard made of the link.
    return _relative(unquote(path)), unicodedata.normalize("NFC", unquote(fragment)), query


def _relative(path: str) -> str:
    """The decoded path, which no browser takes for anything but a path.

    `java&#10;script:x` and `%6aavascript:x` have no scheme as long as they are encoded.
    """
    path = _CONTROL.sub("", path).replace("\\", "/")
    return f"./{path}" if _SCHEME.match(path.lstrip()) or path.startswith("//") else path


def local_file(address: str, context: NoteContext, line: int, column: int) -> None:
    """Reports an address that names a file on the author's own machine."""
    context.problem(
        "link-is-public",
        f'"{unquote(address)}" is a file on your machine that readers do not have',
        line=line,
        column=column,
        hint="put the file beside the note and link to it by a relative path",
        severity="warning",
    )


def href_hole(address: str, context: NoteContext, line: int, column: int) -> str:
    """Leaves the hole that becomes the address of a page or file of this site."""
    target, fragment, query = split_target(address)
    if "%5C" in address or "\\" in address:
        context.problem(
            "link-uses-slashes",
            f'"{unquote(address)}" is written with backslashes, which only Windows understands',
            line=line,
            column=column,
            hint=f"write {target}",
            severity="warning",
        )
    more = (query,) if query else ()
    return context.hole("links", "href", target, fragment, *more, line=line, column=column)


def note_link(address: str) -> tuple[str, str] | None:
    """Target and fragment of a link that may lead to a note; None for files and bare fragments."""
    target, fragment, _ = split_target(address)
    suffix = posixpath.splitext(target)[1].lower()
    # "1706.03762" and "v1.0" are names of notes as likely as files.
    known = suffix in _NOTE_SUFFIXES or not suffix[1:].isalpha()
    return (target, fragment) if target and known else None


def links(state: StateCore) -> None:
    """Core rule: finishes the links of every paragraph that has some."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            children = token.children
            if any(child.type == "link_open" or "link" in child.meta for child in children):
                _paragraph(token, NoteContext.of(state.env))


def _paragraph(inline: Token, context: NoteContext) -> None:
    children = inline.children or []
    for index, token in enumerate(children):
        record: Link | None = None
        if token.type == "link_open":
            record = _finish(token, context)
            if record is None and _shows_address(token, children[index + 1 : index + 3]):
                # Print writes out addresses, but not a second time.
                token.attrJoin("class", "bare")
        elif "link" in token.meta:
            target, fragment, kind = token.meta["link"]
            line, column = token.meta.get("place") or context.place(0, inline)
            record = Link(target, fragment, kind, line, column, "")
        if record:
            put = partial(_keep, context.links, len(context.links))
            context.links.append(record)
            context.sentences.append(WantedSentence(inline, token, put))


def _keep(links: list[Link], number: int, sentence: str) -> None:
    links[number] = structs.replace(links[number], sentence=sentence)


def _shows_address(opening: Token, following: Sequence[Token]) -> bool:
    """Whether the text of a link is its address, but for encoding and the last slash."""
    if len(following) != 2 or following[0].type != "text" or following[1].type != "link_close":
        return False
    href = str(opening.attrs.get("href", ""))
    shown, address = (
        unquote(text).partition("://")[2].rstrip("/") or text
        for text in (following[0].content, href)
    )
    return href.startswith(("http://", "https://")) and shown == address


def _finish(token: Token, context: NoteContext) -> Link | None:
    """Makes `href` final or a hole; returns a record of a link that may lead to a note."""
    href = str(token.attrs.get("href", ""))
    line, column = token.meta.get("place", (context.first_line, 0))
    if not href:
        del token.attrs["href"]
        context.problem(
            "link-has-target",
            "this link leads nowhere",
            line=line,
            column=column,
            hint="write the address between the parentheses",
            severity="warning",
        )
        return None
    if is_local_file(href):
        del token.attrs["href"]
        local_file(href, context, line, column)
        return None
    if is_external(href):
        if href.startswith(("http:", "https:", "//")):
            token.attrs["rel"] = "noopener"
        return None
    record = note_link(href)
    token.attrs["href"] = href_hole(href, context, line, column)
    return Link(record[0], record[1], "path", line, column, "") if record else None


def _with_place(rule: InlineRule, characters: str, kind: str) -> InlineRule:
    """The rule, with the place in the file noted on the token that it makes."""

    @starts(characters)
    @wraps(rule)
    def placed(state: StateInline, silent: bool) -> bool:
        position, before = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            # A text token may come first: pending text is flushed when a token is made.
            for token in state.tokens[before : before + 2]:
                if token.type == kind:
                    token.meta["place"] = place_at(state, position)
                    break
        return True

    return placed
