"""Fenced code: highlighted while parsing, with title, line numbers, marked lines.

    ```python title="train.py" {1,3-5} linenos
    ```

Pygments gives the classes; colours are the theme's. The structure:

    <figure class="code" data-lang="python"><figcaption>train.py</figcaption>
    <pre tabindex="0"><code class="language-python">…</code></pre></figure>
"""

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.config_sections import about
from notecast.feature import Feature, NoteContext
from notecast.features.code.info import Info, read_info

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token


@dataclass(frozen=True)
class CodeOptions:
    """The section `code` of `site.yaml`."""

    line_numbers: bool = field(
        default=False,
        metadata=about(
            "Whether every block of code has line numbers; a block may say `linenos=false`.", True
        ),
    )


class Code(Feature):
    """Blocks of code."""

    name = "code"
    options = CodeOptions

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        numbered = bool(options and options.line_numbers)

        def render(self: Any, tokens: "list[Token]", index: int, _: Any, env: Any) -> str:
            return _render(tokens[index], numbered)

        md.core.ruler.after("block", "fence_is_closed", _check_closed)
        md.add_render_rule("fence", render)
        md.add_render_rule("code_block", render)

    def stamp(self, options: Any) -> str:
        from importlib.metadata import version

        return f"pygments {version('pygments')}"


def _render(token: "Token", numbered: bool) -> str:
    from markdown_it.common.utils import unescapeAll

    from notecast.features.code.highlighting import highlighted

    info = read_info(unescapeAll(token.info)) if token.info else Info()
    first = (
        info.first_line if info.first_line is not None else int(numbered and token.type == "fence")
    )
    code = token.content[:-1] if token.content.endswith("\n") else token.content
    html = "\n".join(highlighted(info.lang, code, info.marked, first > 0))
    attributes = {key: str(value) for key, value in token.attrs.items()}
    classes = ["code", *info.classes, *attributes.pop("class", "").split()]
    if first > 0:
        classes.append("numbered")
    attributes = {"class": " ".join(classes), **attributes}
    if info.id:
        attributes.setdefault("id", info.id)
    if info.lang:
        attributes["data-lang"] = info.lang
    if first > 1:
        attributes["data-first-line"] = str(first)
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    caption = f"<figcaption>{escape(info.title)}</figcaption>" if info.title else ""
    lang = f' class="language-{escape(info.lang)}"' if info.lang else ""
    # Focusable, so that wide code can be scrolled from the keyboard.
    return (
        f'<figure{written}>{caption}<pre tabindex="0"><code{lang}>{html}\n</code></pre></figure>\n'
    )


def _check_closed(state: "StateCore") -> None:
    """Core rule: a fence that is never closed has swallowed the rest of the note."""
    for token in state.tokens:
        if token.type != "fence" or not token.map:
            continue
        context = NoteContext.of(state.env)
        last = token.map[1] - 1
        if token.map[1] < len(context.lines) - 1 or last >= len(context.lines):
            continue
        line = context.lines[last].strip(" \t>")
        closed = (
            last > token.map[0]
            and len(line) >= len(token.markup)
            and not line.strip(token.markup[0])
        )
        if not closed and token.content.strip():
            context.problem(
                "fence-is-closed",
                "this block of code is never closed, so all that follows is code",
                line=context.line_of(token.map[0]),
                hint=f"end it with a line {token.markup}",
                severity="warning",
            )


FEATURE = Code()
