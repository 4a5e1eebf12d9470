"""`[TOC]` or `[[toc]]` alone in a paragraph: a table of contents in the note.

Headings are known once the body is rendered, so a mark stands in for the list
until then.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.loader.markdown.labels import label
from notecast.model import Heading

_MARK = "\x05"
"""No note can hold it: the reader drops control characters."""
_WRITTEN = re.compile(r"\[\[?_?toc_?\]?\]|\{:toc\}|@\[toc\](?:\(.*\))?", re.IGNORECASE)


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.core.ruler.after("block", "toc", _find)
    md.add_render_rule("toc", _render)


def fill_toc(html: str, headings: Sequence[Heading], lang: str) -> str:
    """Puts the table of contents where the note asks for it."""
    return html.replace(_MARK, toc_html(headings, lang)) if _MARK in html else html


def toc_html(headings: Sequence[Heading], lang: str) -> str:
    """Headings as nested lists; empty without headings."""
    if not headings:
        return ""
    out = [f'<nav class="toc" aria-label="{escape(label("contents", lang))}">']
    levels: list[int] = []
    for heading in headings:
        if levels and heading.level <= levels[-1]:
            while len(levels) > 1 and heading.level <= levels[-2]:
                levels.pop()
                out.append("</li></ul>")
            levels[-1] = heading.level if len(levels) > 1 else min(levels[-1], heading.level)
            out.append("</li>")
        else:
            levels.append(heading.level)
            out.append("<ul>")
        out.append(f'<li><a href="#{escape(heading.id)}">{heading.html}</a>')
    out.append("</li></ul>" * len(levels))
    out.append("</nav>")
    return "".join(out)


def _find(state: StateCore) -> None:
    tokens = state.tokens
    found = False
    for index, token in enumerate(tokens):
        if (
            token.type == "inline"
            and tokens[index - 1].type == "paragraph_open"
            and len(token.content) < 40
            and _WRITTEN.fullmatch(token.content.strip())
        ):
            found = True
            tokens[index] = Token("toc", "nav", 0, block=True, map=token.map)
    if found:
        state.tokens = [
            token
            for index, token in enumerate(tokens)
            if token.type == "toc" or not _beside_toc(tokens, index)
        ]


def _beside_toc(tokens: Sequence[Token], index: int) -> bool:
    return (index + 1 < len(tokens) and tokens[index + 1].type == "toc") or (
        index > 0 and tokens[index - 1].type == "toc"
    )


def _render(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return _MARK + "\n"
