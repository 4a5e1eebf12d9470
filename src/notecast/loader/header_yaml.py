"""Reads a YAML header into a tree of nodes, within limits.

Entry point: `read_yaml`. The parser is PyYAML's (libyaml where it is built in);
only its events are used, so that no Python object is ever made from a tag, and
depth and size are checked while reading, before anything can grow. Aliases
count with the whole size of what they repeat, and merge keys are refused.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from notecast.loader.header_hints import explain, quote_hint
from notecast.loader.header_node import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    HeaderError,
    Node,
    Refused,
    size_error,
)

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    _STANDARD + name for name in ("int", "float", "bool", "null", "timestamp", "map", "seq")
)
_TEXT_TAGS = frozenset(("!", _STANDARD + "str"))


class Tree(NamedTuple):
    """A header that could be read."""

    root: Node | None
    """`None` if there is nothing but blank lines and comments."""
    refused: tuple[Refused, ...]
    """Values with tags, which are left out."""
    comments: tuple[tuple[Node, str], ...]
    """Plain scalars with what the YAML reader cut off behind them as a comment."""


def read_yaml(text: str, first_line: int) -> Tree:
    """Reads a header.

    Args:
        text: What stands between the fences.
        first_line: Line of the file on which it begins.

    Raises:
        HeaderError: With place, reason and hint, for anything that is not YAML,
            or is too large, or more than plain data.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"the header has {len(text):,} characters; {MAX_CHARACTERS:,} are the limit"
        raise size_error(first_line - 1, 0, message)
    # The C reader takes UTF-8; a surrogate would raise something else than YAMLError.
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    try:
        return _Reader(text, first_line).read()
    except yaml.MarkedYAMLError as error:
        # libyaml from 0.2.6 on has a limit of its own, and reads ahead of ours.
        mark = error.problem_mark
        if mark is not None and "nesting depth" in (error.problem or ""):
            raise _too_deep(first_line + mark.line, mark.column + 1) from None
        raise explain(text, first_line, error) from None
    except yaml.YAMLError as error:
        raise _unreadable(text, first_line, error) from None


class _Reader:
    """Follows the events of one header; lives for one call of `read_yaml`."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.next: Callable[[], Any] = _Loader(text).get_event
        self.nodes = 0
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.refused: list[Refused] = []
        self.lines = text.split("\n") if "#" in text else None
        self.comments: list[tuple[Node, str]] = []

    def read(self) -> Tree:
        self.next()  # start of stream
        event = self.next()
        if type(event) is yaml.StreamEndEvent:
            return Tree(None, (), ())
        root = self.node(self.next(), 1)
        self.next()  # end of document
        event = self.next()
        if type(event) is not yaml.StreamEndEvent:
            line, column = self.place(event)
            raise HeaderError(
                "header-is-yaml",
                line,
                column,
                "the header holds two YAML documents",
                "keep one; a line that begins with three dashes starts another",
            )
        return Tree(root, tuple(self.refused), tuple(self.comments))

    def place(self, event: Any) -> tuple[int, int]:
        mark = event.start_mark
        return (self.first_line + mark.line, mark.column + 1)

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with `event`; reads on to its end."""
        kind = type(event)
        mark = event.start_mark
        line, column = self.first_line + mark.line, mark.column + 1
        if kind is yaml.AliasEvent:
            return self.alias(event.anchor, line, column)
        before = self.nodes
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _too_many(line, column)
        if kind is yaml.ScalarEvent:
            # Plain scalars have the style "" in the C reader and None in the other.
            node = Node("quoted" if event.style else "plain", event.value, line, column)
            if self.lines is not None and not event.style:
                self.look_behind(event, node)
        elif depth >= MAX_DEPTH:
            raise _too_deep(line, column)
        elif kind is yaml.SequenceStartEvent:
            items: list[Node] = []
            while type(inner := self.next()) is not yaml.SequenceEndEvent:
                items.append(self.node(inner, depth + 1))
            node = Node("list", items, line, column)
        else:
            node = Node("map", self.pairs(depth), line, column)
        if event.tag is not None:
            node = self.tagged(event.tag, node)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.nodes - before)
        return node

    def pairs(self, depth: int) -> list[tuple[Node, Node]]:
        pairs: list[tuple[Node, Node]] = []
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self.node(event, depth + 1)
            if not key.is_scalar:
                hint = quote_hint(self.text, key.line - self.first_line, key.column - 1)
                raise HeaderError(
                    "header-is-yaml",
                    key.line,
                    key.column,
                    "a list or mapping stands where a key is expected",
                    hint or "keys are plain words",
                )
            if key.value == "<<" and key.kind == "plain":
                raise HeaderError(
                    "header-is-plain",
                    key.line,
                    key.column,
                    "merge keys (<<) are not read in headers",
                    "write the keys out",
                )
            pairs.append((key, self.node(self.next(), depth + 1)))
        return pairs

    def alias(self, name: str, line: int, column: int) -> Node:
        if name not in self.anchors:
            hint = quote_hint(self.text, line - self.first_line, column - 1)
            raise HeaderError(
                "header-is-yaml",
                line,
                column,
                f"*{name} refers to nothing: a value that begins with * is an alias in YAML",
                hint or "quote the value",
            )
        node, size = self.anchors[name]
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise _too_many(line, column)
        return node._replace(line=line, column=column)

    def tagged(self, tag: str, node: Node) -> Node:
        """A node with a tag: standard ones are harmless, all others are left out."""
        if tag in _PLAIN_TAGS:
            return node
        if tag in _TEXT_TAGS and node.is_scalar:
            return node._replace(kind="quoted")
        shown = tag.replace(_STANDARD, "!!")
        shown = shown if len(shown) <= 40 else shown[:39] + "…"
        hint = quote_hint(self.text, node.line - self.first_line, node.column - 1)
        message = f"the tag {shown} is not read; the value is left out"
        if not any((old.line, old.column) == (node.line, node.column) for old in self.refused):
            self.refused.append(Refused(node.line, node.column, message, hint or "remove the tag"))
        return Node("plain", "", node.line, node.column)

    def look_behind(self, event: Any, node: Node) -> None:
        """Notes what follows a plain scalar as a comment: `title: C #` loses its end."""
        assert self.lines is not None
        mark = event.end_mark
        if mark.line < len(self.lines):
            rest = self.lines[mark.line][mark.column :].strip()
            if rest.startswith("#"):
                # An empty value ends where the next token begins, or at its own colon.
                self.comments.append((node, rest))


def _too_many(line: int, column: int) -> HeaderError:
    return size_error(line, column, f"the header has more than {MAX_NODES:,} values")


def _too_deep(line: int, column: int) -> HeaderError:
    return size_error(line, column, f"the header is nested deeper than {MAX_DEPTH} levels")


def _unreadable(text: str, first_line: int, error: yaml.YAMLError) -> HeaderError:
    """A character that YAML admits nowhere (YAML 1.1 §5.1)."""
    at = getattr(error, "position", 0) or 0
    line = text.count("\n", 0, at)
    column = at - text.rfind("\n", 0, at)
    character = text[at : at + 1]
    code = f"U+{ord(character):04X}" if character else "a character"
    return HeaderError(
        "header-is-yaml",
        first_line + line,
        column,
        f"{code} may not stand in a header",
        "delete the character",
    )
