"""Tables that scroll by themselves, with alignment as classes instead of inline styles."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.enable("table")
    md.core.ruler.push("table_corners", corners)
    for name, rule in (
        ("table_open", _open),
        ("table_close", _close),
        ("th_open", _cell),
        ("td_open", _cell),
    ):
        md.add_render_rule(name, rule)


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
