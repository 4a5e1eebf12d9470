"""Files that a note takes in line by line are part of the note.

What they say counts for the key of its Post, and lines of them have the place of the line
that takes them in. Nothing outside the site folder is read, nor hidden files.
Entry points: `Includes` with `with_included` and `included_in`, `MARK`.
"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from notecast.loader.decode import decode
from notecast.loader.frozen import frozen_text, may_be_frozen
from notecast.loader.include_forms import MAY_INCLUDE, Form, form_of, part_of
from notecast.loader.scan import NOTE_SUFFIXES
from notecast.loader.scan_names import SOURCE_SUFFIXES
from notecast.model import Span
from notecast.problems import Problem

MARK = "+"
"""The digest of a note that takes in files begins with it: such a note is always looked at."""
MAX_DEPTH = 10
MAX_BYTES = 2_000_000
MAX_LINES = 50_000
_TEXTS = (*NOTE_SUFFIXES, *SOURCE_SUFFIXES)
_FAR = 400
"""Lines that a program may have put between two of the author's."""
_FOLDERS = ("", "docs", "includes", "snippets", "docs/includes", "docs/snippets", "_includes")
"""Where snippets may lie besides the folders above the note (`base_path` of MkDocs)."""


class Includes:
    """The files around a site's notes, each read once."""

    def __init__(self, root: str) -> None:
        """`root` is the folder out of which no file is read; if it is empty, none is."""
        self.root = os.path.realpath(root) if root else ""
        self._texts: dict[str, str | None] = {}

    def read(self, path: str) -> str | None:
        """The text of a file; `None` if it may not be read, or is none."""
        place = os.path.realpath(path)
        if place not in self._texts:
            self._texts[place] = self._read(place)
        return self._texts[place]

    def find(self, name: str, folder: str, form: Form) -> str | None:
        """The path of a file that a form names.

        Args:
            name: As it is written.
            folder: Of the file in which it is written.
            form: What takes it in.
        """
        if not name or "\0" in name or "\\" in name:
            return None
        relative = name.lstrip("/")
        places = [] if name.startswith("/") else [os.path.join(folder, relative)]
        if form.kind == "snippet" or name.startswith("/"):
            above = Path(os.path.realpath(folder))
            inside = [str(up) for up in (above, *above.parents) if self._holds(str(up))]
            places += [os.path.join(up, relative) for up in inside]
            places += [os.path.join(self.root, below, relative) for below in _FOLDERS]
        return next((place for place in places if self.read(place) is not None), None)

    def _holds(self, path: str) -> bool:
        return bool(self.root) and (path == self.root or path.startswith(self.root + os.sep))

    def _read(self, place: str) -> str | None:
        if not self._holds(place):
            return None
        below = os.path.relpath(place, self.root).split(os.sep)
        if any(part.startswith(".") for part in below):
            return None
        try:
            state = os.stat(place)
            if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
                return None
            return decode(Path(place).read_bytes(), "")[0]
        except (OSError, ValueError):
            return None


class Included(NamedTuple):
    """A text with what it takes in."""

    text: str
    origins: list[int]
    """Of each line: its line in the file, 0-based; `~line` for those of other files."""
    problems: tuple[Problem, ...] = ()


def with_included(
    text: str, data: bytes, source: str, shown: str, includes: Includes
) -> Included | None:
    """A note's text with the files that it takes in; `None` if it takes in none.

    Args:
        text: The note, as `decode` returned it.
        data: The same as bytes.
        source: Where the note is.
        shown: Its path as problems show it.
        includes: Who reads files.
    """
    if may_be_frozen(data, source):
        computed = frozen_text(text, data, source, includes.root, includes.read)
        if computed is not None:
            return Included(computed, _aligned(computed.split("\n"), text.split("\n")))
        if MAY_INCLUDE.search(data) is None:
            # To be looked at again: it may be computed any time.
            return Included(text, list(range(text.count("\n") + 1)))
    if MAY_INCLUDE.search(data) is None:
        return None
    run = _Run(includes, shown)
    run.walk(text.split("\n"), os.path.dirname(source), -1, ())
    if not run.changed and not run.problems:
        return None
    return Included("\n".join(run.lines), run.origins, tuple(run.problems))


