"""Tables that scroll by themselves, with alignment as classes instead of inline styles."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.block_engine import block_below


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.enable("table")
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.push("table_corners", corners)
    for name, rule in (
        ("table_open", _open),
        ("table_close", _close),
        ("th_open", _cell),
        ("td_open", _cell),
    ):
        md.add_render_rule(name, rule)


@block_below("|-:")
def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule; tells what it leaves out.

    Cells beyond those of the header are ignored (GFM 0.29, section 4.10), so that
    a bar in `|Z|` costs the rest of its row.
    """
    known = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        columns = sum(token.type == "th_open" for token in state.tokens[known:])
        for line in range(start + 2, state.line):
            row = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
            if row.count("|") > columns - 1 and (left_out := _beyond(row, columns)):
                _tell(NoteContext.of(state.env), line, left_out, columns)
    return True


def _beyond(row: str, columns: int) -> list[str]:
    cells = escapedSplit(row)
    cells = cells[cells[0] == "" :]
    return [cell.strip() for cell in cells[columns:] if cell.strip()]


def _tell(context: NoteContext, line: int, left_out: list[str], columns: int) -> None:
    written = context.lines[line] if line < len(context.lines) else ""
    context.problem(
        "table-row-fits",
        f"this row has more cells than the {columns} of the header, so “{left_out[0][:40]}”"
        f"{' and what follows' if len(left_out) > 1 else ''} is not shown",
        line=context.line_of(line),
        column=written.rfind(left_out[0]) + 1,
        hint="write \\| for a bar that is part of the text, or give the header another cell",
        severity="warning",
    )


def corners(state: StateCore) -> None:
    """Core rule: header cells without words become data cells, and what they tell is said.

    A cell without words heads nothing. Where it is the first one, the first
    column holds names of rows: those become headers (HTML, 4.9.10 and 4.9.12).
    """
    heads_rows = first = False
    for index, token in enumerate(state.tokens):
        if token.type == "table_open":
            heads_rows = False
        elif token.type == "tr_open":
            first = True
        elif token.type == "th_open":
            if not state.tokens[index + 1].content:
                heads_rows = heads_rows or first
                token.tag = state.tokens[index + 2].tag = "td"
            first = False
        elif token.type == "td_open":
            if first and heads_rows and state.tokens[index + 1].content:
                token.tag = state.tokens[index + 2].tag = "th"
                token.attrs["scope"] = "row"
            first = False


def _open(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    # Focusable, so that a wide table can be scrolled from the keyboard.
    return '<div class="table" tabindex="0">' + str(self.renderToken(tokens, index, options, env))


def _close(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


def _cell(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align:"):
        token.attrs["class"] = f"align-{style[11:]}"
    return str(self.renderToken(tokens, index, options, env))
