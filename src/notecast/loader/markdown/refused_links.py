"""Links and pictures whose address no page may have: what they show is shown.

`[text](javascript:void(0))` is left by copies of web pages, as is a picture that holds its
SVG itself, `![](data:image/svg+xml;utf8,<svg …>)`, with spaces that no address may have.
"""

import re
from html import escape
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from notecast.loader.markdown.engine import NoteState, starts
from notecast.loader.markdown.raw_html import UNTRUSTED

_SCRIPT = re.compile(
    r"\[(?P<text>(?:!\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)|\\.|[^\[\]\n\\]){0,500}+)\]"
    r"\([ \t]*<?(?:javascript|vbscript):[^\n()]{0,500}(?:\([^\n()]{0,500}\)[^\n()]{0,500}){0,5}\)",
    re.IGNORECASE,
)
_SVG = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,500})\]\([ \t]*data:image/svg\+xml"
    r"(?:;base64,(?P<base64>[\w+/=]{1,100000})"
    r"|(?:;(?:utf-?8|charset=[\w-]+))?,(?:[^\n]{0,200}?(?P<svg><svg\b[^\n]{0,20000}?</svg>))?)"
    r"[^\n()]{0,20}\)",
    re.IGNORECASE,
)


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser, before those of links and images."""
    md.inline.ruler.before("link", "script_link", _script)
    md.inline.ruler.before("image", "svg_image", _svg)


def _holds(state: StateInline, sign: str) -> bool:
    return state.holds(sign) if isinstance(state, NoteState) else sign in state.src


@starts("[")
def _script(state: StateInline, silent: bool) -> bool:
    if not (_holds(state, "cript:") or _holds(state, "CRIPT:")):
        return False
    found = _SCRIPT.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        last = state.posMax
        state.pos, state.posMax = found.start("text"), found.end("text")
        state.md.inline.tokenize(state)
        state.posMax = last
    state.pos = found.end()
    return True


@starts("!")
def _svg(state: StateInline, silent: bool) -> bool:
    if not _holds(state, "svg+xml") or not state.src.startswith("![", state.pos):
        return False
    if state.md.options.get(UNTRUSTED):
        return False  # opened by itself, it is a page with scripts
    found = _SVG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        data = f";base64,{found['base64']}" if found["base64"] else f",{quote(found['svg'] or '')}"
        if len(data) == 1:
            state.pending += found["alt"]  # its picture was to be loaded later
        else:
            # Inside <img> an SVG runs no scripts and loads nothing.
            token = state.push("html_inline", "", 0)
            token.content = f'<img src="data:image/svg+xml{data}" alt="{escape(found["alt"])}">'
    state.pos = found.end()
    return True
