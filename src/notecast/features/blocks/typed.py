"""`:::question {status=answered} Title`, `:::claim`, `:::todo`: things with a status.

What they say is kept as facts of the note, for the pages that collect them.
"""

import re
from difflib import get_close_matches
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.blocks.types import FACTS, TYPES
from notecast.loader.markdown.containers import Container, frame, handle, title_tokens
from notecast.loader.markdown.labels import is_chinese
from notecast.loader.markdown.statements import statement_of

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_NAMES = {
    **{name: name for name in TYPES},
    "问题": "question",
    "疑问": "question",
    "论断": "claim",
    "待办": "todo",
}
_BOX = re.compile(r"\[( |x|X)\][ \t]+")


def add_typed_rules(md: MarkdownIt) -> None:
    """Takes the names of typed blocks; adds the rule that collects them."""
    handle(md, _NAMES, _block)
    md.core.ruler.push("typed_blocks", _collect)
    md.add_render_rule("block_status", _render_status)


def _block(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    context = NoteContext.of(state.env)
    kind = _NAMES.get(container.name) or _NAMES[container.name.lower()]
    status, rest = _status(kind, container, context)
    what = TYPES[kind]
    english, chinese, is_open = what.statuses[status]
    in_chinese = is_chinese(context.lang)
    css = f"block block-{kind} {'is-open' if is_open else 'is-closed'}"
    opening, closing = frame("section", "typed_block", rest, css, state)
    if "id" not in opening.attrs:
        opening.attrs["id"] = context.anchor(f"{kind}-{_next(kind, context)}")
    name = what.chinese if in_chinese else what.english
    opening.attrs["aria-label"] = name
    opening.meta["block"] = (kind, status)
    opening.meta["excerpt"] = name
    shown = chinese if in_chinese else english
    head = title_tokens("p", "block_head", "block-head", rest.title, rest.line, state.level + 1)
    words = Token("block_status", "", 0, level=state.level + 1, meta={"words": (name, shown)})
    return [opening, head[0], words, *head[1:]], [closing]


def _status(kind: str, container: Container, context: NoteContext) -> tuple[str, Container]:
    """The status that the author gave, and the container without it."""
    statuses = TYPES[kind].statuses
    attributes = dict(container.attributes)
    given = attributes.pop("status", "").strip().lower()
    title = container.title
    box = _BOX.match(title)
    if box:
        title = title[box.end() :]
        if not given and box[1] in "xX":
            given = next(name for name, (_, _, is_open) in statuses.items() if not is_open)
    classes = attributes.pop("class", "").split()
    for css in classes:
        if css in statuses:
            given = given or css
    others = [css for css in classes if css not in statuses]
    if others:
        attributes["class"] = " ".join(others)
    rest = container._replace(attributes=attributes, title=title)
    if not given:
        return next(iter(statuses)), rest
    for name, (english, chinese, _) in statuses.items():
        if given in (name, english, chinese):
            return name, rest
    near = get_close_matches(given, statuses, n=1)
    context.problem(
        "status-exists",
        f'a {kind} cannot have the status "{given}"',
        line=context.line_of(container.line),
        hint=f"did you mean {near[0]}?" if near else f"write one of {', '.join(statuses)}",
        severity="warning",
    )
    return next(iter(statuses)), rest


def _next(kind: str, context: NoteContext) -> int:
    counts = context.data.setdefault("blocks", {})
    counts[kind] = counts.get(kind, 0) + 1
    return int(counts[kind])


def _collect(state: "StateCore") -> None:
    """Core rule: what each block says, when formulas and references are settled."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "typed_block_open":
            continue
        end = next(
            other
            for other in range(index + 1, len(tokens))
            if tokens[other].type == "typed_block_close" and tokens[other].level == token.level
        )
        part = [one for one in tokens[index + 2 : end] if one.type != "block_status"]
        html = statement_of(part, state.md.renderer, state.md.options, state.env)
        kind, status = token.meta["block"]
        NoteContext.of(state.env).fact(FACTS, [kind, status, str(token.attrs["id"]), html])


def _render_status(
    self: object, tokens: list[Token], index: int, options: object, env: object
) -> str:
    name, status = tokens[index].meta["words"]
    return (
        f'<span class="block-type">{escape(name)}</span>'
        f'<span class="badge">{escape(status)}</span> '
    )
