"""Chunks of code: ```` ```{r label, echo=FALSE} ````, and what they say of themselves.

Entry points: `chunk_head`, `read_chunk`.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from notecast.loader.header_node import HeaderError
from notecast.loader.header_values import plain
from notecast.loader.header_yaml import read_yaml

_HEAD = re.compile(
    r"(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*\{(?P<inner>[A-Za-z][^{}]*)\}\s*\Z"
)
_OPTION = re.compile(r"[ \t]*(?:#|//|--|%%|;)\|[ \t]?(.*)")
_ARGUMENT = re.compile(
    r"""([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,]*(?:\([^()]*\))?)"""
)
_INCLUDED = re.compile(
    r"(?:knitr::)?include_graphics\(\s*(?:path\s*=\s*)?(?:c\(\s*)?"
    r"(?P<first>\"[^\"]+\"|'[^']+')(?P<others>(?:\s*,\s*(?:\"[^\"]+\"|'[^']+'))*)\s*\)?"
    r"(?:\s*,[^()]*)?\)"
)
_STRING = re.compile(r"\"([^\"]+)\"|'([^']+)'")
_NO = frozenset(("false", "f", "no", "none", "hide"))
LANGUAGES = {"r": "r", "ojs": "js", "rcpp": "cpp", "stan": "stan", "cat": "text", "webr": "r"}


class Head(NamedTuple):
    """The line that opens a chunk."""

    indent: str
    fence: str
    language: str
    label: str
    options: dict[str, str]


class Chunk(NamedTuple):
    """A chunk of code as it is to be shown."""

    code: tuple[str, ...]
    """Lines, without those that hold options."""
    first: int
    """Number of lines with options."""
    shown: bool
    """Whether the code is shown."""
    included: bool
    """Whether anything of the chunk is."""
    label: str
    """With its prefix and a colon, `fig:x`, if something can refer to it; else empty."""
    caption: str
    pictures: tuple[str, ...]
    """Files that the chunk does nothing but show."""
    width: str
    wrong: str
    """Why its options cannot be read."""


def chunk_head(line: str) -> Head | None:
    """The opening line of a chunk, if a line is one."""
    match = _HEAD.match(line)
    if match is None:
        return None
    inner = match["inner"].strip()
    language, _, rest = inner.partition(" ")
    language, comma, more = language.partition(",")
    rest = f"{more} {rest}" if comma else rest
    label = re.match(r"\s*([\w.:/-]+)\s*(?:,|\Z)", rest)
    options = {
        key.lower().replace(".", "-"): value.strip().strip("\"'")
        for key, value in _ARGUMENT.findall(rest)
    }
    name = label[1] if label and not comma else options.get("label", "")
    return Head(match["indent"], match["fence"], language.lower(), name, options)


def read_chunk(head: Head, lines: Sequence[str]) -> Chunk:
    """A chunk from its head and the lines between its fences."""
    written: list[str] = []
    for line in lines:
        option = _OPTION.match(line)
        if option is None:
            break
        written.append(option[1])
    options: dict[str, Any] = dict(head.options)
    wrong = ""
    try:
        tree = read_yaml("\n".join(written) + "\n", 1) if any(written) else None
        if tree is not None and tree.root is not None and tree.root.kind == "map":
            options |= {
                str(key).lower().replace(".", "-"): value for key, value in plain(tree.root).items()
            }
    except HeaderError as error:
        wrong = f"the options of this chunk are no YAML: {error.message}"
    code = tuple(line for line in lines[len(written) :])
    label = _text(options.get("label")) or head.label
    figure, table = _text(options.get("fig-cap")), _text(options.get("tbl-cap"))
    pictures = _pictures(code)
    return Chunk(
        code=code,
        first=len(written),
        shown=not (_is_no(options.get("echo")) or pictures or _is_no(options.get("code-show"))),
        included=not _is_no(options.get("include")),
        label=_label(label, figure, table),
        caption=figure or table,
        pictures=pictures,
        width=_width(_text(options.get("out-width"))),
        wrong=wrong,
    )


def _label(written: str, figure: str, table: str) -> str:
    kind = re.match(r"(fig|tbl|lst)-", written)
    if kind is not None and kind[1] != "lst":
        return f"{kind[1]}:{written[4:]}"
    if not written or not (figure or table):
        return ""
    # Bookdown: every chunk with a caption can be referred to.
    return f"{'fig' if figure else 'tbl'}:{re.sub(r'[^A-Za-z0-9_.-]', '-', written)}"


def _pictures(code: Sequence[str]) -> tuple[str, ...]:
    text = "\n".join(line for line in code if line.strip() and not line.lstrip().startswith("#"))
    match = _INCLUDED.fullmatch(text.strip())
    if match is None:
        return ()
    found = _STRING.findall(match["first"] + match["others"])
    return tuple(double or single for double, single in found)


def _width(written: str) -> str:
    return written if re.fullmatch(r"\d{1,4}(?:px|%)?", written) else ""


def _is_no(value: Any) -> bool:
    if isinstance(value, bool):
        return not value
    return isinstance(value, str) and value.strip().lower() in _NO


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
