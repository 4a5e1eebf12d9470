"""Reads BibTeX and BibLaTeX files.

Entry point: `read_bibtex`. `bibtexparser` finds the entries; values, names and
the meaning of fields are read here, since a file of a thousand entries holds
some that are wrong, and each of them is to be reported where it stands and
saved as far as it goes. Fields are those of the BibTeX manual (Patashnik,
"BibTeXing", 1988) and of BibLaTeX (biblatex manual, §2.2).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from notecast.problems import Problem, Severity
from notecast.works.bibtex_entry import work_of
from notecast.works.latex import Decoder
from notecast.works.model import Bibliography, Source

_WORD = re.compile(r"[^\s{}\"#,=%]+")
_LOST_FIELD = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*")
_MONTHS = {
    name: str(number)
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_INHERITED = {"title": "booktitle", "subtitle": "booksubtitle"}
"""What a field of the parent is for the child (biblatex manual, appendix B)."""
_OWN = frozenset(("title", "subtitle", "author", "pages", "doi", "url", "eprint", "crossref"))


def read_bibtex(text: str, path: str, first_line: int = 1) -> Bibliography:
    """The works of a file, and what is wrong with it.

    Args:
        text: The whole file.
        path: The file as problems show it.
        first_line: Line of the file at which `text` begins.

    Returns:
        Every entry that can be read at all. Nothing in the text raises.
    """
    return _Reader(path, first_line).read(text)


class _Reader:
    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.strings: dict[str, str] = dict(_MONTHS)
        self.entries: dict[str, tuple[str, dict[str, str], int]] = {}
        """By key: type, fields, line."""

    def read(self, text: str) -> Bibliography:
        import logging

        from bibtexparser.entrypoint import parse_string

        # The library prints what it cannot read; we say it with its place.
        logger = logging.getLogger("bibtexparser.splitter")
        was_disabled, logger.disabled = logger.disabled, True
        try:
            blocks = parse_string(text, parse_stack=[]).blocks
        except Exception as error:  # a fault of the library must not stop a build
            self.problem("bibliography-is-readable", 1, f"the file cannot be read: {error}", "")
            blocks = []
        finally:
            logger.disabled = was_disabled
        for block in blocks:
            self.block(block)
        self.inherit()
        decoder = Decoder()
        sources = [
            Source(work_of(key, kind, fields, decoder), self.path, line)
            for key, (kind, fields, line) in self.entries.items()
        ]
        return Bibliography(sources, self.problems)

    def problem(
        self, rule: str, line: int, message: str, hint: str, severity: Severity = "warning"
    ) -> None:
        place = self.first_line + line - 1
        self.problems.append(Problem(rule, severity, self.path, place, 0, message, hint))

    def block(self, block: Any) -> None:
        kind = type(block).__name__
        line = (block.start_line or 0) + 1
        if kind == "String":
            self.strings[block.key.lower()] = self.value(block.value, line)
        elif kind == "Entry":
            self.entry(block, line)
        elif kind == "DuplicateBlockKeyBlock":
            if type(block.ignore_error_block).__name__ == "Entry":
                self.duplicate(str(block.key), line)
        elif kind == "DuplicateFieldKeyBlock":
            entry = block.ignore_error_block
            names = ", ".join(sorted(block.duplicate_keys))
            self.problem(
                "bibliography-field-is-unique",
                line,
                f"the entry {entry.key} has {names} twice; the first counts",
                "remove one of them",
            )
            self.entry(entry, line)
        elif kind == "ParsingFailedBlock":
            self.failed(str(block.raw or ""), line)

    def duplicate(self, key: str, line: int) -> None:
        first = self.entries[key][2] + self.first_line - 1 if key in self.entries else 0
        self.problem(
            "bibliography-key-is-unique",
            line,
            f'there are two entries with the key "{key}"; the one on line {first} counts',
            "give one of them another key, or remove it",
        )

    def failed(self, raw: str, line: int) -> None:
        match = re.match(r"@\s*(\w+)\s*[{(]\s*([^,\s{}]*)", raw)
        if match and match[1].lower() in ("comment", "preamble"):
            return
        name = f"the entry {match[2]}" if match and match[2] else "an entry"
        self.problem(
            "bibliography-is-readable",
            line,
            f"{name} is not closed: a brace, a quotation mark or a comma is missing in it",
            "look for a value that does not end, and for the } behind the last field",
            "error",
        )

    def entry(self, block: Any, line: int) -> None:
        key = str(block.key or "").strip()
        if not key:
            self.problem(
                "bibliography-entry-has-key",
                line,
                "an entry has no key, so that nothing can cite it",
                "write one behind the brace: @article{name2020,",
            )
            return
        if key in self.entries:
            self.duplicate(key, line)
            return
        fields: dict[str, str] = {}
        for item in block.fields:
            at = (item.start_line or 0) + 1
            for name, value in self.values(str(item.key), str(item.value), at, key):
                fields.setdefault(name.lower(), value)
        self.entries[key] = (str(block.entry_type).lower(), fields, line)

    def values(self, name: str, written: str, line: int, key: str) -> Iterator[tuple[str, str]]:
        """The field, and those that a missing comma has swallowed into it."""
        while True:
            value, rest = self.pieces(written, line)
            yield name, value
            lost = _LOST_FIELD.match(rest)
            if lost is None:
                if rest.strip():
                    self.left_out(name, rest, line, key)
                return
            line += written[: len(written) - len(rest) + lost.start(1)].count("\n")
            self.problem(
                "bibliography-has-commas",
                line,
                f"a comma is missing before {lost[1]} in the entry {key}",
                f"put a comma behind the value of {name}",
            )
            name, written = lost[1], rest[lost.end() :]

    def left_out(self, name: str, rest: str, line: int, key: str) -> None:
        said = " ".join(rest.split())
        self.problem(
            "bibliography-is-readable",
            line,
            f"the value of {name} in the entry {key} ends before {said[:40]}",
            "put the whole value into one pair of braces, or join its parts by #",
        )

    def value(self, written: str, line: int) -> str:
        return self.pieces(written, line)[0]

    def pieces(self, written: str, line: int) -> tuple[str, str]:
        """A value made of `{…}`, `"…"`, numbers and names joined by `#`; and what is left."""
        text, parts = written.strip(), []
        while text:
            if text[0] in '{"':
                end = _end(text)
                parts.append(text[1:end] if end > 0 else text[1:])
                text = text[end + 1 :] if end > 0 else ""
            else:
                match = _WORD.match(text)
                if match is None:
                    break
                parts.append(self.word(match[0], line))
                text = text[match.end() :]
            following = text.lstrip()
            if not following.startswith("#"):
                break
            text = following[1:].lstrip()
        return "".join(parts), text

    def word(self, word: str, line: int) -> str:
        if word.isdigit() or word.lower() in self.strings:
            return self.strings.get(word.lower(), word)
        if re.fullmatch(r"[A-Za-z][\w:-]*", word):
            self.problem(
                "bibliography-string-is-defined",
                line,
                f"{word} is neither in braces nor defined by @string",
                f"write {{{word}}}, or @string{{{word} = {{…}}}} above",
            )
        return word

    def inherit(self) -> None:
        """Fills in what an entry has from its parent (`crossref`)."""
        for key, (kind, fields, line) in list(self.entries.items()):
            name = fields.get("crossref", "").strip()
            if not name:
                continue
            parent = self.entries.get(name)
            if parent is None:
                self.problem(
                    "bibliography-crossref-exists",
                    line,
                    f'the entry {key} refers to "{name}", which is not in this file',
                    "add that entry, or remove crossref",
                )
                continue
            self.entries[key] = (kind, {**_handed_down(parent[1]), **fields}, line)


def _handed_down(parent: Mapping[str, str]) -> dict[str, str]:
    given = {name: value for name, value in parent.items() if name not in _OWN}
    for name, become in _INHERITED.items():
        if name in parent:
            given.setdefault(become, parent[name])
    return given


def _end(text: str) -> int:
    """Position of the brace or quotation mark that ends the value at the start of `text`."""
    quoted = text[0] == '"'
    depth = 0
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 2
            continue
        depth += (character == "{") - (character == "}")
        if quoted and position and character == '"' and depth == 0:
            return position
        if not quoted and depth == 0:
            return position
        position += 1
    return -1
