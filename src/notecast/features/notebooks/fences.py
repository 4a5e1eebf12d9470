"""Containers that open in one cell and close in another, as Quarto has them: `::: {.grid}`.

Each cell is parsed by itself, so their fences would be text. Entry point:
`fences_across`, which finds them; what is between them is shown without the container.
"""

import re
from collections.abc import Sequence

from notecast.features.notebooks.cells import Cell

_FENCE = re.compile(r" {0,3}:{3,}[ \t]*(\S?)")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})")


def fences_across(cells: Sequence[Cell]) -> dict[int, frozenset[int]]:
    """Lines (0-based) of fences whose partner stands in another cell, by number of the cell.

    One that has no partner anywhere is not among them: that is a mistake.
    """
    found: dict[int, set[int]] = {}
    open_: list[tuple[int, int]] = []
    for cell in cells:
        if ":::" not in cell.source:
            continue
        for line, opens in _fences(cell.source):
            here = (cell.number, line)
            if opens:
                open_.append(here)
            elif open_:
                partner = open_.pop()
                if partner[0] != cell.number:
                    for number, place in (partner, here):
                        found.setdefault(number, set()).add(place)
    return {number: frozenset(lines) for number, lines in found.items()}


def _fences(source: str) -> list[tuple[int, bool]]:
    """Line and whether it opens, for every fence outside of code."""
    fences = []
    code = ""
    for line, text in enumerate(source.split("\n")):
        marker = _CODE.match(text)
        if code:
            if marker and marker[1].startswith(code) and not text.strip(f"{code[0]} \t"):
                code = ""
        elif marker:
            code = marker[1]
        elif fence := _FENCE.match(text):
            fences.append((line, bool(fence[1])))
    return fences
