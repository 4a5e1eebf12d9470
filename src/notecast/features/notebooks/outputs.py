"""Outputs of a code cell as pieces of a page.

Entry point: `read_outputs`. Of the forms in which a program gives one result the
richest is taken that stands on a page without scripts: HTML that shows something
once it is harmless, Markdown, a picture, a formula, plain text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from notecast.features.notebooks.cells import as_text, joined, mapping
from notecast.features.notebooks.html_output import MAX_HTML, harmless
from notecast.features.notebooks.pictures import TYPES, BadPicture, Picture, read_picture
from notecast.features.notebooks.terminal import MAX_TEXT, terminal_html

MAX_MARKDOWN = 100_000
"""Characters of Markdown and LaTeX that one output may have."""

_DOLLARS = re.compile(r"\$\$(?P<block>[^$]+)\$\$|\$(?:\\displaystyle\b)?(?P<line>[^$]+)\$")
_DISPLAY = re.compile(
    r"\\\[(?P<brackets>.+)\\\]|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.+)", re.DOTALL
)
_ENVIRONMENTS = frozenset(
    {
        *("align", "align*", "alignat", "alignat*", "aligned", "cases", "eqnarray", "eqnarray*"),
        *("equation", "equation*", "gather", "gather*", "gathered", "multline", "multline*"),
        *("matrix", "bmatrix", "pmatrix", "vmatrix", "split"),
    }
)
# What stands for objects that show themselves by a script.
_NO_TEXT = re.compile(r"<IPython\.core\.display\.\w+ object>|<Figure size [\dx. ]+ with \d+ Axes>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Piece:
    """A part of what a cell put out."""

    kind: Literal["html", "text", "markdown", "picture"]
    html: str = ""
    text: str = ""
    """As plain text; Markdown for that kind."""
    picture: Picture | None = None
    alt: str = ""
    """The description that the author gives of a picture."""


@dataclass
class Outputs:
    """All that a cell put out."""

    pieces: list[Piece] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)
    """Rule, what is wrong, and what to do."""


def read_outputs(
    outputs: tuple[dict[str, Any], ...],
    left_out: str,
    *,
    stderr: bool,
    keep: Callable[[Picture], str],
) -> Outputs:
    """Turns outputs into pieces.

    Args:
        outputs: In the shape of nbformat 4.
        left_out: What stands for characters that are cut, with `{n}`.
        stderr: Whether what was written to the stream for errors is wanted.
        keep: Takes a picture that stands inside HTML; returns what stands in `src`.
    """
    return _Reader(left_out, keep).read(outputs, stderr)


class _Reader:
    def __init__(self, left_out: str, keep: Callable[[Picture], str]) -> None:
        self.left_out = left_out
        self.keep = keep
        self.found = Outputs()

    def read(self, outputs: tuple[dict[str, Any], ...], stderr: bool) -> Outputs:
        for kind, output in _merged(outputs):
            if kind == "stream":
                name = "stderr" if output.get("name") == "stderr" else "stdout"
                if name == "stdout" or stderr:
                    self.terminal(as_text(output.get("text")) or "", f"stream {name}")
            elif kind in ("execute_result", "display_data"):
                self.result(mapping(output.get("data")), mapping(output.get("metadata")))
            elif kind == "error":
                self.error(output)
            else:
                shown = (
                    f"of the type {kind[:40]}" if isinstance(kind, str) and kind else "without type"
                )
                self.tell("cell-is-known", f"an output {shown} is not known; it is left out")
        return self.found

    def tell(self, rule: str, message: str, hint: str = "") -> None:
        self.found.wrong.append((rule, message, hint))

    def terminal(self, text: str, classes: str) -> None:
        html, plain, cut = terminal_html(text.rstrip(), self.left_out)
        if cut:
            self.tell(
                "output-is-short",
                f"an output has {len(text):,} characters; only its beginning and end are shown",
                "print less, or clear the output",
            )
        if plain.strip():
            # Focusable, so that what is long or wide can be scrolled from the keyboard.
            shown = f'<pre class="{classes}" tabindex="0">{html}</pre>'
            self.found.pieces.append(Piece("text", shown, plain))

    def error(self, output: dict[str, Any]) -> None:
        trace = output.get("traceback")
        lines = [line for line in trace if isinstance(line, str)] if isinstance(trace, list) else []
        text = "\n".join(lines)
        if not text.strip():
            name, value = as_text(output.get("ename")), as_text(output.get("evalue"))
            text = ": ".join(part for part in (name, value) if part)
        self.terminal(text or "error", "stream error")

    def result(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        for take in (self.html, self.markdown, self.picture, self.latex, self.plain):
            if take(data, metadata):
                return

    def html(self, data: dict[str, Any], metadata: dict[str, Any]) -> bool:
        text = joined(data.get("text/html"))
        if not text:
            return False
        if len(text) > MAX_HTML and len(data) == 1:
            message = f"an HTML output has {len(text):,} characters; it is left out"
            self.tell("output-is-short", message, "show fewer rows, or clear the output")
        clean = harmless(text, self.data_url)
        if clean:
            plain = joined(data.get("text/plain")) or _TAG.sub(" ", clean)
            self.found.pieces.append(Piece("html", clean, plain[:MAX_TEXT]))
        return bool(clean)

    def data_url(self, url: str) -> str:
        media, comma, value = url[5:].partition(";base64,")
        if not comma or media not in TYPES or TYPES[media] == "svg":
            return ""
        try:
            return self.keep(read_picture(media, value))
        except BadPicture:
            return ""

    def markdown(self, data: dict[str, Any], metadata: dict[str, Any]) -> bool:
        text = joined(data.get("text/markdown"))
        if not text or not text.strip() or len(text) > MAX_MARKDOWN:
            return False
        self.found.pieces.append(Piece("markdown", text=text))
        return True

    def picture(self, data: dict[str, Any], metadata: dict[str, Any]) -> bool:
        reason = ""
        for media in TYPES:
            if media not in data:
                continue
            try:
                size = metadata.get(media) or metadata
                found = read_picture(media, data[media], size)
            except BadPicture as bad:
                reason = reason or f"an output of the type {media} is no picture: {bad}"
                continue
            self.found.pieces.append(Piece("picture", picture=found))
            return True
        if reason:
            self.tell("output-is-a-picture", reason, "run the cell again, or clear the output")
        return False

    def latex(self, data: dict[str, Any], metadata: dict[str, Any]) -> bool:
        text = (joined(data.get("text/latex")) or "").strip()
        formula = _formula(text) if 0 < len(text) <= MAX_MARKDOWN else ""
        if formula:
            self.found.pieces.append(Piece("markdown", text=f"$$\n{formula}\n$$"))
        elif text and "text/plain" not in data:
            self.terminal(text, "stream result")
            return True
        return bool(formula)

    def plain(self, data: dict[str, Any], metadata: dict[str, Any]) -> bool:
        text = as_text(data.get("text/plain"))
        if text and not _NO_TEXT.fullmatch(text.strip()):
            self.terminal(text, "stream result")
        return True


def _merged(outputs: tuple[dict[str, Any], ...]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Outputs with their types; what one stream wrote in several pieces as one."""
    waiting: list[str] = []
    last: dict[str, Any] = {}
    for output in (*outputs, {}):
        kind = output.get("output_type")
        same = kind == "stream" and output.get("name") == last.get("name")
        if waiting and not same:
            yield "stream", {**last, "text": "".join(waiting)}
            waiting = []
        if kind == "stream":
            waiting.append(as_text(output.get("text")) or "")
            last = output
        elif output:
            yield kind, output


def _formula(text: str) -> str:
    """The TeX of an output that is one formula, else nothing: tables are none."""
    match = _DOLLARS.fullmatch(text) or _DISPLAY.fullmatch(text)
    if match is None:
        return ""
    groups = match.groupdict()
    if groups.get("environment"):
        if groups["name"] not in _ENVIRONMENTS:
            return ""
        found = groups["environment"]
    else:
        found = groups.get("block") or groups.get("line") or groups.get("brackets") or ""
    return "\n".join(line for line in found.strip().split("\n") if line.strip())
