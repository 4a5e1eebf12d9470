"""Comments between `%%` and `%%`, as Obsidian has them: they never reach the page.

`%% … %%` may stand in a line, or begin a line and end another with any blocks
in between. One that nothing closes stays text, with a warning: what was meant
to be private is then seen by the author first.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from notecast.feature import NoteContext
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.engine import starts

_MARK = "%%"


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.block.ruler.before(
        "fence", "percent_comment", _block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    md.inline.ruler.before("link", "percent_comment", _inline)


@starts("%")
def _inline(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if not state.src.startswith(_MARK, start):
        return False
    before = state.src[start - 1] if start else " "
    # "5%% and 7%%" is written by people who mean a percent sign.
    if before == "%" or before.isdigit():
        return False
    end = state.src.find(_MARK, start + 2, state.posMax)
    if end < 0:
        return False
    state.pos = end + 2
    if not state.tokens and not state.pending.strip():
        while state.pos < state.posMax and state.src[state.pos] in " \t\n":
            state.pos += 1
    return True


@block_starts("%")
def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not _line(state, start).startswith(_MARK) or state.is_code_block(start):
        return False
    first = _line(state, start)[len(_MARK) :]
    if _MARK in first:
        if first.partition(_MARK)[2].strip():
            return False
        if not silent:
            state.line = start + 1
        return True
    last = _last_line(state, start, end)
    if last is None:
        if not silent:
            context = NoteContext.of(state.env)
            context.problem(
                "comment-is-closed",
                "nothing closes the comment that %% opens here, so it is shown",
                line=context.line_of(start),
                hint="put %% behind it",
                severity="warning",
            )
        return False
    if not silent:
        _go_behind(state, last)
    return True


def _last_line(state: StateBlock, start: int, end: int) -> int | None:
    """The line in which a comment ends; None if it has no end."""
    for line in range(start + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            break
        if _MARK in _line(state, line):
            return line
    return None


def _go_behind(state: StateBlock, line: int) -> None:
    """Goes on behind the comment: in the next line, or with the text that ends this one."""
    rest = _line(state, line).partition(_MARK)[2]
    state.line = line + 1
    if rest.strip():
        state.line = line
        state.bMarks[line] = state.eMarks[line] - len(rest)
        state.tShift[line] = len(rest) - len(rest.lstrip())
        state.sCount[line] = state.blkIndent


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
