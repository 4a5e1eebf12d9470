"""Runs a program that draws, and takes what it says for an error of the author's.

Entry point: `draw`.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from notecast.features.diagrams.svg import NotDrawn, cleaned
from notecast.model import Made
from notecast.programs import run_program

FILE = "diagram.svg"
LARGEST = 8 * 1024 * 1024
"""Bytes of a drawing at most."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LINE = re.compile(r"\blines? (\d{1,6})\b", re.IGNORECASE)


def draw(command: Sequence[str], source: str, patience: int, into: Path) -> Made:
    """Draws one diagram.

    Args:
        command: The program and its arguments, with `{input}` and `{output}` for files.
        source: The diagram as text.
        patience: Seconds after which the program is ended.
        into: Folder for the file.

    Returns:
        The file with its size in CSS pixels as facts; else a fault: rule, message, hint, and
        the line of the source that it is in, counted from 1, or 0.
    """
    given, drawn = into / "source.txt", into / "drawn.svg"
    given.write_text(source, encoding="utf-8", newline="\n")
    files = {"{input}": str(given), "{output}": str(drawn)}
    arguments = [_with_files(part, files) for part in command]
    try:
        read = b"" if "{input}" in command else source.encode()
        status, out, complaint = run_program(arguments, given=read, patience=patience, folder=into)
        said = complaint.decode("utf-8", "replace")
        if status:
            return _wrong(command[0], said or out.decode("utf-8", "replace"), status)
        data = drawn.read_bytes() if "{output}" in command and drawn.is_file() else out
        if len(data) > LARGEST:
            return _fault(f"{command[0]} made {len(data) // 2**20} MB of it", "make it smaller")
        svg, width, height = cleaned(data)
    except subprocess.TimeoutExpired:
        return _fault(
            f"{command[0]} was not ready after {patience} seconds",
            "try it by hand, or give it more time: diagrams: {patience: …}",
            passing=True,
        )
    except OSError as error:
        why = error.strerror or str(error)
        return _fault(f"{command[0]} cannot be started: {why}", "check `diagrams`", passing=True)
    except NotDrawn as error:
        return _wrong(command[0], said, 0, str(error))
    finally:
        given.unlink(missing_ok=True)
        drawn.unlink(missing_ok=True)
    (into / FILE).write_bytes(svg)
    # A drawing with a style sheet of its own is right inside a page only: opened alone it is a
    # page itself, and a strict policy of the site (docs/theme.md) lets no sheet inside pages pass.
    alone = b"<style" not in svg and b" style=" not in svg
    return Made((FILE,), {"width": width, "height": height, "alone": alone})


def _with_files(part: str, files: dict[str, str]) -> str:
    for mark, path in files.items():
        part = part.replace(mark, path)
    return part


def _wrong(program: str, said: str, status: int, why: str = "") -> Made:
    """What a program complained of, at the line that it names."""
    lines = [line.strip() for line in _COLOURS.sub("", said).splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    placed = [line for line in errors if _LINE.search(line)]
    usual = f"it ended with status {status}" if status else "it drew nothing"
    told = (placed or errors[-1:] or lines[-1:] or [why or usual])[0]
    match = _LINE.search(told) if lines else None
    name = os.path.basename(program)
    return _fault(
        f"{name} cannot draw this diagram: {told.removeprefix(f'{name}: ')[:300]}",
        "its source is shown meanwhile",
        int(match[1]) if match else 0,
    )


def _fault(message: str, hint: str, line: int = 0, *, passing: bool = False) -> Made:
    return Made(fault=("diagram-is-drawn", message, hint, str(line)), passing=passing)
