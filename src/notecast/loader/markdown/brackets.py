"""Finds the `]` that belongs to a `[`, in time that grows with the text and no faster.

markdown-it looks for it anew at every `[`, so that ten thousand open brackets
cost a hundred million steps. Here each result is kept for the text at hand: a
search jumps over pairs that are known, and stops where an inner bracket is
known to have no end.
"""

from types import SimpleNamespace
from typing import TYPE_CHECKING

from markdown_it import helpers

if TYPE_CHECKING:
    from notecast.loader.markdown.engine import NoteState


def note_helpers() -> SimpleNamespace:
    """markdown-it's helpers, for one parser, with our search for brackets."""
    return SimpleNamespace(
        parseLinkDestination=helpers.parseLinkDestination,
        parseLinkLabel=label_end,
        parseLinkTitle=helpers.parseLinkTitle,
    )


def label_end(state: "NoteState", start: int, disableNested: bool = False) -> int:
    """Position of the `]` that closes the `[` at `start`, or -1.

    Args:
        disableNested: Whether a link inside makes it no label.
    """
    end, nested = _search(state, start)
    return -1 if nested and disableNested else end


def _search(state: "NoteState", start: int) -> tuple[int, bool]:
    """The end, and whether a link or the like stands inside."""
    src, limit = state.src, state.posMax
    known = state.labels
    if (start, limit) in known:
        return known[start, limit]
    skip = state.md.inline.skipToken
    before = state.pos
    position, end, nested = start + 1, -1, False
    while position < limit:
        character = src[position]
        if character == "]":
            end = position
            break
        state.pos = position
        skip(state)
        if character == "[":
            if state.pos == position + 1:
                inner, nested_inside = _search(state, position)
                if inner < 0:
                    break
                nested = nested or nested_inside
                position = inner + 1
                continue
            nested = True
        position = state.pos
    state.pos = before
    known[start, limit] = end, nested
    return end, nested
