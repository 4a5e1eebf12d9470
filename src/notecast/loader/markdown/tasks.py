"""Task lists: `- [x] done` shows a box that readers see and hear, but cannot tick."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.labels import label


def install(md: MarkdownIt) -> None:
    """Adds the rule to a parser."""
    md.options["tasklists"] = True
    md.add_render_rule("list_item_open", _render)


def _render(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    html = str(self.renderToken(tokens, index, options, env))
    if not token.meta or "checked" not in token.meta:
        return html
    paragraph, *inline = tokens[index + 1 : index + 3]
    if paragraph.type == "paragraph_open" and not paragraph.hidden and inline:
        # In an item with blank lines around it, the box stands in the first line, too.
        box = Token("html_inline", "", 0, content=_box(token, env))
        inline[0].children = [box, *(inline[0].children or [])]
        return html
    return html + _box(token, env)


def _box(token: Token, env: Any) -> str:
    done = bool(token.meta["checked"])
    name = label("done" if done else "not_done", NoteContext.of(env).lang)
    return f'<input type="checkbox" disabled aria-label="{name}"{" checked" if done else ""}> '
