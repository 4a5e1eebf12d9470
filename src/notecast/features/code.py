"""Fenced code: highlighted while parsing, with title, line numbers, marked lines.

    ```python title="train.py" {1,3-5} linenos
    ```

Pygments gives the classes; colours are the theme's. The structure:

    <figure class="code" data-lang="python"><figcaption>train.py</figcaption>
    <pre tabindex="0"><code class="language-python">…</code></pre></figure>
"""

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.feature import Feature, NoteContext

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token


@dataclass(frozen=True)
class CodeOptions:
    """The section `code` of `site.yaml`."""

    line_numbers: bool = False
    """Numbers on every block of code, unless a block says `linenos=false`."""


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


@dataclass(frozen=True)
class Info:
    """What stands behind the opening fence."""

    lang: str = ""
    title: str = ""
    marked: frozenset[int] = frozenset()
    """1-based lines."""
    first_line: int | None = None
    """Number of the first line; None: as the site wants, 0: no numbers."""
    classes: tuple[str, ...] = ()
    id: str = ""


_KEY = re.compile(r"""([A-Za-z_][\w-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))""")
_LINES = re.compile(r"\{([\d\s,-]+)\}")
_WORD = re.compile(r"[^\s{}\"'=,]+")
_LANG = re.compile(r"\{?[.=]?([^\s{}\"'=,:]+)")
_TITLES = frozenset({"title", "filename", "file", "name", "caption"})
_NUMBERS = frozenset({"linenos", "linenums", "shownumbers", "showlinenumbers", "numberlines"})
_FIRST = frozenset({"startline", "startfrom", "linenostart", "start", "start-line"})
_MARKS = frozenset({"hl_lines", "highlight", "emphasize-lines", "hl"})
_NO = frozenset({"false", "no", "0", "none"})
MAX_LINES = 100_000
"""A range of marked lines is not followed further than this."""


def read_info(info: str) -> Info:
    """Reads the info string of a fence: a language, then anything of

    `title="…"`, `{1,3-5}` or `hl_lines="1 3-5"`, `linenos`, `linenums="5"`, and
    Pandoc's `{.python #id .class key=value}`. Unknown words are passed over.
    """
    rest = info.strip()
    lang = ""
    match = _LANG.match(rest)
    if match and not _LINES.match(rest) and not match[1].startswith("#"):
        lang, rest = match[1], rest[match.end() :]
    title, marked, first = "", set[int](), None
    for key, double, single, bare in _KEY.findall(rest):
        value, name = double or single or bare, key.lower()
        if name in _TITLES:
            title = value
        elif name in _MARKS:
            marked |= _numbers(value)
        elif name in _NUMBERS or name in _FIRST:
            first = 0 if value.lower() in _NO else _first_line(value)
    rest = _KEY.sub(" ", rest)
    for lines in _LINES.findall(rest):
        marked |= _numbers(lines)
    classes: list[str] = []
    identifier = ""
    for word in _WORD.findall(_LINES.sub(" ", rest)):
        name = word.removeprefix(".")
        if name.lower() in _NUMBERS:
            first = 1 if first is None else first
        elif word.startswith("#"):
            identifier = word[1:]
        elif word.startswith("."):
            if not lang:
                lang = name
            elif name not in (lang, "input", "output"):
                classes.append(name)
    return Info(lang, title, frozenset(marked), first, tuple(classes), identifier)


def _first_line(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def _numbers(text: str) -> set[int]:
    """`1,3-5` as a set."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d{1,7})(?:\s*-\s*(\d{1,7}))?", text):
        found.update(range(int(first), min(int(last or first), int(first) + MAX_LINES) + 1))
    return found


def _render(token: "Token", numbered: bool) -> str:
    from markdown_it.common.utils import unescapeAll

    from notecast.features.code_highlighting import highlighted

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
