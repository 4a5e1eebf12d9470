"""`<svg>` and `<math>` may hold blank lines.

CommonMark ends an HTML block at the first blank line (0.31.2, section 4.6), whatever is
open there, and so what programs write as SVG falls to pieces: indented lines become code,
others paragraphs. Here a block goes on to the end tag, if what follows the blank lines is
markup. Everything without such a blank line is left to CommonMark, and so is Markdown
inside `<foreignObject>`.

Entry point: `end_of_foreign`.
"""

import re

from markdown_it.rules_block import StateBlock

from notecast.feature import NoteContext

_END = re.compile(r"</(?:svg|math)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)"
    r"|<(?P<close>/?)(?P<name>svg|math|style|script|foreignObject)(?=[\s/>]|$)"
    r"(?:[^<>]*?(?P<empty>/?)>|[^<>]*(?P<cut>$))?",
    re.IGNORECASE | re.DOTALL,
)
_MOST_FAILURES = 16
"""Of one note: each may have looked at all of it."""


def end_of_foreign(state: StateBlock, start: int, end: int) -> int | None:
    """The line behind an HTML block that holds an `<svg>` or `<math>` with blank lines.

    Args:
        state: That of the block parser.
        start: The first line of the block.
        end: The line behind its container.

    Returns:
        `None` where CommonMark's own end is right, or no better one is in sight.
    """
    context = NoteContext.of(state.env)
    if context.data.get("html_foreign_failures", 0) >= _MOST_FAILURES:
        return None
    found, tried = _end(state, start, end)
    if found is None and tried:
        failures = context.data.get("html_foreign_failures", 0)
        context.data["html_foreign_failures"] = failures + 1
    return found


def _end(state: StateBlock, start: int, end: int) -> tuple[int | None, bool]:
    inside = _Inside()
    crossed = False
    line = start
    while line < end:
        if state.isEmpty(line):
            if not inside.depth:
                return (line if crossed else None), crossed
            if not crossed and not _may_end(state, line):
                return None, False
            crossed = True
            line = state.skipEmptyLines(line)
            if line >= end or not inside.goes_on_with(state, line):
                return None, True
            continue
        if state.sCount[line] < state.blkIndent:
            break
        inside.read(state.src[state.bMarks[line] : state.eMarks[line]])
        line += 1
    return (line if crossed and not inside.depth else None), crossed


def _may_end(state: StateBlock, line: int) -> bool:
    """Whether an end tag stands behind a line at all."""
    data = NoteContext.of(state.env).data
    if "html_foreign_last" not in data:
        last = max((match.start() for match in _END.finditer(state.src)), default=-1)
        data["html_foreign_last"] = last
    return bool(data["html_foreign_last"] > state.bMarks[line])


class _Inside:
    """What is open at the end of a line."""

    def __init__(self) -> None:
        self.depth = 0
        """Elements `<svg>` and `<math>`."""
        self._within = ""
        """The element or the comment whose content is no markup, or holds Markdown."""

    def read(self, line: str) -> None:
        if self._within == "comment":
            _, found, line = line.partition("-->")
            if not found:
                return
            self._within = ""
        for tag in _TAG.finditer(line):
            if tag["name"] is None:
                if not tag[0].endswith("-->"):
                    self._within = "comment"
                continue
            name = tag["name"].lower()
            if self._within and (self._within != name or not tag["close"]):
                continue
            if name not in ("svg", "math"):
                self._within = "" if tag["close"] or tag["empty"] else name
            elif tag["close"]:
                self.depth = max(0, self.depth - 1)
            elif not tag["empty"]:
                self.depth += 1

    def goes_on_with(self, state: StateBlock, line: int) -> bool:
        """Whether the line behind a blank one belongs to what is open."""
        if self._within == "foreignobject" or state.sCount[line] < state.blkIndent:
            return False
        if self._within:
            return True
        return state.src.startswith("<", state.bMarks[line] + state.tShift[line])
