"""What a header is made of before its keys are understood, and how large it may be.

YAML and TOML both become a tree of `Node`, in which every scalar is still the
text that the author wrote: `title: NO` is no boolean and `arxiv: 2401.00010`
no number until somebody asks for one.
"""

from typing import Any, NamedTuple

MAX_CHARACTERS = 65_536
MAX_DEPTH = 32
MAX_NODES = 1_000
"""Counted after every alias has been replaced by what it stands for."""


class Node(NamedTuple):
    """One value of a header and where it stands."""

    kind: str
    """`plain` (a scalar without quotes), `quoted`, `list` or `map`."""
    value: Any
    """`str` for scalars, list of Node, or list of (key Node, value Node)."""
    line: int
    """Line of the file (1-based)."""
    column: int
    """1-based."""

    @property
    def is_empty(self) -> bool:
        """Whether the author left the value open (`tags:`, `null`, `~`)."""
        return self.kind == "plain" and self.value in EMPTY

    @property
    def is_scalar(self) -> bool:
        return self.kind in ("plain", "quoted")


EMPTY = frozenset(("", "~", "null", "Null", "NULL"))


class HeaderError(Exception):
    """A header that cannot be read; caught by `read_header`, which makes it a Problem."""

    def __init__(self, rule: str, line: int, column: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint


class Refused(NamedTuple):
    """A value that was left out while the rest of the header could be read."""

    line: int
    column: int
    message: str
    hint: str


def size_error(line: int, column: int, message: str) -> HeaderError:
    """The error for a header beyond one of the limits."""
    hint = "move long content into the note, or data into a file of its own"
    return HeaderError("header-is-small", line, column, message, hint)
