r"""Simple chemical formulas: `\ce{2H2O}`, `\ce{SO4^2-}`, `\ce{A + B -> C}`.

A small part of the language of the mhchem package for LaTeX (its manual,
sections 2 to 4): formulas, charges, amounts, states, isotopes and the common
arrows. Entry points: `chemical`, `as_written`.
"""

import re

_ARROWS = {
    "<=>>": r"\rightleftharpoons ",
    "<<=>": r"\rightleftharpoons ",
    "<-->": r"\rightleftarrows ",
    "<=>": r"\rightleftharpoons ",
    "<->": r"\leftrightarrow ",
    "->": r"\rightarrow ",
    "<-": r"\leftarrow ",
}
_GREEK = "alpha|beta|gamma|delta|Delta|eta|kappa|lambda|mu|nu|omega|pi|sigma"
_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|\$(?P<math>[^$]+)\$"
    r"|(?P<gas>[v^](?![^\s]))(?<=\s.)"
    r"|(?P<arrow><=>>|<<=>|<-->|<=>|<->|->|<-)(?P<over>\[[^\[\]]*\])?(?P<under>\[[^\[\]]*\])?"
    r"|(?P<state>\((?:aq|s|l|g)\))"
    r"|\^\{?(?P<up>(?:[IVX]+|[.*]|[0-9]*)[+-]?)\}?(?:_\{?(?P<down>[0-9]+)\}?)?"
    r"|_\{?(?P<low>[0-9n]+)\}?"
    r"|(?P<element>[A-Z][a-z]?)"
    r"|(?P<number>\d+(?:/\d+)?)"
    r"|(?P<charge>[+-](?=\s|\)|\]|$))"
    r"|(?P<double>=)(?=[A-Z])"
    r"|(?P<operator>[+=])"
    rf"|(?P<command>\\(?:{_GREEK}|cdot|bullet|pm))(?![A-Za-z])\s*"
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
            # A dot or a star is that of a radical; Roman numbers are oxidation states.
            up = re.sub("[IVX]+", r"\\mathrm{\g<0>}", match["up"])
            up = up.replace(".", r"\bullet ").replace("*", r"\ast ")
            result.append(("" if after_atom else "{}") + f"^{{{up}}}" + low)
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
        elif match["math"]:
            result.append(f"{{{_INNER.sub(_inner, match['math'])}}}")
        elif match["gas"]:
            result.append({"v": r"\,\downarrow ", "^": r"\,\uparrow "}[match["gas"]])
        elif match["double"]:
            result.append("{=}")
        elif match["command"]:
            result.append(f"{match['command']} ")
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
            # e-, an electron.
            or match["letter"]
        )
        position = match.end()
    return "".join(result)


def _arrow(match: "re.Match[str]") -> str:
    over = (match["over"] or "[]")[1:-1]
    under = (match["under"] or "[]")[1:-1]
    if not (over or under):
        return " " + _ARROWS[match["arrow"]]
    names = {"->": "xrightarrow", "<-": "xleftarrow", "<->": "xleftrightarrow"}
    name = names.get(match["arrow"], "xrightleftharpoons")
    below = f"[{_label(under)}]" if under else ""
    return rf"\{name}{below}{{{_label(over)}}}"


_INNER = re.compile(r"\\ce\{([^{}]*)\}")


def _inner(match: "re.Match[str]") -> str:
    return chemical(match[1]) or as_written(match[1])


def _label(source: str) -> str:
    """What stands at an arrow: a formula of chemistry, mathematics, or words."""
    if inner := re.fullmatch(rf"\$([^$]+)\$|(\\(?:{_GREEK}))", source.strip()):
        return inner[1] or inner[2]
    known = None if re.search("[a-z]{3}", source) else chemical(source)
    return known if known is not None else rf"\text{{{source}}}"


def as_written(source: str) -> str:
    """TeX that shows what `chemical` does not understand, in typewriter letters."""
    names = {"\\": r"\textbackslash ", "^": "ˆ", "~": "˜"}
    escaped = re.sub(r"[\\{}$&#^_%~]", lambda m: names.get(m[0], "\\" + m[0]), source)
    return rf"\texttt{{{escaped}}}"
