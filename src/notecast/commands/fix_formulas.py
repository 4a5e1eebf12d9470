"""Formulas in the forms of other programs, written with dollars.

Entry points: `spans` with `freed`, which take the backquotes off formulas that
stand in code spans, and `with_dollars` for backslashes that other programs want
twice.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from notecast.problems import Problem

_BEGINS = ("$", "\\(", "\\begin{")
_MARKS = re.compile(r"`+")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
# Code stays as it is; `$` in a formula would end it too early.
_INLINE = re.compile(r"(?P<code>`+)(?:.*?)(?P=code)|\\\\\((?P<tex>[^$`\n]+?)\\\\\)")
_DISPLAY = re.compile(r"\s*\\\\[\[\]]\s*")


class Span(NamedTuple):
    """A code span with a formula: offsets of its marks."""

    start: int
    open_end: int
    close: int
    end: int

    def formula(self, text: str) -> str:
        return text[self.open_end : self.close].strip(" ")


def spans(text: str, problems: Iterable[Problem]) -> list[Span]:
    """The code spans that the loader takes for formulas, in order.

    Args:
        text: The note.
        problems: What the loader says of it.
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = {}
    for problem in problems:
        if problem.rule != "math-in-code-span" or not problem.column:
            continue
        begin = starts[problem.line - 1]
        start = text.rfind("`", begin, begin + problem.column)
        while start > begin and text[start - 1] == "`":
            start -= 1
        marks = _MARKS.match(text, start) if start >= 0 else None
        if marks is None:
            continue
        paragraph = text.find("\n\n", marks.end())
        whole = text[: paragraph if paragraph >= 0 else len(text)]
        ends = (m for m in _MARKS.finditer(whole, marks.end()) if len(m[0]) == len(marks[0]))
        last = next(ends, None)
        if last is not None and text[marks.end() : last.start()].strip().startswith(_BEGINS):
            found[start] = Span(start, marks.end(), last.start(), last.end())
    return [found[start] for start in sorted(found)]


def freed(text: str, chosen: Iterable[Span]) -> str:
    """The note with the backquotes of some spans taken off; lines stay lines."""
    for span in sorted(chosen, reverse=True):
        text = text[: span.start] + span.formula(text) + text[span.end :]
    return text


def meant_by(text: str, chosen: Sequence[Span], errors: Iterable[Problem]) -> set[Span]:
    """The spans that errors of the note with freed formulas are in.

    Args:
        text: The note before.
        chosen: The spans that were freed.
        errors: What the loader says of the note since then.
    """
    candidate = freed(text, chosen)
    places = {(error.line, error.column) for error in errors}
    found: set[Span] = set()
    taken = 0
    for span in sorted(chosen):
        formula = span.formula(text)
        start = span.start - taken
        taken += span.end - span.start - len(formula)
        first = candidate.count("\n", 0, start) + 1
        last = first + formula.count("\n")
        column = start - candidate.rfind("\n", 0, start)
        for line, at in places:
            on_one_line = first == last and at > 0
            behind = not on_one_line or column <= at <= column + len(formula)
            if first <= line <= last and behind:
                found.add(span)
    return found


def with_dollars(text: str) -> str:
    r"""Writes `\\(x\\)` as `$x$`, and `\\[` and `\\]` on lines of their own as `$$`."""
    lines = text.split("\n")
    fence = ""
    for index, line in enumerate(lines):
        match = _FENCE.match(line)
        if match:
            if not fence:
                fence = match["fence"]
            elif match["fence"].startswith(fence):
                fence = ""
            continue
        if fence or "\\\\" not in line:
            continue
        if _DISPLAY.fullmatch(line):
            lines[index] = line.replace("\\\\[", "$$").replace("\\\\]", "$$")
        else:
            lines[index] = _INLINE.sub(
                lambda found: f"${found['tex'].strip()}$" if found["tex"] else found[0], line
            )
    return "\n".join(lines)
