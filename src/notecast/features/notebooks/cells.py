"""Cells of a notebook in one shape, whichever version of the format they come from.

Entry point: `read_cells`. Notebooks are written by many programs and by hand:
whatever is missing has a default, whatever is of the wrong kind is left out.
The formats: nbformat.readthedocs.io, versions 2 to 4 ("Changes" lists the differences).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from notecast.features.notebooks.json_file import FileCell, FileNotebook
from notecast.loader.decode import clean_text

_MAGIC = re.compile(r"%%([\w!.+-]+)")
_MARKDOWN_MAGIC = re.compile(r"%md(?:-sandbox)?[ \t]*(?:\n|\Z)")
_LANGUAGES = {
    "ipython": "python",
    "ipython2": "python",
    "ipython3": "python",
    "c++": "cpp",
    "!": "bash",
    "sh": "bash",
    "script": "bash",
    "js": "javascript",
    "pypy": "python",
    "python2": "python",
    "python3": "python",
    "r": "r",
    "writefile": "",
    "file": "",
    "html": "html",
    "svg": "xml",
    "latex": "latex",
    "markdown": "markdown",
    "bigquery": "sql",
}
_CELL_LANGUAGES = frozenset(
    {
        *("bash", "sh", "!", "script", "html", "javascript", "js", "latex", "markdown", "perl"),
        *("ruby", "sql", "bigquery", "cython", "svg", "r", "julia", "cpp", "python2", "python3"),
        *("writefile", "file"),
    }
)
"""Cell magics that say in which language the rest of the cell is."""


@dataclass(frozen=True)
class Cell:
    """One cell."""

    number: int
    """1-based."""
    kind: Literal["markdown", "code", "raw"]
    source: str
    lines: tuple[int, ...]
    """Line of the file for each line of the source."""
    metadata: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Any] = field(default_factory=dict)
    """Pictures by name, each a mapping from media type to data."""
    outputs: tuple[dict[str, Any], ...] = ()
    """In the shape of version 4."""
    language: str = ""


def read_cells(notebook: FileNotebook) -> tuple[list[Cell], list[tuple[int, int, str]]]:
    """All cells.

    Returns:
        The cells, and what was left out: number of the cell, line of the file, why.
    """
    metadata = mapping(notebook.value.get("metadata"))
    language = notebook_language(metadata)
    cells: list[Cell] = []
    wrong: list[tuple[int, int, str]] = []
    for number, given in enumerate(notebook.cells, 1):
        cell = _cell(number, given, language)
        if isinstance(cell, str):
            wrong.append((number, given.places[0], cell))
        else:
            cells.append(cell)
    return cells, wrong


def notebook_language(metadata: dict[str, Any]) -> str:
    """The language of the kernel, as highlighters call it; Python where nothing is said."""
    info, kernel = mapping(metadata.get("language_info")), mapping(metadata.get("kernelspec"))
    databricks = mapping(metadata.get("application/vnd.databricks.v1+notebook"))
    for value in (
        info.get("name"),
        kernel.get("language"),
        info.get("pygments_lexer"),
        databricks.get("language"),
        metadata.get("language"),
        kernel.get("name"),
    ):
        if isinstance(value, str) and value.strip():
            return _language(value)
    return "python"


def _language(written: str) -> str:
    name = written.strip().lower()[:40]
    if name.startswith(("c++", "xcpp")):
        return "cpp"
    return _LANGUAGES.get(name, name)


def _cell(number: int, given: FileCell, language: str) -> Cell | str:
    value = given.value
    if not isinstance(value, dict):
        return "this is no cell"
    kind = value.get("cell_type")
    written = value["source"] if "source" in value else value.get("input", "")
    source = joined(written)
    if source is None:
        return "the source of this cell is no text"
    lines = _lines(written, given.places)
    metadata = mapping(value.get("metadata"))
    if kind == "heading":  # version 3
        level = value.get("level")
        level = level if isinstance(level, int) and 1 <= level <= 6 else 1
        source = f"{'#' * level} {' '.join(source.split())}"
        return Cell(number, "markdown", source, lines[:1], metadata)
    if kind == "markdown":
        return Cell(number, "markdown", source, lines, metadata, mapping(value.get("attachments")))
    if kind in ("raw", "html"):
        return Cell(number, "raw", source, lines, metadata)
    if kind != "code":
        shown = f"of the type {kind[:40]}" if isinstance(kind, str) else "without a type"
        return f"a cell {shown} is not known"
    magic = _MARKDOWN_MAGIC.match(source)
    outputs = tuple(_outputs(value.get("outputs")))
    if magic and not outputs:  # Databricks
        return Cell(number, "markdown", source[magic.end() :], lines[1:] or lines[:1], metadata)
    own = _own_language(source, metadata, value.get("language"))
    return Cell(
        number, "code", source, lines, metadata, {}, outputs, language if own is None else own
    )


def _own_language(source: str, metadata: dict[str, Any], written: Any) -> str | None:
    """The language of a cell where it is another than the notebook's."""
    magic = _MAGIC.match(source.lstrip())
    if magic and magic[1].lower() in _CELL_LANGUAGES:
        return _language(magic[1])
    polyglot = mapping(metadata.get("polyglot_notebook")) or mapping(
        metadata.get("dotnet_interactive")
    )
    for value in (
        polyglot.get("kernelName"),
        polyglot.get("language"),
        mapping(metadata.get("vscode")).get("languageId"),
        written,  # version 3
    ):
        if isinstance(value, str) and value.strip():
            return _language(value)
    return None


def _outputs(value: Any) -> Iterator[dict[str, Any]]:
    for output in value if isinstance(value, list) else ():
        if isinstance(output, dict):
            yield _modern(output)


_OLD_TYPES = {"pyout": "execute_result", "pyerr": "error"}
_OLD_DATA = {
    "text": "text/plain",
    "html": "text/html",
    "latex": "text/latex",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "javascript": "application/javascript",
    "json": "application/json",
}


def _modern(output: dict[str, Any]) -> dict[str, Any]:
    """An output as version 4 has it."""
    kind = output.get("output_type")
    kind = _OLD_TYPES.get(kind, kind) if isinstance(kind, str) else ""
    if kind in ("execute_result", "display_data") and "data" not in output:
        data = {media: output[old] for old, media in _OLD_DATA.items() if old in output}
        return {"output_type": kind, "data": data, "metadata": output.get("metadata")}
    if kind == "stream" and "name" not in output:
        return {**output, "output_type": kind, "name": output.get("stream", "stdout")}
    return {**output, "output_type": kind}


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def joined(value: Any) -> str | None:
    """Text that a notebook holds in one string or in a list of them, cleaned; else `None`."""
    raw = as_text(value)
    return None if raw is None else clean_text(raw)


def as_text(value: Any) -> str | None:
    """The same as it is, with control characters, which terminals understand."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return None


def _lines(written: Any, places: tuple[int, ...]) -> tuple[int, ...]:
    """The line of the file for each line of a source."""
    strings = [written] if isinstance(written, str) else written
    lines: list[int] = []
    fresh = True
    place = places[0]
    for string, place in zip(strings, places, strict=False):
        if not string:
            continue
        parts = string.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines.extend([place] * (len(parts) - (not fresh)))
        fresh = not parts[-1]
        if fresh:
            lines.pop()
    if fresh:
        lines.append(place)
    return tuple(lines)
