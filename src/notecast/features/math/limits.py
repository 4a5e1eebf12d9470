"""What a formula may cost, checked before any engine sees it.

Both engines read a formula by recursion: math-core ends the whole process when
its stack is full, KaTeX raises an error of its embedded interpreter. No real
formula comes near these limits. Entry point: `excess`.
"""

from collections.abc import Sequence

from notecast.features.math.tokens import Tex, is_command

MAX_LENGTH = 50_000
"""Characters of a formula, macros expanded."""
MAX_SLOW_LENGTH = 10_000
"""Characters of a formula for the second engine, which is a hundred times slower."""
MAX_DEPTH = 200
"""Levels of braces, `\\left`, environments, and commands waiting for an argument."""
MAX_OUTPUT = 5_000_000
"""Bytes of markup for one formula."""

_SAFE_COUNT = MAX_DEPTH // 2
_OPENERS = frozenset(("{", "\\left", "\\begin"))
_CLOSERS = frozenset(("}", "\\right", "\\end"))
_LASTING = (
    "\\displaystyle \\textstyle \\scriptstyle \\scriptscriptstyle \\rm \\bf \\it \\sf \\tt \\cal"
    " \\color \\tiny \\small \\normalsize \\large \\Large \\LARGE \\huge \\Huge \\over"
)
_SWITCHES = frozenset(_LASTING.split())


def is_flat(tex: str) -> bool:
    """Whether a formula is short of all limits at a glance, without reading it."""
    return len(tex) < _SAFE_COUNT or (
        len(tex) < MAX_LENGTH
        and tex.count("{") + tex.count("\\") + tex.count("^") + tex.count("_") < _SAFE_COUNT
    )


def excess(tokens: Sequence[Tex]) -> tuple[int, str] | None:
    """Where and in what a formula goes beyond the limits, if it does.

    Counts what an engine has open: groups, environments, `\\left`, optional
    arguments, style and colour switches (they last to the end of their group),
    and runs of commands, since in `\\hat\\hat\\hat x` each one waits for the next.
    """
    length = 0
    open_levels: list[tuple[str, int]] = []
    depth = run = 0
    before = ""
    for token in tokens:
        text = token.text
        length += len(text)
        if length > MAX_LENGTH:
            return token.start, f"the formula is longer than {MAX_LENGTH} characters"
        if text in _OPENERS or (text == "[" and is_command(before)):
            open_levels.append((text, run + 1))
            depth += run + 1
            run = 0
        elif text in _CLOSERS:
            # What closes something else too is the engine's to refuse.
            while open_levels:
                opener, levels = open_levels.pop()
                depth -= levels
                if opener != "[":
                    break
            run = 0
        elif text == "]" and open_levels and open_levels[-1][0] == "[":
            depth -= open_levels.pop()[1]
        elif text in _SWITCHES:
            if open_levels:
                open_levels[-1] = (open_levels[-1][0], open_levels[-1][1] + 1)
            depth += 1
        elif is_command(text) or text in ("^", "_"):
            run += 1
        elif not text.isspace():
            run = 0
        if depth + run > MAX_DEPTH:
            return token.start, f"the formula is nested more than {MAX_DEPTH} levels deep"
        before = text
    return None
