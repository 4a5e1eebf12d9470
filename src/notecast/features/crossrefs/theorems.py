"""Theorem-like containers: `:::theorem {#thm:x title="…"}`, lemma, definition, proof …

Numbers come later (`page.py`), when all of the note is known.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.crossrefs.kinds import THEOREMS
from notecast.loader.markdown.containers import Container, frame, handle, title_tokens
from notecast.loader.markdown.labels import is_chinese


def add_theorem_rules(md: MarkdownIt) -> None:
    """Takes the names of theorem-like containers."""
    handle(md, THEOREMS, _theorem)


def _theorem(state: StateBlock, container: Container) -> tuple[list[Token], list[Token]]:
    kind = THEOREMS.get(container.name) or THEOREMS[container.name.lower()]
    opening, closing = frame("div", "theorem", container, f"theorem theorem-{kind}", state)
    chinese = is_chinese(NoteContext.of(state.env).lang)
    title = container.title
    if title:
        title = f"（{title}）" if chinese else f" ({title})"
    head = title_tokens("p", "theorem_head", "theorem-head", title, container.line, state.level + 1)
    name = Token("label_number", "", 0, level=state.level + 1)
    opening.meta["label"] = {
        "kind": kind,
        "name": name,
        "counts": "unnumbered" not in str(opening.attrs["class"]).split(),
    }
    return [opening, head[0], name, *head[1:]], [closing]
