"""Tabs of Material for MkDocs: `=== "Title"` with a body that is indented by four.

    === "C++"
        Text

    === "Python"
        Text

Entry point: `add_content_tabs`.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from notecast.features.blocks.layout import tab_frame, tabs_frame
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.containers import Container

_HEAD = re.compile(r"===[!+]?[ \t]+([\"'])(.*)\1[ \t]*\Z")


def add_content_tabs(md: MarkdownIt) -> None:
    """Adds the rule to a parser."""
    md.block.ruler.before(
        "fence", "content_tabs", _rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


@block_starts("=")
def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    title = _title(state, start)
    if title is None:
        return False
    if silent:
        return True
    opening, closing = tabs_frame(state, Container("tabs", "", {}, start))
    state.tokens.append(opening)
    indent = state.sCount[start]
    line = start
    while title is not None:
        last = _last(state, line, end, indent + 4)
        head, tail = tab_frame(state, Container("tab", title, {}, line))
        head[0].map = [line, last]
        state.tokens.extend(head)
        saved = state.blkIndent, state.parentType, state.lineMax
        state.blkIndent, state.parentType, state.lineMax = indent + 4, "container", last
        state.level += 2
        state.md.block.tokenize(state, line + 1, last)
        state.level -= 2
        state.blkIndent, state.parentType, state.lineMax = saved
        state.tokens.append(tail)
        line = last
        following = line
        while following < end and state.isEmpty(following):
            following += 1
        title = None
        if following < end and state.sCount[following] == indent:
            title = _title(state, following)
            line = following if title is not None else line
    opening.map = [start, line]
    state.tokens.append(closing)
    state.line = line
    return True


def _title(state: StateBlock, line: int) -> str | None:
    position = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("===", position) or state.is_code_block(line):
        return None
    match = _HEAD.match(state.src[position : state.eMarks[line]])
    return match[2] if match else None


def _last(state: StateBlock, line: int, end: int, indent: int) -> int:
    """The line behind the last one of a tab's body."""
    last = after = line + 1
    while after < end and (state.isEmpty(after) or state.sCount[after] >= indent):
        after += 1
        if not state.isEmpty(after - 1):
            last = after
    return last
