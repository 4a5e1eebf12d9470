"""Addresses and ids in the attributes of raw HTML tags."""

import re
from dataclasses import dataclass
from html import escape, unescape

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import ALLOWED
from notecast.loader.markdown.images import image_html
from notecast.loader.markdown.links import (
    href_hole,
    is_external,
    is_local_file,
    note_link,
    split_target,
)

_INTERESTING = re.compile(r"\b(?:href|src|srcset|poster|data|id|name)\s*=", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s++([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?+"
)
_ADDRESSES = {"src", "poster"}
_PLACES = {"a", "area"}


def wants_rewriting(name: str, attributes: str) -> bool:
    """Whether the attributes of a tag hold anything that `rewritten` looks at."""
    return bool(attributes) and _INTERESTING.search(attributes) is not None


@dataclass
class Attributes:
    """Attributes of one tag: name in lower case, value unescaped; None where there is no value."""

    items: dict[str, str | None]

    @classmethod
    def of(cls, source: str) -> "Attributes":
        """Reads attributes; the first of the same name counts, as in browsers."""
        items: dict[str, str | None] = {}
        for key, double, single, bare in _ATTRIBUTE.findall(source):
            value = double or single or bare
            items.setdefault(key.lower(), unescape(value) if value or "=" in source else None)
        return cls(items)

    def link(self, name: str) -> tuple[str, str] | None:
        """Target and fragment, if the tag may link to a note."""
        href = (self.items.get("href") or "").strip()
        if name not in _PLACES or not _inside(href):
            return None
        return note_link(href)


def rewritten(
    name: str,
    attributes: Attributes,
    slash: str,
    context: NoteContext,
    place: tuple[int, int],
    untrusted: bool,
) -> tuple[str, bool]:
    """The tag with holes for addresses inside the site.

    Returns:
        The HTML, and whether it is all our own (an image that became a hole).
    """
    items = attributes.items
    line, column = place
    if not untrusted:
        for key in ("id", "name") if name in _PLACES else ("id",):
            if items.get(key):
                context.anchors.setdefault(str(items[key]))
    source = (items.get("src") or "").strip()
    if name == "img" and _inside(source):
        extra = {
            key: value or ""
            for key, value in items.items()
            if key not in ("src", "alt", "title", "srcset", "sizes", "id" if untrusted else "")
            and (not untrusted or key in ALLOWED)
        }
        alt, title = items.get("alt") or "", items.get("title") or ""
        return image_html(source, alt, title, extra, context, line, column), True
    written = []
    for key, value in items.items():
        if value is None:
            written.append(f" {escape(key)}")
            continue
        address = value.strip()
        if key == "href" and name in _PLACES and _inside(address):
            shown = href_hole(address, context, line, column)
        elif (key in _ADDRESSES and _inside(address)) or _is_file_of(name, key, address):
            shown = _file_hole(address, context, line, column)
        elif key == "srcset":
            shown = _srcset(value, context, line, column)
        else:
            shown = escape(value)
        written.append(f' {escape(key)}="{shown}"')
    return f"<{name}{''.join(written)}{' /' if slash else ''}>", False


def _inside(address: str) -> bool:
    return bool(address) and not is_external(address) and not is_local_file(address)


def _is_file_of(name: str, key: str, address: str) -> bool:
    """`<link href>` and `<object data>` name files."""
    return (name, key) in (("link", "href"), ("object", "data")) and _inside(address)


def _file_hole(address: str, context: NoteContext, line: int, column: int) -> str:
    target, _, _ = split_target(address)
    return context.hole("links", "src", target, line=line, column=column)


def _srcset(value: str, context: NoteContext, line: int, column: int) -> str:
    shown = []
    for candidate in value.split(","):
        address, _, size = candidate.strip().partition(" ")
        if _inside(address):
            address = _file_hole(address, context, line, column)
        else:
            address = escape(address)
        shown.append(f"{address} {escape(size)}".strip())
    return ", ".join(shown)
