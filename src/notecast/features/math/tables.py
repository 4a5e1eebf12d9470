"""Keeps bars inside formulas from splitting the cells of a table.

Markdown splits a row at every bar before it looks inside the cells. This rule
hides the bars of formulas from the table rule and shows them again in the
cells. Entry point: `add_table_rule`.
"""

from typing import TYPE_CHECKING

from notecast.features.math.dollars import dollar_span
from notecast.loader.markdown.block_engine import block_below

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

HIDDEN_BAR = "\uf8f4"
"""One character for one, so that all offsets of the parser stay right."""


def add_table_rule(md: "MarkdownIt") -> None:
    """Puts the table rule behind one that hides bars; does nothing without tables."""
    if "table" not in md.block.ruler.get_all_rules():
        return
    table = next(rule.fn for rule in md.block.ruler.__rules__ if rule.name == "table")

    @block_below("|-:")
    def with_formulas(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
        if start + 2 > end or not _may_open(state, start):
            return table(state, start, end, silent)
        source = state.src
        hidden = _hide(state, start, end)
        if hidden is None:
            return table(state, start, end, silent)
        state.src = hidden
        known = len(state.tokens)
        try:
            return table(state, start, end, silent)
        finally:
            state.src = source
            for token in state.tokens[known:]:
                if HIDDEN_BAR in token.content:
                    token.content = token.content.replace(HIDDEN_BAR, "|")

    md.block.ruler.at("table", with_formulas, {"alt": ["paragraph", "reference"]})


def _may_open(state: "StateBlock", start: int) -> bool:
    begin = state.bMarks[start + 1] + state.tShift[start + 1]
    ruler = state.src[begin : state.eMarks[start + 1]]
    return "-" in ruler and not ruler.strip("|-: \t")


def _hide(state: "StateBlock", start: int, end: int) -> str | None:
    """The source with formulas' bars hidden in the lines of this table; `None` if it has none."""
    pieces: list[str] = []
    done = 0
    for line in range(start, end):
        if state.isEmpty(line):
            break
        begin = state.bMarks[line] + state.tShift[line]
        limit = state.eMarks[line]
        at = begin
        while (at := state.src.find("$", at, limit)) >= 0:
            if at > begin and state.src[at - 1] == "\\":
                at += 1
                continue
            span = dollar_span(state.src, at, limit)
            if span is None:
                at += 2 if state.src.startswith("$$", at) else 1
                continue
            formula = state.src[span.start : span.end]
            if "|" in formula:
                pieces.append(state.src[done : span.start])
                pieces.append(_hidden(formula))
                done = span.end
            at = span.after
    if not pieces:
        return None
    return "".join(pieces) + state.src[done:]


def _hidden(formula: str) -> str:
    # \| keeps what it means in every table: a bar that does not split the cell.
    return "".join(
        char if char != "|" or formula[nth - 1 : nth] == "\\" else HIDDEN_BAR
        for nth, char in enumerate(formula)
    )
