"""The programs that draw: what they are called with, and how another one is told from the same.

A command line is split as a shell would split it, and no shell sees it. The program
reads the source from its input unless `{input}` names a file for it, and writes SVG
to its output unless `{output}` does.
"""

import os
import shlex
import shutil

KINDS = {"mermaid": "mermaid", "dot": "graphviz", "graphviz": "graphviz", "gv": "graphviz"}
"""Languages of blocks, and what draws them."""

_SANS = [f"-{of}fontname=sans-serif" for of in "GNE"]
_GRAPHVIZ = ["-Tsvg", "-Gbgcolor=transparent", *_SANS]
USUAL = {
    **dict.fromkeys(("dot", "neato", "fdp", "sfdp", "circo", "twopi"), _GRAPHVIZ),
    "mmdc": ["-i", "{input}", "-o", "{output}", "-b", "transparent"],
    "mermaidx": ["-i", "{input}", "-o", "{output}"],
    "mmdr": ["-i", "{input}", "-o", "{output}"],
}
"""What programs are called with that are named alone."""


def command_of(written: str) -> list[str]:
    """A command line as it is run, with the usual arguments where it is a program alone."""
    try:
        parts = shlex.split(written, posix=os.name != "nt")
    except ValueError:  # a quotation mark without an end
        parts = written.split()
    if len(parts) == 1:
        name = os.path.basename(parts[0]).lower().removesuffix(".exe").removesuffix(".cmd")
        parts += USUAL.get(name, [])
    return parts or [""]


def is_there(written: str) -> bool:
    """Whether the program of a command line exists; does not start it."""
    return shutil.which(command_of(written)[0]) is not None


def identity(written: str) -> str:
    """What changes when another version is installed; does not start the program.

    Name, size and time of its file: a build in which nothing changed starts no program.
    """
    place = shutil.which(command_of(written)[0])
    if place is None:
        return "missing"
    try:
        state = os.stat(place)
    except OSError:
        return "missing"
    return f"{os.path.basename(place)} {state.st_size} {state.st_mtime_ns}"
