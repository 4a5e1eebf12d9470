r"""Formulas in running text: `$x$`, `$$x$$`, `\(x\)`, `\[x\]`, `\begin{align}…\end{align}`,
code spans, and `\eqref{…}` in prose. Entry point: `add_inline_rules`.
"""

import re
from typing import TYPE_CHECKING, Any

from notecast.features.math.dollars import (
    Span,
    closing_dollars,
    dollar_span,
    has_lone_dollar,
    is_prose,
    looks_meant,
)
from notecast.features.math.environments import DISPLAY, ends_at
from notecast.features.math.places import Place, note_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

REFERENCE = re.compile(r"\\(eqref|ref)\{([^{}\s]+|[^{}\n#]+#[^{}\s]+)\}")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MARKED = re.compile(
    r"(?P<open>\$\$(?=.+\$\$\Z)|\$(?=.*[^$]\$\Z)|\\\((?=.+\\\)\Z)|\\\[(?=.+\\\]\Z))?"
    r"(?(open).+|\\begin\{(?P<name>[a-z]+\*?)\}.+\\end\{(?P=name)\})",
    re.DOTALL,
)
_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_MATHY = re.compile(r"\\[A-Za-z]|[\^_=<>{}]|[^\W\d_](?:\s*[-+*/]\s*)[^\W_]")


def add_inline_rules(md: "MarkdownIt", code_spans: bool, double_inline: bool = False) -> None:
    """Adds the rules for formulas inside a line.

    Args:
        md: The parser.
        code_spans: Whether `` `$x$` `` is a formula too.
        double_inline: Whether `$$x$$` between words is no display.
    """

    def backslash(state: "StateInline", silent: bool) -> bool:
        return _backslash(state, silent)

    def dollar(state: "StateInline", silent: bool) -> bool:
        return _dollar(state, silent, double_inline)

    def code(state: "StateInline", silent: bool) -> bool:
        return _code(state, silent, code_spans)

    # The parser asks them only where these characters stand.
    for rule, character in ((dollar, "$"), (backslash, "\\"), (code, "`")):
        rule.starts = character  # type: ignore[attr-defined]
    md.inline.ruler.before("escape", "math_dollar", dollar)
    md.inline.ruler.before("escape", "math_backslash", backslash)
    md.inline.ruler.before("backticks", "math_code", code)


def _push(
    state: "StateInline", silent: bool, display: bool, start: int, end: int, markup: str
) -> None:
    if silent:
        return
    token = state.push("math_display" if display else "math_inline", "math", 0)
    token.content = state.src[start:end]
    token.markup = markup
    token.meta = _origin(state, start)


def _origin(state: "StateInline", offset: int) -> dict[str, Any]:
    """What finds the place of a formula when the page is set: footnotes move it by then."""
    note = note_of(state.env)
    return {"offset": offset, "source": state.src, "inline": note.inline if note else None}


def _dollar(state: "StateInline", silent: bool, double_inline: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    start = state.pos
    run = start
    while run < state.posMax and state.src[run] == "$":
        run += 1
    if run - start > 2:
        return _as_text(state, silent, run - start)
    double = run - start == 2
    if double and _nothing_closes(state, "$$", start + 2):
        _unclosed(state, silent)
        return _as_text(state, silent, 2)
    span = dollar_span(state.src, start, state.posMax)
    if span is None:
        if double and has_lone_dollar(state.src[start + 2 : state.posMax]):
            _unclosed(state, silent)
        return _as_text(state, silent, run - start)
    display = span.display and not (double_inline and _among_words(state.src, span))
    _push(state, silent, display, span.start, span.end, "$$" if display else "$")
    state.pos = span.after
    return True


def _among_words(text: str, span: Span) -> bool:
    """Whether more than punctuation stands beside a formula on its only line."""
    if "\n" in text[span.start : span.end]:
        return False
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start - 2]
    stop = text.find("\n", span.after)
    after = text[span.after : stop if stop >= 0 else None]
    return bool(before.strip() or after.strip(" \t.,;:"))


