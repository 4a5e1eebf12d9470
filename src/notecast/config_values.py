"""Reads YAML nodes as typed values: text, numbers, lists, mappings, dataclasses.

Entry point: `Reader.entries`. The types are those of the dataclasses in
`config.py`. Whatever does not fit becomes a Problem at its place and leaves
the default standing, so that one run shows all that is wrong.
"""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING
from typing import Any, Literal, Union, get_args, get_origin

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from notecast.config_checks import Unfit, meant
from notecast.config_renamed import RENAMED
from notecast.config_types import Entry, describe, entries_of, is_section, without_none
from notecast.problems import Problem

_TAG = "tag:yaml.org,2002:"
_PLAIN = tuple(_TAG + name for name in ("str", "int", "float", "bool", "timestamp", "value"))
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")
_BUDGET = 20_000
"""Nodes that one file may hold once its aliases are followed."""


class TooMuch(Exception):
    """A file that is small as written and huge once its aliases are followed."""


class Reader:
    """Reads the values of one source and collects what is wrong with them."""

    def __init__(self, source: str, *, has_lines: bool = True) -> None:
        """`source` stands in front of problems: a file, a variable, an argument."""
        self.source = source
        self.has_lines = has_lines
        self.problems: list[Problem] = []
        self.places: dict[str, str] = {}
        """Where each key was read, such as `site.yaml:3`."""
        self._left = _BUDGET

    def problem(self, rule: str, node: Node, message: str, hint: str = "") -> None:
        """Reports something wrong at a node."""
        line, column = self._place(node)
        self.problems.append(Problem(rule, "error", self.source, line, column, message, hint))

    def entries(
        self, node: MappingNode, known: Mapping[str, Entry], prefix: str = ""
    ) -> dict[str, Any]:
        """The values of a mapping whose keys are `known`; `prefix` names it in messages.

        Keys that are missing, empty or wrong are left out.
        """
        values: dict[str, Any] = {}
        for key_node, value_node in self._pairs(node):
            name = key_node.value
            key = prefix + name
            if name not in known:
                hint = RENAMED.get(key) or meant(name, list(known))
                hint = hint or "`notecast config` shows all keys"
                self.problem("config-key-is-known", key_node, f"there is no key `{key}`", hint)
                continue
            value = self.value(value_node, known[name].kind, key, known[name].rules)
            if value is not MISSING:
                values[name] = value
                self._came_from(key, key_node)
        return values

    def value(self, node: Node, kind: Any, key: str, rules: Mapping[str, Any]) -> Any:
        """One value as `kind` and as its field's rules want it; `MISSING` if empty or wrong."""
        if isinstance(node, ScalarNode) and node.tag == _TAG + "null":
            return MISSING
        before = len(self.problems)
        value = self._typed(node, without_none(kind), key)
        if value is MISSING or len(self.problems) > before:
            return MISSING
        low, high = rules.get("low"), rules.get("high")
        if (low is not None and value < low) or (high is not None and value > high):
            message = f"`{key}` is {value}; it must be {_span(low, high)}"
            self.problem("config-value-fits", node, message)
            return MISSING
        parse = rules.get("parse")
        try:
            return parse(value) if parse else value
        except Unfit as unfit:
            self.problem("config-value-fits", node, f"`{key}`: {unfit.message}", unfit.hint)
            return MISSING

    def _typed(self, node: Node, kind: Any, key: str) -> Any:
        self._spend()
        origin = get_origin(kind)
        if kind is Any:
            return self._anything(node, key)
        if is_section(kind):
            return self._section(node, kind, key)
        if origin in (tuple, list):
            return self._list(node, kind, key)
        if origin is dict:
            return self._mapping(node, kind, key)
        if origin in (Union, types.UnionType):
            return self._one_of(node, kind, key)
        value = _scalar(node, kind)
        if value is MISSING:
            self._mismatch(node, kind, key)
        return value

    def _section(self, node: Node, kind: Any, key: str) -> Any:
        known = entries_of(kind)
        short, pair = getattr(kind, "SHORT", None), getattr(kind, "PAIR", None)
        if isinstance(node, ScalarNode) and short:
            value = self._typed(node, known[short].kind, key)
            if value is MISSING:
                return MISSING
            self._came_from(f"{key}.{short}", node)
            return kind(**{short: value})
        if not isinstance(node, MappingNode):
            self._mismatch(node, kind, key)
            return MISSING
        if pair and len(node.value) == 1 and _name(node.value[0][0]) not in known:
            for name in pair:
                self._came_from(f"{key}.{name}", node)
            return self._pair(node.value[0], kind, key)
        values = self.entries(node, known, f"{key}.")
        try:
            return kind(**values)
        except ValueError as error:
            message, hint = getattr(error, "message", str(error)), getattr(error, "hint", "")
            self.problem("config-value-fits", node, f"`{key}`: {message}", hint)
            return MISSING

    def _pair(self, pair: tuple[Node, Node], kind: Any, key: str) -> Any:
        key_node, value_node = pair
        name = _scalar(key_node, str)
        value = _scalar(value_node, str)
        if name is MISSING or value is MISSING:
            self._mismatch(value_node, kind, key)
            return MISSING
        return kind(**dict(zip(kind.PAIR, (name, value), strict=True)))

    def _list(self, node: Node, kind: Any, key: str) -> Any:
        item_kind = get_args(kind)[0]
        if isinstance(node, SequenceNode):
            nodes: Sequence[Node] = node.value
        elif isinstance(node, MappingNode) and getattr(item_kind, "PAIR", None):
            if any(_name(key_node) in entries_of(item_kind) for key_node, _ in node.value):
                nodes = [node]
            else:
                read = [self._pair(pair, item_kind, key) for pair in node.value]
                return get_origin(kind)(pair for pair in read if pair is not MISSING)
        elif isinstance(node, ScalarNode) and not is_section(item_kind):
            nodes = [node]  # one value stands for a list of one
        else:
            self._mismatch(node, kind, key)
            return MISSING
        values = [
            self.value(item, item_kind, f"{key}[{number}]", {})
            for number, item in enumerate(nodes, 1)
        ]
        return get_origin(kind)(value for value in values if value is not MISSING)

    def _mapping(self, node: Node, kind: Any, key: str) -> Any:
        if not isinstance(node, MappingNode):
            self._mismatch(node, kind, key)
            return MISSING
        item_kind = get_args(kind)[1]
        values = {
            name.value: self.value(item, item_kind, f"{key}.{name.value}", {})
            for name, item in self._pairs(node)
        }
        return {name: value for name, value in values.items() if value is not MISSING}

    def _one_of(self, node: Node, kind: Any, key: str) -> Any:
        for part in get_args(kind):
            trial = Reader(self.source, has_lines=self.has_lines)
            trial._left = self._left
            value = trial.value(node, part, key, {})
            self._left = trial._left
            if value is not MISSING and not trial.problems:
                return value
        self._mismatch(node, kind, key)
        return MISSING

    def _anything(self, node: Node, key: str) -> Any:
        if isinstance(node, SequenceNode):
            return self._list(node, list[Any], key)
        if isinstance(node, MappingNode):
            return self._mapping(node, dict[str, Any], key)
        for kind in (bool, int, float, str):
            if kind is str or node.tag == f"{_TAG}{kind.__name__}":
                value = _scalar(node, kind)
                if value is not MISSING:
                    return value
        self._mismatch(node, Any, key)
        return MISSING

    def _pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        """The entries of a mapping: its own, then those merged in by `<<` (YAML 1.1 merge)."""
        seen: dict[str, int] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            self._spend()
            if key_node.tag == _TAG + "merge":
                merged += value_node.value if value_node.id == "sequence" else [value_node]
            elif not isinstance(key_node, ScalarNode):
                message = "a key is text, not a list or a mapping"
                self.problem("config-key-is-known", key_node, message, "write `key: value`")
            elif key_node.value in seen:
                message = f"`{key_node.value}` stands here twice, first on line "
                message += str(seen[key_node.value])
                self.problem("config-key-is-unique", key_node, message, "keep one of them")
            else:
                seen[key_node.value] = key_node.start_mark.line + 1
                yield key_node, value_node
        for base in merged:
            if not isinstance(base, MappingNode):
                self.problem("config-value-fits", base, "`<<` takes a mapping", "")
                continue
            for key_node, value_node in self._pairs(base):
                if key_node.value not in seen:
                    seen[key_node.value] = key_node.start_mark.line + 1
                    yield key_node, value_node

    def _mismatch(self, node: Node, kind: Any, key: str) -> None:
        unquoted = ""
        if isinstance(node, ScalarNode) and node.style in ("'", '"') and kind in (int, float, bool):
            unquoted = "write it without quotes"
        message = f"`{key}` takes {describe(kind)}, not {_found(node)}"
        self.problem("config-value-fits", node, message, unquoted)

    def _came_from(self, key: str, node: Node) -> None:
        line, _ = self._place(node)
        self.places[key] = f"{self.source}:{line}" if line else self.source

    def _place(self, node: Node) -> tuple[int, int]:
        if not self.has_lines:
            return (0, 0)
        return (node.start_mark.line + 1, node.start_mark.column + 1)

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooMuch


def _scalar(node: Node, kind: Any) -> Any:
    """A text, number or truth value; `MISSING` if the node is not one."""
    if not isinstance(node, ScalarNode) or node.tag not in _PLAIN:
        return MISSING
    text: str = node.value
    plain = not node.style  # the C loader says '', the other None
    if get_origin(kind) is Literal:
        # By its text: YAML 1.1 takes `off` for false.
        return next((choice for choice in get_args(kind) if str(choice) == text), MISSING)
    if kind is str:
        return text
    if kind is bool and plain and text.lower() in _TRUE + _FALSE:
        return text.lower() in _TRUE
    if kind is int and plain and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if kind is float and plain and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?", text):
        return float(text)
    return MISSING


def _name(node: Node) -> str:
    return node.value if isinstance(node, ScalarNode) else ""


def _found(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    if node.tag not in _PLAIN:
        return f"a value with the tag {node.tag.removeprefix(_TAG)}"
    text = node.value if len(node.value) <= 40 else node.value[:39] + "…"
    return f'"{text}"'


def _span(low: Any, high: Any) -> str:
    if high is None:
        return f"from {low}"
    return f"up to {high}" if low is None else f"from {low} to {high}"
