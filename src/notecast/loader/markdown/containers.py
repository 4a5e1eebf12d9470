"""Containers: `:::name {#id .class key="value"} Title` … `:::`, which features give a meaning.

    :::theorem {#thm:x title="A title"}     ::: {.theorem #thm:x}     :::note Title
    Any Markdown.                           Pandoc's way              :::tip[Title]
    :::                                     :::

`::: {#thm-x}` is Quarto's way: what stands before the hyphen is the name.

A line of three or more colons alone closes the innermost container, and the one
around it, too, if that has no such line of its own (VuePress). One that is never
closed goes to the end of what it stands in, with a problem. A name
that no feature knows makes a plain `<div>` with that class.

Entry point: `handle`, by which a feature takes names.
"""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import ATTRIBUTES, add_attributes, read_attributes

_REGISTRY = "note_containers"
_NAME = re.compile(r"[^\W\d_][\w-]*")
_KIND = re.compile(r"([a-z]{2,4})[:-].")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_SHARED = "containers_shared"
_ALIGNED = frozenset(("right", "left", "center"))
"""Containers that only say where a line stands, and close with the box that they end."""


class Container(NamedTuple):
    """The head of a container as it is written."""

    name: str
    title: str
    """Markdown; empty if none is given."""
    attributes: dict[str, str]
    """`id`, `class` and any others."""
    line: int
    """0-based, in the text."""
    by_label: bool = False
    """Whether the name is taken from the label: the title is then the first heading inside."""


Handler = Callable[[StateBlock, Container], tuple[list[Token], list[Token]]]
"""Makes the tokens before and behind the content."""


def handle(md: MarkdownIt, names: Iterable[str], handler: Handler) -> None:
    """Gives a meaning to containers of these names; the last one to do so has the name."""
    if _REGISTRY not in md.options:
        md.options[_REGISTRY] = {}
        md.block.ruler.before(
            "fence", "container", _rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
        )
    registry: dict[str, Handler] = md.options[_REGISTRY]
    registry.update(dict.fromkeys(names, handler))


def frame(
    tag: str, kind: str, container: Container, css: str, state: StateBlock
) -> tuple[Token, Token]:
    """An element around the content, with the class `css` and the author's attributes."""
    opening = Token(f"{kind}_open", tag, 1, block=True, level=state.level)
    opening.attrs = {"class": css}
    add_attributes(
        opening,
        container.attributes,
        NoteContext.of(state.env),
        NoteContext.of(state.env).line_of(container.line),
    )
    return opening, Token(f"{kind}_close", tag, -1, block=True, level=state.level)


def title_tokens(tag: str, kind: str, css: str, title: str, line: int, level: int) -> list[Token]:
    """A line above the content: an element with inline Markdown."""
    opening = Token(f"{kind}_open", tag, 1, attrs={"class": css}, map=[line, line + 1], level=level)
    inline = Token(
        "inline", "", 0, content=title, children=[], map=[line, line + 1], level=level + 1
    )
    return [opening, inline, Token(f"{kind}_close", tag, -1, block=True, level=level)]


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    position = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(":::", position) or state.is_code_block(start):
        return False
    head = _head(state.src[position : state.eMarks[start]], start)
    if head is None:
        return False
    if silent:
        return True
    last, closed, inner = _end(state, start, end)
    context = NoteContext.of(state.env)
    shared = context.data.setdefault(_SHARED, set())
    if inner:
        shared.add(last)
    if inner not in _ALIGNED if inner else not closed and last not in shared:
        context.problem(
            "container-is-closed",
            f":::{head.name} is never closed",
            line=context.line_of(start),
            column=1,
            hint="add a line ::: where it ends",
            severity="warning",
        )
    registry: dict[str, Handler] = state.md.options[_REGISTRY]
    handler = registry.get(head.name) or registry.get(head.name.lower())
    if handler is None and head.by_label:
        head, handler = head._replace(name="container"), _plain
    elif handler is None:
        _tell_unknown(head.name, registry, context, start)
        handler = _plain
    opening, closing = handler(state, head)
    opening[0].map = [start, last]
    state.tokens.extend(opening)
    saved = state.parentType, state.lineMax
    state.parentType, state.lineMax = "container", last
    state.level += 1
    state.md.block.tokenize(state, start + 1, last)
    state.level -= 1
    state.parentType, state.lineMax = saved
    state.tokens.extend(closing)
    state.line = last + 1 if closed else last
    return True


def _head(text: str, line: int) -> Container | None:
    """Name, title and attributes of a line that starts with three colons or more."""
    rest = text.lstrip(":").strip().rstrip(":").rstrip()
    attributes: dict[str, str] = {}
    braces = ATTRIBUTES.search(rest)
    if braces:
        attributes = read_attributes(braces[0])
        rest = f"{rest[: braces.start()].rstrip()} {rest[braces.end() :].lstrip()}".strip()
    named = _NAME.match(rest)
    if named:
        name, title = named[0], rest[named.end() :].strip()
    else:
        first, _, others = attributes.pop("class", "").partition(" ")
        name, title = first, rest
        if others:
            attributes["class"] = others
    by_label = not name and not title and "id" in attributes
    if by_label:
        kind = _KIND.match(attributes["id"])
        name = kind[1] if kind else "div"
    if not name:
        return None
    if title.startswith("[") and title.endswith("]"):
        title = title[1:-1]
    title = title or attributes.pop("title", "")
    attributes.pop("title", None)
    return Container(name, title, attributes, line, by_label)


def _end(state: StateBlock, start: int, end: int) -> tuple[int, bool, str]:
    """The line that closes the container, or where the text around it ends.

    Returns:
        The line, whether it closes the container, and the name of the one inside that
        the same line closes; empty where the line is its own.
    """
    colons = _colons(state, start)
    open_inside: list[str] = []
    shared: tuple[int, bool, str] | None = None
    fence = ""
    for line in range(start + 1, end):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.blkIndent:
            return shared or (line, False, "")
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        marker = _FENCE.match(text)
        if fence:
            if marker and marker[1].startswith(fence) and not text.strip(fence[0] + " \t"):
                fence = ""
        elif marker:
            fence = marker[1]
        elif text.startswith(":::"):
            if not text.strip(": \t"):
                if not open_inside:
                    return line, True, ""
                name = open_inside.pop()
                if shared is None and _colons(state, line) >= colons:
                    shared = line, True, name
            elif head := _head(text, line):
                open_inside.append(head.name)
    return shared or (end, False, "")


def _colons(state: StateBlock, line: int) -> int:
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    return len(text) - len(text.lstrip(":"))


def _plain(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    opening, closing = frame("div", "container", container, container.name, state)
    title = (
        title_tokens(
            "p",
            "container_title",
            "container-title",
            container.title,
            container.line,
            state.level + 1,
        )
        if container.title
        else []
    )
    return [opening, *title], [closing]


def _tell_unknown(name: str, registry: dict[str, Any], context: NoteContext, start: int) -> None:
    near = get_close_matches(name, sorted(registry), n=1, cutoff=0.75)
    if near:
        context.problem(
            "container-kind-exists",
            f"nothing is called :::{name}, so it is shown as plain text in a box of that class",
            line=context.line_of(start),
            column=1,
            hint=f"did you mean :::{near[0]}?",
            severity="warning",
        )
