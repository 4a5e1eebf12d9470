"""One note's text becomes the HTML of its body and the facts that lie in the text.

Entry points: `parse_body`, and `parse_title` and `parse_summary` for what the header gives.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from notecast.feature import NoteContext
from notecast.loader.markdown.excerpt import ExcerptWords, excerpt_of, in_short
from notecast.loader.markdown.headings import Outline, outline_of, render_short
from notecast.loader.markdown.plain import squeezed, text_of
from notecast.loader.markdown.raw_html import check_closed
from notecast.loader.markdown.sanitize import sanitize
from notecast.loader.markdown.sentences import cut_sentences
from notecast.loader.markdown.toc import fill_toc
from notecast.loader.markdown.words import count, minutes, prose_of
from notecast.model import Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True)
class Parsed:
    """What one note's text says."""

    html: str
    """The body, with holes."""
    headings: tuple[Heading, ...]
    excerpt: str
    has_more: bool
    """Whether the excerpt leaves something of the note out."""
    excerpt_length: int
    """Most characters of the excerpt, if it is cut to a length, else 0."""
    words: int
    minutes: int
    title: tuple[str, str] | None
    """The first heading as plain text and as inline HTML; None without headings."""
    title_removed: bool
    """Whether that heading stood first, at level 1, and was taken out of the body."""


def parse_body(
    md: "MarkdownIt",
    text: str,
    context: NoteContext,
    words: ExcerptWords,
    excerpt_length: int = 350,
    *,
    keep_title: bool = False,
) -> Parsed:
    """Parses a note.

    Args:
        md: Made by `build_parser`.
        text: The note without its header, lines ended by `\\n`, without control characters.
        context: Takes up links, holes, anchors and problems.
        words: What stands for code and formulas in the excerpt.
        excerpt_length: Most characters of an automatic excerpt.
        keep_title: Whether the header gives the title; a first heading then stays in the
            body unless it says the same.

    Returns:
        The body and its facts. Nothing in the text raises.
    """
    env: dict[str, Any] = {"note": context}
    outline = outline_of(context)
    if keep_title:
        outline.given_title = squeezed(str(context.header.get("title", "")))
    try:
        tokens = md.parse(text, env)
        # Before rendering: headings are rendered in place.
        to_marker = "more" in context.data
        excerpt, has_more = excerpt_of(tokens, words, excerpt_length, context, to_marker)
        cut_sentences(context, words)
        characters, others = count(prose_of(tokens))
        title = _title(outline, md, env)
        html = _render(md, tokens, env, context)
    except RecursionError:
        return _unreadable(text, context)
    check_closed(context)
    headings = tuple(outline.headings)
    return Parsed(
        html=fill_toc(html, headings, context.lang),
        headings=headings,
        excerpt=excerpt,
        has_more=has_more,
        excerpt_length=0 if to_marker else excerpt_length,
        words=characters + others,
        minutes=minutes(characters, others),
        title=title,
        title_removed=outline.title_removed,
    )


def parse_title(md: "MarkdownIt", title: str, context: NoteContext) -> tuple[str, str]:
    """A title that stands in the header, as plain text and as inline HTML.

    Args:
        md: Made by `build_parser`.
        title: As it is written; formulas, code and emphasis count as in a heading.
        context: The note's; what is wrong with the title is reported there.
    """
    own = NoteContext(context.path, context.shown_path, [title], 1, context.lang, {})
    env: dict[str, Any] = {"note": own}
    tokens = md.parseInline(title, env)
    children = tokens[0].children or []
    context.problems.extend(own.problems)
    text = squeezed(text_of(children)) or squeezed(title)
    return text, render_short(children, md.renderer, md.options, env)[1] or escape(text)


_MARKS = re.compile(r"\*\*?[^\s*]|`|\]\(|\[\[|(?<![\w.])@[\w{]|\$[^\s\d]|\b_[^\s_]|\]\[")


def parse_summary(md: "MarkdownIt", summary: str, context: NoteContext, words: ExcerptWords) -> str:
    """A summary that stands in the header, as plain text with holes, like an excerpt.

    Args:
        md: Made by `build_parser`.
        summary: As it is written. One without marks of Markdown, or with HTML, stays so.
        context: The note's; takes up the holes.
        words: What stands for formulas.
    """
    if not _MARKS.search(summary) or "<" in summary:
        return summary
    own = NoteContext(context.path, context.shown_path, [summary], 1, context.lang, {})
    own.text_holes = context.text_holes
    tokens = md.parseInline(summary, {"note": own})
    return squeezed(in_short(tokens[0].children or [], words, own)) or summary


def _render(
    md: "MarkdownIt", tokens: "Sequence[Token]", env: dict[str, Any], context: NoteContext
) -> str:
    html, kept = sanitize(str(md.renderer.render(tokens, md.options, env)))
    if not kept:
        context.problem(
            "html-is-balanced",
            "the raw HTML of this note cannot be made safe, so it is shown as text",
            line=context.first_line,
            hint="close every element that you open, tables above all",
            severity="warning",
        )
    return html


def _title(outline: Outline, md: "MarkdownIt", env: dict[str, Any]) -> tuple[str, str] | None:
    if outline.title is None:
        return None
    children = outline.title.children or []
    text = squeezed(text_of(children))
    if not text:
        return None
    return text, render_short(children, md.renderer, md.options, env)[1]


def _unreadable(text: str, context: NoteContext) -> Parsed:
    """The source as it is, where nesting defeats the parser."""
    context.problem(
        "nesting-is-shallow",
        "brackets, lists or quotes are nested too deeply; the note is shown as plain text",
        line=context.first_line,
        hint="take some levels of nesting away",
    )
    context.holes.clear()
    context.links.clear()
    characters, others = count(text)
    return Parsed(
        html=f"<pre>{escape(text)}</pre>\n",
        headings=(),
        excerpt="",
        has_more=True,
        excerpt_length=0,
        words=characters + others,
        minutes=minutes(characters, others),
        title=None,
        title_removed=False,
    )
