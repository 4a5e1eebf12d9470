"""References as pieces of text: what is slanted, what is a link, plain text and HTML of it."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

ENDS = (".", "?", "!", "。", "？", "！", "…")


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
    return "".join(piece.text for piece in pieces)


def html(pieces: Iterable[Piece]) -> str:
    """The text as HTML, with `<i>` and `<a>`."""
    parts = []
    for piece in pieces:
        text = escape(piece.text)
        if piece.italic:
            text = f"<i>{text}</i>"
        if piece.href.startswith(("https://", "http://")):
            text = f'<a href="{escape(piece.href)}" rel="noopener">{text}</a>'
        parts.append(text)
    return "".join(parts)


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
