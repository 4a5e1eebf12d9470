"""Tags, labels and equation numbers, taken out of the TeX and put beside the rows.

The engines number formulas each in its own way and know one formula at a time,
so they never see `\\tag`, `\\label`, `\\ref`: `arrange` replaces each by a slot,
`with_numbers` puts marks for the slots into the engine's table, and the page
(`page.py`) fills the marks when it knows the numbers of the whole note.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from notecast.features.math.markup import NUMBERED
from notecast.features.math.tokens import (
    Tex,
    argument,
    environment,
    made,
    plain,
    skip_blank,
)

# What follows has to be a character that both engines take in \text and nobody writes.
MARK = re.compile("龦([0-9]+)龧")
"""Stands in the markup for what fills slot number n of a formula."""

_BY_ROW = frozenset(("align", "alignat", "flalign", "gather", "eqnarray"))
_BY_BLOCK = frozenset(("equation", "multline", "displaymath"))
_TAG = re.compile(r"<(/?)(mtable|mtr|mtd)\b[^>]*?(/?)>")


class Slot(NamedTuple):
    """A place in a formula that needs what only the note or the site knows."""

    kind: str
    """`number`, `ref` or `eqref`."""
    offset: int
    labels: tuple[tuple[str, int], ...] = ()
    """Each label with its index into the formula."""
    tag: str | None = None
    """TeX of a `\\tag`; without one the note counts."""
    bare: bool = False
    """Whether the tag stands without parentheses (`\\tag*`)."""


class Layout(NamedTuple):
    """A formula without its numbers."""

    tokens: list[Tex]
    slots: tuple[Slot, ...]
    rows: tuple[int, ...] = ()
    """For each row of the environment the index of its number's slot, or -1."""
    number: int = -1
    """The slot of a number for the whole formula."""
    multline: bool = False


def arrange(tokens: Sequence[Tex], display: bool) -> Layout:
    """Takes numbers and references out of a formula whose macros are expanded."""
    slots: list[Slot] = []
    found = _outer(tokens) if display else None
    if found is None:
        rest, number = _without_numbers(tokens, slots, automatic=False, display=display)
        return Layout(rest, tuple(slots), number=number)
    name, begin, end, behind = found
    counts = not name.endswith("*") and name != "displaymath"
    base = name.rstrip("*")
    inside = tokens[begin:end]
    if base in _BY_BLOCK:
        rest, number = _without_numbers(inside, slots, automatic=counts, display=True)
        if base == "multline":
            rows = [list(row) for row in _rows(rest)]
            rest = _joined(rows, tokens, begin, end)
        return Layout([*rest, *behind], tuple(slots), number=number, multline=base == "multline")
    rows = []
    numbers: list[int] = []
    for row in _rows(inside):
        rest, number = _without_numbers(row, slots, automatic=counts, display=True)
        rows.append(rest)
        numbers.append(number)
    return Layout([*_joined(rows, tokens, begin, end), *behind], tuple(slots), rows=tuple(numbers))


def _joined(rows: Sequence[list[Tex]], tokens: Sequence[Tex], begin: int, end: int) -> list[Tex]:
    result = list(tokens[skip_blank(tokens, 0) : begin])
    for nth, row in enumerate(rows):
        if nth:
            result.append(Tex("\\\\", row[0].start if row else tokens[begin - 1].start))
        result.extend(row)
    closing = next(nth for nth in range(end, len(tokens)) if tokens[nth].text == "\\end")
    stop = environment(tokens, closing)
    return [*result, *tokens[closing : stop[1] if stop else len(tokens)]]


def _outer(tokens: Sequence[Tex]) -> tuple[str, int, int, list[Tex]] | None:
    """The display environment that is the whole formula, but for punctuation behind it.

    Returns:
        Its name, where its inside begins and ends, and the punctuation.
    """
    first = skip_blank(tokens, 0)
    if first >= len(tokens) or tokens[first].text != "\\begin":
        return None
    opening = environment(tokens, first)
    if opening is None or opening[0].rstrip("*") not in _BY_ROW | _BY_BLOCK:
        return None
    depth = 0
    for nth in range(first, len(tokens)):
        if tokens[nth].text == "\\begin":
            depth += 1
        elif tokens[nth].text == "\\end":
            depth -= 1
            if not depth:
                closing = environment(tokens, nth)
                if closing is None or closing[0] != opening[0]:
                    return None
                behind = list(tokens[closing[1] :])
                if plain(behind).strip() not in ("", ".", ",", ";"):
                    return None
                return opening[0], opening[1], nth, [tok for tok in behind if tok.text.strip()]
    return None


def _rows(tokens: Sequence[Tex]) -> Iterator[Sequence[Tex]]:
    """The rows between line breaks outside inner groups; each later one keeps its `[6pt]`."""
    depth = start = 0
    rows = []
    for nth, token in enumerate(tokens):
        if token.text in ("{", "\\begin", "\\left"):
            depth += 1
        elif token.text in ("}", "\\end", "\\right"):
            depth -= 1
        elif token.text == "\\\\" and depth <= 0:
            rows.append(tokens[start:nth])
            start = nth + 1
    last = tokens[start:]
    if plain(last).strip() or not rows:
        rows.append(last)
    return iter(rows)


