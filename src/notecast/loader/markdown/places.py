"""Where a piece of inline syntax stands in the file.

markdown-it keeps no positions inside a paragraph; rules that need one ask here
while the text is being parsed.
"""

from typing import Any

from markdown_it.rules_inline import StateInline

from notecast.feature import NoteContext


def place_at(state: StateInline, position: int) -> tuple[int, int]:
    """Line and column in the file of a character of the text that is being parsed."""
    context = NoteContext.of(state.env)
    token = context.inline
    if token is not None and state.src != token.content:
        # The description of an image or an inline footnote: a part of the paragraph.
        found = token.content.find(state.src)
        return context.place(position + found) if found >= 0 else context.place(0)
    return context.place(position)


def inline_with_places(state: Any) -> None:
    """Core rule `inline`: as markdown-it's, and the context knows which text it is at."""
    context = NoteContext.of(state.env)
    parse = state.md.inline.parse
    for token in state.tokens:
        if token.type == "inline":
            if token.children is None:
                token.children = []
            context.inline = token
            parse(token.content, state.md, state.env, token.children)
    context.inline = None
