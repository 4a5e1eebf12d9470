"""The parts of a text that are no blocks of code. Entry point: `outside_code`."""

import re
from collections.abc import Callable

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
CODE_SPAN = r"(?P<code>(?<![`\\])(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))"
"""A code span within a line, as a part of a larger expression."""


def outside_code(text: str, rewrite: Callable[[str, int], str]) -> str:
    """A text in which all but fenced code is rewritten.

    Args:
        text: Of a note.
        rewrite: Gets lines that follow one another and the number of the first (0-based),
            and returns as many lines.
    """
    out: list[str] = []
    run: list[str] = []
    first, fence = 0, ""
    for nth, line in enumerate(text.split("\n")):
        marker = _FENCE.match(line)
        if fence:
            if marker and marker[1].startswith(fence) and not line[marker.end() :].strip("`~ \t"):
                fence = ""
            out.append(line)
        elif marker and "`" not in line[marker.end() :]:
            if run:
                out.append(rewrite("\n".join(run), first))
            run, fence = [], marker[1]
            out.append(line)
        else:
            first = first if run else nth
            run.append(line)
    if run:
        out.append(rewrite("\n".join(run), first))
    return "\n".join(out)
