"""Directives of MyST as they are written: where one begins and ends, and its options.

Entry points: `DIRECTIVE` with `name_of`, `Block`, `pairs`, `closing`.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

DIRECTIVE = re.compile(
    r"(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*"
    r"\{(?P<name>[A-Za-z][\w:-]*)\}(?P<title>[^`]*)\Z"
)
_PAIR = re.compile(r"[ \t>]*([\w-]+):[ \t]+(.*)\Z")


class Block(NamedTuple):
    """A directive as it is written."""

    name: str
    title: str
    options: dict[str, str]
    body: int
    """The first line behind the options."""
    end: int
    """The line that closes it; the number of lines if none does."""
    fence: str
    indent: str


def name_of(match: "re.Match[str]") -> str:
    """The name of a directive, without that of the package that has it."""
    return match["name"].lower().removeprefix("prf:").removeprefix("proof:")


def pairs(lines: Sequence[str]) -> dict[str, str]:
    """Keys and values of YAML at whatever depth; the text of a block is one value."""
    found: dict[str, str] = {}
    block = ""
    for line in lines:
        pair = _PAIR.match(line)
        if pair is not None:
            block = pair[1] if pair[2].strip() in ("|", ">", "|-", ">-") else ""
            found[pair[1]] = "" if block else pair[2].strip().strip("\"'")
        elif block and line.strip():
            found[block] = f"{found[block]} {line.strip()}".strip()
    return found


def closing(lines: Sequence[str], start: int, limit: int, fence: str) -> int:
    """The line that closes a fence; `limit` if none does."""
    depth = 1
    for nth in range(start + 1, limit):
        text = lines[nth].lstrip(" \t>").rstrip()
        if not text.startswith(fence):
            continue
        if not text.strip(fence[0]):
            depth -= 1
            if not depth:
                return nth
        elif fence[0] == ":" and len(text) > len(fence) and text[len(fence)] in "{ ":
            depth += 1
    return limit
