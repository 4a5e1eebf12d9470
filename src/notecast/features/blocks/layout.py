"""Containers that arrange text: `:::details Title`, `:::tabs` with `:::tab Title`, `:::aside`,
`:::center`, `:::right`.

All of them work without a script: tabs are `<details>` of one name, of which
browsers keep one open.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.blocks.tab_sets import split_tabs
from notecast.loader.markdown.containers import Container, frame, handle, title_tokens
from notecast.loader.markdown.labels import is_chinese


def add_layout_rules(md: MarkdownIt) -> None:
    """Takes the names of these containers."""
    handle(md, ("details", "折叠"), _details)
    handle(md, ("tabs", "code-group", "code-tabs"), _tabs)
    handle(md, ("tab", "code-group-item"), _tab)
    handle(md, ("aside", "sidenote", "旁注"), _aside)
    handle(md, ("center", "right", "left"), _aligned)
    md.core.ruler.after("block", "tabs", _name_tabs)
    md.core.ruler.after("block", "tab_sets", split_tabs)


def _details(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    chinese = is_chinese(NoteContext.of(state.env).lang)
    is_open = "open" in container.attributes.get("class", "").split()
    opening, closing = frame("details", "details", container, "details", state)
    if is_open:
        opening.attrs["open"] = ""
    title = container.title or ("详情" if chinese else "Details")
    return [opening, *_summary(title, container, state)], [closing]


def _summary(title: str, container: Container, state: StateBlock) -> list[Token]:
    tokens = title_tokens("summary", "summary", "", title, container.line, state.level + 1)
    tokens[0].attrs = {}
    return tokens


def tabs_frame(state: StateBlock, container: Container) -> tuple[Token, Token]:
    """What stands around a set of tabs."""
    return frame("div", "tabs", container, "tabs", state)


def tab_frame(state: StateBlock, container: Container) -> tuple[list[Token], Token]:
    """What stands around the content of one tab, its title at the beginning."""
    opening, closing = frame("details", "tab", container, "tab", state)
    title = container.title or "…"
    return [opening, *_summary(title, container, state)], closing


def _aligned(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    opening, closing = frame("div", "aligned", container, container.name, state)
    opening.attrs["style"] = f"text-align:{container.name}"
    return [opening], [closing]


def _tabs(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    opening, closing = tabs_frame(state, container)
    return [opening], [closing]


def _tab(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    opening, closing = tab_frame(state, container)
    return opening, [closing]


def _name_tabs(state: StateCore) -> None:
    """Core rule: the tabs of one set have one name, and the first is open."""
    sets: list[tuple[str, int]] = []
    count = 0
    for token in state.tokens:
        if token.type == "tabs_open":
            count += 1
            sets.append((f"nc-tabs-{count}", 0))
        elif token.type == "tabs_close":
            sets.pop()
        elif token.type == "tab_open" and sets:
            name, before = sets[-1]
            token.attrs["name"] = name
            if not before:
                token.attrs["open"] = ""
            sets[-1] = (name, before + 1)


def _aside(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    opening, closing = frame("aside", "aside", container, "aside", state)
    title = (
        title_tokens("p", "aside_title", "label", container.title, container.line, state.level + 1)
        if container.title
        else []
    )
    return [opening, *title], [closing]
