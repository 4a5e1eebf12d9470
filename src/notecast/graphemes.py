"""Cutting text where readers see no harm: not inside a grapheme, not inside a Latin word.

Grapheme boundaries follow UAX #29, section 3.1.1, as far as notes need them:
combining marks and variation selectors stay with their letter, emoji with what
a joiner or a skin tone adds to them, flags in pairs, Hangul jamo in syllables.
"""

import re
import unicodedata

# What a word, number or address is made of outside CJK: "state-of-the-art",
# "don't", "https://arxiv.org/abs/1234".
_RUN = re.compile(
    r"[^\W\u1100-\u11ff\u2e80-\U0001ffff\U00020000-\U0003ffff]|[-'’./:@%&=?#+~_\u0300-\u036f]"
)
_LONGEST_RUN = 100
_JOINER = "\u200d"


def is_boundary(text: str, index: int) -> bool:
    """Whether text may be cut before `text[index]` without tearing a grapheme apart."""
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if after < "\u0300" and before < "\u0300":
        return not (before == "\r" and after == "\n")
    if _extends(after):
        return False
    if before == _JOINER:
        return not _is_pictograph(after)
    if _is_flag_letter(before) and _is_flag_letter(after):
        start = index
        while start > 0 and _is_flag_letter(text[start - 1]):
            start -= 1
        return (index - start) % 2 == 0
    return not _same_syllable(before, after)


def cut_after(text: str, index: int, least: int = 0) -> int:
    """The last place in `least…index` where text may end: no word or grapheme is torn.

    A run of word characters longer than any word is cut inside, at a grapheme.
    """
    if index >= len(text):
        return len(text)
    position = index
    if _in_word(text, position):
        start = position
        lowest = max(least, position - _LONGEST_RUN)
        while start > lowest and _in_word(text, start):
            start -= 1
        if start > least and not _in_word(text, start):
            position = start
    while position > least and not is_boundary(text, position):
        position -= 1
    return position


def cut_before(text: str, index: int, most: int) -> int:
    """The first place in `index…most` where text may begin."""
    position = max(0, index)
    highest = min(most, position + _LONGEST_RUN)
    start = position
    while start < highest and _in_word(text, start):
        start += 1
    if not _in_word(text, start):
        position = start
    while position < most and not is_boundary(text, position):
        position += 1
    return position


def _in_word(text: str, index: int) -> bool:
    """Whether a cut before `text[index]` would go through a word."""
    return (
        0 < index < len(text)
        and _RUN.match(text[index - 1]) is not None
        and _RUN.match(text[index]) is not None
    )


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in (_JOINER, "\u200c", "\uff9e", "\uff9f")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_pictograph(character: str) -> bool:
    return character >= "\U0001f000" or "\u2190" <= character <= "\u2bff"


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _same_syllable(before: str, after: str) -> bool:
    """Rules GB6 to GB8 of UAX #29: leading, vowel and trailing jamo."""
    if not "\u1100" <= after <= "\ud7fb":
        return False
    leading = "\u1100" <= before <= "\u115f" or "\ua960" <= before <= "\ua97c"
    open_syllable = "\uac00" <= before <= "\ud7a3" and (ord(before) - 0xAC00) % 28 == 0
    closed = "\uac00" <= before <= "\ud7a3"
    vowel = "\u1160" <= before <= "\u11a7" or "\ud7b0" <= before <= "\ud7c6"
    trailing = "\u11a8" <= before <= "\u11ff" or "\ud7cb" <= before <= "\ud7fb"
    after_vowel = "\u1160" <= after <= "\u11a7" or "\ud7b0" <= after <= "\ud7c6"
    after_trailing = "\u11a8" <= after <= "\u11ff" or "\ud7cb" <= after <= "\ud7fb"
    after_leading = "\u1100" <= after <= "\u115f" or "\ua960" <= after <= "\ua97c"
    after_whole = "\uac00" <= after <= "\ud7a3"
    if leading:
        return after_leading or after_vowel or after_whole
    if vowel or open_syllable:
        return after_vowel or after_trailing
    return (trailing or closed) and after_trailing
