"""A short formula as text: `x²`, `O(n log n)`, `p_θ(xₜ₋₁ ∣ xₜ)`, for sentences in plain text.

Entry point: `spoken`. It reads the MathML that the page shows, so macros count. What does
not fit into a line of text, such as a matrix, gives nothing.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 60
"""Characters; a longer formula interrupts a sentence more than it says."""

_RAISED = str.maketrans("0123456789+-−=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵀ")
_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_ACCENTS = {
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "¯": "\u0304",
    "‾": "\u0304",
    "˙": "\u0307",
    "¨": "\u0308",
    "→": "\u20d7",
    "⃗": "\u20d7",
}
_SPACED = re.compile(r"[=<>≠≤≥≪≫≈≃≅∼≡∝∈∉∋⊂⊆⊃⊇→←↔⇒⇐⇔↦∣∥≺≻⪯⪰≜≔⊢⊨⟶⟹⟺]|:=")
_BINARY = frozenset("+−±∓×·∗∘⊗⊕⊙∪∩∧∨∖⋅")
_SOFT = "\u2009"
"""A space beside a word, if a letter stands there."""
_NO_SPACE = re.compile(rf"(?<=[(\[{{ ]){_SOFT}+|{_SOFT}+(?=[)\]}}(\[, ′])|^{_SOFT}+|{_SOFT}+$")
_GONE = re.compile("[\u2061-\u2064\ufe00\ufe01\u200b]")


class _NotText(Exception):
    """Something in the formula needs more than a line."""


def spoken(html: str) -> str:
    """A formula as one line of text.

    Args:
        html: That of an inline formula.

    Returns:
        The text; empty for a formula that does not fit into a line, or is not set.
    """
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        math = fromstring(html)
        if math.tag != "math":
            return ""
        text = _one(math[0][0])
    except (_NotText, ParseError, IndexError):
        return ""
    text = _GONE.sub("", text)
    text = " ".join(_NO_SPACE.sub("", text).replace(_SOFT, " ").split())
    return text if len(text) <= LONGEST else ""


def _row(elements: "Iterable[Element]") -> str:
    text = ""
    for element in elements:
        text += _operator(element, text) if element.tag == "mo" else _one(element)
    return text


def _operator(element: "Element", before: str) -> str:
    sign = (element.text or "").strip()
    if sign in ("\u2061", ""):
        return ""
    if _SPACED.fullmatch(sign):
        return f" {sign} "
    if sign in _BINARY:
        # A sign in front of a number or in brackets is none between two.
        alone = not before.strip() or before.rstrip()[-1] in "([{,;=<>≤≥∈→/"
        return sign if alone else f" {sign} "
    if sign in (",", ";"):
        return f"{sign} "
    return f"{sign} " if sign == ":" else sign


def _one(element: "Element") -> str:
    tag = element.tag
    if tag in ("mi", "mn", "mtext"):
        if len(element):
            raise _NotText
        text = element.text or ""
        is_word = tag == "mi" and len(_GONE.sub("", text)) > 1
        return f"{_SOFT}{text}{_SOFT}" if is_word else text
    if tag == "mo":
        return _operator(element, "")
    if tag == "mspace":
        return _SOFT if element.get("width") else ""
    if tag in ("mrow", "mstyle", "mpadded"):
        if "class" in element.attrib:  # a box, a line through it
            raise _NotText
        return _row(element)
    if tag in ("msub", "munder"):
        return _lowered(*_parts(element, 2))
    if tag == "msup":
        return _raised(*_parts(element, 2))
    if tag in ("msubsup", "munderover"):
        base, below, above = _parts(element, 3)
        return _raised(_lowered(base, below), above)
    if tag == "mover":
        base, above = _parts(element, 2)
        return _over(base, above, "accent" in element.attrib)
    if tag == "mfrac" and "linethickness" not in element.attrib:
        above, below = _parts(element, 2)
        return f"{_grouped(above)}/{_grouped(below)}"
    if tag == "msqrt":
        return "√" + _grouped(_row(element))
    raise _NotText


def _parts(element: "Element", count: int) -> list[str]:
    if len(element) != count:
        raise _NotText
    return [_one(child) for child in element]


def _over(base: str, above: str, is_accent: bool) -> str:
    if not is_accent:
        return _raised(base, above)
    mark = _ACCENTS.get(above.strip())
    letter = _GONE.sub("", base)
    if mark is None or len(letter) != 1:
        raise _NotText
    return letter + mark


def _raised(base: str, script: str) -> str:
    bare = _bare(script)
    if bare and set(bare) <= set("′″‴*∗†"):
        return base.rstrip(_SOFT) + bare.replace("∗", "*")
    return _script(base, bare, "^", _RAISED)


def _lowered(base: str, script: str) -> str:
    return _script(base, _bare(script), "_", _LOWERED)


def _script(base: str, bare: str, mark: str, table: dict[int, int]) -> str:
    is_word = base.endswith(_SOFT)
    small = bare.replace(" ", "")
    if not small or set(small) & set("⏞⏟⎴⎵"):
        raise _NotText
    if all(ord(character) in table for character in small):
        shown = small.translate(table)
    else:
        shown = mark + (bare if bare.isalnum() or len(bare) == 1 else f"({bare})")
    return base.rstrip(_SOFT) + shown + (_SOFT if is_word or base in tuple("∑∏∫∇") else "")


def _bare(text: str) -> str:
    return _GONE.sub("", _NO_SPACE.sub("", text).replace(_SOFT, " ")).strip()


def _grouped(text: str) -> str:
    bare = _bare(text)
    return bare if " " not in bare and "/" not in bare else f"({bare})"
