r"""Formulas on lines of their own: `$$`, `\[`, bare `\begin{align}`, and fences of `math`.

The content keeps its blank lines. What never closes is no formula: its lines stay
text, so that one slip does not swallow the rest of a note. Entry point:
`add_block_rules`.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from notecast.features.math.dollars import closing_dollars, has_lone_dollar, is_prose
from notecast.features.math.environments import DISPLAY, ends_at
from notecast.loader.markdown.block_engine import block_starts

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

_BEGIN = re.compile(r"\\begin\{([A-Za-z]+\*?)\}")
_MARKDOWN = re.compile(r"^(?:#{1,6}\s|```|~~~|>\s|!\[|\d+\.\s)", re.MULTILINE)
_LAZY_BLOCK = re.compile(r"#{1,6}\s|```|~~~|>|[-+*]\s|\d+[.)]\s")
"""What ends a formula whose lines have left their list item: the next item above all."""
_TEXT_COMMAND = re.compile(r"\\(?:text[a-z]*|mbox|intertext|tag\*?)\s*\{[^{}]*\}|%.*")
_TEX_SIGN = re.compile(r"[\\^_=&<>{}]")
_MATHY = re.compile(r"\\[A-Za-z]|[\^_=<>{}]|[^\W\d_](?:\s*[-+*/]\s*)[^\W_]")


_LABEL = re.compile(r"\s*\{#([\w:.-]+)\}\Z")


class _Found(NamedTuple):
    width: int
    """Characters of each mark; 0 if there is none."""
    last: int
    """Line of the closing mark."""
    markup: str
    label: str = ""
    """What `$$ {#eq:x}` calls the equation."""


def add_block_rules(md: "MarkdownIt") -> None:
    """Adds the rules; a formula ends a paragraph that stands right before it."""
    ends = {"alt": ["paragraph", "reference", "blockquote", "list", "table", "footnote_def"]}
    md.block.ruler.before("fence", "math_block", _block, ends)  # type: ignore[arg-type]
    md.block.ruler.before("paragraph", "math_paragraph", _paragraph)


def _line(state: "StateBlock", line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


@block_starts("$\\")
def _block(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    pos = state.bMarks[start] + state.tShift[start]
    if state.src[pos : pos + 1] not in ("$", "\\") or state.is_code_block(start):
        return False
    text = _line(state, start).rstrip()
    if text.startswith("$$"):
        found = _between(state, start, end, text, "$$")
    elif text.startswith("\\["):
        found = _between(state, start, end, text, "\\[")
    elif text.startswith("\\\\["):
        found = _between(state, start, end, text, "\\\\[")
    else:
        found = _bare(state, start, end, text)
    if found is None:
        return False
    if silent:
        return True
    lines = state.getLines(start, found.last + 1, state.blkIndent, False).rstrip()
    content = lines.lstrip()[found.width :]
    if found.width:
        content = content[: content.rindex(_closing_mark(found.markup))]
    token = state.push("math_block", "math", 0)
    token.block = True
    token.content = content.strip() + (f"\\label{{{found.label}}}" if found.label else "")
    token.markup = found.markup
    token.map = [start, found.last + 1]
    before = content[: len(content) - len(content.lstrip())]
    token.meta = {"line": start + before.count("\n")}
    state.line = found.last + 1
    return True


def _between(state: "StateBlock", start: int, end: int, text: str, opening: str) -> _Found | None:
    """A formula between marks, of which the closing one ends its line."""
    width, closing = len(opening), _closing_mark(opening)
    content: list[str] = []
    blank = False
    for line in range(start, end):
        if line > start:
            if state.isEmpty(line):
                blank = True
                content.append("")
                continue
            text = _line(state, line).rstrip()
            if _has_left(state, start, line, text, blank):
                return None
        else:
            text = text[width:]
            if not _closes_at_all(state, start, closing):
                return None
        at = _closing(text, closing)
        if at < 0:
            content.append(text)
            continue
        label = _LABEL.match(text, at + width) if opening == "$$" else None
        if at != len(text) - width and label is None:
            return None
        content.append(text[:at])
        whole = "\n".join(content)
        if not whole.strip() or not _is_formula(whole, opening, lines=line - start):
            return None
        return _Found(width, line, opening, label[1] if label else "")
    return None


def _has_left(state: "StateBlock", start: int, line: int, text: str, blank: bool) -> bool:
    """Whether a line is out of the container that the formula began in, on the line `start`.

    Sloppy indentation in a list item is forgiven until the first blank line. A formula that
    begins behind an item without its indentation is none of the item's.
    """
    if state.sCount[line] >= state.blkIndent or state.sCount[line] >= state.sCount[start]:
        return False
    return blank or state.sCount[line] < 0 or _LAZY_BLOCK.match(text) is not None


def _closing_mark(opening: str) -> str:
    return opening.replace("[", "]")


def _closing(text: str, closing: str) -> int:
    if closing == "$$":
        return closing_dollars(text, 0, 2, len(text))
    at = text.find(closing)
    # \\] with two backslashes is a line break and a bracket.
    while closing == "\\]" and at > 0 and text[at - 1] == "\\":
        at = text.find(closing, at + 1)
    return at


def _closes_at_all(state: "StateBlock", line: int, mark: str) -> bool:
    """Whether a mark comes behind this line, found once for each source and mark."""
    known = state.env.setdefault("math_last", {}) if isinstance(state.env, dict) else {}
    if (state.src, mark) not in known:
        known[state.src, mark] = state.src.rfind(mark)
    begin = state.bMarks[line] + state.tShift[line]
    return bool(known[state.src, mark] > begin)


def _is_formula(content: str, opening: str, lines: int) -> bool:
    if opening != "$$":
        # \[1\] alone on its line is a bracket that Markdown must not take for a link.
        return bool(_MATHY.search(content)) or (lines > 1 and not is_prose(content))
    # Over several lines: two marks that do not belong together have formulas between them.
    if lines and has_lone_dollar(content):
        return False
    if "\n\n" not in content.strip("\n"):
        return True
    # Blank lines inside: two marks that do not belong together have prose between them.
    bare = _TEXT_COMMAND.sub("", content)
    if _MARKDOWN.search(bare.strip("\n")):
        return False
    return not any(
        is_prose(part) and not _TEX_SIGN.search(part) for part in re.split(r"\n\s*\n", bare)
    )


def _bare(state: "StateBlock", start: int, end: int, text: str) -> _Found | None:
    """An environment without any delimiter around it."""
    begin = _BEGIN.match(text)
    if begin is None or begin[1] not in DISPLAY:
        return None
    closing = f"\\end{{{begin[1]}}}"
    if not _closes_at_all(state, start, closing):
        return None
    lines = [text]
    for line in range(start, end):
        if line > start:
            if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
                return None
            lines.append(_line(state, line))
        if closing not in lines[-1]:
            continue
        whole = "\n".join(lines)
        at = ends_at(whole, 0, begin[1])
        if at >= 0 and _in_dollars(state, start, line, end):
            return None
        if at >= 0:
            return _Found(0, line, "\\begin") if whole[at:].strip() in ("", ".", ",") else None
    return None


def _in_dollars(state: "StateBlock", start: int, last: int, end: int) -> bool:
    """Whether single dollars on the lines before and behind hold the environment already."""
    if not start or last + 1 >= end or state.isEmpty(start - 1) or state.isEmpty(last + 1):
        return False
    opening = _line(state, start - 1).rstrip().replace("\\$", "")
    behind = _line(state, last + 1)
    alone = behind.startswith("$") and not behind.startswith("$$")
    return alone and opening.count("$") % 2 == 1


def _paragraph(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """A paragraph in which a `$$` opens that its line does not close.

    The lines of its formula belong to it, even if one begins with `+` or `-`,
    which would begin a list, or is blank. Any other paragraph is left to Markdown.
    """
    first_empty = next((nth for nth in range(start, end) if state.isEmpty(nth)), end)
    if "$$" not in state.src[state.bMarks[start] : state.eMarks[first_empty - 1]]:
        return False
    found = False
    line = start
    while line < end and not state.isEmpty(line):
        if line > start and _interrupts(state, line, end):
            break
        opens = _line(state, line).count("$$") % 2 == 1
        while opens and (closer := _closer(state, line, end)) > 0:
            found, line = True, closer
            # The closing line may open the next one.
            opens = _line(state, line).count("$$") % 2 == 0
        line += 1
    if not found:
        return False
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, line]
    token = state.push("inline", "", 0)
    token.content = state.getLines(start, line, state.blkIndent, False).strip()
    token.map = [start, line]
    token.children = []
    state.push("paragraph_close", "p", -1)
    state.line = line
    return True


def _interrupts(state: "StateBlock", line: int, end: int) -> bool:
    if state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0:
        return False
    before = state.parentType
    state.parentType = "paragraph"
    try:
        return any(
            rule(state, line, end, True) for rule in state.md.block.ruler.getRules("paragraph")
        )
    finally:
        state.parentType = before


def _closer(state: "StateBlock", opener: int, end: int) -> int:
    """The line in which the formula that opens in `opener` closes; -1 if none does."""
    _, _, first = _line(state, opener).rpartition("$$")
    content = [first]
    blank = False
    for line in range(opener + 1, end):
        if state.isEmpty(line):
            blank = True
            content.append("")
            continue
        text = _line(state, line)
        if _has_left(state, opener, line, text, blank):
            return -1
        at = closing_dollars(text, 0, 2, len(text))
        if at < 0:
            content.append(text)
            continue
        # Over a blank line only marks that stand alone belong together.
        if blank and (text[:at].strip() or first.strip()):
            return -1
        content.append(text[:at])
        whole = "\n".join(content)
        return line if whole.strip() and _is_formula(whole, "$$", line - opener) else -1
    return -1
