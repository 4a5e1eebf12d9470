"""Lines that take in another file, as several programs write them.

Entry points: `MAY_INCLUDE`, `form_of`, `part_of`.

    --8<-- "file:2:9"            facelessuser.github.io/pymdown-extensions/extensions/snippets
    {{#include file:2:9}}        rust-lang.github.io/mdBook/format/mdbook.html
    ```{include} file            mystmd.org/guide/embed
    {{< include file >}}         quarto.org/docs/authoring/includes.html
    {% include_relative file %}  jekyllrb.com/docs/includes
"""

import re
from collections.abc import Callable
from typing import NamedTuple

MAY_INCLUDE = re.compile(
    rb"-8<-|\{\{#(?:include|rustdoc_include|playground|playpen)[ \t]|\{\{<[ \t]*include[ \t]"
    rb"|\{(?:literal)?include\}|\{%-?[ \t]*include_relative[ \t]"
)
"""Files without this include nothing."""

_SNIPPET = re.compile(r"(?P<indent>[ \t>]*)-+8<-+[ \t]+[\"'](?P<file>[^\"'\n]+)[\"'][ \t]*\Z")
_SNIPPETS = re.compile(r"(?P<indent>[ \t>]*)-+8<-+[ \t]*\Z")
_BOOK = re.compile(
    r"(?P<before>.*?)(?<!\\)\{\{#(?P<name>include|rustdoc_include|playground|playpen)[ \t]+"
    r"(?P<file>[^{}\s\[\]<>]+)[^{}]*\}\}(?P<after>.*)\Z"
)
_TAG = re.compile(
    r"(?P<indent>[ \t]*)(?:\{\{<[ \t]*include[ \t]+(?P<quarto>[^<>{}]+?)[ \t]*>\}\}"
    r"|\{%-?[ \t]*include_relative[ \t]+(?P<jekyll>[^%{}\s]+)[ \t]*-?%\})[ \t]*\Z"
)
_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*"
    r"\{(?P<literal>literal)?include\}[ \t]+(?P<file>[^`\n]+?)[ \t]*\Z"
)
_OPTION = re.compile(r"[ \t>]*:([\w-]+):[ \t]*(.*?)[ \t]*\Z")
_SECTION = re.compile(r"-+8<-+[ \t]*\[[ \t]*(start|end)(?:[ \t]*:[ \t]*([\w-]+))?[ \t]*\]")
_ANCHOR = re.compile(r"\bANCHOR(_END)?:\s*([\w-]+)")
_HEADER = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LANGUAGES = {"py": "python", "rs": "rust", "js": "javascript", "jl": "julia", "yml": "yaml"}
_NUMBER = re.compile(r"-?\d+\Z")


class Form(NamedTuple):
    """What stands on a line, and on those that belong to it."""

    files: tuple[str, ...]
    """As they are written, without what selects a part."""
    select: str
    """What behind the name selects a part: `2:9`, `main`."""
    kind: str
    """`snippet`, `book`, `literal`, or `text`, whose header is left out."""
    lines: int
    """How many lines of the note it takes."""
    before: str = ""
    """What stands before each line of the file."""
    after: str = ""
    options: tuple[tuple[str, str], ...] = ()
    shown: str = ""
    """What the author calls it."""


def form_of(lines: list[str], index: int) -> Form | None:
    """What takes in a file on a line; `None` for every other line."""
    line = lines[index]
    if "8<" in line:
        return _snippet(lines, index)
    if "{{#" in line and (book := _BOOK.match(line)):
        name, _, select = book["file"].partition(":")
        shown = f"{{{{#{book['name']}}}}}"
        return Form((name,), select, "book", 1, book["before"], book["after"], shown=shown)
    if "include" not in line:
        return None
    if tag := _TAG.match(line):
        named = (tag["quarto"] or tag["jekyll"]).strip("\"'")
        shown = "{{< include >}}" if tag["quarto"] else "{% include_relative %}"
        return Form((named,), "", "text", 1, tag["indent"], shown=shown)
    return _directive(lines, index)


def _snippet(lines: list[str], index: int) -> Form | None:
    one = _SNIPPET.match(lines[index])
    if one is not None:
        name, _, select = one["file"].strip().partition(":")
        if "//" in select or name.startswith(";"):  # an address elsewhere; switched off
            return None
        return Form((name,), select, "snippet", 1, one["indent"], shown="--8<--")
    opening = _SNIPPETS.match(lines[index])
    if opening is None:
        return None
    for end in range(index + 1, min(index + 50, len(lines))):
        if _SNIPPETS.match(lines[end]):
            names = [line.strip(" \t>") for line in lines[index + 1 : end]]
            files = tuple(name for name in names if name and not name.startswith(";"))
            count = end + 1 - index
            return Form(files, "", "snippet", count, opening["indent"], shown="--8<--")
    return None


