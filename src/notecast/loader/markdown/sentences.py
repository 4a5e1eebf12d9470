"""The sentence around a link or a citation, for lists on other pages.

Entry point: `cut_sentences`, when the note is parsed and everything in it has its number.
"""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from notecast.feature import NoteContext, WantedSentence
from notecast.graphemes import cut_after, cut_before
from notecast.loader.markdown.excerpt import ExcerptWords
from notecast.loader.markdown.plain import squeezed
from notecast.loader.markdown.shown import shown_pieces
from notecast.short_texts import before_mark, behind_mark

MAX_SENTENCE = 200
"""Characters, a hole counting as its mark; enough for a line or two in a list."""

_SHORT = re.compile(
    r"\b(?:al|approx|cf|ch|chap|def|e\.g|eqs?|et al|figs?|i\.e|lem|no|pp?|prop|ref|resp|sec|tab|thm"
    r"|vol|vs|w\.r\.t)\.$",
    re.IGNORECASE,
)
"""Words cut short, whose full stop ends no sentence."""
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
        pieces = shown_pieces(children, context, formula)
        places = _places(children, pieces)
        text = "".join(pieces)
        for wanted in group:
            # A rule may have taken the token away by now; then there is nothing to show.
            if (place := places.get(id(wanted.token))) is not None:
                wanted.put(sentence_around(text, *place))


def _places(children: Sequence[Token], pieces: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Where the text of each token begins and ends; of a link, all that is in it."""
    places: dict[int, tuple[int, int]] = {}
    opened: list[tuple[int, int]] = []
    at = 0
    for token, piece in zip(children, pieces, strict=True):
        if token.type == "link_open":
            opened.append((id(token), at))
        places[id(token)] = (at, at + len(piece))
        at += len(piece)
        if token.type == "link_close" and opened:
            link, start = opened.pop()
            places[link] = (start, at)
    return places


def sentence_around(text: str, start: int, end: int, limit: int = MAX_SENTENCE) -> str:
    """The sentence of `text` that holds `text[start:end]`, cut to `limit` characters around it.

    Where something is cut off, an ellipsis stands for it.
    """
    first, last = 0, len(text)
    # Only the surroundings are searched: a paragraph may hold thousands of links.
    reach = 4 * limit
    for match in _END.finditer(text, max(0, start - reach), min(len(text), end + reach)):
        if match[0] == "." and _SHORT.search(text, max(0, match.end() - 8), match.end()):
            continue
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.end()
            break
    first, last = max(first, start - reach), min(last, end + reach)
    room = max(0, limit - (end - start))
    left, right = start - first, last - end
    if left + right > room:
        keep_left = max(room // 2, room - right)
        keep_right = max(room // 2, room - left)
        from_ = behind_mark(text, cut_before(text, max(first, start - keep_left), start))
        to = before_mark(text, cut_after(text, min(last, end + keep_right), end))
    else:
        from_, to = first, last
    head = "…" if from_ > first else ""
    tail = "…" if to < last else ""
    return head + squeezed(text[from_:to]) + tail