def takes_in(data: bytes, path: str) -> bool:
    """Whether a note has lines that may take in files; in notebooks none do."""
    found = MAY_INCLUDE.search(data) is not None and path.lower().endswith(_TEXTS)
    return found or may_be_frozen(data, path)


def included_in(data: bytes, source: str, includes: Includes) -> Included | None:
    """The same as `with_included` for the bytes of a note of any format."""
    if not takes_in(data, source):
        return None
    return with_included(decode(data, "")[0], data, source, "", includes)


def _aligned(lines: list[str], own: list[str]) -> list[int]:
    """For each line of a text that a program made the line of the file from which it came."""
    places: dict[str, list[int]] = {}
    for nth in range(len(own) - 1, -1, -1):
        places.setdefault(own[nth], []).append(nth)
    origins: list[int] = []
    last = 0
    for line in lines:
        rest = places.get(line, [])
        while rest and rest[-1] < last:
            rest.pop()
        if line.strip() and rest and rest[-1] - last < _FAR:
            last = rest[-1]
            origins.append(last)
        else:
            origins.append(~last)
    return origins


def composed(spans: Sequence[Span], origins: Sequence[int]) -> tuple[Span, ...]:
    """Where lines of a manuscript stand in a file whose reader was given a longer text.

    Args:
        spans: Of the manuscript, with lines of that text; none where each line is its own.
        origins: Of that text; see `Included`.
    """
    found: list[Span] = []
    spans = spans or [Span(1, 1, 1, "", 0)]
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        last = following.first if following else span.first + len(origins)
        for line in range(span.first, last):
            nth = span.line + (line - span.first) * span.step
            origin = origins[min(nth, len(origins)) - 1]
            place = (origin if origin >= 0 else ~origin) + 1
            before = found[-1] if found else None
            step = 1 if origin >= 0 and span.step else 0
            if (
                before is None
                or before.step != step
                or before.line + (line - before.first) * step != place
            ):
                found.append(Span(line, place, step, "", 0))
            if not span.step:
                break
    return tuple(found)


class _Run:
    def __init__(self, includes: Includes, shown: str) -> None:
        self.includes = includes
        self.shown = shown
        self.lines: list[str] = []
        self.origins: list[int] = []
        self.problems: list[Problem] = []
        self.changed = False

    def walk(self, lines: list[str], folder: str, line: int, within: tuple[str, ...]) -> None:
        """Takes over lines, which all stand at one line of the note if they are of other files."""
        index = 0
        while index < len(lines) and len(self.lines) < MAX_LINES:
            origin = index if line < 0 else ~line
            form = form_of(lines, index)
            if form is None or not self.take(form, folder, index if line < 0 else line, within):
                self.lines.append(lines[index])
                self.origins.append(origin)
                index += 1
                continue
            index += form.lines

    def take(self, form: Form, folder: str, line: int, within: tuple[str, ...]) -> bool:
        found = [(name, self.includes.find(name, folder, form)) for name in form.files]
        lost = [name for name, path in found if path is None]
        if lost or len(within) >= MAX_DEPTH or any(path in within for _, path in found):
            what = (
                f'there is no file "{lost[0]}" to take in'
                if lost
                else f'the file "{form.files[0]}" takes in itself'
            )
            self.problems.append(
                Problem(
                    "included-file-exists",
                    "warning",
                    self.shown,
                    line + 1,
                    0,
                    f"{form.shown}: {what}",
                    "write its path from the note's folder, inside the site folder",
                )
            )
            return False
        self.changed = True
        for name, path in found:
            assert path is not None
            lines = part_of(self.includes.read(path) or "", form, name)
            before = [
                "" if form.kind == "book" and nth else form.before for nth in range(len(lines))
            ]
            lines = [start + text for start, text in zip(before, lines, strict=True)] or [
                form.before
            ]
            lines[-1] += form.after
            if form.kind == "text":
                lines = ["", *lines, ""]
            inner = os.path.dirname(path) if form.kind != "snippet" else folder
            self.walk(lines, inner, line, (*within, path))
        return True
