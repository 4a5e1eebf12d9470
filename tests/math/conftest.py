"""A small parser with the math feature and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from notecast.feature import NoteContext
from notecast.features.math import FEATURE, MathOptions
from notecast.model import NotePath

CASES = Path(__file__).with_name("cases")


def cases(name: str) -> Any:
    """The cases in `cases/<name>.yaml`."""
    return yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))


def _inline(state: StateCore) -> None:
    """As the loader does it: rules know the inline token that is parsed."""
    note = state.env.get("note")
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            if note is not None:
                note.inline = token
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def make_parser(**options: Any) -> MarkdownIt:
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    md.core.ruler.at("inline", _inline)
    FEATURE.syntax(md, MathOptions(**options))
    return md


def make_note(text: str, lang: str = "en", path: str = "flow.md") -> NoteContext:
    return NoteContext(NotePath(path), f"notes/{path}", text.split("\n"), 1, lang, {})


@pytest.fixture
def render() -> Callable[..., tuple[str, NoteContext]]:
    """Markdown → HTML and the note with its problems, facts and holes."""

    def run(text: str, lang: str = "en", **options: Any) -> tuple[str, NoteContext]:
        note = make_note(text, lang)
        return make_parser(**options).render(text, {"note": note}), note

    return run
