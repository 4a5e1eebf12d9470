"""Tables that scroll by themselves, with alignment as classes instead of inline styles."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.enable("table")
    for name, rule in (
        ("table_open", _open),
        ("table_close", _close),
        ("th_open", _cell),
        ("td_open", _cell),
    ):
        md.add_render_rule(name, rule)


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
    if token.tag == "th" and not tokens[index + 1].content:
        # A corner without words heads nothing: HTML 4.9.10 has no empty header cells.
        token.tag = tokens[index + 2].tag = "td"
    return str(self.renderToken(tokens, index, options, env))
