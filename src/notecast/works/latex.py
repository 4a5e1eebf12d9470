"""LaTeX as bibliographies hold it becomes plain text; formulas stay until somebody shows them."""

import re
from functools import lru_cache
from typing import Any

_PLAIN = re.compile(r"(?:[^\\{}~$%&<>`'-]|-(?!-)|'(?!'))*+")
_BRACES = re.compile(r"[{}]")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_SPECIAL = re.compile(r"\\[&%#_$ ]")
_TILDE = re.compile(r"\\~\s*\{\s*\}|\{?\\textasciitilde\b\s*(?:\{\})?\}?|\$\\sim\$|\\~(?=[A-Za-z])")
"""How addresses in BibTeX write a tilde."""
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
    value = _TILDE.sub("~", value)
    value = re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", value)
    return " ".join(_BRACES.sub("", _SPECIAL.sub(lambda match: match[0][1], value)).split())


_FORMULA = re.compile(r"\$([^$]+)\$")
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}\\]*)\}|([^\W_]))")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()aeijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")


def spoken(text: str) -> str:
    """Text whose formulas are letters: `$\\alpha$-VAE in $O(n^2)$` → `α-VAE in O(n²)`.

    References are text in attributes, lists and feeds as well, where nothing sets formulas.
    """
    return _FORMULA.sub(lambda match: _letters(match[1]), text) if "$" in text else text


@lru_cache(maxsize=4096)
def _letters(formula: str) -> str:
    from pylatexenc.latex2text import LatexNodes2Text

    def script(match: re.Match[str]) -> str:
        inner = match[2] if match[2] is not None else match[3]
        table = _RAISED if match[1] == "^" else _LOWERED
        fits = all(ord(character) in table for character in inner)
        return "{}" + inner.translate(table) if fits else match[0]

    try:
        shown = str(LatexNodes2Text(math_mode="text").latex_to_text(_SCRIPT.sub(script, formula)))
    except Exception:  # whatever malformed LaTeX makes the library raise
        shown = formula
    return " ".join(shown.split())
