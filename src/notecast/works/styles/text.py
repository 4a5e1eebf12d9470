"""References as pieces of text: what is slanted, what is a link, plain text and HTML of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from notecast.works.latex import spoken

ENDS = (".", "?", "!", "。", "？", "！", "…")


class Apart(NamedTuple):
    """What tells a citation from others of the same list that would look like it."""

    letter: str = ""
    """Behind the year: `a`, `b` …"""
    names: int = 0
    """How many authors the text names; 0: as many as the style usually does."""
    initials: bool = False
    """Whether the first author goes with initials."""


ALONE = Apart()
"""Nothing else looks like it."""


class Piece(NamedTuple):
    """A stretch of a reference that looks the same throughout."""

    text: str
    italic: bool = False
    href: str = ""


def italic(text: str) -> Piece:
    return Piece(text, italic=True)


def link(address: str, text: str = "") -> Piece:
    return Piece(text or address, href=address)


def plain(pieces: Iterable[Piece]) -> str:
    """The text alone."""
    return "".join(spoken(piece.text) for piece in pieces)


def html(pieces: Iterable[Piece]) -> str:
    """The text as HTML, with `<i>` and `<a>`."""
    parts = []
    for piece in pieces:
        text = escape(spoken(piece.text))
        if piece.italic:
            text = f"<i>{text}</i>"
        if piece.href.startswith(("https://", "http://")):
            text = f'<a href="{escape(piece.href)}" rel="noopener">{text}</a>'
        parts.append(text)
    return "".join(parts)


def ranged(numbers: str) -> str:
    """`3-4` → `3–4`: a range of issues or volumes."""
    return re.sub(r"(?<=\d)\s*-\s*(?=\d)", "–", numbers)


def stopped(text: str) -> str:
    """The text with a full stop, unless it ends with a mark that ends a sentence."""
    return text if not text or text.endswith(ENDS) else text + "."


def joined(parts: Iterable[str], separator: str = ", ") -> str:
    """The parts that are not empty."""
    return separator.join(part for part in parts if part)


def ordinal(number: str) -> str:
    """`2` → `2nd`; what is no number stays."""
    words = [
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ]
    text = number.strip().rstrip(".")
    if text.lower() in words:
        text = str(words.index(text.lower()) + 1)
    if not (text.isascii() and text.isdigit()):
        return text
    tail = "th" if text[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}
    return text + (tail if isinstance(tail, str) else tail.get(text[-1], "th"))


def listed(names: Sequence[str], last: str, pair: str) -> str:
    """`A, B, and C`: names joined by commas, with `last` before the last, `pair` between two."""
    if len(names) < 2:
        return "".join(names)
    if len(names) == 2:
        return pair.join(names)
    return ", ".join(names[:-1]) + last + names[-1]


def without_double_stops(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces without a full stop behind one, as after `J. Mem.`, and without empty ones."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.text.startswith(".") and kept and kept[-1].text.endswith(ENDS):
            piece = piece._replace(text=piece.text[1:])
        if piece.text:
            kept.append(piece)
    return kept


def letters(keys: Iterable[str], labels: Mapping[str, object]) -> dict[str, str]:
    """`a`, `b` … for works with one label, in the order of the list; none for the others."""
    same: dict[object, list[str]] = {}
    for key in keys:
        same.setdefault(labels[key], []).append(key)
    return {
        key: chr(ord("a") + nth % 26) * (1 + nth // 26)
        for alike in same.values()
        if len(alike) > 1
        for nth, key in enumerate(alike)
    }
