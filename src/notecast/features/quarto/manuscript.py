"""A file of Quarto or R Markdown as text in the dialect of notes.

Entry point: `manuscript_of`. Labels are written with a colon here (`@fig:x` for `@fig-x`
and for `\\@ref(fig:x)`), and a chunk that has a caption is a figure or a table.
"""

import re
from collections.abc import Sequence

from notecast.features.quarto.chunks import LANGUAGES, Chunk, Head, chunk_head, read_chunk
from notecast.model import Manuscript, Span
from notecast.problems import Problem

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})")
_RAW = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*\{=(\w+)\}\s*\Z")
_KINDS = "fig|tbl|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg"
_TEXT = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
    rf"|(?P<label>(?<=\{{#)(?:{_KINDS})-(?=\w))"
    rf"|(?<![\w.@])@(?P<key>(?:{_KINDS})-(?=\w))"
    r"|\\@ref\((?P<book>[\w:./-]+)\)"
    r"|\(\\#(?P<equation>eq:[\w-]+)\)"
    r"|(?P<short>\{\{<\s*(?P<name>[\w-]+)(?P<words>[^{}]*?)>\}\})"
)
# Bookdown: labels of pictures and tables of Markdown.
_PICTURE_NAME = re.compile(
    r"!\[\(\\#fig:([\w-]+)\)[ \t]*([^\[\]]*)\](\([^()\s]*\))(?:\{([^{}]*)\})?"
)
_TABLE_NAME = re.compile(r"\A((?:Table)?:[ \t]*)\(\\#tab:([\w-]+)\)[ \t]*(.*?)[ \t]*\Z")
_COMPUTED = re.compile(r"[\w-]+:.*`r\s")
_MATH_LABEL = re.compile(r"\$\$\s*\{#eq-")


def manuscript_of(text: str, path: str) -> Manuscript:
    """Reads a file.

    Args:
        text: The file.
        path: As the author knows it, for problems.
    """
    return _Writer(path).write(text.split("\n"))


