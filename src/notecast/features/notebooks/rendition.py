"""A notebook as a file of Markdown, for readers that are programs. Entry point: `rendition`."""

import re
from functools import partial
from urllib.parse import unquote

from notecast.features.notebooks.manuscript import CUT, Notebook, Part
from notecast.features.notebooks.outputs import Piece
from notecast.features.notebooks.pictures import read_attachment
from notecast.features.notebooks.terminal import plain_text

_ATTACHMENT = re.compile(r"(?<=[(<\"'])attachment:([^\s)>\"']+)")
_RUNS = re.compile(r"`+")


def rendition(text: str, notebook: Notebook) -> str:
    """Cells as Markdown, code and printed text in fences, pictures by their names.

    Args:
        text: That of the manuscript.
        notebook: What was read with it.
    """
    lines = text.split("\n")
    out: list[str] = []
    pieces = iter(notebook.pieces)
    for part in notebook.parts:
        if part.kind == "markdown":
            source = "\n".join(lines[part.first : part.last]).strip("\n")
            out.append(_ATTACHMENT.sub(partial(_file_of, part), source))
        elif part.kind == "code":
            out.append(_fenced(_code(part), part.cell.language))
        elif part.kind == "output":
            out.append(_piece(next(pieces)))
    return "\n\n".join(piece for piece in out if piece) + "\n"


def _file_of(part: Part, match: "re.Match[str]") -> str:
    picture = read_attachment(part.cell.attachments.get(unquote(match[1])))
    return picture.name if picture else match[0]


def _code(part: Part) -> str:
    return "\n".join(part.cell.source.rstrip().split("\n")[part.options.lines :]).strip("\n")


def _piece(piece: Piece) -> str:
    if piece.kind == "markdown":
        return piece.text.strip("\n")
    if piece.kind == "picture" and piece.picture is not None:
        return f"![{piece.alt}]({piece.picture.name})"
    return _fenced(plain_text(piece.text).replace(CUT, "").strip("\n"), "text")


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in _RUNS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
