"""What Quarto has computed of a note and keeps in `_freeze/`: the text with all that came of it.

It counts as long as the source is the one that was computed, which its digest tells. Nothing
is run. https://quarto.org/docs/projects/code-execution.html#freeze
Entry point: `frozen_text`.
"""

import json
import os
import re
from collections.abc import Callable
from hashlib import md5
from pathlib import PurePosixPath

FOLDER = "_freeze"
RESULTS = "execute-results/html.json"
_CHUNK = re.compile(rb"^[ \t]*`{3,}[ \t]*\{", re.MULTILINE)
_CELL = re.compile(r"[ \t]*:{3,}[ \t]*\{[^{}]*\.cell(?:[\s}]|-output)[^{}]*\}[ \t]*\Z")
_FENCED_DIV = re.compile(r"[ \t]*:{3,}[ \t]*[^\s:]")
_DIV_END = re.compile(r"[ \t]*:{3,}[ \t]*\Z")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_CODE = re.compile(r"([ \t]*`{3,}[ \t]*)\{\.([\w+-]+) \.cell-code[^{}]*\}[ \t]*\Z")
_HEADER = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def may_be_frozen(data: bytes, path: str) -> bool:
    """Whether a note is one of Quarto's with something to compute."""
    return path.lower().endswith(".qmd") and _CHUNK.search(data) is not None


def frozen_text(
    text: str, data: bytes, source: str, root: str, read: Callable[[str], str | None]
) -> str | None:
    """The text with what was computed; `None` where there is nothing for this very source.

    Args:
        text: The note, as `decode` returned it.
        data: The same as bytes.
        source: Where it is.
        root: Folder out of which no file is read.
        read: Reads a text file inside it.
    """
    folder = os.path.dirname(os.path.realpath(source))
    top = os.path.realpath(root)
    name = os.path.splitext(os.path.basename(source))[0]
    while folder == top or folder.startswith(top + os.sep):
        below = os.path.relpath(os.path.dirname(os.path.realpath(source)), folder)
        place = os.path.normpath(os.path.join(folder, FOLDER, below, name))
        results = read(os.path.join(place, RESULTS))
        if results is not None:
            return _of_results(results, text, data, name, place, os.path.dirname(source))
        folder = os.path.dirname(folder)
    return None


def _of_results(
    results: str, text: str, data: bytes, name: str, place: str, folder: str
) -> str | None:
    try:
        stored = json.loads(results)
        markdown = stored["result"]["markdown"]
        same = stored["hash"] == md5(data, usedforsecurity=False).hexdigest()
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not same or not isinstance(markdown, str):
        return None
    pictures = PurePosixPath(os.path.relpath(place, os.path.realpath(folder))).as_posix()
    lines = _without_cells(markdown.replace(f"{name}_files/", f"{pictures}/").split("\n"))
    header = _HEADER.match(text)
    if header and not markdown.startswith("---"):
        lines = [*header[0].rstrip("\n").split("\n"), *lines]
    return "\n".join(lines)


def _without_cells(lines: list[str]) -> list[str]:
    """The lines without the divs around what cells show, and with code as Markdown names it."""
    found: list[str] = []
    kept: list[bool] = []
    fence = ""
    for line in lines:
        marker = _FENCE.match(line)
        if fence:
            if marker and marker[1].startswith(fence) and not line.strip("`~ \t"):
                fence = ""
        elif marker:
            fence = marker[1]
            line = _CODE.sub(r"\1\2", line)
        elif _CELL.match(line):
            kept.append(False)
            continue
        elif _FENCED_DIV.match(line):
            kept.append(True)
        elif _DIV_END.match(line) and kept and not kept.pop():
            continue
        found.append(line)
    return found
