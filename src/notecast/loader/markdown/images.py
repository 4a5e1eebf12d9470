"""Images: local ones leave a hole, an image alone in its paragraph becomes a figure.

A hole of kind `image` stands for the whole `<img>`: source, description, title
and further attributes as JSON; the feature `links` fills it and knows the size
of the file. `![alt|300](x.png)` and `{width=300}` set a width.

In a figure the caption is the title if there is one, else the description. Two images, one
`{.only-light}` and one `{.only-dark}` (or `x.png#only-dark`), are one figure.
"""

import json
import re
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import attribute_text
from notecast.loader.markdown.links import is_external, is_local_file, split_target
from notecast.loader.markdown.plain import squeezed, text_of

_SIZE = re.compile(r"\|\s*(\d{1,5})(?:x(\d{1,5}))?\s*$")
_GROUND = re.compile(r"#(?:only-(light|dark)|gh-(light|dark)-mode-only)$")
_OWN = frozenset({"src", "alt", "title"})
_LEFT_OUT = frozenset({"link_open", "link_close", "image"})
"""Parts of a description that have no place in a caption."""
_BREAKS = frozenset({"text", "softbreak", "hardbreak"})


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.core.ruler.push("images", images)
    md.add_render_rule("image", _render)


def images(state: StateCore) -> None:
    """Core rule: reads sizes, makes figures."""
    tokens = state.tokens
    out: list[Token] = []
    for index, token in enumerate(tokens):
        out.append(token)
        if token.type != "inline" or not token.children or "![" not in token.content:
            continue
        for child in token.children:
            if child.type == "image":
                _size(child)
                _ground(child)
                child.meta.setdefault("place", NoteContext.of(state.env).place(0, token))
        if tokens[index - 1].type == "paragraph_open":
            pictures = _alone(token.children)
            if pictures and "in_figure" not in token.meta and _make_figure(tokens, index):
                out += caption_tokens(_caption(pictures, token), token)
            elif pictures:
                tokens[index - 1].attrJoin("class", "lone")
    state.tokens = out


def caption_tokens(children: list[Token], figure: Token) -> list[Token]:
    """The caption of a figure, in a paragraph of its own so that every rule looks into it.

    Args:
        children: What stands in it.
        figure: The inline token of the picture, behind which the caption comes.
    """
    inline = Token("inline", "", 0, content=figure.content, children=children, map=figure.map)
    inline.level = figure.level + 1
    opening = Token("figcaption_open", "figcaption", 1, level=figure.level, map=figure.map)
    return [opening, inline, Token("figcaption_close", "figcaption", -1, level=figure.level)]


def image_html(
    src: str,
    alt: str,
    title: str,
    extra: dict[str, Any],
    context: NoteContext,
    line: int,
    column: int,
) -> str:
    """An `<img>`, or the hole for one if the file is the site's own.

    Args:
        src: The address, percent-encoded or as written.
        extra: Further attributes, all of them allowed ones.
    """
    if context.own_image is not None:
        own = context.own_image(src, alt, title, extra, line, column)
        if own is not None:
            return own
    if is_local_file(src):
        local_image(src, context, line, column)
        return f'<span class="missing-image">{escape(alt or src)}</span>'
    if is_external(src):
        attributes = {"src": src, "alt": alt}
        if title:
            attributes["title"] = title
        attributes |= {"loading": "lazy", "decoding": "async"}
        return f"<img{attribute_text(attributes | extra)}>"
    source = split_target(src)[0]
    more = json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else ""
    return context.hole("links", "image", source, alt, title, more, line=line, column=column)


def local_image(src: str, context: NoteContext, line: int, column: int) -> None:
    """Reports a picture on the author's own machine."""
    context.problem(
        "image-is-public",
        f'"{unquote(src)}" is a file on your machine that readers do not have',
        line=line,
        column=column,
        hint="put the picture beside the note and name it by a relative path",
        severity="warning",
    )


def _size(token: Token) -> None:
    """Obsidian's `|300` or `|300x200` at the end of the description."""
    last = token.children[-1] if token.children else None
    if last is None or last.type != "text":
        return
    match = _SIZE.search(last.content)
    if match:
        last.content = last.content[: match.start()]
        token.attrs["width"] = match[1]
        if match[2]:
            token.attrs["height"] = match[2]


def _ground(token: Token) -> None:
    """`#only-light` and GitHub's `#gh-dark-mode-only` behind the address: for which page it is."""
    source = str(token.attrs.get("src", ""))
    match = _GROUND.search(source)
    if match:
        token.attrs["src"] = source[: match.start()]
        token.attrJoin("class", f"only-{match[1] or match[2]}")


def _alone(children: list[Token]) -> list[Token]:
    """The image that is all that a paragraph holds (a link may be around it).

    Or a pair, one for light pages and one for dark ones.
    """
    inner = [token for token in children if token.type not in _BREAKS or token.content.strip()]
    if len(inner) == 2 and {_ground_of(token) for token in inner} == {"light", "dark"}:
        return inner
    if len(inner) == 3 and inner[0].type == "link_open" and inner[2].type == "link_close":
        inner = inner[1:2]
    return inner if len(inner) == 1 and inner[0].type == "image" else []


def _ground_of(token: Token) -> str:
    """For which page an image is alone: `light`, `dark` or nothing."""
    classes = str(token.attrs.get("class", "")).split() if token.type == "image" else []
    return next((name[5:] for name in classes if name in ("only-light", "only-dark")), "")


def _caption(pictures: list[Token], inline: Token) -> list[Token]:
    """The title of a picture, else its description; of a pair what either of them has."""
    title = next((str(one.attrs["title"]) for one in pictures if one.attrs.get("title")), "")
    described = next((one for one in pictures if text_of(one.children).strip()), None)
    for one in pictures:
        one.attrs.pop("title", None)
        if described is not None and not text_of(one.children).strip():
            one.children = [token.copy() for token in described.children or []]
    # The caption follows the picture inside the same figure.
    inline.children = [
        token
        for token in inline.children or []
        if token.type not in _BREAKS or token.content.strip()
    ]
    if title:
        return [Token("text", "", 0, content=title)]
    # Copies: what is text in the description (a formula) is more in the caption.
    children = (described.children if described else None) or []
    return [token.copy() for token in children if token.type not in _LEFT_OUT]


def _make_figure(tokens: list[Token], index: int) -> bool:
    """Turns the paragraph around `tokens[index]` into a figure, if it has a caption."""
    opening, inline, closing = tokens[index - 1 : index + 2]
    pictures = [child for child in inline.children or [] if child.type == "image"]
    if not any(one.attrs.get("title") or text_of(one.children).strip() for one in pictures):
        return False
    opening.type, opening.tag = "figure_open", "figure"
    opening.hidden = False
    closing.type, closing.tag = "figure_close", "figure"
    closing.hidden = False
    if len(pictures) == 1 and _ground_of(pictures[0]):
        opening.attrJoin("class", f"only-{_ground_of(pictures[0])}")
    for one in pictures:
        if "id" in one.attrs:
            opening.attrs["id"] = one.attrs.pop("id")
    return True


def _render(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    context = NoteContext.of(env)
    line, column = token.meta.get("place", (context.first_line, 0))
    extra = {key: value for key, value in token.attrs.items() if key not in _OWN}
    return image_html(
        str(token.attrs.get("src", "")),
        squeezed(text_of(token.children)),
        str(token.attrs.get("title", "")),
        extra,
        context,
        line,
        column,
    )
