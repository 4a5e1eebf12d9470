"""Where a piece of inline syntax stands in the file.

markdown-it keeps no positions inside a paragraph; rules that need one ask here
while the text is being parsed.
"""

from typing import Any

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notecast.feature import NoteContext


def place_at(state: StateInline, position: int, inline: Token | None = None) -> tuple[int, int]:
    """Line and column in the file of a character of an inline text.

    Args:
        inline: Its token, if it is asked for after the text has been parsed.
    """
    context = NoteContext.of(state.env)
    token = inline or context.inline
    if token is not None and state.src != token.content:
        # The description of an image or an inline footnote: a part of the paragraph.
        found = token.content.find(state.src)
        return context.place(position + found if found >= 0 else 0, token)
    return context.place(position, token)


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
