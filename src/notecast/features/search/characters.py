"""Sets the characters of Chinese and Japanese text apart, for the index alone.

Nothing that fits into a browser cuts Chinese into words as an indexer does, so
a word that a reader types is often not one of the index: 注意力 is there as 注意
and 力. Single characters are the same on both sides: the index holds characters
with their places, and `search.js` looks for the characters of what was typed as
a phrase. So whatever stands in a note is found, parts of compounds too.

Entry point: `set_apart`. Pages are changed on their way to the indexer only.
"""

import re

# What is written without spaces: Han, kana, bopomofo, and full-width marks with them.
# `search.js` has the same ranges.
APART = (
    "\u2e80-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f"
    "\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
_CHARACTER = re.compile(f"([{APART}])")
# Tags, comments and scripts, quotes in attributes respected; the text between them.
_MARKUP = re.compile(
    r"(<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)>|<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL,
)
# The text of these elements is a value: it stays as it is.
_VALUE = "data-pagefind-filter"


def set_apart(html: str) -> str:
    """The page with a space on both sides of such characters, but in tags and values."""
    parts = _MARKUP.split(html)
    for place in range(0, len(parts), 2):
        text = parts[place]
        if not text.isascii() and not (place and _VALUE in parts[place - 1]):
            parts[place] = _CHARACTER.sub(r" \1 ", text)
    return "".join(parts)
