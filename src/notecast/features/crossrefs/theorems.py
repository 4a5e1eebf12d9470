"""Theorem-like containers: `:::theorem {#thm:x title="…"}`, lemma, definition, proof …

Numbers come later (`page.py`), when all of the note is known.
"""

from collections.abc import Mapping
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.crossrefs.kinds import THEOREMS
from notecast.loader.markdown.containers import Container, frame, handle, title_tokens
from notecast.loader.markdown.labels import is_chinese


def add_theorem_rules(md: MarkdownIt, own: Mapping[str, str]) -> None:
    """Takes the names of theorem-like containers.

    Args:
        md: The parser.
        own: Kinds of the site's own, name → words.
    """
    handle(md, THEOREMS, _known)
    md.core.ruler.after("block", "theorem_titles", _titles)
    for name, words in own.items():
        handle(md, (name,), partial(_theorem, words, name))


def _known(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    kind = THEOREMS.get(container.name) or THEOREMS[container.name.lower()]
    return _theorem(kind, kind, state, container)


def _theorem(
    kind: str, name: str, state: StateBlock, container: Container
) -> tuple[list[Token], list[Token]]:
    opening, closing = frame("div", "theorem", container, f"theorem theorem-{name}", state)
    chinese = is_chinese(NoteContext.of(state.env).lang)
    title = container.title
    if title:
        title = f"（{title}）" if chinese else f" ({title})"
    head = title_tokens("p", "theorem_head", "theorem-head", title, container.line, state.level + 1)
    number = Token("label_number", "", 0, level=state.level + 1)
    opening.meta["label"] = {
        "kind": kind,
        "name": number,
        "counts": "unnumbered" not in str(opening.attrs["class"]).split(),
    }
    if container.by_label:
        opening.meta["titled"] = "（{}）" if chinese else " ({})"
    return [opening, head[0], number, *head[1:]], [closing]


def _titles(state: StateCore) -> None:
    """The heading that a theorem of Quarto begins with is its title."""
    tokens = state.tokens
    moved: set[int] = set()
    for nth, token in enumerate(tokens):
        if token.type == "theorem_open" and "titled" in token.meta:
            # Behind the head: its paragraph, the number, the title, the paragraph's end.
            title, first = tokens[nth + 3], nth + 5
            if tokens[first].type == "heading_open":
                heading = tokens[first + 1]
                title.content = token.meta["titled"].format(heading.content)
                title.map = heading.map
                moved.update(range(first, first + 3))
    if moved:
        state.tokens = [token for nth, token in enumerate(tokens) if nth not in moved]
