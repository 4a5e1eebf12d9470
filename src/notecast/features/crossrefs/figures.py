"""Figures: `![caption](x.png){#fig:x}` alone in its paragraph, and `:::figure` around several.

In a container the images are the parts of one figure, each a figure of its own
where it has a description or an id, and the last paragraph is the caption.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.loader.markdown.containers import Container, frame, handle
from notecast.loader.markdown.images import caption_tokens

_NAMES = {"figure": "figure", "图": "figure", "table": "table", "表": "table"}
_NAMES |= {"fig": "figure", "tbl": "table", "tab": "table"}


def add_figure_rules(md: MarkdownIt) -> None:
    """Takes the containers; adds the rule that finds their parts."""
    handle(md, _NAMES, _figure)
    md.core.ruler.before("images", "figure_parts", _parts)


def _figure(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    kind = _NAMES.get(container.name) or _NAMES[container.name.lower()]
    title = container.title
    opening, closing = frame("figure", "figure", container, "parts", state)
    opening.meta["parts"] = kind
    if not title:
        return [opening], [closing]
    span = [container.line, container.line + 1]
    inline = Token("inline", "", 0, content=title, children=[], map=span, level=state.level + 2)
    caption = [
        Token("paragraph_open", "p", 1, block=True, map=span, level=state.level + 1),
        inline,
        Token("paragraph_close", "p", -1, block=True, level=state.level + 1),
    ]
    return [opening], [*caption, closing]


def _parts(state: StateCore) -> None:
    tokens = state.tokens
    if not any("parts" in token.meta for token in tokens):
        return
    out: list[Token] = []
    index = 0
    open_: list[Token] = []
    while index < len(tokens):
        token = tokens[index]
        if token.type == "figure_open" and "parts" in token.meta:
            open_.append(token)
        elif token.type == "figure_close" and open_ and token.level == open_[-1].level:
            open_.pop()
        elif open_ and token.type == "paragraph_open" and token.level == open_[-1].level + 1:
            opening, inline, closing = tokens[index : index + 3]
            index += 3
            if _only_images(inline):
                out.extend(_separated(opening, inline, closing))
            elif tokens[index].type == "figure_close" and tokens[index].level == open_[-1].level:
                name = Token("label_number", "", 0)
                open_[-1].meta["name"] = name
                opening.type, opening.tag = "figcaption_open", "figcaption"
                closing.type, closing.tag = "figcaption_close", "figcaption"
                out.extend((opening, name, inline, closing))
            else:
                out.extend((opening, inline, closing))
            continue
        out.append(token)
        index += 1
    state.tokens = out


def _only_images(inline: Token) -> bool:
    children = inline.children or []
    return any(child.type == "image" for child in children) and all(
        child.type in ("image", "softbreak", "hardbreak") or not child.content.strip()
        for child in children
    )


def _separated(opening: Token, inline: Token, closing: Token) -> list[Token]:
    """A paragraph for each image; those with an id and no description are figures at once."""
    out: list[Token] = []
    for picture in [child for child in inline.children or [] if child.type == "image"]:
        named = "id" in picture.attrs and not picture.children and not picture.attrs.get("title")
        kind, tag = ("figure", "figure") if named else ("paragraph", "p")
        first = Token(f"{kind}_open", tag, 1, block=True, map=opening.map, level=opening.level)
        if named:
            first.attrs["id"] = picture.attrs.pop("id")
        own = Token("inline", "", 0, content=inline.content, map=inline.map, level=inline.level)
        own.children = [picture]
        last = Token(f"{kind}_close", tag, -1, block=True, level=closing.level)
        # Its letter alone is the caption.
        out.extend((first, own, *(caption_tokens([], own) if named else ()), last))
    return out
