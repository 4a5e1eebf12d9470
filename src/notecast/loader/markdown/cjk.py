"""Which characters are Chinese, Japanese or Korean, and which are punctuation or space.

Used by the rules for emphasis, line breaks, counting and cutting. The ranges
follow Unicode's East Asian Width (UAX #11: `W`, `F`, `H`) and the script Hangul
(UAX #24), without characters that are emoji by default (UTS #51), as the
CommonMark CJK-friendly amendments define a "CJK character" (section 2.1).
"""

import re
import unicodedata
from functools import lru_cache

SPACE, PUNCTUATION, CJK, VARIANT, IDEOGRAPHIC_VARIANT = 1, 2, 4, 8, 16
"""Flags of `kind_of`."""

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAN += "\U00020000-\U0003fffd"
"""Han characters, for use inside `[…]` of a regular expression."""

KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
KANA += "\U0001aff0-\U0001b16f"
BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"

_WIDE = (
    "\u1100-\u11ff\u20a9\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u321e"
    "\u3220-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b"
    "\uff01-\uffee\U00016fe0-\U0001b2fb\U0001d300-\U0001d376\U0001f200\U0001f202"
    "\U0001f210-\U0001f219\U0001f21b-\U0001f22e\U0001f230\U0001f231\U0001f237\U0001f23b"
    "\U0001f240-\U0001f248\U0001f260-\U0001f265\U00020000-\U0003fffd"
)
_CJK = re.compile(f"[{_WIDE}]")
_HANGUL = re.compile(f"[{HANGUL}\uffa0-\uffdc]")
_SPACES = frozenset("\t\n\v\f\r \u00a0\u1680\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}


@lru_cache(maxsize=8192)
def kind_of(character: str) -> int:
    """What a character is, as a sum of flags.

    `SPACE` is "Unicode whitespace" and `PUNCTUATION` "Unicode punctuation
    character" of CommonMark 0.31.2, section 2.1; `CJK`, `VARIANT` (non-emoji
    general-use variation selector) and `IDEOGRAPHIC_VARIANT` are those of the
    CJK-friendly amendments.
    """
    if character in _SPACES:
        return SPACE
    if "\ufe00" <= character <= "\ufe0e":
        return VARIANT
    if "\U000e0100" <= character <= "\U000e01ef":
        return IDEOGRAPHIC_VARIANT
    kind = CJK if _CJK.match(character) else 0
    if unicodedata.category(character)[0] in "PS":
        kind |= PUNCTUATION
    return kind


def is_hangul(character: str) -> bool:
    """Whether a character is written in Hangul, which puts spaces between words."""
    return _HANGUL.match(character) is not None
