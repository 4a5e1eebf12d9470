"""Short texts that stand for a note elsewhere: the excerpt, the sentence around a link.

They are plain text. What hangs on other notes is a mark in them, `HOLE n HOLE` for
number n of `Post.text_holes`; `filled` puts plain text there when all notes are known.
"""

import re
from collections.abc import Sequence
from html import escape, unescape

from notecast.graphemes import cut_after
from notecast.model import HOLE, PEEK, PEEK_END

UNSAID = "unsaid"
"""In the meta of an inline token: a title that no author gave, which short texts leave out."""

DOTS = "..."
DESCRIPTION_LENGTH = 160
"""Characters of a description made from the excerpt; search engines show about as many."""

_PEEK = re.compile(f"{PEEK}[^{PEEK_END}]*{PEEK_END}")
_TAG = re.compile(r"<[^<>]*>")
_SOURCE = re.compile(r"<annotation\b[^>]*>[^<]*</annotation>")


def text_of_html(html: str) -> str:
    """The plain text that readers see of HTML of ours, without previews and TeX sources."""
    if "<" not in html and "&" not in html:
        return html
    if PEEK in html:
        html = _PEEK.sub("", html)
    if "<annotation" in html:
        html = _SOURCE.sub("", html)
    return unescape(_TAG.sub("", html))


def filled(text: str, fills: Sequence[str]) -> str:
    """The text with `fills[n]` in the place of mark n, white space single."""
    if HOLE not in text:
        return text
    parts = text.split(HOLE)
    parts[1::2] = used(text, fills)
    return " ".join("".join(parts).split())


def used(text: str, fills: Sequence[str]) -> list[str]:
    """Those of the fills that stand in a text, in its order."""
    return [fills[int(number)] for number in text.split(HOLE)[1::2]]


def filled_html(html: str, fills: Sequence[str]) -> str:
    """HTML with `fills[n]`, which is text, in the place of mark n."""
    parts = html.split(HOLE)
    parts[1::2] = map(escape, used(html, fills))
    return "".join(parts)


def shortened(text: str, length: int, dots: str = DOTS) -> str:
    """`text` if it has at most `length` characters, else as much as fits and dots.

    No Latin word, no grapheme and no mark is cut in two.
    """
    if len(text) <= length:
        return text
    return text[: before_mark(text, cut_after(text, length))].rstrip() + dots


def cut_text(text: str, length: int) -> str:
    """`text` with at most `length` characters, an ellipsis included: for descriptions."""
    return text if len(text) <= length else shortened(text, length - 1, "…")


def cut_again(text: str, length: int) -> str:
    """A filled text that was cut to `length` characters when it held marks."""
    is_cut = text.endswith(DOTS) and len(text) <= length + len(DOTS)
    return text if is_cut else shortened(text, length)


def in_marks(text: str) -> int:
    """How many characters of a text belong to marks, which nobody sees."""
    return sum([len(number) + 2 for number in text.split(HOLE)[1::2]]) if HOLE in text else 0


def before_mark(text: str, index: int) -> int:
    """`index`, or where the mark begins in which it lies."""
    return text.rindex(HOLE, 0, index) if text.count(HOLE, 0, index) % 2 else index
