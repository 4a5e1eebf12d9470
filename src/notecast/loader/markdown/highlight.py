"""`==highlighted text==` becomes `<mark>`.

Two equals signs, as in Obsidian. Beside a Latin letter or digit they do not
count from inside a word, so that `a==b` and `x==y==z` stay code-like text;
beside Han characters they do.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from notecast.loader.markdown.cjk import CJK, kind_of
from notecast.loader.markdown.engine import starts

_MARKER = ord("=")


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.inline.ruler.after("strikethrough", "highlight", _tokenize)
    md.inline.ruler2.after("strikethrough", "highlight", _pair)


@starts("=")
def _tokenize(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "=":
        return False
    start = state.pos
    scanned = state.scanDelims(start, True)
    if scanned.length != 2:
        token = state.push("text", "", 0)
        token.content = "=" * scanned.length
        state.pos += scanned.length
        return True
    end = start + 2
    before = state.src[start - 1] if start else " "
    after = state.src[end] if end < state.posMax else " "
    token = state.push("text", "", 0)
    token.content = "=="
    state.delimiters.append(
        Delimiter(
            marker=_MARKER,
            length=0,
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open and not _in_word(before),
            close=scanned.can_close and not _in_word(after),
        )
    )
    state.pos = end
    return True


def _in_word(character: str) -> bool:
    return character.isalnum() and not kind_of(character) & CJK


def _pair(state: StateInline) -> None:
    _pair_in(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair_in(state, meta["delimiters"])


def _pair_in(state: StateInline, delimiters: list[Delimiter]) -> None:
    for opener in delimiters:
        if opener.marker != _MARKER or opener.end < 0:
            continue
        closer = delimiters[opener.end]
        for delimiter, kind, nesting in ((opener, "mark_open", 1), (closer, "mark_close", -1)):
            token = state.tokens[delimiter.token]
            token.type, token.tag, token.nesting = kind, "mark", nesting  # type: ignore[assignment]
            token.markup, token.content = "==", ""
