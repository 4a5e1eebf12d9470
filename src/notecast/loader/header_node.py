"""What a header is made of before its keys are understood, and how large it may be.

YAML and TOML both become a tree of `Node`, in which every scalar is still the
text that the author wrote: `title: NO` is no boolean and `arxiv: 2401.00010`
no number until somebody asks for one.
"""

import re
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


_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(value: Any) -> Any:
    """A value of a header without what no page may hold (XML 1.0, section 2.2, and C1 controls).

    The reader of files has dropped such characters, but escapes in quotes, such
    as `"\\x01"`, make new ones. Keys that must not hold any have refused them by now.
    """
    if isinstance(value, str):
        return value if value.isprintable() else _NO_TEXT.sub("", value)
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(clean(item) for item in value)
    return value


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
