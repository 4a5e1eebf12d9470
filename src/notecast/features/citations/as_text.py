"""A citation as plain text, for cards and the sentences of other pages.

Entry point: `as_text`. What the page raises stays raised, as far as Unicode has it: `[1]³`.
"""

import re

from notecast.short_texts import text_of_html

_RAISED = re.compile(r"<sup\b[^>]*>(.*?)</sup>")
_DIGITS = str.maketrans("0123456789-–,", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻˒")


def as_text(html: str) -> str:
    """The text of what stands for a citation on a page."""
    return text_of_html(_RAISED.sub(_raise, html) if "<sup" in html else html)


def _raise(match: "re.Match[str]") -> str:
    """Numbers in brackets stay as they are; behind them stand pages (GB/T 7714-2015 §10.1.3)."""
    head, bracket, place = text_of_html(match[1]).rpartition("]")
    if not all(ord(character) in _DIGITS for character in place):
        return f"{head}{bracket} {place}"
    return head + bracket + place.translate(_DIGITS)
