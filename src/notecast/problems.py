"""What can be wrong, as values.

A `Problem` says where something is wrong, what, and what to do. Problems are
collected, cached with what caused them and printed once, sorted by place.
Nothing in the program raises for bad input that a build can survive.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is wrong in a note, a template or the configuration."""

    rule: str
    """Stable id that states what should hold, such as `link-target-exists`."""
    severity: Severity
    path: str
    """As the author knows it: relative to the site folder, with `/`."""
    line: int
    """1-based; 0 where the whole file is meant."""
    column: int
    """1-based, in characters; 0 where the whole line is meant."""
    message: str
    """What is wrong, in the author's words; one sentence without a full stop."""
    hint: str = ""
    """What to do; empty where the message says it."""
    where: str = ""
    """The place in the author's terms, where lines of the file say little: `cell 3, line 2`."""
    same: str = ""
    """What several places of the rule have in common, such as the name that nothing has: they
    are told once. Empty where every place is told."""
    elsewhere: int = 0
    """How many other places have the same, when they are told once (`together`)."""

    @property
    def place(self) -> tuple[str, int, int, str, str, str]:
        """The order in which problems are shown."""
        return (self.path, self.line, self.column, self.rule, self.message, self.where)

    @property
    def said(self) -> str:
        """The message with the place in the author's terms, and with the number of others."""
        text = f"{self.message} ({self.where})" if self.where else self.message
        if not self.elsewhere:
            return text
        return f"{text}; so in {self.elsewhere} other place{'s' if self.elsewhere > 1 else ''}"

    def __str__(self) -> str:
        where = self.path
        if self.line:
            where += f":{self.line}"
            if self.column:
                where += f":{self.column}"
        text = f"{where}: {self.severity}: {self.said} [{self.rule}]"
        return f"{text}\n    hint: {self.hint}" if self.hint else text


def in_order(problems: "list[Problem]") -> "list[Problem]":
    """Problems sorted by place, each once."""
    return sorted(set(problems), key=lambda problem: problem.place)


def together(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, of those that have something in common the first by place alone.

    A name that nothing has may be linked in a thousand notes, and is one thing to mend. People
    are shown problems so; programs that compare them with others want every place.
    """
    kept: list[Problem] = []
    shared: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.same:
            shared.setdefault((problem.rule, problem.same), []).append(problem)
        else:
            kept.append(problem)
    for places in shared.values():
        first = min(places, key=lambda problem: problem.place)
        others = len({problem.place for problem in places}) - 1
        kept.append(msgspec.structs.replace(first, elsewhere=others))
    return kept
