"""Bare addresses become links: `见https://arxiv.org/abs/1706.03762，第三节`.

Only `http://` and `https://` count. An address may be glued to Han characters
in front; it ends at white space, at a quotation mark or bracket, at full-width
punctuation, and before Han characters that follow a letter or digit directly.
Behind `/`, `=`, `#`, `_` or `-` Han characters belong to it, as in
`https://zh.wikipedia.org/wiki/注意力机制`. Marks that end a sentence, and closing
brackets without an opening one, are left out, as in GitHub's autolinks
(GFM 0.29, section 6.9).
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from notecast.loader.markdown.cjk import BOPOMOFO, HAN, HANGUL, KANA
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at

_SCHEME = re.compile(r"(?:^|[^A-Za-z0-9.+-])(https?)$", re.IGNORECASE)
_LETTERS = f"{HAN}{KANA}{BOPOMOFO}{HANGUL}"
_HOST = (
    r"(?:localhost|\[[0-9a-fA-F:.]+\]"
    r"|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]*[A-Za-z0-9])"
)
_STOP = r"\s<>\"`{{}}|\\^\u2e80-\U0003ffff\u2018-\u201f\u2026"
# Behind a delimiter of the path a run of letters of CJK scripts belongs to the address.
_ADDRESS = re.compile(
    rf"://{_HOST}(?::\d+)?(?:[/?#](?:[^{_STOP}]|(?<=[/=#_%(-])[{_LETTERS}]++)*+)?", re.IGNORECASE
)
_TAIL = "?!.,:;*_~'"


def install(md: MarkdownIt) -> None:
    """Adds the rule to a parser."""
    md.inline.ruler.before("newline", "autolink_bare", _autolink)


@starts(":")
def _autolink(state: StateInline, silent: bool) -> bool:
    position = state.pos
    if silent or state.linkLevel or not state.src.startswith("://", position):
        return False
    scheme = _SCHEME.search(state.src, max(0, position - 6), position)
    if scheme is None:
        return False
    match = _ADDRESS.match(state.src, position, state.posMax)
    if match is None:
        return False
    written = _trimmed(state.src[position : match.end()])
    length = len(scheme[1])
    if not state.pending.lower().endswith(scheme[1].lower()):
        return False
    address = scheme[1] + written
    href = state.md.normalizeLink(address)
    if not state.md.validateLink(href):
        return False
    state.pending = state.pending[:-length]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    opening.markup = "linkify"
    opening.meta["place"] = place_at(state, position - length)
    text = state.push("text", "", 0)
    text.content = address
    state.push("link_close", "a", -1).markup = "linkify"
    state.pos = position + len(written)
    return True


def _trimmed(address: str) -> str:
    """The address without what more likely belongs to the sentence."""
    unopened = {
        close: address.count(close) - address.count(opening) for opening, close in ("()", "[]")
    }
    end = len(address)
    while end > 3:
        last = address[end - 1]
        if last in unopened and unopened[last] > 0:
            unopened[last] -= 1
        elif last not in _TAIL:
            break
        end -= 1
    return address[:end]
