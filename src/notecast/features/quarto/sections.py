"""References to headings: `@sec-methods` leads to `## Methods {#sec-methods}` of any note.

`@{sec-methods|our text}` shows other words.

Entry points: `install`, `facts`, `fill`, `check`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.places import place_at
from notecast.model import BASE, Hole, Post
from notecast.problems import Problem
from notecast.site import View

SECTIONS = "quarto-sections"
"""Family: id → address of the note and text of the heading. In the facts of one note: pairs."""
_ONE = r"-?@(sec-[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?)"
_REFERENCE = re.compile(
    rf"\[\s*{_ONE}(?:\s*;\s*{_ONE}){{0,40}}\s*\]|@sec-[\w-]*[A-Za-z0-9]"
    r"|@\{sec-[^{}|\n]+(?:\|[^{}\n]*)?\}"
)
_KEY = re.compile(
    r"@(?:(?P<bare>sec-[\w-]*[A-Za-z0-9])|\{(?P<name>sec-[^{}|\n]+)(?:\|(?P<text>[^{}\n]*))?\})"
)


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.inline.ruler.before("link", "section_references", _references)
    # Before the title leaves the text.
    md.core.ruler.before("headings", "sections", _record)
    md.add_render_rule("section_reference", _render)


@starts("@[")
def _references(state: StateInline, silent: bool) -> bool:
    if state.src.find("sec-", state.pos, state.pos + 8) < 0:
        return False
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if match is None or (state.pos and re.match(r"[\w.+-]", state.src[state.pos - 1])):
        return False
    if not silent:
        for nth, key in enumerate(_KEY.finditer(state.src, match.start(), match.end())):
            if nth:
                state.push("text", "", 0).content = ", "
            token = state.push("section_reference", "", 0)
            token.content = key["bare"] or key["name"].strip()
            token.meta = {"place": place_at(state, key.start()), "shown": key["text"] or ""}
    state.pos = match.end()
    return True


def _record(state: StateCore) -> None:
    tokens = state.tokens
    if state.inlineMode or "sec-" not in state.src:
        return
    context = NoteContext.of(state.env)
    above = ""
    for nth, token in enumerate(tokens):
        name = str(token.attrs.get("id", "")) if token.type == "heading_open" else ""
        if token.type == "inline" and "{#sec-" in token.content:
            # A place in the text: the heading above it says best what it is.
            for child in token.children or ():
                place = str(child.attrs.get("id", ""))
                if place.startswith("sec-"):
                    context.fact(SECTIONS, [place, above or place])
        if token.type == "heading_open":
            above = text = "".join(
                child.content
                for child in tokens[nth + 1].children or ()
                if child.type in ("text", "code_inline", "softbreak")
            ).strip()
        if name.startswith("sec-"):
            context.fact(SECTIONS, [name, text or name])


def _render(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    context = NoteContext.of(env)
    line, column = token.meta["place"]
    data = (token.content, token.meta["shown"])
    return context.hole("quarto", "section", *data, line=line, column=column)


def facts(posts: Sequence[Post]) -> Mapping[str, Mapping[str, object]]:
    """The sections of all notes that have an id of that kind; the first of one id counts."""
    found: dict[str, list[str]] = {}
    for post in posts:
        for name, text in post.facts.get(SECTIONS, ()):
            found.setdefault(name, [post.url, text])
    return {SECTIONS: found}


def fill(hole: Hole, post: Post, view: View) -> str:
    """A link that shows what the heading says."""
    name, shown = hole.data
    for own, text in post.facts.get(SECTIONS, ()):
        if own == name:
            return f'<a href="#{escape(name)}">{escape(shown or text)}</a>'
    found = view.get(SECTIONS, name)
    if found is None:
        return f'<span class="missing-link">{escape(shown or name)}</span>'
    return f'<a href="{BASE}{escape(found[0])}#{escape(name)}">{escape(shown or found[1])}</a>'


def check(view: View) -> Iterable[Problem]:
    """References that lead nowhere."""
    for post in view.posts:
        own = {name for name, _ in post.facts.get(SECTIONS, ())}
        for hole in post.holes:
            if hole.feature != "quarto" or hole.data[0] in own:
                continue
            if view.get(SECTIONS, hole.data[0]) is None:
                yield Problem(
                    "label-exists",
                    "warning",
                    view.shown(post.path),
                    hole.line,
                    hole.column,
                    f"no heading has the id {hole.data[0]}",
                    f"give it to one: ## Heading {{#{hole.data[0]}}}",
                )