def _without_numbers(
    tokens: Sequence[Tex], slots: list[Slot], automatic: bool, display: bool
) -> tuple[list[Tex], int]:
    """Takes `\\tag`, `\\label` and references out of one row.

    Returns:
        The rest, and the index of the slot of its number, or -1.
    """
    rest: list[Tex] = []
    labels: list[tuple[str, int]] = []
    tag: tuple[str, bool] | None = None
    index = 0
    silent = False
    while index < len(tokens):
        text, start = tokens[index]
        if text in ("\\notag", "\\nonumber"):
            silent = True
            index += 1
            continue
        starred = text == "\\tag" and plain(tokens[index + 1 : index + 2]) == "*"
        named = text in ("\\tag", "\\label", "\\ref", "\\eqref")
        if not named or (text in ("\\tag", "\\label") and not display):
            rest.append(tokens[index])
            index += 1
            continue
        taken = argument(tokens, index + 1 + starred)
        if taken is None:
            rest.append(tokens[index])
            index += 1
            continue
        content = plain(taken[0]).strip()
        if text == "\\tag":
            tag = (content, starred)
        elif text == "\\label":
            labels.append((content, start))
        else:
            slots.append(Slot(text[1:], start, ((content, start),)))
            rest.extend(made(f"\\text{{龦{len(slots) - 1}龧}}", start))
        index = taken[1]
    # A label needs a number to point at, whatever \notag says.
    if not (tag or labels or (automatic and not silent)):
        return rest, -1
    offset = tokens[0].start if tokens else 0
    slots.append(
        Slot("number", offset, tuple(labels), tag[0] if tag else None, bool(tag and tag[1]))
    )
    return rest, len(slots) - 1


def with_numbers(inner: str, layout: Layout) -> str:
    """Puts marks for a formula's numbers at the right edge of its rows."""
    if not (any(slot.kind == "number" for slot in layout.slots) or layout.multline):
        return inner
    if layout.multline:
        return _multline(inner, layout.number)
    rows = _table_rows(inner) if layout.rows else None
    if rows is None or len(rows) != len(layout.rows):
        number = layout.number
        if number < 0:
            number = next(nth for nth, slot in enumerate(layout.slots) if slot.kind == "number")
        rows, numbers = [f"<mtd>{inner}</mtd>"], [number]
    else:
        numbers = list(layout.rows)
    width = max(_cells(row) for row in rows)
    lines = [
        '<mtr><mtd class="m-side"></mtd>'
        + row
        + "<mtd></mtd>" * (width - _cells(row))
        + _number(number)
        + "</mtr>"
        for row, number in zip(rows, numbers, strict=True)
    ]
    return f'{NUMBERED} displaystyle="true" scriptlevel="0">{"".join(lines)}</mtable>'


def _number(slot: int) -> str:
    if slot < 0:
        return '<mtd class="m-side"></mtd>'
    return f'<mtd class="m-side m-number"><mtext>龦{slot}龧</mtext></mtd>'


def _multline(inner: str, number: int) -> str:
    """First row to the left, last row to the right, as in amsmath (its manual, section 3.3)."""
    rows = _table_rows(inner) or [f"<mtd>{inner}</mtd>"]
    last = len(rows) - 1
    lines = []
    for nth, row in enumerate(rows):
        if last and nth in (0, last):
            row = re.sub(r"<mtd\b[^>]*>", f'<mtd class="{"m-r" if nth else "m-l"}">', row, count=1)
        end = _number(number if nth == last else -1).replace("m-side", "m-edge")
        lines.append(f'<mtr><mtd class="m-edge"></mtd>{row}{end}</mtr>')
    return f'{NUMBERED} displaystyle="true" scriptlevel="0">{"".join(lines)}</mtable>'


def _table_rows(inner: str) -> list[str] | None:
    """Cells of each row of the one table that `inner` is; `None` if it is something else."""
    if not (inner.startswith("<mtable") and inner.endswith("</mtable>")):
        return None
    rows: list[str] = []
    depth = start = 0
    for match in _TAG.finditer(inner):
        closing, name, empty = match.groups()
        if name == "mtable":
            depth += -1 if closing else 1
            if not depth and match.end() != len(inner):
                return None
        elif name == "mtr" and depth == 1:
            if empty:
                rows.append("")
            elif closing:
                rows.append(inner[start : match.start()])
            else:
                start = match.end()
    return rows


def _cells(row: str) -> int:
    depth = count = 0
    for match in _TAG.finditer(row):
        closing, name, _ = match.groups()
        if name == "mtable":
            depth += -1 if closing else 1
        elif name == "mtd" and not closing and not depth:
            count += 1
    return count
