"""Emphasis next to Chinese, Japanese and Korean text: `**中文（括号）**后文`.

CommonMark asks whether a run of `*` stands beside punctuation in order to tell
opening from closing, which fails where no spaces separate words. The rule here
is that of the "CommonMark CJK-friendly Amendments Specification", section 6.2.
Text without CJK characters comes out as plain CommonMark has it.

Entry point: `flanking`, which the inline state calls for every run of markers
(`*`, `_`, `~~`, `==`).
"""

from notecast.loader.markdown.cjk import (
    CJK,
    IDEOGRAPHIC_VARIANT,
    PUNCTUATION,
    SPACE,
    VARIANT,
    kind_of,
)

_FULL_WIDTH_QUOTE = "\ufe01"
_QUOTES = "‘’“”"


def flanking(text: str, start: int, end: int, limit: int, inside_words: bool) -> tuple[bool, bool]:
    """Whether the markers `text[start:end]` can open and can close emphasis.

    Args:
        limit: End of the text that counts; what follows counts as a space.
        inside_words: True for markers that may stand inside a word (`*`), False for `_`.
    """
    before = _kind_before(text, start)
    after = kind_of(text[end]) if end < limit else SPACE
    open_punctuation = before & PUNCTUATION and not before & CJK
    close_punctuation = after & PUNCTUATION and not after & CJK
    left = not after & SPACE and (
        not close_punctuation or bool(before & (SPACE | PUNCTUATION | CJK | IDEOGRAPHIC_VARIANT))
    )
    right = not before & SPACE and (
        not open_punctuation or bool(after & (SPACE | PUNCTUATION | CJK))
    )
    if inside_words:
        return left, right
    return (
        left and (not right or bool(before & PUNCTUATION)),
        right and (not left or bool(after & PUNCTUATION)),
    )


def _kind_before(text: str, start: int) -> int:
    """The kind of the character sequence that ends before `start`."""
    if start == 0:
        return SPACE
    kind = kind_of(text[start - 1])
    if kind != VARIANT or start < 2:
        return kind
    # A variation selector belongs to the character before it.
    base = text[start - 2]
    if base in _QUOTES and text[start - 1] == _FULL_WIDTH_QUOTE:
        return PUNCTUATION | CJK
    return kind_of(base)
