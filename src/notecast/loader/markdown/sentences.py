"""The sentence around a link or a citation, for lists on other pages.

Entry point: `cut_sentences`, when the note is parsed and everything in it has its number.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token

from notecast.feature import NoteContext, WantedSentence
from notecast.graphemes import cut_after, cut_before
from notecast.loader.markdown.excerpt import ExcerptWords
from notecast.loader.markdown.plain import squeezed
from notecast.loader.markdown.shown import shown_pieces
from notecast.model import HOLE

MAX_SENTENCE = 200
"""Characters, with holes as wide as what the author wrote; a line or two in a list."""

_AT_END = re.compile(
    r"\b(?:al|approx|cf|e\.g|eqs?|figs?|i\.e|lem|prop|resp|thm|vol|vs|w\.r\.t|(?-i:[A-Z]))\.$",
    re.IGNORECASE,
)
"""Words and names cut short, whose full stop ends no sentence."""
_BEFORE_NUMBERS = re.compile(r"\b(?:ch|chap|def|no|pp?|ref|sec|tab)\.$", re.IGNORECASE)
"""Those that are cut short only before a number: `the answer is no.`"""
_NUMBER = re.compile(r"\s+[\d(]")
_END = re.compile(r"[。！？；…]+[”’」』）)]*|[.!?]+[\"'”’)]*(?=\s)")


def cut_sentences(context: NoteContext, words: ExcerptWords) -> None:
    """Tells everybody who wants a sentence of the note what it is.

    Args:
        context: The note's.
        words: What stands for formulas that do not fit into a line of text.
    """

    def formula(token: Token) -> str:
        if token.type == "math_display":
            return f" {words.formula} "
        return token.meta["spoken"]() or words.math if "spoken" in token.meta else token.content

    by_paragraph: dict[int, list[WantedSentence]] = {}
    for wanted in context.sentences:
        by_paragraph.setdefault(id(wanted.inline), []).append(wanted)
    for group in by_paragraph.values():
        children = group[0].inline.children or []
        line = _Line(children, shown_pieces(children, context, formula))
        for wanted in group:
            # A rule may have taken the token away by now; then there is nothing to show.
            if (place := line.places.get(id(wanted.token))) is not None:
                wanted.put(line.sentence(*place))


class _Line:
    """The text of a paragraph, in which every hole is as wide as what the author wrote."""

    def __init__(self, children: Sequence[Token], pieces: Sequence[str]) -> None:
        self.places: dict[int, tuple[int, int]] = {}
        """Where the text of each token begins and ends; of a link, all that is in it."""
        self._holes: list[tuple[int, int, str]] = []
        """Where each hole begins and ends, and its mark."""
        texts: list[str] = []
        opened: list[tuple[int, int]] = []
        at = 0
        for token, piece in zip(children, pieces, strict=True):
            start = at
            if token.type == "link_open":
                opened.append((id(token), at))
            if piece.startswith(HOLE):
                texts.append(HOLE * len(token.content))
                at += len(token.content)
                self._holes.append((start, at, piece))
            else:
                texts.append(piece)
                at += len(piece)
            self.places[id(token)] = (start, at)
            if token.type == "link_close" and opened:
                link, start = opened.pop()
                self.places[link] = (start, at)
        self._text = "".join(texts)

    def sentence(self, start: int, end: int) -> str:
        """The sentence around a place, with the marks of its holes."""
        found = range_around(self._text, start, end)
        first, last = found.start, found.end
        parts: list[str] = []
        nth = bisect_left(self._holes, (first,))
        if nth and self._holes[nth - 1][1] > first:
            first = self._holes[nth - 1][1]
        for begins, ends, mark in map(self._holes.__getitem__, range(nth, len(self._holes))):
            if ends > last:
                last = min(last, begins)
                break
            parts += (self._text[first:begins], mark)
            first = ends
        parts.append(self._text[first:last])
        return found.dotted("".join(parts))


class Range(NamedTuple):
    """A part of a text."""

    start: int
    end: int
    cut_before: bool
    """Whether something of the sentence is left out in front of it, or behind it."""
    cut_behind: bool

    def dotted(self, text: str) -> str:
        """The part's text, with an ellipsis for what is left out."""
        return "…" * self.cut_before + squeezed(text) + "…" * self.cut_behind


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence of `text` that holds `text[start:end]`; see `range_around`."""
    found = range_around(text, start, end)
    return found.dotted(text[found.start : found.end])


def range_around(text: str, start: int, end: int, limit: int = MAX_SENTENCE) -> Range:
    """The sentence of `text` that holds `text[start:end]`, cut to `limit` characters around it."""
    first, last = 0, len(text)
    # Only the surroundings are searched: a paragraph may hold thousands of links.
    reach = 4 * limit
    for match in _END.finditer(text, max(0, start - reach), min(len(text), end + reach)):
        if match[0] == "." and _is_short(text, match.end()):
            continue
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.end()
            break
    first, last = max(first, start - reach), min(last, end + reach)
    room = max(0, limit - (end - start))
    left, right = start - first, last - end
    if left + right <= room:
        return Range(first, last, False, False)
    keep_left = max(room // 2, room - right)
    keep_right = max(room // 2, room - left)
    from_ = cut_before(text, max(first, start - keep_left), start)
    to = cut_after(text, min(last, end + keep_right), end)
    return Range(from_, to, from_ > first, to < last)


def _is_short(text: str, end: int) -> bool:
    """Whether the full stop before `text[end]` belongs to a word."""
    return _AT_END.search(text, max(0, end - 8), end) is not None or (
        _BEFORE_NUMBERS.search(text, max(0, end - 8), end) is not None
        and _NUMBER.match(text, end) is not None
    )
