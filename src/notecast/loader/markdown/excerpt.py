"""The excerpt of a note: plain text for its card, drawn from the parsed note.

Headings, paragraphs and list items (ordered ones with their number), callouts
with their emoji, bookmarks (a link alone in its paragraph) with their address,
joined by spaces. A code block and a displayed formula become a word in
brackets; an inline formula stays as it is written unless it holds a command.
Tables, pictures and raw HTML say nothing in plain text and are left out.

A feature's block counts with `meta["excerpt"]` of its opening token, which
comes before the text inside.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.labels import is_chinese
from notecast.loader.markdown.links import is_external
from notecast.loader.markdown.plain import (
    CELL_CODE,
    OUTPUT_CLOSE,
    OUTPUT_OPEN,
    squeezed,
)
from notecast.loader.markdown.shown import shown_pieces
from notecast.short_texts import UNSAID, in_marks, shortened

_COMMAND = re.compile(r"\\[A-Za-z]")
_SKIPPED = {
    "table_open": "table_close",
    "figure_open": "figure_close",
    OUTPUT_OPEN: OUTPUT_CLOSE,
}
BOOKMARK = "🔖"


@dataclass(frozen=True)
class ExcerptWords:
    """What stands for things that plain text cannot show."""

    code: str = "[Code]"
    formula: str = "[Formula]"
    """A displayed formula."""
    math: str = "[Math]"
    """An inline formula that holds a command."""

    @classmethod
    def of(cls, lang: str, given: Sequence[str] = ("", "", "")) -> "ExcerptWords":
        """The words of a site, where empty those of the note's language."""
        usual = (
            ("[代码]", "[公式]", "[Math]")
            if is_chinese(lang)
            else ("[Code]", "[Formula]", "[Math]")
        )
        return cls(*(own or word for own, word in zip(given, usual, strict=True)))


@dataclass
class _Pieces:
    """Excerpt in the making."""

    parts: list[str]
    length: int = 0
    prefix: str = ""
    left_out: bool = False

    def add(self, text: str) -> None:
        text = squeezed(self.prefix + text)
        if text:
            self.prefix = ""
            self.parts.append(text)
            self.length += len(text) + 1 - in_marks(text)


def excerpt_of(
    tokens: Sequence[Token],
    words: ExcerptWords,
    length: int,
    context: NoteContext,
    to_marker: bool,
) -> tuple[str, bool]:
    """The excerpt, and whether it leaves something of the note out.

    Args:
        tokens: The parsed note.
        length: Most characters, before the three dots of a cut, besides those of holes.
        context: Takes up the holes of the excerpt.
        to_marker: Whether the note holds `<!-- more -->`: the excerpt is then all before it.
    """
    pieces = _Pieces([])
    numbers: list[int | None] = []
    skip_to = ""
    show = partial(shown_pieces, context=context, formula=_formula_shower(words))
    for index, token in enumerate(tokens):
        kind = token.type
        if skip_to:
            skip_to = "" if kind == skip_to else skip_to
        elif kind == "inline" and UNSAID in token.meta:
            pass
        elif kind == "inline":
            if _add_inline(pieces, tokens, index, bool(numbers), show, to_marker):
                return " ".join(pieces.parts), True
        elif kind in ("ordered_list_open", "bullet_list_open"):
            ordered = kind == "ordered_list_open"
            numbers.append(int(token.attrs.get("start", 1)) if ordered else None)
        elif kind in ("ordered_list_close", "bullet_list_close"):
            numbers.pop()
        elif kind == "list_item_open":
            number = numbers[-1] if numbers else None
            if number is not None:
                pieces.prefix += f"{number}. "
                numbers[-1] = number + 1
        elif kind == "list_item_close":
            pieces.prefix = ""
        elif kind in ("fence", "code_block"):
            pieces.add(words.code)
            pieces.left_out = True
        elif kind.startswith("math_"):
            pieces.add(words.formula)
            pieces.left_out = True
        elif kind in _SKIPPED:
            skip_to = _SKIPPED[kind]
            pieces.left_out = True
        elif kind == CELL_CODE:
            pieces.left_out = True
        elif kind == "html_block":
            if to_marker and token.meta.get("more"):
                return " ".join(pieces.parts), True
            pieces.left_out = pieces.left_out or bool(token.content)
        elif kind == "footnote_block_open":
            pieces.left_out = True
            break
        if "excerpt" in token.meta:
            pieces.prefix += f"{token.meta['excerpt']} "
        if not to_marker and pieces.length > length + 1:
            break
    text = " ".join(pieces.parts)
    short = shortened(text, length + in_marks(text))
    return short, pieces.left_out or short != text


def in_short(children: Sequence[Token], words: ExcerptWords, context: NoteContext) -> str:
    """The text of a line, with holes that `context` takes up."""
    return "".join(shown_pieces(children, context, _formula_shower(words)))


def _add_inline(
    pieces: _Pieces,
    tokens: Sequence[Token],
    index: int,
    in_list: bool,
    show: Callable[[Sequence[Token]], list[str]],
    to_marker: bool,
) -> bool:
    """Adds the text of a paragraph; True where the marker ends the excerpt."""
    children = tokens[index].children or []
    if not in_list and (bookmark := _bookmark(children, show)):
        pieces.add(bookmark)
        return False
    parts = show(children)
    for place, token in enumerate(children):
        if token.type == "html_inline" and to_marker and token.meta.get("more"):
            pieces.add("".join(parts[:place]))
            return True
        if token.type == "image":
            parts[place] = ""
            pieces.left_out = True
    pieces.add("".join(parts))
    return False


def _formula_shower(words: ExcerptWords) -> Callable[[Token], str]:
    def show(token: Token) -> str:
        if token.type == "math_display":
            return f" {words.formula} "
        return words.math if _COMMAND.search(token.content) else token.content

    return show


def _bookmark(children: Sequence[Token], show: Callable[[Sequence[Token]], list[str]]) -> str:
    """A link out of the site that is alone in its paragraph, with its address."""
    if len(children) < 3 or children[0].type != "link_open" or children[-1].type != "link_close":
        return ""
    if any(token.nesting and token.tag == "a" for token in children[1:-1]):
        return ""
    address = str(children[0].attrs.get("href", ""))
    if not is_external(address):
        return ""
    text = squeezed("".join(show(children[1:-1])))
    if not text or _same(text, address) or children[0].markup in ("linkify", "autolink"):
        return f"{BOOKMARK} {text or address}"
    return f"{BOOKMARK} {text} {address}"


def _same(text: str, address: str) -> bool:
    return text.rstrip("/") == address.rstrip("/")
