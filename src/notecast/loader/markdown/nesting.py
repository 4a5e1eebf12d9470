"""Limits of nesting, and what happens beyond them: the text stays, and a problem says so.

markdown-it drops what is nested too deeply without a word. Here it becomes one
paragraph of source text.
"""

from typing import TYPE_CHECKING

from notecast.feature import NoteContext

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

MAX_DEPTH = 200
"""Blocks inside blocks: two Python frames each, so it must stay well below the
interpreter's limit of recursion (1,000)."""
MAX_INLINE_DEPTH = 80
"""Brackets inside brackets: four Python frames each."""
NO_LIMIT = 100_000
"""Given to markdown-it, whose own limit loses text."""


def too_deep(state: "StateBlock", start: int, end: int) -> None:
    """Makes one paragraph of the lines that are nested too deeply."""
    state.line = end
    text = state.getLines(start, end, state.blkIndent, False).strip()
    if not text:
        return
    opening = state.push("paragraph_open", "p", 1)
    opening.map = [start, end]
    inline = state.push("inline", "", 0)
    inline.content = text
    inline.map = [start, end]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    if "note" in state.env:
        context = NoteContext.of(state.env)
        context.problem(
            "nesting-is-shallow",
            f"lists and quotes are nested more than {MAX_DEPTH} deep; "
            "the rest is shown as plain text",
            line=context.line_of(start),
            hint="take some levels of nesting away",
            severity="warning",
        )
