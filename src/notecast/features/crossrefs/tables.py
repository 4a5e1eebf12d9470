"""Table captions: `: caption {#tbl:x}` behind a table, `Table: caption {#tbl:x}` on either side."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import ATTRIBUTES, add_attributes, read_attributes

_BEHIND = re.compile(r"(?::[ \t]+|(?:Table|表)[:：][ \t]*)(?=\S)")
_BEFORE = re.compile(r"(?:Table|表)[:：][ \t]*(?=\S)")


def add_table_rules(md: MarkdownIt) -> None:
    """Adds the rule to a parser."""
    md.core.ruler.after("block", "table_captions", _captions)


def _captions(state: StateCore) -> None:
    tokens = state.tokens
    if not any(token.type == "table_open" for token in tokens):
        return
    gone: set[int] = set()
    captions: dict[int, Token] = {}
    opening = -1
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            opening = index
            if _is_caption(tokens, index - 3, _BEFORE) and index - 3 not in gone:
                captions[index] = tokens[index - 2]
                gone.update(range(index - 3, index))
        elif token.type == "table_close" and opening not in captions:
            row = _last_row(tokens, index)
            if _is_caption(tokens, index + 1, _BEHIND):
                captions[opening] = tokens[index + 2]
                gone.update(range(index + 1, index + 4))
            elif row is not None:
                captions[opening] = tokens[row + 2]
                gone.update(range(row, _row_end(tokens, row) + 1))
    if not captions:
        return
    out: list[Token] = []
    for index, token in enumerate(tokens):
        if index in gone:
            continue
        out.append(token)
        if index in captions:
            out.extend(_caption(token, captions[index], NoteContext.of(state.env)))
    state.tokens = out


def _is_caption(tokens: list[Token], index: int, pattern: "re.Pattern[str]") -> bool:
    return (
        0 <= index < len(tokens) - 1
        and tokens[index].type == "paragraph_open"
        and pattern.match(tokens[index + 1].content) is not None
    )


def _last_row(tokens: list[Token], close: int) -> int | None:
    """A last row that is a caption right behind the table, without an empty line between."""
    for index in range(close - 1, -1, -1):
        if tokens[index].type == "tr_open":
            cells = [
                token.content
                for token in tokens[index : _row_end(tokens, index)]
                if token.type == "inline"
            ]
            is_caption = cells and _BEHIND.match(cells[0]) and not any(cells[1:])
            return index if is_caption and tokens[index - 1].type != "thead_open" else None
    return None


def _row_end(tokens: list[Token], index: int) -> int:
    while tokens[index].type != "tr_close":
        index += 1
    return index


def _caption(table: Token, inline: Token, context: NoteContext) -> list[Token]:
    text = _BEHIND.sub("", inline.content, count=1)
    braces = [match for match in ATTRIBUTES.finditer(text) if match.end() == len(text.rstrip())]
    line = context.line_of(inline.map[0]) if inline.map else context.first_line
    if braces:
        add_attributes(table, read_attributes(braces[0][0]), context, line)
        text = text[: braces[0].start()]
    inline.content = text.strip()
    name = Token("label_number", "", 0)
    table.meta["label"] = {"kind": "table", "name": name, "counts": "id" in table.attrs}
    return [
        Token("caption_open", "caption", 1, block=True, level=table.level + 1),
        name,
        inline,
        Token("caption_close", "caption", -1, block=True, level=table.level + 1),
    ]
