"""Headings: ids that are unique and safe, links to themselves, and the note's title.

- An id of the author's own (`{#id}`) wins; otherwise it is made of the text.
- Ids that scripts of a page could stumble over (`constructor`, `location`) and
  those that our own HTML uses get the prefix `section-`.
- A note that starts with a level-1 heading gives its title to the page: the
  heading leaves the body. Badges, pictures and `[TOC]` may stand above it. Other
  level-1 headings move all headings down one level, since a page has one title.

`heading_is_spaced` accepts `##Heading` without a space behind two or more `#`.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.attributes import PAGE_IDS, attribute_text
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.html_names import names
from notecast.loader.markdown.labels import label
from notecast.loader.markdown.plain import piece_of, squeezed, text_of
from notecast.model import HOLE, Heading
from notecast.urls import heading_id

RISKY = (
    names(
        """
    __proto__ addeventlistener constructor createelement defaultview document getelementbyid
    getelementsbytagname hasownproperty innerhtml isprototypeof location navigator prototype
    queryselector tolocalestring tostring valueof window
    notecast pagefind search toc
    """
    )
    | PAGE_IDS
)
"""Names that a heading's id never takes as they are: of objects that scripts go
through, and of our own pages' parts."""

_OURS = re.compile(r"(?:fn|fnref|nc)-")
_GLUED = re.compile(r"(#{2,6})(?=[^\s#!'>{|=-])")
_ID_ATTRIBUTE = re.compile(r'\sid="[^"]*"')
_IN_TITLE = frozenset({"link_open", "link_close", "footnote_ref"})


_TAGS = re.compile(rf"<[^<>]*>|{HOLE}\d+{HOLE}|&nbsp;")
_WORDLESS = frozenset(("image", "link_open", "link_close", "softbreak", "hardbreak", "html_inline"))
_AROUND_WORDLESS = frozenset(
    ("paragraph_open", "paragraph_close", "toc", "figure_open", "figure_close")
)


@dataclass
class Outline:
    """The headings of one note while it is parsed."""

    headings: list[Heading] = field(default_factory=list)
    title: Token | None = None
    """Inline token of the first heading."""
    title_removed: bool = False
    given_title: str | None = None
    """The title that the header gives; None where the first heading is to say it."""
    after_anything: bool = False
    """Whether the title may stand below other things: notebooks begin with badges and imports."""


