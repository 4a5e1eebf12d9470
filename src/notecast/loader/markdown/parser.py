"""Builds the parser of the note dialect: which rules there are, and in which order.

Entry points: `build_parser`, once in each process, and `bare_parser`, which is
CommonMark and nothing else. `body.parse_body` runs a parser over a note.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from markdown_it.rules_core import normalize
from mdit_py_plugins.deflist import deflist_plugin

from notecast.feature import Feature
from notecast.loader.markdown import (
    attributes,
    autolinks,
    footnotes,
    headings,
    highlight,
    images,
    links,
    markdown_in_html,
    percent_comments,
    raw_html,
    refused_links,
    tables,
    tasks,
    toc,
)
from notecast.loader.markdown.body import Parsed, parse_body, parse_summary, parse_title
from notecast.loader.markdown.cjk_breaks import soft_breaks
from notecast.loader.markdown.engine import NoteMarkdown
from notecast.loader.markdown.nesting import NO_LIMIT
from notecast.loader.markdown.places import inline_with_places
from notecast.loader.markdown.unbroken import unbroken

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

__all__ = [
    "Parsed",
    "bare_parser",
    "build_parser",
    "parse_body",
    "parse_summary",
    "parse_title",
]

_RULES = (
    # Inline rules; each of them only looks at the characters that it starts with.
    highlight,
    autolinks,
    # Before `links`, which puts its own rules in the place of markdown-it's.
    footnotes,
    attributes,
    raw_html,
    markdown_in_html,
    percent_comments,
    refused_links,
    # Blocks.
    tables,
    tasks,
    toc,
    # Over all tokens, in this order: an image becomes a figure before links are
    # finished, and headings want the ids that authors gave to anything else.
    images,
    links,
    headings,
)


def build_parser(
    features: Sequence[Feature], options: Mapping[str, Any], html: Literal["own", "untrusted"]
) -> "MarkdownIt":
    """The parser of notes.

    Args:
        features: All features of the site, in their order; each adds its syntax.
        options: The options of each feature, by its name.
        html: `own` passes raw HTML, `untrusted` makes it harmless.
    """
    md = NoteMarkdown(
        "commonmark",
        {"maxNesting": NO_LIMIT, "xhtmlOut": False, raw_html.UNTRUSTED: html == "untrusted"},
    )
    md.enable("strikethrough")
    md.use(deflist_plugin)
    md.core.ruler.at("normalize", _normalize)
    md.core.ruler.at("inline", inline_with_places)
    md.core.ruler.after("text_join", "soft_breaks", soft_breaks)
    md.core.ruler.after("soft_breaks", "unbroken", unbroken)
    for rules in _RULES:
        rules.install(md)
    md.add_render_rule("softbreak", _render_softbreak)
    for feature in features:
        feature.syntax(md, options.get(feature.name))
    return md


def bare_parser() -> "MarkdownIt":
    """CommonMark 0.31.2, with our classes of parsers and none of our syntax."""
    return NoteMarkdown("commonmark", {"maxNesting": NO_LIMIT})


def _normalize(state: "StateCore") -> None:
    """Core rule: as markdown-it's, which looks at each end of a line; ours end with `\\n`."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _render_softbreak(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return "" if tokens[index].hidden else "\n"
