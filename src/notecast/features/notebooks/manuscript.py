"""A notebook as text in the dialect of notes, and what the parser's rules need besides.

Entry point: `manuscript_of`. The text holds the cells one below the other. Cells
of Markdown stand in it as they are; code and what it printed stand indented, for
rules that look at the text (secrets, paths of the author's machine), and reach the
page by `Part`s. `MARK n` alone on a line stands for piece n of the outputs, so that
a caption or a container can be written around it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from notecast.features.notebooks.cells import Cell, mapping, read_cells
from notecast.features.notebooks.fences import fences_across
from notecast.features.notebooks.json_file import BadFile, FileNotebook, read_json
from notecast.features.notebooks.options import Options, read_options
from notecast.features.notebooks.outputs import Piece, read_outputs
from notecast.features.notebooks.pictures import Picture, read_attachment
from notecast.model import Manuscript, Span
from notecast.problems import Problem

MARK = "\x02"
"""No text of an author holds it: the reader drops control characters."""
CUT = "\x05"
"""Stands around the number of characters that were cut; words depend on the note's language."""
INDENT = "    "

_KEYS = ("title", "subtitle", "authors", "author", "date", "tags", "description")
"""Keys that are taken from the metadata themselves; `metadata.notecast` may hold any."""
_SHOWN_RAW = frozenset({"text/markdown", "text/html", "markdown", "html"})
_HEADER = re.compile(r"\s{0,20}(?:---|\+\+\+)")
_QUARTO_LABEL = re.compile(r"(fig|tbl)-([A-Za-z0-9][\w-]*)")


@dataclass(frozen=True)
class Part:
    """Some lines of the text, and what becomes of them."""

    kind: Literal["markdown", "code", "output_open", "output", "output_close"]
    first: int
    """0-based line of the whole text."""
    last: int
    """The line behind the last one."""
    cell: Cell
    options: Options


@dataclass
class Notebook:
    """What the rules of the parser need: `context.data["notebooks"]`."""

    parts: list[Part] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    """Pictures inside HTML, by name."""
    cell_lines: list[int] = field(default_factory=list)
    """Line of the whole text (1-based) at which each cell of `cells` begins."""
    cells: list[Cell] = field(default_factory=list)

    def all_pictures(self) -> Iterator[Picture]:
        """Every picture that a page may show: of outputs, inside HTML, attached to cells."""
        yield from self.pictures.values()
        for piece in self.pieces:
            if piece.picture is not None:
                yield piece.picture
        for cell in self.cells:
            for given in cell.attachments.values():
                attached = read_attachment(given)
                if attached is not None:
                    yield attached


def manuscript_of(text: str, path: str) -> Manuscript:
    """Reads a notebook.

    Args:
        text: The file.
        path: As the author knows it, for problems.
    """
    try:
        file = read_json(text)
    except BadFile as bad:
        place = (path, bad.line, bad.column)
        problem = Problem("notebook-is-json", "error", *place, bad.message, bad.hint)
        return Manuscript("", problems=(problem,), readable=False)
    if not file.has_cells:
        problem = Problem(
            *("notebook-has-cells", "error", path, 0, 0, "this notebook has no list of cells"),
            "open it in Jupyter and save it again",
        )
        return Manuscript("", problems=(problem,), readable=False)
    return _Writer(path).write(file)


