"""Footnotes: `text[^1]` with `[^1]: note`, and inline `^[note]`.

Definitions are found by mdit-py-plugins; the rest is ours: notes inside notes keep their text, a
note without reference or definition is reported, and labels cannot make the
parser slow.
"""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import attribute_text
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.labels import label
from notecast.loader.markdown.places import place_at

_REFERENCE = re.compile(r"\[\^([^\]\s]{1,200})\]")
_MEANT = re.compile(r"\d{1,3}|[\w-]*\w{2}[\w-]*")
"""Labels that were hardly meant as anything else (`[^a-z]` is)."""


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.block.ruler.before(
        "reference", "footnote_def", _definition, {"alt": ["paragraph", "reference"]}
    )
    md.inline.ruler.before("link", "footnote_ref", _reference)
    md.inline.ruler.after("image", "footnote_inline", _inline)
    md.core.ruler.after("inline", "footnote_tail", _tail)
    for name in ("ref", "block_open", "block_close", "open", "close", "anchor"):
        md.add_render_rule(f"footnote_{name}", globals()[f"_render_{name}"])


@block_starts("[")
def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    position = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("[^", position):
        return False
    before = len(state.tokens)
    if not footnote_def(state, start, end, silent):
        return False
    if not silent:
        opening = state.tokens[before]
        opening.meta["line"] = start
    return True


@starts("[")
def _reference(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    name = match[1]
    footnotes = state.env.get("footnotes") or {}
    if ":" + name not in footnotes.get("refs", {}):
        if not silent and _MEANT.fullmatch(name):
            line, column = place_at(state, state.pos)
            NoteContext.of(state.env).problem(
                "footnote-is-defined",
                f"there is no footnote [^{name}]",
                line=line,
                column=column,
                hint=f"add a line that starts with [^{name}]:",
                severity="warning",
            )
        return False
    if not silent:
        listed = footnotes.setdefault("list", {})
        number = footnotes["refs"][":" + name]
        if number < 0:
            number = footnotes["refs"][":" + name] = len(listed)
            listed[number] = {"label": name, "count": 0}
        token = state.push("footnote_ref", "", 0)
        token.meta = {"id": number, "sub": listed[number]["count"]}
        listed[number]["count"] += 1
    state.pos = match.end()
    return True


@starts("^")
def _inline(state: StateInline, silent: bool) -> bool:
    """Inline rule for `^[note]`."""
    start = state.pos
    if not state.src.startswith("^[", start):
        return False
    end = state.md.helpers.parseLinkLabel(state, start + 1)
    if end < 0:
        return False
    if not silent:
        footnotes = state.env.setdefault("footnotes", {"refs": {}})
        listed = footnotes.setdefault("list", {})
        number = len(listed)
        children: list[Token] = []
        content = state.src[start + 2 : end]
        # Numbered before its own text, which may hold further notes.
        listed[number] = {"content": content, "tokens": children}
        state.md.inline.parse(content, state.md, state.env, children)
        state.push("footnote_ref", "", 0).meta = {"id": number}
    state.pos = end + 1
    return True


def _tail(state: StateCore) -> None:
    """Core rule: moves the notes to the end, in the order of their first reference."""
    footnotes = state.env.get("footnotes")
    if not footnotes:
        return
    context = NoteContext.of(state.env)
    state.tokens, bodies = _separated(state.tokens, context)
    listed = footnotes.get("list", {})
    for name, number in footnotes.get("refs", {}).items():
        if number < 0 and name in bodies:
            context.problem(
                "footnote-is-used",
                f"nothing refers to the footnote [^{name[1:]}], so it is not shown",
                line=context.line_of(bodies[name][0]),
                hint=f"write [^{name[1:]}] where it belongs",
                severity="warning",
            )
    if not listed:
        return
    out = state.tokens
    out.append(Token("footnote_block_open", "", 1, block=True))
    for number, note in listed.items():
        context.anchors.setdefault(f"fn-{number + 1}")
        out.append(Token("footnote_open", "", 1, meta={"id": number}, block=True))
        body = (
            _inline_body(note["content"], note["tokens"])
            if "tokens" in note
            else list(bodies.get(":" + note["label"], (0, []))[1])
        )
        last = body.pop() if body and body[-1].type == "paragraph_close" else None
        out.extend(body)
        for sub in range(max(1, note.get("count", 1))):
            out.append(Token("footnote_anchor", "", 0, meta={"id": number, "sub": sub}))
        if last:
            out.append(last)
        out.append(Token("footnote_close", "", -1, block=True))
    out.append(Token("footnote_block_close", "", -1, block=True))


def _separated(
    tokens: list[Token], context: NoteContext
) -> tuple[list[Token], dict[str, tuple[int, list[Token]]]]:
    """The text without its notes, and the notes by `:label`: line and tokens."""
    rest: list[Token] = []
    bodies: dict[str, tuple[int, list[Token]]] = {}
    into = [rest]
    for token in tokens:
        if token.type == "footnote_reference_open":
            body: list[Token] = []
            name = ":" + token.meta["label"]
            line = token.meta.get("line", 0)
            if name in bodies:
                context.problem(
                    "footnote-is-defined-once",
                    f"the footnote [^{name[1:]}] is defined twice; the first one counts",
                    line=context.line_of(line),
                    severity="warning",
                )
            else:
                bodies[name] = (line, body)
            into.append(body)
        elif token.type == "footnote_reference_close":
            into.pop()
        else:
            into[-1].append(token)
    return rest, bodies


def _inline_body(content: str, children: list[Token]) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, content=content, children=children),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _reference_id(meta: dict[str, Any]) -> str:
    number, sub = meta["id"] + 1, meta.get("sub", 0)
    return f"fnref-{number}-{sub + 1}" if sub else f"fnref-{number}"


def _render_ref(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    meta = tokens[index].meta
    number = meta["id"] + 1
    attributes = {
        "href": f"#fn-{number}",
        "id": _reference_id(meta),
        "role": "doc-noteref",
        "aria-label": label("footnote", NoteContext.of(env).lang, number),
    }
    return f'<sup class="footnote-ref"><a{attribute_text(attributes)}>{number}</a></sup>'


def _render_block_open(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    name = label("footnotes", NoteContext.of(env).lang)
    attributes = {"class": "footnotes", "role": "doc-endnotes", "aria-label": name}
    return f"<section{attribute_text(attributes)}>\n<ol>\n"


def _render_block_close(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return "</ol>\n</section>\n"


def _render_open(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return f'<li id="fn-{tokens[index].meta["id"] + 1}">'


def _render_close(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return "</li>\n"


def _render_anchor(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    meta = tokens[index].meta
    number, sub = meta["id"] + 1, meta.get("sub", 0)
    attributes = {
        "class": "footnote-back",
        "href": f"#{_reference_id(meta)}",
        "role": "doc-backlink",
        "aria-label": label(
            "back", NoteContext.of(env).lang, f"{number}-{sub + 1}" if sub else number
        ),
    }
    # U+FE0E keeps the arrow from becoming an emoji on phones.
    return f" <a{attribute_text(attributes)}>\u21a9\ufe0e</a>"
