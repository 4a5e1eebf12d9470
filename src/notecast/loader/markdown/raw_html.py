"""Raw HTML in notes.

- Comments never reach the page; `<!-- more -->` ends the excerpt.
- Names that are no elements (`<think>`) are shown as text, with a warning.
- Relative addresses in `href`, `src`, `poster` and `srcset` become holes like
  those of Markdown links and images.
- In `untrusted` notes only harmless elements pass (`sanitize` does the rest).

Entry points: the rules `html_inline` and `html_block`, and `check_closed`.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_TAG_RE
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline, html_inline
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.loader.markdown.block_engine import block_starts
from notecast.loader.markdown.engine import starts
from notecast.loader.markdown.html_attributes import Attributes, rewritten, wants_rewriting
from notecast.loader.markdown.html_foreign import end_of_foreign
from notecast.loader.markdown.html_names import (
    FOREIGN,
    OPTIONAL_END,
    RAW_TEXT,
    SWALLOWING,
    VOID,
    is_element,
)
from notecast.loader.markdown.places import place_at
from notecast.loader.markdown.sanitize import ALLOWED_TAGS, RAW_END, RAW_START

UNTRUSTED = "note_untrusted"
"""Name of the option in markdown-it's options."""

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9:-]*+)"
    r"((?:\s++[^\s\"'<>/=\x00]++(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+)*+)"
    r"\s*+(/?)>"
)
_MORE = re.compile(r"<!--\s*more\b[^>]*-->", re.IGNORECASE)
_MORE_AND_TEXT = re.compile(_MORE.pattern + r"[ \t]*[^ \t<\n]", re.IGNORECASE)
_FOREIGN = re.compile(r"<(?:svg|math)(?=[\s/>]|$)", re.IGNORECASE)
_IN_DRAWING = "<svg>"
"""Stands for all names inside drawings among those that were reported."""
_OWN_END = ("<script", "<pre", "<style", "<textarea")
"""Blocks that CommonMark ends at their end tag."""

Place = Callable[[int], tuple[int, int]]