def outline_of(context: NoteContext) -> Outline:
    """The outline of the note that is being parsed."""
    outline = context.data.setdefault("outline", Outline())
    assert isinstance(outline, Outline)
    return outline


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.block.ruler.after(
        "heading", "heading_glued", _glued, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    md.core.ruler.push("headings", headings)
    md.add_render_rule("heading_open", _render_open)
    md.add_render_rule("rendered", _render_rendered)


def headings(state: StateCore) -> None:
    """Core rule: finds the title, settles levels and ids."""
    tokens = state.tokens
    found = [index for index, token in enumerate(tokens) if token.type == "heading_open"]
    if not found:
        return
    context = NoteContext.of(state.env)
    outline = outline_of(context)
    # In an outline each item may be a heading; none of them is the note's.
    outer = next((index for index in found if not tokens[index].level), -1)
    outline.title = tokens[outer + 1] if outer >= 0 else None
    if _is_title(tokens, found[0], context):
        outline.title_removed = True
        state.tokens = tokens = tokens[: found[0]] + tokens[found[0] + 3 :]
        found = [index - 3 for index in found[1:]]
    shift = any(tokens[index].tag == "h1" for index in found)
    for index in found:
        opening, inline = tokens[index], tokens[index + 1]
        if shift:
            tag = f"h{min(6, int(opening.tag[1]) + 1)}"
            opening.tag = tokens[index + 2].tag = tag
        if not opening.attrs.get("id"):
            opening.attrs["id"] = context.anchor(safe_id(heading_id(text_of(inline.children))))


def safe_id(wanted: str) -> str:
    """An id that no script of a page mistakes for something else."""
    plain = wanted.lower()
    if not plain or plain in RISKY or plain.replace("-", "") in RISKY or _OURS.match(plain):
        return f"section-{wanted}" if wanted else "section"
    return wanted


def render_short(
    children: list[Token], renderer: Any, options: Any, env: Any, *, holes: bool = False
) -> tuple[str, str]:
    """Renders inline tokens once, for two places.

    Returns:
        The HTML for the body, and the HTML for a table of contents: without links, notes
        and ids. What leaves a hole is text there, with `holes` as the page will show it.
    """
    context = NoteContext.of(env)
    whole: list[str] = []
    short: list[str] = []
    for index, token in enumerate(children):
        rule = renderer.rules.get(token.type)
        html = (
            rule(children, index, options, env)
            if rule
            else renderer.renderToken(children, index, options, env)
        )
        whole.append(html)
        if token.type in _IN_TITLE or token.type == "html_inline":
            continue
        if holes and "hole" in token.meta and not token.nesting:
            html = context.text_in_body(context.text_hole(token))
        elif HOLE in html or token.type == "image":
            html = _escaped(squeezed(piece_of(token)))
        short.append(_ID_ATTRIBUTE.sub("", html) if ' id="' in html else html)
    return "".join(whole), "".join(short).strip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_title(tokens: list[Token], index: int, context: NoteContext) -> bool:
    """Whether the first heading begins the words of the note, is of level 1, and says the title."""
    if tokens[index].tag != "h1" or tokens[index].level:
        return False
    outline = outline_of(context)
    if not outline.after_anything and _has_words(tokens[:index]):
        return False
    given = outline.given_title
    text = squeezed(text_of(tokens[index + 1].children))
    return bool(text) and given in (None, text)


def _has_words(tokens: list[Token]) -> bool:
    """Whether there is more than pictures, badges and a table of contents above the title."""
    in_caption = False
    for token in tokens:
        if token.tag == "figcaption":
            in_caption = token.nesting == 1
        elif token.type == "html_block":
            if _TAGS.sub("", token.content).strip():
                return True
        elif token.type == "inline":
            children = () if in_caption else token.children or ()
            if any(child.type not in _WORDLESS and not _is_blank(child) for child in children):
                return True
        elif token.type not in _AROUND_WORDLESS:
            return True
    return False


def _is_blank(token: Token) -> bool:
    return token.type == "text" and not token.content.strip()


@block_starts("#")
def _glued(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: `##Heading` is a heading, with a warning.

    One `#` stays text: `#tag` and `#5` are no headings.
    """
    position = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("##", position) or state.is_code_block(start):
        return False
    limit = state.eMarks[start]
    match = _GLUED.match(state.src, position, limit)
    if match is None:
        return False
    if silent:
        return True
    text = state.src[match.end() : limit].rstrip()
    text = re.sub(r"[ \t]+#+$", "", text)
    level = len(match[1])
    state.line = start + 1
    opening = state.push("heading_open", f"h{level}", 1)
    opening.markup = match[1]
    opening.map = [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content = text
    inline.map = [start, state.line]
    inline.children = []
    state.push("heading_close", f"h{level}", -1).markup = match[1]
    context = NoteContext.of(state.env)
    context.problem(
        "heading-has-space",
        f"there is no space between {match[1]} and the heading",
        line=context.line_of(start),
        column=1,
        hint=f"write {match[1]} {text[:40]}",
        severity="warning",
    )
    return True


def _render_open(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    opening, inline = tokens[index], tokens[index + 1]
    context = NoteContext.of(env)
    html, short = render_short(inline.children or [], self, options, env, holes=True)
    identifier = str(opening.attrs["id"])
    outline_of(context).headings.append(
        Heading(
            int(opening.tag[1]),
            identifier,
            squeezed(text_of(inline.children)),
            short,
            context.line_of(opening.map[0]) if opening.map else 0,
        )
    )
    anchor = attribute_text(
        {
            "class": "anchor",
            "href": f"#{identifier}",
            "aria-label": label("link_to_heading", context.lang),
        }
    )
    # Rendered already: the inline token behind passes it on.
    inline.children = [Token("rendered", "", 0, content=f"{html}<a{anchor}></a>")]
    return f"<{opening.tag}{attribute_text(opening.attrs)}>"


def _render_rendered(self: Any, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return tokens[index].content
