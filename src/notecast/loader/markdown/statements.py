"""A short copy of some blocks for another place: the statement of a theorem in a preview.

It stands in the middle of a sentence or in a list on another page, so it holds
no blocks, ids, links, notes or pictures. Its holes are those of short texts: the page
itself asks `NoteContext.text_in_body`, others `View.short_html`. Entry point: `statement_of`.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.plain import piece_of
from notecast.model import HOLE

MAX_TEXT = 600
"""Characters of text, before the dots of a cut."""

_ID = re.compile(r'\s(?:id|tabindex|href)="[^"]*"')
_INLINE = frozenset(
    {
        "text", "softbreak", "hardbreak", "code_inline", "math_inline", "math_display",
        "em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close",
        "mark_open", "mark_close", "nb_open", "nb_close",
    }
)  # fmt: skip
_LEFT_OUT = frozenset({"figure_open", "table_open", "fence", "code_block", "html_block"})


def statement_of(tokens: Sequence[Token], renderer: Any, options: Any, env: Any) -> str:
    """Blocks as inline HTML.

    Args:
        tokens: Block tokens whose inline tokens are parsed.
        renderer: That of the parser, with its `options` and `env`.

    Returns:
        Each paragraph and formula in a `<span>`; three dots where something is left out.
    """
    out: list[str] = []
    length = 0
    for token in tokens:
        if token.type in _LEFT_OUT or length > MAX_TEXT:
            out.append("<span>…</span>")
            break
        if token.type == "inline":
            html, size = _paragraph(token.children or [], renderer, options, env)
            length += size
            if html.strip():
                out.append(f"<span>{html.strip()}</span>")
        elif token.type.startswith("math_"):
            out.append(_formula(renderer.render([token], options, env)))
            length += len(token.content)
    return "".join(out)


def _paragraph(children: Sequence[Token], renderer: Any, options: Any, env: Any) -> tuple[str, int]:
    context = NoteContext.of(env)
    pieces: list[str] = []
    size = 0
    for index, token in enumerate(children):
        if token.type in _INLINE:
            rule = renderer.rules.get(token.type)
            html = (
                rule(children, index, options, env)
                if rule
                else renderer.renderToken(children, index, options, env)
            )
            if HOLE in html:
                html = _escaped(piece_of(token))
            pieces.append(_formula(html) if token.type.startswith("math_") else html)
        elif not token.nesting:
            own = "hole" in token.meta
            pieces.append(context.text_hole(token) if own else _escaped(piece_of(token)))
        size += len(token.content)
    return "".join(pieces), size


def _formula(html: str) -> str:
    """A formula without the box that scrolls, the link of its number, and ids."""
    for tag in ("div", "a"):
        html = html.replace(f"<{tag} ", "<span ").replace(f"</{tag}>", "</span>")
    return _ID.sub("", html).strip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