class _Writer:
    """The text while it is written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: list[str] = []
        self.origins: list[int] = []
        """Line of the file (1-based) of each line."""
        self.problems: list[Problem] = []

    def write(self, lines: Sequence[str]) -> Manuscript:
        index = self.header(lines)
        if _is_marker(lines, index):
            return Manuscript("", readable=False)
        while index < len(lines):
            index = self.step(lines, index)
        return Manuscript(
            "\n".join(self.lines),
            sum(len(line) + 1 for line in self.lines),
            spans=self.spans(),
            problems=tuple(self.problems),
        )

    def put(self, line: str, origin: int) -> None:
        self.lines.append(line)
        self.origins.append(origin + 1)

    def header(self, lines: Sequence[str]) -> int:
        """Copies the header; what R computes in it (a date) is not known."""
        if not lines or lines[0].strip() != "---":
            return 0
        end = next((nth for nth in range(1, len(lines)) if lines[nth].strip() in ("---", "...")), 0)
        for nth in range(end + 1 if end else 0):
            self.put("" if _COMPUTED.match(lines[nth]) else lines[nth], nth)
        return end + 1 if end else 0

    def step(self, lines: Sequence[str], index: int) -> int:
        line = lines[index]
        head = chunk_head(line)
        if head is not None:
            end = _end(lines, index, head.fence)
            self.chunk(head, lines[index + 1 : end], index, end < len(lines))
            return end + 1
        raw = _RAW.match(line)
        fence = _FENCE.match(line)
        if raw is not None:
            end = _end(lines, index, raw[1])
            shown = raw[2] == "html"
            for nth in range(index, min(end + 1, len(lines))):
                self.put(lines[nth] if shown and index < nth < end else "", nth)
            return end + 1
        if fence is not None and "`" not in line[fence.end() :]:
            end = _end(lines, index, fence[1])
            for nth in range(index, min(end + 1, len(lines))):
                self.put(lines[nth], nth)
            return end + 1
        if "(\\#" in line:
            line = _TABLE_NAME.sub(r"\1\3 {#tbl:\2}", _PICTURE_NAME.sub(_named_picture, line))
        self.put(_TEXT.sub(_rewritten, line), index)
        return index + 1

    def chunk(self, head: Head, lines: Sequence[str], start: int, closed: bool) -> None:
        chunk = read_chunk(head, lines)
        if chunk.wrong:
            message = chunk.wrong
            line = len(self.lines) + 1
            self.problems.append(
                Problem("cell-options-are-yaml", "warning", self.path, line, 0, message)
            )
        captioned = bool(chunk.label or chunk.caption)
        if not chunk.included or not (chunk.shown or chunk.pictures or captioned):
            self.put("", start)
            return
        if chunk.pictures:
            self.pictures(head, chunk, start)
        elif captioned and head.language not in ("mermaid", "dot"):
            self.captioned(head, chunk, start, closed)
        else:
            self.code(head, chunk, start, closed)

    def code(self, head: Head, chunk: Chunk, start: int, closed: bool) -> None:
        language = LANGUAGES.get(head.language, head.language)
        self.put(f"{head.indent}{head.fence}{language}", start)
        for nth, line in enumerate(chunk.code):
            self.put(line, start + 1 + chunk.first + nth)
        if closed:
            self.put(head.indent + head.fence, start + 1 + chunk.first + len(chunk.code))

    def captioned(self, head: Head, chunk: Chunk, start: int, closed: bool) -> None:
        kind = "table" if chunk.label.startswith("tbl:") else "figure"
        braces = f" {{#{chunk.label}}}" if chunk.label else ""
        self.put(f"{head.indent}{':' * 8}{kind}{braces}", start)
        self.code(head, chunk, start, closed)
        last = self.origins[-1] - 1
        for line in ("", chunk.caption, ":" * 8):
            self.put((head.indent + line).rstrip(), last)

    def pictures(self, head: Head, chunk: Chunk, start: int) -> None:
        braces = " ".join(
            [
                *([f"#{chunk.label}"] if chunk.label else ()),
                *([f"width={chunk.width.removesuffix('px')}"] if chunk.width else ()),
            ]
        )
        several = len(chunk.pictures) > 1
        words = "" if several else chunk.caption
        if words.count("[") != words.count("]"):
            words = words.replace("[", "\\[").replace("]", "\\]")
        images = [f"![{words}]({_address(path)})" for path in chunk.pictures]
        if several:
            label = f" {{#{chunk.label}}}" if chunk.label else ""
            block = [f"{':' * 8}figure{label}", *images, "", chunk.caption, ":" * 8]
        else:
            block = [images[0] + (f"{{{braces}}}" if braces else "")]
        for line in ("", *block, ""):
            self.put((head.indent + line).rstrip() if line else "", start)

    def spans(self) -> tuple[Span, ...]:
        """Where the lines stand in the file; nothing if they are the file's own."""
        if all(origin == nth for nth, origin in enumerate(self.origins, start=1)):
            return ()
        spans: list[Span] = []
        for nth, origin in enumerate(self.origins, start=1):
            last = spans[-1] if spans else None
            if last is None or origin != last.line + (nth - last.first) * last.step:
                step = 1 if nth < len(self.origins) and self.origins[nth] == origin + 1 else 0
                spans.append(Span(nth, origin, step, "", 0))
        return tuple(spans)


def _is_marker(lines: Sequence[str], body: int) -> bool:
    """Whether a file only says what the folder is: `index.Rmd` of a blog made with blogdown."""
    named = any(line.startswith("site:") for line in lines[:body])
    return named and not any(line.strip() for line in lines[body:])


def _end(lines: Sequence[str], start: int, fence: str) -> int:
    """The line that closes a fence; the number of lines if none does."""
    for nth in range(start + 1, len(lines)):
        text = lines[nth].lstrip(" \t>").rstrip()
        if text.startswith(fence) and not text.strip(fence[0]):
            return nth
    return len(lines)


def _address(path: str) -> str:
    return path.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def _rewritten(match: "re.Match[str]") -> str:
    if match["code"] is not None:
        return match[0]
    if match["label"]:
        return match["label"].replace("-", ":")
    if match["key"]:
        return "@" + match["key"].replace("-", ":")
    if match["book"]:
        kind, colon, name = match["book"].partition(":")
        if not colon or (kind not in _KINDS.split("|") and kind != "tab"):
            return f"[{match['book']}](#{match['book']})"
        return f"[-@{'tbl' if kind == 'tab' else kind}:{name}]"
    if match["equation"]:
        return f"\\label{{{match['equation']}}}"
    return _shortcode(match["name"], match["words"].split()) or match[0]


def _named_picture(match: "re.Match[str]") -> str:
    more = f" {match[4]}" if match[4] else ""
    return f"![{match[2]}]{match[3]}{{#fig:{match[1]}{more}}}"


def _shortcode(name: str, words: Sequence[str]) -> str:
    """What a shortcode of Quarto becomes that Hugo does not have."""
    if name in ("include", "embed"):
        # The file that it names is not read: a note is made of one file.
        return f"<!-- {name} -->"
    if name in ("pagebreak", "fa", "bi", "iconify", "kbd", "lipsum", "placeholder"):
        return " ".join(words) if name == "kbd" else "<!-- -->"
    return ""
