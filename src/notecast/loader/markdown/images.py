"""Images: local ones leave a hole, an image alone in its paragraph becomes a figure.

A hole of kind `image` stands for the whole `<img>`: source, description, title
and further attributes as JSON; the feature `links` fills it and knows the size
of the file. `![alt|300](x.png)` and `{width=300}` set a width.

In a figure the caption is the title if there is one, else the description.
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
_OWN = frozenset({"src", "alt", "title"})


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.core.ruler.push("images", images)
    md.add_render_rule("image", _render)
    md.add_render_rule("figcaption", _render_caption)


def images(state: StateCore) -> None:
    """Core rule: reads sizes, makes figures."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "inline" or not token.children or "![" not in token.content:
            continue
        for child in token.children:
            if child.type == "image":
                _size(child)
                child.meta.setdefault("place", NoteContext.of(state.env).place(0, token))
        picture = _alone(token.children)
        if picture is not None and tokens[index - 1].type == "paragraph_open":
            _make_figure(tokens, index, picture)


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


def _alone(children: list[Token]) -> Token | None:
    """The image, if it is all that a paragraph holds (a link may be around it)."""
    inner = [token for token in children if token.type != "text" or token.content.strip()]
    if len(inner) == 3 and inner[0].type == "link_open" and inner[2].type == "link_close":
        inner = inner[1:2]
    return inner[0] if len(inner) == 1 and inner[0].type == "image" else None


def _make_figure(tokens: list[Token], index: int, picture: Token) -> None:
    """Turns the paragraph around `tokens[index]` into a figure with a caption."""
    title = str(picture.attrs.get("title", ""))
    if not title and not text_of(picture.children).strip():
        return
    opening, inline, closing = tokens[index - 1 : index + 2]
    figure = Token("figure_open", "figure", 1, block=True, map=opening.map, level=opening.level)
    figure.attrs = dict(opening.attrs)
    if "id" in picture.attrs:
        figure.attrs["id"] = picture.attrs.pop("id")
    caption = Token("figcaption", "figcaption", 0, block=True, map=opening.map)
    # Links and images inside a description have no place in a caption.
    caption.children = (
        [Token("text", "", 0, content=title)]
        if title
        else [token for token in picture.children or [] if token.tag not in ("a", "img")]
    )
    picture.attrs.pop("title", None)
    # The caption follows the picture inside the same inline token.
    inline.children = [
        token for token in inline.children or [] if token.type != "text" or token.content.strip()
    ]
    inline.children.append(caption)
    tokens[index - 1] = figure
    tokens[index + 1] = Token("figure_close", "figure", -1, block=True, level=closing.level)


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


def _render_caption(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    inner = self.renderInline(tokens[index].children or [], options, env)
    return f"<figcaption>{inner}</figcaption>"
