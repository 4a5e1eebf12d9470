"""Formulas inside blocks of raw HTML: `<center>$$x$$</center>`, `<td>$x$</td>`.

Markdown leaves such blocks alone; where a script sets formulas in the reader's browser, it
finds them there all the same. Entry point: `find_in_html`.
"""

import re
from html import unescape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.math.dollars import Span, dollar_span
from notecast.features.math.environments import DISPLAY, ends_at
from notecast.features.math.places import note_of
from notecast.loader.markdown.sanitize import RAW_START

_APART = re.compile(
    r"<(?P<raw>pre|code|script|style|textarea|svg|math|kbd|samp|iframe)\b.*?</(?P=raw)\s*>"
    r"|<!--.*?-->|</?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_OPENING = re.compile(r"(?<!\\)(?:\$\$?|\\[(\[]|\\begin\{(?P<name>[A-Za-z]+\*?)\})")
_SIGNS = ("$", "\\(", "\\[", "\\begin{")


def find_in_html(state: StateCore) -> None:
    """Core rule: takes formulas out of blocks of raw HTML and puts them between the pieces."""
    if not any(sign in state.src for sign in _SIGNS):
        return
    out: list[Token] = []
    for token in state.tokens:
        if token.type == "html_block" and token.map and _OPENING.search(token.content):
            out.extend(_pieces(token, note_of(state.env)))
        else:
            out.append(token)
    state.tokens = out


def _pieces(token: Token, note: NoteContext | None) -> list[Token]:
    content = token.content
    first = token.map[0] if token.map else 0
    is_foreign = note.is_foreign if note else None
    foreign = note and is_foreign and is_foreign(note.line_of(first))
    if content.startswith(RAW_START) or foreign:
        return [token]
    out: list[Token] = []
    done = position = 0
    for start, end in _texts(content):
        position = start
        while (opening := _OPENING.search(content, position, end)) is not None:
            position = opening.start()
            span = _span(content, opening, end)
            if span is None:
                position = opening.end()
                continue
            out.append(_raw(token, content[done:position]))
            line = first + content.count("\n", 0, span.start)
            out.append(_formula(unescape(content[span.start : span.end]), span.display, line))
            done = position = span.after
    return [*out, _raw(token, content[done:])] if out else [token]


def _span(content: str, opening: "re.Match[str]", end: int) -> Span | None:
    start, mark = opening.start(), opening[0]
    if mark.startswith("$"):
        return dollar_span(content, start, end)
    if opening["name"]:
        close = ends_at(content[:end], start, opening["name"])
        return Span(start, close, close, True) if opening["name"] in DISPLAY and close > 0 else None
    close = content.find("\\)" if mark == "\\(" else "\\]", opening.end(), end)
    if close < 0 or not content[opening.end() : close].strip():
        return None
    return Span(opening.end(), close, close + 2, mark == "\\[")


def _texts(content: str) -> list[tuple[int, int]]:
    """Where text stands between the tags, code and scripts left out."""
    found, position = [], 0
    for match in _APART.finditer(content):
        found.append((position, match.start()))
        position = match.end()
    return [*found, (position, len(content))]


def _raw(token: Token, content: str) -> Token:
    return Token(
        "html_block", "", 0, content=content, map=token.map, level=token.level, meta=token.meta
    )


def _formula(tex: str, display: bool, line: int) -> Token:
    inline = Token("inline", "", 0, content=tex, map=[line, line + 1], level=1)
    formula = Token("math_display" if display else "math_inline", "math", 0, content=tex)
    formula.markup = "$$" if display else "$"
    formula.meta = {"offset": 0, "source": tex, "inline": inline}
    inline.children = [formula]
    return inline
