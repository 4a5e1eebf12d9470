"""Turns plain data (a TOML header, the defaults of a folder) into a tree of nodes.

Entry point: `nodes_of`. Values become the same text that a YAML header would
have held, so that everything behind knows one kind of header only.
"""

from datetime import date, time
from typing import Any

from notecast.loader.header_node import MAX_DEPTH, MAX_NODES, Node, size_error


class Written(str):
    """A number as written, which a float would change (`2401.00010`)."""

    __slots__ = ()


def nodes_of(data: Any, text: str = "", first_line: int = 0) -> Node:
    """The node for a value.

    Args:
        data: Strings, numbers, flags, dates, lists and mappings.
        text: What it was read from, to look up the places of keys; may be empty.
        first_line: Line of the file on which the text begins.

    Raises:
        HeaderError: There is too much of it.
    """
    return _Converter(text, first_line).node(data, first_line, 1 if first_line else 0, 1)


class _Converter:
    def __init__(self, text: str, first_line: int) -> None:
        self.lines = text.split("\n")
        self.first_line = first_line
        self.nodes = 0

    def node(self, value: Any, line: int, column: int, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise size_error(line, column, f"the header has more than {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise size_error(line, column, f"the header is nested deeper than {MAX_DEPTH} levels")
        if isinstance(value, dict):
            pairs = []
            for key, inner in value.items():
                place = self.find(str(key), line, column)
                pairs.append(
                    (Node("quoted", str(key), *place), self.node(inner, *place, depth + 1))
                )
            return Node("map", pairs, line, column)
        if isinstance(value, list | tuple):
            items = [self.node(inner, line, column, depth + 1) for inner in value]
            return Node("list", items, line, column)
        if isinstance(value, str) and not isinstance(value, Written):
            return Node("quoted", value, line, column)
        return Node("plain", _as_text(value), line, column)

    def find(self, key: str, line: int, column: int) -> tuple[int, int]:
        """Where a key stands: the first line at or behind its table that begins with it."""
        for index in range(max(line - self.first_line, 0), len(self.lines)):
            stripped = self.lines[index].lstrip()
            if stripped.lstrip("[\"'").startswith(key):
                return self.first_line + index, len(self.lines[index]) - len(stripped) + 1
        return line, column


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | time) else str(value)
