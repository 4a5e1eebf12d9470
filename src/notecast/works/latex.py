"""LaTeX as bibliographies hold it becomes plain text; formulas stay as they are."""

import re
from typing import Any

_PLAIN = re.compile(r"(?:[^\\{}~$%&<>`'-]|-(?!-)|'(?!'))*+")
_BRACES = re.compile(r"[{}]")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_SPECIAL = re.compile(r"\\[&%#_$ ]")
_TAGS = re.compile(r"</?(?:i|b|sub|sup|em|strong|scp|span)\b[^<>]{0,60}>")


class Decoder:
    """Decodes the values of one file; the library behind it is loaded when one needs it."""

    def __init__(self) -> None:
        self._convert: Any = None

    def text(self, value: str) -> str:
        """The plain text of a field: accents composed, braces gone, white space single."""
        value = " ".join(value.split())
        if _PLAIN.fullmatch(value):
            return value
        value = _TAGS.sub("", value)  # journals put HTML into the records that they offer
        simple = _SPECIAL.sub(lambda match: match[0][1], value)
        if not re.search(r"[\\$~`]|--|''", simple):
            return _BRACES.sub("", simple).strip()
        if self._convert is None:
            from pylatexenc.latex2text import LatexNodes2Text

            self._convert = LatexNodes2Text(math_mode="verbatim", keep_braced_groups=False)
        try:
            decoded = str(self._convert.latex_to_text(_BARE_PERCENT.sub(r"\\%", value)))
        except Exception:  # whatever malformed LaTeX makes the library raise
            decoded = _BRACES.sub("", value)
        return " ".join(decoded.replace("\xa0", " ").split())


def plain_value(value: str) -> str:
    """A value that is no prose (key, number, address): without braces and escapes."""
    value = re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", value)
    return " ".join(_BRACES.sub("", _SPECIAL.sub(lambda match: match[0][1], value)).split())
