"""The types of the configuration's values: which keys a section has, what a key takes.

Entry points: `entries_of`, `describe`.
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class Entry:
    """A key that a mapping may hold: the type of its value and the field's metadata."""

    kind: Any
    rules: Mapping[str, Any]


def entries_of(kind: type) -> dict[str, Entry]:
    """The keys of a section, from the fields of its dataclass."""
    hints = get_type_hints(kind)
    return {
        item.name: Entry(hints[item.name], item.metadata)
        for item in fields(kind)
        if item.metadata.get("key", True)
    }


def is_section(kind: Any) -> bool:
    """Whether a type is a dataclass, so that its value is a section with keys."""
    return isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")


def without_none(kind: Any) -> Any:
    """`X` for `X | None`, anything else as it is."""
    if get_origin(kind) in (Union, types.UnionType):
        left = tuple(part for part in get_args(kind) if part is not type(None))
        return left[0] if len(left) == 1 else Union[left]  # noqa: UP007 - made at run time
    return kind


def describe(kind: Any) -> str:
    """What a type accepts, in the author's words."""
    kind = without_none(kind)
    simple = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    if kind in simple:
        return simple[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "one of " + ", ".join(map(str, parts))
    if origin in (tuple, list):
        names = getattr(parts[0], "PAIR", None)
        return f"a list of {names[0]} and {names[1]}" if names else f"a list ({describe(parts[0])})"
    if origin is dict:
        return f"a mapping ({describe(parts[1])} for each key)"
    if origin in (Union, types.UnionType):
        return " or ".join(describe(part) for part in parts)
    if is_section(kind):
        names = ", ".join(entries_of(kind))
        return f"{'text or ' if hasattr(kind, 'SHORT') else ''}a mapping ({names})"
    return "a value"
