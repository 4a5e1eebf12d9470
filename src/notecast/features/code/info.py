"""The info string of a fence: language, title, lines to mark, line numbers."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Info:
    """What stands behind the opening fence."""

    lang: str = ""
    title: str = ""
    marked: frozenset[int] = frozenset()
    """1-based lines."""
    first_line: int | None = None
    """Number of the first line; None: as the site wants, 0: no numbers."""
    classes: tuple[str, ...] = ()
    id: str = ""


_KEY = re.compile(r"""([A-Za-z_][\w-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))""")
_LINES = re.compile(r"\{([\d\s,-]+)\}")
_WORD = re.compile(r"[^\s{}\"'=,]+")
_LANG = re.compile(r"\{?[.=]?([^\s{}\"'=,:]+)")
_TITLES = frozenset({"title", "filename", "file", "name", "caption"})
_NUMBERS = frozenset({"linenos", "linenums", "shownumbers", "showlinenumbers", "numberlines"})
_FIRST = frozenset({"startline", "startfrom", "linenostart", "start", "start-line"})
_MARKS = frozenset({"hl_lines", "highlight", "emphasize-lines", "hl"})
_NO = frozenset({"false", "no", "0", "none"})
MAX_LINES = 100_000
"""A range of marked lines is not followed further than this."""


def read_info(info: str) -> Info:
    """Reads the info string of a fence: a language, then anything of

    `title="…"`, `{1,3-5}` or `hl_lines="1 3-5"`, `linenos`, `linenums="5"`, and
    Pandoc's `{.python #id .class key=value}`. Unknown words are passed over.
    """
    rest = info.strip()
    lang = ""
    match = _LANG.match(rest)
    if match and not _LINES.match(rest) and not match[1].startswith("#"):
        lang, rest = match[1], rest[match.end() :]
    title, marked, first = "", set[int](), None
    for key, double, single, bare in _KEY.findall(rest):
        value, name = double or single or bare, key.lower()
        if name in _TITLES:
            title = value
        elif name in _MARKS:
            marked |= _numbers(value)
        elif name in _NUMBERS or name in _FIRST:
            first = 0 if value.lower() in _NO else _first_line(value)
    rest = _KEY.sub(" ", rest)
    for lines in _LINES.findall(rest):
        marked |= _numbers(lines)
    classes: list[str] = []
    identifier = ""
    for word in _WORD.findall(_LINES.sub(" ", rest)):
        name = word.removeprefix(".")
        if name.lower() in _NUMBERS:
            first = 1 if first is None else first
        elif word.startswith("#"):
            identifier = word[1:]
        elif word.startswith("."):
            if not lang:
                lang = name
            elif name not in (lang, "input", "output"):
                classes.append(name)
    return Info(lang, title, frozenset(marked), first, tuple(classes), identifier)


def _first_line(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 8 else 1


def _numbers(text: str) -> set[int]:
    """`1,3-5` as a set."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d{1,7})(?:\s*-\s*(\d{1,7}))?", text):
        found.update(range(int(first), min(int(last or first), int(first) + MAX_LINES) + 1))
    return found