def _directive(lines: list[str], index: int) -> Form | None:
    head = _DIRECTIVE.match(lines[index])
    if head is None:
        return None
    options: list[tuple[str, str]] = []
    for end in range(index + 1, min(index + 30, len(lines))):
        if lines[end].strip(" \t>") == head["fence"]:
            kind = "literal" if head["literal"] else "text"
            return Form(
                (head["file"],),
                "",
                kind,
                end + 1 - index,
                head["indent"],
                options=tuple(options),
                shown=f"{{{head['literal'] or ''}include}}",
            )
        if option := _OPTION.match(lines[end]):
            options.append((option[1], option[2]))
    return None


def part_of(text: str, form: Form, name: str) -> list[str]:
    """The lines of a file that a form wants.

    Args:
        text: The file.
        form: What takes it in.
        name: The file, for the language of code.
    """
    if form.kind == "text":
        text = _HEADER.sub("", text)
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if form.kind == "snippet":
        return _selected(lines, form.select, _snippet_section)
    if form.kind == "book":
        return _selected(lines, form.select, _book_anchor)
    options = dict(form.options)
    lines = _between(lines, options)
    return _as_code(lines, options, name) if form.kind == "literal" else lines


def _selected(
    lines: list[str], select: str, named: Callable[[list[str], str], list[str]]
) -> list[str]:
    first, _, last = select.partition(":")
    if first and not _NUMBER.match(first):
        return named(lines, first)
    lines = named(lines, "")
    if not select:
        return lines
    start = max(int(first or 1), 1) - 1
    if ":" not in select:
        return lines[start : start + 1]
    return lines[start : int(last) if _NUMBER.match(last) else None]


def _snippet_section(lines: list[str], wanted: str) -> list[str]:
    """The lines of a section, or all but the marks of sections."""
    found = _between_marks(lines, wanted, _SECTION, "start")
    return _dedented(found) if wanted else found


def _book_anchor(lines: list[str], wanted: str) -> list[str]:
    return _between_marks(lines, wanted, _ANCHOR, None)


def _between_marks(
    lines: list[str], wanted: str, marks: "re.Pattern[str]", opens: str | None
) -> list[str]:
    """Lines between two marks of that name, or all but the marks.

    Args:
        lines: Of the file.
        wanted: The name; empty for all.
        marks: Finds a mark: its first group says which of the two it is, the second its name.
        opens: What the first group is in the mark at which the part begins.
    """
    found, inside = [], not wanted
    for line in lines:
        mark = marks.search(line)
        if mark is None:
            if inside:
                found.append(line)
        elif wanted and mark[2] == wanted:
            inside = (mark[1] or None) == opens
    return found


def _dedented(lines: list[str]) -> list[str]:
    from textwrap import dedent

    return dedent("\n".join(lines)).split("\n") if lines else []


def _between(lines: list[str], options: dict[str, str]) -> list[str]:
    """Options of docutils: lines counted from 0, and texts that stand around."""
    start, end = options.get("start-line", ""), options.get("end-line", "")
    lines = lines[
        int(start) if _NUMBER.match(start) else None : int(end) if _NUMBER.match(end) else None
    ]
    if wanted := options.get("lines", ""):
        lines = [line for part in wanted.split(",") for line in _range(lines, part.strip())]
    if after := options.get("start-after") or options.get("start-at"):
        at = next((nth for nth, line in enumerate(lines) if after in line), -1)
        lines = lines[at + (1 if "start-after" in options else 0) :] if at >= 0 else []
    if before := options.get("end-before") or options.get("end-at"):
        at = next((nth for nth, line in enumerate(lines) if before in line), len(lines))
        lines = lines[: at + (1 if "end-at" in options else 0)]
    return lines


def _range(lines: list[str], part: str) -> list[str]:
    first, dash, last = part.partition("-")
    if not (first.isdecimal() or (dash and last.isdecimal())):
        return []
    start = int(first or 1) - 1
    if not dash:
        return lines[start : start + 1]
    return lines[start : int(last) if last.isdecimal() else None]


def _as_code(lines: list[str], options: dict[str, str], name: str) -> list[str]:
    suffix = name.rpartition(".")[2].lower()
    language = options.get("language") or _LANGUAGES.get(suffix, suffix)
    title = options.get("caption", "").replace('"', "'").replace("`", "")
    longest = max((len(run) for line in lines for run in re.findall("`{3,}", line)), default=2)
    fence = "`" * (longest + 1)
    return [fence + language + (f' title="{title}"' if title else ""), *lines, fence]
