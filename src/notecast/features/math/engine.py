"""TeX → MathML, by two engines behind one interface. Entry point: `set_formula`.

math-core (Rust, microseconds) sets nearly every formula as the author wrote it.
What it refuses, or would set wrongly without a word, goes the careful way:
macros, limits, numbers, repairs, math-core again, then KaTeX's MathML.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from notecast.features.math.colours import COLOURS
from notecast.features.math.explain import explain, is_unknown
from notecast.features.math.fault import Fault
from notecast.features.math.forgotten import TAB, with_backslashes, with_columns
from notecast.features.math.limits import MAX_OUTPUT, MAX_SLOW_LENGTH, excess, is_flat
from notecast.features.math.macros import NO_MACROS, MacroFault, Macros, expand
from notecast.features.math.markup import NotSupported, from_katex, from_math_core, wrap
from notecast.features.math.numbering import Slot, arrange, with_numbers
from notecast.features.math.operators import with_limits
from notecast.features.math.repair import repair
from notecast.features.math.tokens import HAN, Rendered, scan

if TYPE_CHECKING:
    from math_core import LatexToMathML

ENGINES = ("math-core", "PyKaTeX")
"""Distributions whose versions decide what a formula looks like."""

_CACHED_LENGTH = 1_000
_MORE_CARE = re.compile(
    # What math-core would set wrongly and say nothing …
    r"\\\\|\\(?:tag|label|ref|eqref|notag|nonumber|mathop|g?def|let|(?:new|renew|provide)command"
    r"|Declare[A-Za-z]+)(?![A-Za-z])|&[a-z]+;"
    # … numbers itself, or does not take; and what authors did not mean to write.
    r"|\\begin\s*\{(?:equation|align|gather|multline|eqnarray|flalign|alignat)"
    rf"|[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f{HAN}\uff00-\uffef]"
    r"|[\u2010-\u201f\u2026\ufe0e\ufe0f\ufeff]"
    r"|\\[\[\]()]"
    rf"|{TAB}"
)
_BEYOND_KATEX = re.compile(
    r"\\(?:[egx]?def|let|futurelet|global|long|csname|expandafter|newcommand|renewcommand"
    r"|includegraphics|html[A-Z][a-z]*|href|url|rule|verb)(?![A-Za-z])"
)


class Formula(NamedTuple):
    """One formula, set or refused."""

    html: str
    """A `<math>` element, with a mark (`numbering.MARK`) for each slot; empty if there is
    nothing to show."""
    fault: Fault | None = None
    """Why it cannot be set."""
    hints: tuple[Fault, ...] = ()
    """What was put right."""
    slots: tuple[Slot, ...] = ()
    macros: Macros = NO_MACROS
    """The macros that hold behind it."""


def set_formula(tex: str, display: bool, macros: Macros = NO_MACROS) -> Formula:
    """Sets a formula; never raises.

    Args:
        tex: The TeX between the delimiters.
        display: Whether it is set as a display, in full size.
        macros: The macros that hold before it.

    Returns:
        MathML, or the fault with its place; and the macros that hold behind it.
    """
    if not macros.concern(tex):
        formula = _cached(tex, display, NO_MACROS)
        return formula._replace(macros=macros) if macros.table else formula
    return _cached(tex, display, macros)


def _cached(tex: str, display: bool, macros: Macros) -> Formula:
    if len(tex) > _CACHED_LENGTH:
        return _set(tex, display, macros)
    return _set_cached(tex, display, macros)


def _set(tex: str, display: bool, macros: Macros) -> Formula:
    if not macros.table and is_flat(tex) and _MORE_CARE.search(tex) is None:
        markup, _ = _by_math_core(tex, display)
        if markup is not None:
            return Formula(wrap(markup, tex, display))
    return _set_with_care(tex, display, macros)


_set_cached = lru_cache(maxsize=4096)(_set)


def _set_with_care(tex: str, display: bool, macros: Macros) -> Formula:
    tokens, restored = with_backslashes(scan(tex))
    over = excess(tokens)
    if over is None and macros.concern(tex):
        try:
            tokens, macros = expand(tokens, macros)
        except MacroFault as refused:
            return Formula("", refused.fault, macros=macros)
        if not any(token.text.strip() and token.text[0] != "%" for token in tokens):
            return Formula("", macros=macros)
        over = excess(tokens)
    if over is not None:
        return Formula("", Fault(*over, "split it into several formulas"), macros=macros)
    layout = arrange(tokens, display)
    with_all, columns = with_columns(layout.tokens)
    repaired, hints = repair(with_limits(with_all, display), display)
    hints = [*restored, *columns, *hints]
    rendered = Rendered(repaired)
    markup, fault = _by_any_engine(rendered, display)
    if markup is not None and fault is not None:
        hints = [*hints, fault]
    if markup is None:
        return Formula("", fault, tuple(hints), macros=macros)
    markup = with_numbers(markup, layout)
    return Formula(wrap(markup, tex, display), None, tuple(hints), layout.slots, macros)


def _by_any_engine(rendered: Rendered, display: bool) -> tuple[str | None, Fault | None]:
    """Markup, or what is wrong; both for a colour without effect."""
    markup, refused = _by_math_core(rendered.text, display)
    if markup is not None:
        return (markup, None) if len(markup) < MAX_OUTPUT else (None, Fault(0, "it is too long"))
    offset, message = refused or (0, "it cannot be set")
    length = len(rendered.text)
    if length <= MAX_SLOW_LENGTH and _BEYOND_KATEX.search(rendered.text) is None:
        markup, second = _by_katex(rendered.text, display)
        if markup is not None:
            return markup, _colour(rendered, offset, message)
        # KaTeX knows more commands: what it stumbles over is the real trouble.
        if second and is_unknown(message) and (not is_unknown(second[1]) or second[0] > offset):
            offset, message = second
    return None, explain(rendered, min(offset, max(length - 1, 0)), offset >= length, message)


def _colour(rendered: Rendered, offset: int, message: str) -> Fault | None:
    """A name that KaTeX passes on to the browser, which does not know it either."""
    unknown = re.match(r'Unknown color "([^"]*)"', message)
    if unknown is None or unknown[1].lower() in COLOURS or unknown[1].startswith("#"):
        return None
    return Fault(
        rendered.origin(offset),
        f"the colour {unknown[1]} is not known, so it does nothing",
        "use a name such as red or RoyalBlue, or a value such as #1f6feb",
    )


@cache
def _math_core() -> "LatexToMathML":
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)


def _by_math_core(tex: str, display: bool) -> tuple[str | None, tuple[int, str] | None]:
    """Markup, or the offset and the message."""
    engine = _math_core()
    try:
        html = engine.convert_with_local_state(tex, displaystyle=display)
    except Exception as error:  # LatexError; a panic of the engine is a RuntimeError
        place, _, message = str(error).partition(": ")
        return None, (int(place), message) if place.isdigit() else (0, str(error))
    return from_math_core(html), None


def _by_katex(tex: str, display: bool) -> tuple[str | None, tuple[int, str] | None]:
    import pykatex

    try:
        html = pykatex.renderToString(
            tex,
            # It knows CD as a display only.
            displayMode=display or r"\begin{CD}" in tex,
            output=pykatex.OUTPUT_MATHML,
            strict=pykatex.STRICT_IGNORE,
        )
        return from_katex(html), None
    except NotSupported as command:
        return None, (max(tex.find(str(command)), 0), f"Undefined control sequence: {command}")
    except Exception as error:  # ParseError, or anything its interpreter throws
        return None, _katex_place(tex, str(error))


def _katex_place(tex: str, message: str) -> tuple[int, str]:
    found = re.search(r" at position (\d+): ", message)
    if found is None:
        return len(tex), message.partition(" at end of input")[0]
    # KaTeX counts UTF-16 units from 1.
    units = int(found[1]) - 1
    offset = len(tex.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore"))
    return offset, message[: found.start()]
