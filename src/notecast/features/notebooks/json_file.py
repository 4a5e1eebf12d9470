"""Reads the JSON of a notebook, and remembers on which line every line of a cell stands.

Entry point: `read_json`. The standard library's scanner reads the values; only
the way down to the cells is walked here, since the scanner keeps no places.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_SPACE = re.compile(r"[ \t\n\r]*")
_SOURCES = frozenset({"source", "input"})
_LONGEST_NUMBER = 18
"""Digits of whole numbers that are read as such; none in a notebook has more."""

Take = Callable[[str, int], int]
"""Takes the value of a key that begins at an offset; returns the offset behind it."""


class FileCell(NamedTuple):
    """A cell as the file has it."""

    value: Any
    places: tuple[int, ...]
    """Line of the file for each string of its source."""


class FileNotebook(NamedTuple):
    """A notebook as the file has it."""

    value: dict[str, Any]
    """Everything but the cells."""
    cells: list[FileCell]
    has_cells: bool


class BadFile(Exception):
    """The file is no JSON: line and column, what is wrong and what to do."""

    def __init__(self, line: int, column: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.hint = line, column, message, hint


def read_json(text: str) -> FileNotebook:
    """Reads a notebook of any version.

    Raises:
        BadFile: The text is no JSON, or no JSON object.
    """
    try:
        return _File(text).read()
    except json.JSONDecodeError as error:
        raise _bad(text, error) from error
    except RecursionError as error:
        raise BadFile(0, 0, "the JSON is nested too deeply", _ANEW) from error


class _File:
    def __init__(self, text: str) -> None:
        self.text = text
        self.cells: list[FileCell] = []
        self.has_cells = False
        # Duplicates of a key: the last counts, as the scanner has it.
        self._decode = json.JSONDecoder(parse_int=_whole, strict=False).raw_decode
        self._line, self._seen = 1, 0

    def read(self) -> FileNotebook:
        start = self.skip(0)
        if self.text[start : start + 1] != "{":
            _, end = self._decode(self.text, start)
            raise self.fault("this is JSON, but no notebook", start)
        top: dict[str, Any] = {}

        def take(key: str, at: int) -> int:
            if key == "cells":
                return self.take_cells(at)
            if key == "worksheets" and self.text.startswith("[", at):  # nbformat 3
                return self.items(at, self.take_sheet)
            top[key], end = self._decode(self.text, at)
            return end

        end = self.skip(self.members(start, take))
        if end < len(self.text):
            raise json.JSONDecodeError("Extra data", self.text, end)
        return FileNotebook(top, self.cells, self.has_cells)

    def take_sheet(self, at: int) -> int:
        if not self.text.startswith("{", at):
            return self._decode(self.text, at)[1]

        def take(key: str, start: int) -> int:
            return self.take_cells(start) if key == "cells" else self._decode(self.text, start)[1]

        return self.members(at, take)

    def take_cells(self, at: int) -> int:
        if not self.text.startswith("[", at):
            return self._decode(self.text, at)[1]
        self.has_cells = True
        return self.items(at, self.take_cell)

    def take_cell(self, at: int) -> int:
        if not self.text.startswith("{", at):
            value, end = self._decode(self.text, at)
            self.cells.append(FileCell(value, (self.line(at),)))
            return end
        cell: dict[str, Any] = {}
        places: list[int] = []

        def take(key: str, start: int) -> int:
            if key in _SOURCES:
                places.clear()
                if self.text.startswith("[", start):
                    strings: list[Any] = []

                    def take_string(place: int) -> int:
                        value, end = self._decode(self.text, place)
                        strings.append(value)
                        places.append(self.line(place))
                        return end

                    cell[key] = strings
                    return self.items(start, take_string)
                places.append(self.line(start))
            cell[key], end = self._decode(self.text, start)
            return end

        first = self.line(at)
        end = self.members(at, take)
        self.cells.append(FileCell(cell, tuple(places or [first])))
        return end

    def members(self, at: int, take: Take) -> int:
        """Walks an object that begins at `at`; returns the offset behind it."""
        text = self.text
        at = self.skip(at + 1)
        if text.startswith("}", at):
            return at + 1
        while True:
            if not text.startswith('"', at):
                message = "Expecting property name enclosed in double quotes"
                raise json.JSONDecodeError(message, text, at)
            key, at = self._decode(text, at)
            at = self.skip(at)
            if not text.startswith(":", at):
                raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
            at = self.skip(take(key, self.skip(at + 1)))
            if text.startswith("}", at):
                return at + 1
            if not text.startswith(",", at):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            at = self.skip(at + 1)

    def items(self, at: int, take: Callable[[int], int]) -> int:
        """Walks an array that begins at `at`; returns the offset behind it."""
        text = self.text
        at = self.skip(at + 1)
        if text.startswith("]", at):
            return at + 1
        while True:
            at = self.skip(take(at))
            if text.startswith("]", at):
                return at + 1
            if not text.startswith(",", at):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
            at = self.skip(at + 1)

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def line(self, at: int) -> int:
        """The line of an offset; asked from the top of the file to its end."""
        self._line += self.text.count("\n", self._seen, at)
        self._seen = at
        return self._line

    def fault(self, message: str, at: int) -> BadFile:
        return BadFile(self.line(at), 0, message, "a notebook is an object with a list of cells")


def _whole(digits: str) -> int:
    # Python refuses to read numbers of thousands of digits, and takes long for long ones.
    return int(digits) if len(digits) <= _LONGEST_NUMBER else 0


_ANEW = "open it in Jupyter and save it again, or take it from an earlier version"
_MEANINGS = (
    ("Expecting ',' delimiter", "a comma or a closing bracket is missing before this place"),
    ("Expecting ':' delimiter", "a colon is missing behind a key"),
    ("Expecting property name", "a key in double quotes is missing (or a comma is too many)"),
    ("Illegal trailing comma", "there is a comma too many"),
    ("Expecting value", "a value is missing"),
    ("Unterminated string", "a string begins here and never ends"),
    ("Invalid control character", "a string holds a character that JSON wants escaped"),
    ("Invalid \\", "a backslash is followed by something that JSON does not know"),
    ("Extra data", "something follows behind the end of the notebook"),
)


def _bad(text: str, error: json.JSONDecodeError) -> BadFile:
    lines = text.split("\n", error.lineno)
    here = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
    beginning = text[:200].lstrip().lower()
    if not beginning:
        return BadFile(0, 0, "the file is empty", "save the notebook again")
    if here.lstrip(' "').startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        message = "the file holds both sides of a merge that was not finished"
        return BadFile(error.lineno, 1, message, "finish the merge (nbdime helps), or " + _ANEW)
    if beginning.startswith("version https://git-lfs"):
        message = "the file is a pointer of Git LFS, not the notebook itself"
        return BadFile(1, 1, message, "git lfs pull")
    if beginning.startswith(("<!doctype", "<html")):
        message = "the file is a web page, not a notebook"
        return BadFile(1, 1, message, "download the raw file")
    meaning = next((what for start, what in _MEANINGS if error.msg.startswith(start)), error.msg)
    if error.pos >= len(text.rstrip()):
        meaning = "the file ends in the middle of the notebook"
    return BadFile(error.lineno, error.colno, f"this is not JSON: {meaning}", _ANEW)
