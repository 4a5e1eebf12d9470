"""What can be wrong, as values.

A `Problem` says where something is wrong, what, and what to do. Problems are
collected, cached with what caused them and printed once, sorted by place.
Nothing in the program raises for bad input that a build can survive.
"""

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

    @property
    def place(self) -> tuple[str, int, int, str, str, str]:
        """The order in which problems are shown."""
        return (self.path, self.line, self.column, self.rule, self.message, self.where)

    @property
    def said(self) -> str:
        """The message with the place in the author's terms."""
        return f"{self.message} ({self.where})" if self.where else self.message

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
