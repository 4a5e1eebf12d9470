"""Reads a YAML file of the site into nodes; what is wrong with it becomes a Problem.

Entry point: `compose_file`. For `site.yaml` and `_defaults.yaml`; the headers
of notes have a reader of their own, since they are read by the thousand.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from notecast.plain_files import read_plain
from notecast.problems import Problem

if TYPE_CHECKING:
    from yaml.nodes import Node

_LIMIT = 1_000_000
_DEPTH = 50
_HINTS = (
    ("mapping values are not allowed", 'a value that holds ": " needs quotes around it'),
    (r"cannot start any token.*\\t|\\t.*cannot start any token", "indent with spaces, not tabs"),
    ("cannot start any token", "a value that starts with this character needs quotes around it"),
    ("undefined alias", "a value that starts with * needs quotes around it"),
    ("expected alphabetic", "a value that starts with * or & needs quotes around it"),
    ("could not find expected ':'", "every line is `key: value`; is there a colon and a space?"),
    ("while scanning a quoted scalar", "is the closing quote missing?"),
    ("expected <block end>", "keys of one mapping start in the same column"),
    ("single document", "keep one document: leave out the lines `---`"),
    ("expected ',' or", "is a closing bracket or a comma missing?"),
)


def compose_file(path: Path, shown: str) -> "tuple[Node | None, list[Problem]]":
    """The root node of a YAML file, `None` if the file is empty or cannot be read.

    Args:
        path: The file.
        shown: What problems call it.
    """
    try:
        data = read_plain(path)
    except OSError as error:
        return None, [_problem(shown, 0, 0, f"cannot be read: {error.strerror}")]
    if len(data) > _LIMIT:
        return None, [_problem(shown, 0, 0, "is larger than 1 MB", "such a file is not meant")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [_problem(shown, line, 0, "is not UTF-8 text", "save the file as UTF-8")]
    return compose_text(text, shown)


def compose_text(text: str, shown: str) -> "tuple[Node | None, list[Problem]]":
    """The root node of a YAML text."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # The events come one by one; composing nests in C, where depth ends the process.
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 0
                return None, [_too_deep(shown, line)]
        node: Node | None = yaml.compose(text, Loader=loader)
        return node, []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context and error.context.endswith(("an alias", "a quoted scalar")):
            mark = error.context_mark  # where it begins, not where the reader gave up
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        # libyaml from 0.2.6 on has a limit of its own, and reads ahead of ours.
        if "nesting depth" in (error.problem or ""):
            return None, [_too_deep(shown, line)]
        said = " ".join(filter(None, (error.context, error.problem)))
        return None, [_problem(shown, line, column, f"not valid YAML: {said}", _hint(said))]
    except yaml.reader.ReaderError as error:
        place = re.search(
            r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text
        )
        before = text[: place.start() if place else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        code = error.character if isinstance(error.character, int) else ord(error.character[:1])
        message = f"holds the control character U+{code:04X}"
        return None, [_problem(shown, line, column, message, "delete it")]


def _hint(said: str) -> str:
    return next((hint for pattern, hint in _HINTS if re.search(pattern, said)), "")


def _too_deep(shown: str, line: int) -> Problem:
    return _problem(shown, line, 0, f"is nested more than {_DEPTH} deep")


def _problem(shown: str, line: int, column: int, message: str, hint: str = "") -> Problem:
    return Problem("config-is-yaml", "error", shown, line, column, message, hint)
