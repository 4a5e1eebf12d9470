"""Sets the characters of Chinese and Japanese text apart, for the index alone.

Nothing that fits into a browser cuts Chinese into words as an indexer does, so
a word that a reader types is often not one of the index: 注意力 is there as 注意
and 力. Single characters are the same on both sides: the index holds characters
with their places, and `search.js` looks for the characters of what was typed as
a phrase. So whatever stands in a note is found, parts of compounds too.

The words of a formula are set apart too, or `\\operatorname{softmax}(z)` would
be the one word "operatornamesoftmaxz".

Entry point: `set_apart`. Pages are changed on their way to the indexer only;
`search.js` undoes it in what it shows.
"""

import re

# What is written without spaces: Han, kana, bopomofo, and full-width marks with them.
# `search.js` has the same ranges.
APART = (
    "\u2e80-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f"
    "\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
_CHARACTER = re.compile(f"([{APART}])")
# In TeX: character references stay whole.
_TEX_WORD = re.compile(r"&#?\w+;|([A-Za-z]{2,})")
# Tags, comments and scripts, quotes in attributes respected; the text between them.
_MARKUP = re.compile(
    r"(<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL,
)
_ALT = re.compile(r"(?<=\salt=\")[^\"]+")
# The text of these elements is a value: it stays as it is.
_VALUE = "data-pagefind-filter"


def set_apart(html: str) -> str:
    """The page with a space on both sides of such characters, but in tags and values."""
    parts = _MARKUP.split(html)
    for place, part in enumerate(parts):
        before = parts[place - 1] if place else ""
        if place % 2:
            if part.startswith("<img"):
                parts[place] = _ALT.sub(lambda match: _spaced(match[0]), part)
        elif part and _VALUE not in before:
            if before.startswith("<annotation"):
                part = _TEX_WORD.sub(lambda match: f" {match[0]} ", part)
            parts[place] = _spaced(part)
    return "".join(parts)


def _spaced(text: str) -> str:
    return text if text.isascii() else _CHARACTER.sub(r" \1 ", text)