class _Writer:
    """The text while it is written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: list[str] = []
        self.spans: list[Span] = []
        self.problems: list[Problem] = []
        self.notebook = Notebook()
        self.head = 0

    def write(self, file: FileNotebook) -> Manuscript:
        cells, wrong = read_cells(file)
        shown = [(cell, *read_options(cell)) for cell in cells if not _is_left_out(cell)]
        shown = [entry for entry in shown if entry[1].included]
        labels = _figure_labels([options for _, options, _ in shown])
        fences = fences_across([cell for cell, _, _ in shown if cell.kind == "markdown"])
        for cell, options, mistakes in shown:
            self.notebook.cells.append(cell)
            self.notebook.cell_lines.append(len(self.lines) + 1)
            if cell.kind == "code":
                self.code(cell, options)
            else:
                self.markdown(cell, options, labels, fences.get(cell.number, frozenset()))
            for line, message in mistakes:
                where = (f"cell {cell.number}", line + 1)
                first, _ = self.put([""], cell, *where)
                self.problem("cell-options-are-yaml", message, first + 1, "")
        for number, line, message in wrong:
            self.wrong(number, line, message)
        text = "\n".join(self.lines) + "\n" if self.lines else ""
        return Manuscript(
            text,
            self.head,
            header_of(mapping(file.value.get("metadata"))),
            tuple(self.spans),
            tuple(self.problems),
            data=self.notebook,
        )

    def markdown(
        self, cell: Cell, options: Options, labels: dict[str, str], fences: Collection[int]
    ) -> None:
        source = cell.source
        if labels:
            source = re.sub(r"(?<=@)(?:fig|tbl)-[\w-]+", lambda m: labels.get(m[0], m[0]), source)
        is_first = not self.lines
        lines = source.rstrip("\n").split("\n")
        for fence in fences:
            lines[fence] = ""
        if cell.kind == "raw" and not _is_shown_raw(cell):
            if not (is_first and _HEADER.match(source)):
                self.notebook.cells.pop()
                self.notebook.cell_lines.pop()
                return
            # Behind the header, text that is for other programs only.
            header, closing, _ = source.lstrip("\n").partition("\n---")
            lines = [*header.split("\n"), "---"] if closing else lines
        first, last = self.put(lines, cell, f"cell {cell.number}", 1)
        if is_first:
            self.head = sum(len(line) + 1 for line in self.lines)
        self.notebook.parts.append(Part("markdown", first, last, cell, options))

    def code(self, cell: Cell, options: Options) -> None:
        name = f"cell {cell.number}"
        lines = cell.source.rstrip().split("\n")[options.lines :]
        if options.code != "removed" and any(line.strip() for line in lines):
            indented = [INDENT + line if line else "" for line in lines]
            first, last = self.put(indented, cell, name, options.lines + 1)
            self.notebook.parts.append(Part("code", first, last, cell, options))
        if options.output != "removed" and cell.outputs:
            self.outputs(cell, options)

    def outputs(self, cell: Cell, options: Options) -> None:
        def keep(picture: Picture) -> str:
            self.notebook.pictures[picture.name] = picture
            return f"attachment:{picture.name}"

        found = read_outputs(cell.outputs, f"{CUT}{{n}}{CUT}", stderr=options.stderr, keep=keep)
        parts = self.notebook.parts
        name = f"output of cell {cell.number}"
        start = len(self.lines)
        if found.pieces:
            parts.append(Part("output_open", start, start, cell, options))
            self.pieces(found.pieces, cell, options, name)
            parts.append(Part("output_close", len(self.lines), len(self.lines), cell, options))
        elif found.wrong:
            self.put([], cell, name, 0)
        for rule, message, hint in found.wrong:
            self.problem(rule, message, start + 1, hint)

    def pieces(self, pieces: Sequence[Piece], cell: Cell, options: Options, name: str) -> None:
        """Writes pieces, and the captions that belong to them."""
        captions, alts = list(options.captions), list(options.alts)
        label = label_of(options.label) if options.label else ""
        captioned = _captioned(pieces, options)
        for piece in pieces:
            if piece.kind == "picture" and alts:
                piece = replace(piece, alt=alts.pop(0))
            lines = [f"{MARK}{len(self.notebook.pieces)}"]
            self.notebook.pieces.append(piece)
            if piece.kind == "markdown":
                lines = piece.text.strip("\n").split("\n")
            if piece.kind == captioned and captions:
                braces = f" {{#{label}}}" if label else ""
                label = ""
                fence = ":" * 8
                lines = [f"{fence}{options.kind}{braces}", *lines, "", captions.pop(0), fence]
            first, last = self.put(lines, cell, name, 0)
            self.notebook.parts.append(Part("output", first, last, cell, options))
            if piece.kind in ("text", "html"):
                self.put([INDENT + line for line in piece.text.split("\n")], cell, name, 0)

    def put(self, lines: Sequence[str], cell: Cell, name: str, start: int) -> tuple[int, int]:
        """Adds lines and a blank one; returns where they begin and end, 0-based.

        Args:
            start: Line of the cell (1-based) on which the first one stands; 0: none.
        """
        first = len(self.lines)
        if start:
            self.span(first + 1, len(lines), cell, name, start)
        else:
            self.spans.append(Span(first + 1, cell.lines[0], 0, name, 0))
        self.lines.extend(lines)
        self.lines.append("")
        return first, first + len(lines)

    def span(self, first: int, count: int, cell: Cell, name: str, start: int) -> None:
        """Spans for lines of a cell, one for each run of lines of the file."""
        offset = 0
        while offset < max(count, 1):
            line = _file_line(cell, start - 1 + offset)
            step = int(_file_line(cell, start + offset) == line + 1)
            run = 1
            while (
                offset + run < count
                and _file_line(cell, start - 1 + offset + run) == line + run * step
            ):
                run += 1
            self.spans.append(Span(first + offset, line, step, name, start + offset))
            offset += run

    def problem(self, rule: str, message: str, line: int, hint: str) -> None:
        self.problems.append(Problem(rule, "warning", self.path, line, 0, message, hint))

    def wrong(self, number: int, line: int, message: str) -> None:
        """A cell that is left out: it has no line in the text, so it gets one behind all."""
        self.spans.append(Span(len(self.lines) + 1, line, 0, f"cell {number}", 0))
        self.lines.append("")
        self.problem("cell-is-known", f"{message}; it is left out", len(self.lines), "")


def header_of(metadata: dict[str, Any]) -> dict[str, Any]:
    """Header values in the metadata of a notebook."""
    found = {key: metadata[key] for key in _KEYS if metadata.get(key)}
    own = metadata.get("notecast")
    return {**found, **own} if isinstance(own, dict) else found


def _captioned(pieces: Sequence[Piece], options: Options) -> str:
    """Which kind of piece has the captions: a figure may be HTML, a table Markdown."""
    wanted = {"figure": ("picture", "html", "markdown"), "table": ("html", "markdown", "text")}
    kinds = {piece.kind for piece in pieces}
    return next((kind for kind in wanted.get(options.kind, ()) if kind in kinds), "")


def label_of(written: str) -> str:
    """The label that a cell's Quarto label means: `fig-loss` is `fig:loss`."""
    match = _QUARTO_LABEL.fullmatch(written)
    return f"{match[1]}:{match[2]}" if match else written.replace(" ", "-")


def _figure_labels(options: Sequence[Options]) -> dict[str, str]:
    """What Quarto's references to the figures and tables of the notebook mean here."""
    return {one.label: label_of(one.label) for one in options if _QUARTO_LABEL.fullmatch(one.label)}


def _is_left_out(cell: Cell) -> bool:
    # Colab's own badge, which it adds on top of what it stores at GitHub.
    return cell.metadata.get("id") == "view-in-github" or not (cell.source.strip() or cell.outputs)


def _is_shown_raw(cell: Cell) -> bool:
    media = cell.metadata.get("raw_mimetype") or cell.metadata.get("format")
    return isinstance(media, str) and media.lower() in _SHOWN_RAW


def _file_line(cell: Cell, index: int) -> int:
    """Line of the file for a 0-based line of a cell."""
    return cell.lines[min(index, len(cell.lines) - 1)]
