"""A line break between Chinese characters leaves no space.

Authors break lines anywhere, and browsers turn the break into a space, which
Chinese and Japanese do not have. The rule is that of CSS Text 4, "Segment Break
Transformation Rules", and looks through emphasis and links to the characters
that readers see on both sides:

- both are wide and neither is Hangul: no space;
- one is wide, the other is a quotation mark or dash of ambiguous width: no space;
- one is full-width punctuation, which brings its own room: no space;
- otherwise (Latin beside Han, Korean) the space stays.
"""

import unicodedata
from collections.abc import Iterable

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.loader.markdown.cjk import CJK, PUNCTUATION, is_hangul, kind_of
from notecast.loader.markdown.plain import piece_of

_AMBIGUOUS = frozenset("‘’“”—…·")


def soft_breaks(state: StateCore) -> None:
    """Core rule: hides the soft breaks that leave no space."""
    for token in state.tokens:
        if token.type == "inline" and "\n" in token.content and token.children:
            _join(token.children)


def _join(children: list[Token]) -> None:
    for index, token in enumerate(children):
        if token.type != "softbreak":
            continue
        before = _last(children[:index]) if index < 8 else _last(children[index - 8 : index])
        after = _first(children[index + 1 : index + 9])
        if before and after and leaves_no_space(before, after):
            token.hidden = True


def leaves_no_space(before: str, after: str) -> bool:
    """Whether a line break between these two characters disappears."""
    first, second = _wide(before), _wide(after)
    if first and second:
        return True
    if (first and after in _AMBIGUOUS) or (second and before in _AMBIGUOUS):
        return True
    return _is_full_width_mark(before) or _is_full_width_mark(after)


def _wide(character: str) -> bool:
    return bool(kind_of(character) & CJK) and not is_hangul(character)


def _is_full_width_mark(character: str) -> bool:
    both = CJK | PUNCTUATION
    return kind_of(character) & both == both and unicodedata.category(character)[0] == "P"


def _last(tokens: list[Token]) -> str:
    for token in reversed(tokens):
        text = _visible(token)
        if text:
            return text[-1]
    return ""


def _first(tokens: Iterable[Token]) -> str:
    for token in tokens:
        text = _visible(token)
        if text:
            return text[0]
    return ""


def _visible(token: Token) -> str:
    # A formula, an image or code is no Han character, whatever it is made of.
    if token.type == "text" or token.nesting or token.type == "footnote_ref":
        return piece_of(token)
    return "x" if token.type != "html_inline" else ""
