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
    local_file,
    note_link,
    split_target,
)

_INTERESTING = re.compile(r"\b(?:href|src|srcset|poster|data|id|name)\s*=", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s++([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?+"
)
_ADDRESSES = {"src", "poster"}
_PLACES = {"a", "area"}
_FILES = {("link", "href"), ("object", "data")}


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
    source: str,
    attributes: Attributes,
    context: NoteContext,
    place: tuple[int, int],
    untrusted: bool,
) -> tuple[str, bool]:
    """Attributes with holes for addresses inside the site; the rest stays as it is written.

    Returns:
        The attributes as HTML, or the whole element, and which of the two: an image
        of the site becomes a hole as a whole.
    """
    items = attributes.items
    line, column = place
    if not untrusted:
        for key in ("id", "name") if name in _PLACES else ("id",):
            if items.get(key):
                context.anchors.setdefault(str(items[key]))
    picture = (items.get("src") or "").strip()
    own = context.own_image is not None and picture.startswith("attachment:")
    if name == "img" and (_inside(picture) or is_local_file(picture) or own):
        extra = {
            key: value or ""
            for key, value in items.items()
            if key not in ("src", "alt", "title", "srcset", "sizes", "id" if untrusted else "")
            and (not untrusted or key in ALLOWED)
        }
        alt, title = items.get("alt") or "", items.get("title") or ""
        return image_html(picture, alt, title, extra, context, line, column), True

    def change(match: re.Match[str]) -> str:
        key = match[1].lower()
        address = unescape(match[2] or match[3] or match[4] or "").strip()
        if key == "href" and name in _PLACES and _inside(address):
            shown = href_hole(address, context, line, column)
        elif (key in _ADDRESSES or (name, key) in _FILES) and _inside(address):
            shown = _file_hole(address, context, line, column)
        elif key == "srcset":
            shown = _srcset(address, context, line, column)
        elif key in ("href", *_ADDRESSES) and is_local_file(address):
            local_file(address, context, line, column)
            return ""
        else:
            return match[0]
        return f' {match[1]}="{shown}"'

    return _ATTRIBUTE.sub(change, source), False


def _inside(address: str) -> bool:
    return bool(address) and not is_external(address) and not is_local_file(address)


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
