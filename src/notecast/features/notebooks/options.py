"""What a cell says of itself: tags, flags of programs, and comments `#| key: value`.

Entry point: `read_options`. Understood are the tags of Jupyter Book and nbconvert
(`hide-input`, `remove_cell` …), the options of Quarto (`#| echo: false`), the
directives of nbdev (`#| hide`, `#hide_input`), JupyterLab's folded cells and
Colab's forms. What others mean for programs only (`#| eval`) is passed over.
"""

import re
from typing import Any, Literal, NamedTuple

from notecast.features.notebooks.cells import Cell, mapping
from notecast.loader.header_node import HeaderError
from notecast.loader.header_values import plain
from notecast.loader.header_yaml import read_yaml

Shown = Literal["open", "folded", "removed"]

_OPTION = re.compile(r"[ \t]*(?:#|//|--|%%|;)\|[ \t]?(.*)")
_KEY = re.compile(r"[ \t]*-[ \t]|[ \t]+\S|[\w.-]+[ \t]*:(?:[ \t]|\Z)")
_FLAG = re.compile(r"#[ \t]*(hide(?:[-_](?:input|output|cell))?|remove[-_](?:input|output|cell))")
_TITLE = re.compile(r"#[ \t]*@title[ \t]+([^\n{]*)")
_WORDS = {
    "hide": "remove-cell",  # nbdev
    "remove-all-outputs": "remove-output",
    "hide-code": "hide-input",
    "collapse-input": "hide-input",
    "collapse-output": "hide-output",
    "collapse": "hide-input",
}
_NO = frozenset({False, "false", "no", "none"})


class Options(NamedTuple):
    """How a code cell is shown."""

    included: bool = True
    code: Shown = "open"
    output: Shown = "open"
    stderr: bool = True
    """Whether what was written to the stream for errors is shown."""
    label: str = ""
    """Quarto's: `fig-loss`."""
    captions: tuple[str, ...] = ()
    """Of figures, one for each picture; a table has the first."""
    kind: Literal["figure", "table", ""] = ""
    """What the caption belongs to."""
    alts: tuple[str, ...] = ()
    summary: str = ""
    """What stands where the code is folded."""
    lines: int = 0
    """Lines at the top of the source that say all this and are not code."""


def read_options(cell: Cell) -> tuple[Options, list[tuple[int, str]]]:
    """The options of a cell.

    Returns:
        The options, and what is wrong with them: line of the cell (0-based), and why.
    """
    words, values, count, wrong = _comments(cell.source if cell.kind == "code" else "")
    words |= _tags(cell)
    code, output, included = _visibility(words, values)
    summary = _text(values.get("code-summary"))
    if cell.metadata.get("cellView") == "form":  # Colab
        code = code if code == "removed" else "folded"
        title = _TITLE.search(cell.source)
        summary = summary or (title[1].strip() if title else "")
    figures, tables = _texts(values.get("fig-cap")), _texts(values.get("tbl-cap"))
    label = _text(values.get("label"))
    kind: Literal["figure", "table", ""] = ""
    if figures or label.startswith("fig-"):
        kind = "figure"
    elif tables or label.startswith("tbl-"):
        kind = "table"
    return Options(
        included=included,
        code=code,
        output=output,
        stderr=not _is_no(values.get("warning")),
        label=label,
        captions=figures or tables or (("",) if kind else ()),
        kind=kind,
        alts=_texts(values.get("fig-alt")),
        summary=summary,
        lines=count,
    ), wrong


def _tags(cell: Cell) -> set[str]:
    given = cell.metadata.get("tags")
    words = {_word(tag) for tag in given if isinstance(tag, str)} if isinstance(given, list) else ()
    found = set(words)
    jupyter = mapping(cell.metadata.get("jupyter"))
    if jupyter.get("source_hidden") is True:
        found.add("hide-input")
    if jupyter.get("outputs_hidden") is True:
        found.add("hide-output")
    return found


def _word(written: str) -> str:
    word = written.strip().lower().replace("_", "-")
    return _WORDS.get(word, word)


def _visibility(words: set[str], values: dict[str, Any]) -> tuple[Shown, Shown, bool]:
    code: Shown = "open"
    output: Shown = "open"
    fold = values.get("code-fold")
    if words & {"hide-input", "hide-cell"} or fold is True or fold in ("true", "show"):
        code = "folded"
    if words & {"hide-output", "hide-cell"}:
        output = "folded"
    if "remove-input" in words or _is_no(values.get("echo")):
        code = "removed"
    if "remove-output" in words or _is_no(values.get("output")):
        output = "removed"
    if str(values.get("results")).lower() == "hide":
        output = "removed"
    return code, output, "remove-cell" not in words and not _is_no(values.get("include"))


def _comments(source: str) -> tuple[set[str], dict[str, Any], int, list[tuple[int, str]]]:
    """Words and values of the comments at the top of a cell, and how many lines they are."""
    words: set[str] = set()
    yaml: list[str] = []
    lines = source.split("\n")
    count = 0
    for line in lines:
        match = _OPTION.match(line)
        flag = None if match else _FLAG.fullmatch(line.strip())
        if flag:
            words.add(_word(flag[1]))
            yaml.append("")
        elif match and _KEY.match(match[1]):
            yaml.append(match[1])
        elif match:
            words.update(_word(word) for word in match[1].split()[:1])
            yaml.append("")
        else:
            break
        count += 1
    if not any(line.strip() for line in yaml):
        return words, {}, count, []
    try:
        tree = read_yaml("\n".join(yaml) + "\n", 1)
    except HeaderError as error:
        place = min(max(error.line - 1, 0), count - 1)
        return words, {}, count, [(place, f"the options of this cell are no YAML: {error.message}")]
    read = plain(tree.root) if tree.root is not None and tree.root.kind == "map" else {}
    return words, {str(key).strip().lower(): value for key, value in read.items()}, count, []


def _is_no(value: Any) -> bool:
    return (value if isinstance(value, bool) else str(value).lower()) in _NO and value is not None


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    found = tuple(_text(item) for item in values if not isinstance(item, bool))
    return found if any(found) else ()