def _nothing_closes(state: "StateInline", mark: str, start: int) -> bool:
    return state.html_terminator_last(mark) < start


def _as_text(state: "StateInline", silent: bool, length: int) -> bool:
    if not silent:
        state.pending += state.src[state.pos : state.pos + length]
    state.pos += length
    return True


def _is_a_word(state: "StateInline") -> bool:
    """Whether a sentence speaks of the sign (`put it between two $$ signs`, the shell's `$$`)."""
    before = state.src[: state.pos].rpartition("\n")[2]
    behind = state.src[state.pos + 2 :]
    return (
        bool(before.strip())
        and bool(behind.strip())
        and (behind[0] == " " or not behind[0].isascii())
        and _MATHY.search(behind) is None
    )


def _unclosed(state: "StateInline", silent: bool) -> None:
    if silent or _is_a_word(state):
        return
    Place.in_text(state.env, state.src, state.pos).problem(
        "formula-is-closed",
        "nothing closes this $$",
        hint="write a second $$, or \\$\\$ for two dollar signs",
    )


def _backslash(state: "StateInline", silent: bool) -> bool:
    src, start = state.src, state.pos
    if src[start] != "\\" or start + 1 >= state.posMax:
        return False
    char = src[start + 1]
    if char in "([":
        return _bracket(state, silent, start, char, 2)
    if char == "\\" and src[start + 2 : start + 3] in ("(", "["):
        return _bracket(state, silent, start, src[start + 2], 3)
    if char == "b" and (begin := _BEGIN.match(src, start)) and begin[1] in DISPLAY:
        end = ends_at(src, start, begin[1])
        if end < 0 or end > state.posMax:
            return False
        _push(state, silent, True, start, end, "\\begin")
        state.pos = end
        return True
    if char in "er" and (reference := REFERENCE.match(src, start)):
        if not silent:
            token = state.push("math_ref", "", 0)
            token.info = reference[1]
            token.content = reference[2]
            token.meta = _origin(state, start)
        state.pos = reference.end()
        return True
    return False


def _bracket(state: "StateInline", silent: bool, start: int, char: str, length: int) -> bool:
    """`\\(…\\)`, `\\[…\\]`, or kramdown's form of either with two backslashes."""
    closing = "\\" * (length - 1) + {"(": ")", "[": "]"}[char]
    if _nothing_closes(state, closing, start + length):
        return False
    end = state.src.find(closing, start + length, state.posMax)
    # \\) inside \(…\): a line break and a bracket, not the end.
    while length == 2 and end > 0 and state.src[end - 1] == "\\" and state.src[end - 2] != "\\":
        end = state.src.find(closing, end + 1, state.posMax)
    content = state.src[start + length : end] if end >= 0 else ""
    if not content.strip() or is_prose(content, wide=True) or has_lone_dollar(content):
        return False
    # \[1\] and \[sic\] are brackets that Markdown must not take for a link.
    if char == "[" and not _MATHY.search(content):
        return False
    _push(state, silent, char == "[", start + length, end, state.src[start : start + length])
    state.pos = end + length
    return True


def _code(state: "StateInline", silent: bool, allowed: bool) -> bool:
    if state.src[state.pos] != "`":
        return False
    match = _CODE_SPAN.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    content = match[2].strip()
    found = _MARKED.fullmatch(content)
    if found is None:
        return False
    start = match.start(2) + match[2].index(content)
    if not allowed:
        if not silent and looks_meant(content):
            Place.in_text(state.env, state.src, start).problem(
                "math-in-code-span",
                "this looks like a formula, but stands in a code span",
                hint="write it without the backquotes, or set math: {code_spans: true}",
                severity="warning",
            )
        return False
    opening = found["open"] or ""
    if opening in ("$", "$$"):
        end = closing_dollars(state.src, start + len(opening), len(opening), match.end(2))
        if end + len(opening) != start + len(content):
            return False
    display = opening not in ("$", "\\(")
    width = len(opening)
    _push(state, silent, display, start + width, start + len(content) - width, opening)
    state.pos = match.end()
    return True
