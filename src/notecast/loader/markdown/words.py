"""How long a note is: words of mixed text, and minutes of reading.

Han characters and kana count one each; everything else counts by words, which
spaces and punctuation separate (so does Korean). Code and formulas are left out:
nobody reads them at the speed of prose.
"""

import math
import re
from collections.abc import Sequence

from markdown_it.token import Token

from notecast.loader.markdown.cjk import BOPOMOFO, HAN, KANA
from notecast.loader.markdown.plain import OUTPUT_CLOSE, OUTPUT_OPEN, piece_of

HAN_PER_MINUTE = 400
"""In the middle of the 300 to 500 characters a minute that Chinese sites go by."""
WORDS_PER_MINUTE = 238
"""Silent reading of English non-fiction: M. Brysbaert, "How many words do we read
per minute?", Journal of Memory and Language 109 (2019), 104047."""

_CHARACTERS = re.compile(f"[{HAN}{KANA}{BOPOMOFO}]+")
_WORD = re.compile(r"[^\W_]++(?:[-'’][^\W_]++)*+")
"""Applied to text whose Han characters and kana are gone."""


def count(text: str) -> tuple[int, int]:
    """Han characters with kana, and words of other scripts."""
    characters, rest = 0, text
    if not text.isascii():
        rest, runs = _CHARACTERS.subn(" ", text)
        characters = len(text) - len(rest) + runs
    return characters, len(_WORD.findall(rest))


def minutes(characters: int, words: int) -> int:
    """Minutes of reading, at least one if there is anything to read."""
    return math.ceil(characters / HAN_PER_MINUTE + words / WORDS_PER_MINUTE)


def prose_of(tokens: Sequence[Token]) -> str:
    """All prose of a note for counting, without code, output, formulas and captions."""
    parts: list[str] = []
    printed = False
    for token in tokens:
        if token.type in (OUTPUT_OPEN, OUTPUT_CLOSE):
            printed = token.type == OUTPUT_OPEN
        elif token.type == "inline" and not printed:
            parts.extend(
                piece_of(child, _no_formula)
                for child in token.children or ()
                if child.type not in ("code_inline", "image")
            )
            parts.append("\n")
    return "".join(parts)


def _no_formula(source: str) -> str:
    return " "
