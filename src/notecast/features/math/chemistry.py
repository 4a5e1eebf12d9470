r"""Simple chemical formulas: `\ce{2H2O}`, `\ce{SO4^2-}`, `\ce{A + B -> C}`.

A small part of the language of the mhchem package for LaTeX (its manual,
sections 2 to 4): formulas, charges, amounts, states, isotopes and the common
arrows. Entry points: `chemical`, `as_written`.
"""

import re

_ARROWS = {
    "<=>": r"\rightleftharpoons ",
    "<->": r"\leftrightarrow ",
    "->": r"\rightarrow ",
    "<-": r"\leftarrow ",
}
_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<arrow><=>|<->|->|<-)(?P<over>\[[^\[\]{}\\$]*\])?(?P<under>\[[^\[\]{}\\$]*\])?"
    r"|(?P<state>\((?:aq|s|l|g)\))"
    r"|\^\{?(?P<up>[0-9]*[+-]?)\}?(?:_\{?(?P<down>[0-9]+)\}?)?"
    r"|_\{?(?P<low>[0-9n]+)\}?"
    r"|(?P<element>[A-Z][a-z]?)"
    r"|(?P<number>\d+(?:/\d+)?)"
    r"|(?P<charge>[+-](?=\s|\)|\]|$))"
    r"|(?P<operator>[+=])"
    r"|(?P<dot>\*|\.)"
    r"|(?P<bond>[-#])"
    r"|(?P<bracket>[()\[\]])"
    r"|(?P<letter>[a-z])"
)


def chemical(source: str) -> str | None:
    """Translates the argument of `\\ce` into ordinary TeX.

    Returns:
        `None` for what this part of the language does not hold.
    """
    result: list[str] = []
    position = 0
    # Whether a number here counts atoms (H2) or molecules (2 H).
    after_atom = False
    while position < len(source):
        match = _PIECE.match(source, position)
        if match is None or match.end() == position:
            return None
        if match["arrow"]:
            result.append(_arrow(match))
        elif match["up"] is not None:
            if not match["up"] and not match["down"]:
                return None
            low = f"_{{{match['down']}}}" if match["down"] else ""
            result.append(("" if after_atom else "{}") + f"^{{{match['up']}}}" + low)
        elif match["low"]:
            result.append(("" if after_atom else "{}") + f"_{{{match['low']}}}")
        elif match["element"]:
            result.append(rf"\mathrm{{{match['element']}}}")
        elif match["number"]:
            if after_atom:
                result.append(f"_{{{match['number']}}}")
            else:
                result.append(match["number"] + r"\,")
        elif match["charge"] and after_atom:
            result.append(f"^{{{match['charge']}}}")
        elif match["charge"] or match["operator"]:
            result.append(f" {match[0]} ")
        elif match["state"]:
            result.append(rf"\mathrm{{{match['state']}}}")
        elif match["dot"]:
            result.append(r"\cdot ")
        elif match["bond"]:
            result.append({"-": r"{-}", "#": r"{\equiv}"}[match["bond"]])
        elif not match["space"]:
            result.append(match[0])
        after_atom = bool(
            match["element"]
            or match["low"]
            or (match["number"] and after_atom)
            or (match["up"] is not None and after_atom)
            or match["bracket"] in (")", "]")
        )
        position = match.end()
    return "".join(result)


def _arrow(match: "re.Match[str]") -> str:
    over = (match["over"] or "[]")[1:-1]
    under = (match["under"] or "[]")[1:-1]
    if not (over or under):
        return " " + _ARROWS[match["arrow"]]
    arrow = {"<=>": "xrightleftharpoons", "<->": "xleftrightarrow", "<-": "xleftarrow"}
    name = arrow.get(match["arrow"], "xrightarrow")
    below = rf"[\text{{{under}}}]" if under else ""
    return rf"\{name}{below}{{\text{{{over}}}}}"


def as_written(source: str) -> str:
    """TeX that shows what `chemical` does not understand, in typewriter letters."""
    names = {"\\": r"\textbackslash ", "^": "ˆ", "~": "˜"}
    escaped = re.sub(r"[\\{}$&#^_%~]", lambda m: names.get(m[0], "\\" + m[0]), source)
    return rf"\texttt{{{escaped}}}"