def install(md: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    md.inline.ruler.at("html_inline", _inline)
    md.block.ruler.at("html_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})


@starts("<")
def _inline(state: StateInline, silent: bool) -> bool:
    position = state.pos
    name = _NAME.match(state.src, position)
    context = NoteContext.of(state.env)
    inline = context.inline

    def place(offset: int) -> tuple[int, int]:
        return place_at(state, position + offset, inline)

    untrusted = _is_untrusted(state.md, context, place)
    if name and not _passes(name[1], untrusted, lambda: state.src):
        if not silent and HTML_TAG_RE.match(state.src, position):
            _warn(name[1], context, place, 0)
        return False
    # `<Select_Unit(x)>` begins like an element and is none.
    if name and _swallows(state, name[1]) and HTML_TAG_RE.match(state.src, position):
        if not silent:
            _note_tag(context, name[1], True, place, 0)
        return False
    if not html_inline(state, silent):
        return False
    if not silent:
        finish(state.tokens[-1], context, untrusted, place)
    return True


@block_starts("<")
def _block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    start = state.bMarks[startLine] + state.tShift[startLine]
    if not state.src.startswith("<", start):
        return False
    name = _NAME.match(state.src, start)
    context = NoteContext.of(state.env)
    untrusted = _is_untrusted(state.md, context, lambda _: (context.line_of(startLine), 0))
    if name:
        # An <svg> further on does not make the first name known.
        line = state.src[start : state.eMarks[startLine]]
        if not _passes(name[1], untrusted, lambda: line):
            return False
    elif _MORE_AND_TEXT.match(state.src, start, state.eMarks[startLine]):
        # Generators cut the note there before they read it: the text behind is Markdown.
        return False
    is_block = html_block(state, startLine, endLine, silent)
    if name and not silent and not untrusted:
        is_block = _with_foreign(state, startLine, endLine, is_block)
    if not is_block:
        return False
    if not silent:
        token = state.tokens[-1]
        if token.content.lstrip().startswith("<!--") and "-->" not in token.content:
            context.problem(
                "comment-is-closed",
                "this comment is never closed, so all that follows is left out",
                line=context.line_of(startLine),
                hint="end it with -->",
            )
        content = token.content

        def place(offset: int) -> tuple[int, int]:
            return context.line_of(startLine + content.count("\n", 0, offset)), 0

        finish(token, context, untrusted, place)
    return True


def _with_foreign(state: StateBlock, start: int, end: int, is_block: bool) -> bool:
    """Lets the block at a line go on over blank lines inside `<svg>` and `<math>`.

    Returns:
        Whether there is a block: one may also begin where CommonMark has a paragraph.
    """
    position = state.bMarks[start] + state.tShift[start]
    if is_block:
        content = state.tokens[-1].content
        has_end_of_its_own = content.lstrip()[:9].lower().startswith(_OWN_END)
        if has_end_of_its_own or not _FOREIGN.search(content):
            return True
    elif state.is_code_block(start) or not _FOREIGN.match(state.src, position):
        return False
    behind = end_of_foreign(state, start, end)
    if behind is None:
        return is_block
    token = state.tokens[-1] if is_block else state.push("html_block", "", 0)
    token.map = [start, behind]
    token.content = state.getLines(start, behind, state.blkIndent, True)
    state.line = behind
    return True


def _swallows(state: StateInline, name: str) -> bool:
    """Whether an element would take in the rest of the page: its end tag is not in sight."""
    return (
        name.lower() in SWALLOWING
        and state.src[state.pos + 1] != "/"
        and state.html_terminator_last(f"</{name}") < state.pos
    )


def check_closed(context: NoteContext) -> None:
    """Reports elements that are opened and never closed, the first one of each name."""
    open_at: dict[str, list[tuple[Place, int]]] = {}
    for name, opens, place, offset in context.data.get("html_tags", ()):
        stack = open_at.setdefault(name, [])
        if opens:
            stack.append((place, offset))
        elif stack:
            stack.pop()
    if _IN_DRAWING in context.data.get("html_names_told", ()):
        open_at.pop("svg", None)  # said already: its end is text
        open_at.pop("math", None)
    for name, unclosed in open_at.items():
        for place, offset in unclosed[:1]:
            line, column = place(offset)
            context.problem(
                "html-element-is-closed",
                f"<{name}> is opened here and never closed",
                line=line,
                column=column,
                hint=f"add </{name}> where it ends",
                severity="warning",
            )


def _note_tag(context: NoteContext, name: str, opens: bool, place: Place, offset: int) -> None:
    context.data.setdefault("html_tags", []).append((name.lower(), opens, place, offset))


def _is_untrusted(md: MarkdownIt, context: NoteContext, place: Place) -> bool:
    """Whether raw HTML at a place has to be made harmless."""
    foreign = context.is_foreign
    return bool(md.options.get(UNTRUSTED)) or (foreign is not None and foreign(place(0)[0]))


def _passes(written: str, untrusted: bool, source: Callable[[], str]) -> bool:
    name = written.lower()
    if untrusted:
        return name in ALLOWED_TAGS
    return is_element(name, False) or (
        is_element(name, True) and _FOREIGN.search(source()) is not None
    )


def _opens_foreign(context: NoteContext) -> bool:
    """Whether an `<svg>` or `<math>` began above a name that only exists inside one."""
    tags = context.data.get("html_tags", ())
    return any(opens and name in ("svg", "math") for name, opens, _, _ in tags)


def _warn(written: str, context: NoteContext, place: Place, offset: int) -> None:
    """Reports a name once a note."""
    told = context.data.setdefault("html_names_told", {})
    name = written.lower()
    in_drawing = name in FOREIGN and _opens_foreign(context)
    if name in told or (in_drawing and _IN_DRAWING in told):
        return
    told[_IN_DRAWING if in_drawing else name] = True
    line, column = place(offset)
    if in_drawing:
        context.problem(
            "html-element-exists",
            f"<{written}> is shown as text, since a blank line has ended the <svg> or <math> above",
            line=line,
            column=column,
            hint="begin the <svg> in a paragraph of its own, or take its blank lines out",
            severity="warning",
        )
        return
    known = is_element(name, False)
    context.problem(
        "html-is-allowed" if known else "html-element-exists",
        f"<{written}> is not allowed in this note, so it is shown as text"
        if known
        else f"<{written}> is not an HTML element, so it is shown as text",
        line=line,
        column=column,
        hint="" if known else f"if it is meant as text, write `<{written}>` or \\<{written}>",
        severity="warning",
        same=name,
    )


def finish(token: Token, context: NoteContext, untrusted: bool, place: Place) -> None:
    """Cleans and rewrites the content of a raw HTML token.

    Args:
        untrusted: Whether it is to be made harmless.
        place: Line and column in the note for an offset into the content.
    """
    content = token.content
    if content.startswith("<!--") and _MORE.match(content):
        token.meta["more"] = context.data["more"] = True
    out: list[str] = []
    position = 0
    near_foreign = _FOREIGN.search(content) is not None or token.type == "html_inline"
    comment_may_end = True
    while (start := content.find("<", position)) >= 0:
        out.append(content[position:start])
        if content.startswith("<!--", start):
            end = content.find("-->", start + 4) if comment_may_end else -1
            if end < 0:
                comment_may_end = False
                if start == 0 and token.type == "html_block":
                    position = len(content)
                    break
                out.append("&lt;")
                position = start + 1
            else:
                position = end + 3
            continue
        tag = _TAG.match(content, start)
        name = tag[2].lower() if tag else ""
        known = name in ALLOWED_TAGS if untrusted else is_element(name, near_foreign)
        if tag is None or not known:
            if tag is not None:
                _warn(tag[2], context, place, start)
            out.append("&lt;")
            position = start + 1
            continue
        position = tag.end()
        if not tag[4] and name not in VOID and name not in OPTIONAL_END:
            _note_tag(context, name, not tag[1], place, start)
        if tag[1] or not wants_rewriting(name, tag[3]):
            out.append(tag[0])
        else:
            out.append(_rewrite(tag, name, token, context, place(start), untrusted))
        if name in RAW_TEXT and not tag[1]:
            closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(content, position)
            end = closing.start() if closing else len(content)
            out.append(content[position:end])
            position = end
    out.append(content[position:])
    result = "".join(out)
    if token.type == "html_block" and not result.strip():
        result = ""
    token.content = f"{RAW_START}{result}{RAW_END}" if untrusted and result else result


def _rewrite(
    tag: re.Match[str],
    name: str,
    token: Token,
    context: NoteContext,
    place: tuple[int, int],
    untrusted: bool,
) -> str:
    attributes = Attributes.of(tag[3])
    link = attributes.link(name)
    if link is not None:
        token.meta["link"] = (*link, "path")
        token.meta["place"] = place
        token.meta["text"] = ""
    html, whole = rewritten(name, tag[3], attributes, context, place, untrusted)
    if not whole:
        return f"<{tag[2]}{html}{tag[0][tag.end(3) - tag.start() :]}"
    return f"{RAW_END}{html}{RAW_START}" if untrusted else html
