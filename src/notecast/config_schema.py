"""The JSON Schema of `site.yaml` and the table of keys, from the definitions of the keys.

Entry points: `schema`, `table`. `python -m notecast.config_schema` writes both
to the files that publish them. The dialect is JSON Schema draft-07, which the
YAML language server reads.
"""

import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from notecast.config import Config
from notecast.config_features import HasOptions
from notecast.config_reader import known_entries
from notecast.config_types import Entry, describe, entries_of, is_section, without_none

PUBLISHED = Path(__file__).parent / "data" / "site.schema.json"
TABLE_START, TABLE_END = "<!-- keys: start -->\n", "<!-- keys: end -->\n"


def schema(features: Sequence[HasOptions]) -> dict[str, Any]:
    """The JSON Schema of `site.yaml` for a site with these features."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "Written by Notecast from the definitions of its keys.",
        "title": "Notecast site",
        **_keys(known_entries(features), Config()),
    }


def schema_text(features: Sequence[HasOptions]) -> str:
    """`schema` as the text of a file."""
    return json.dumps(schema(features), indent=2, ensure_ascii=False) + "\n"


def is_ours(text: str) -> bool:
    """Whether the text of a file is a schema written by this module."""
    return '"$comment": "Written by Notecast from' in text


def _keys(known: Mapping[str, Entry], defaults: Any) -> dict[str, Any]:
    properties = {}
    for name, entry in known.items():
        described = {"description": entry.rules.get("help", "")}
        if entry.rules.get("example") is not None:
            described["examples"] = [entry.rules["example"]]
        default = getattr(defaults, name, None)
        if default is not None and not is_section(type(default)):
            described["default"] = default
        properties[name] = {**described, **_or_null(_kind(entry.kind, entry.rules))}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _kind(kind: Any, rules: Mapping[str, Any]) -> dict[str, Any]:
    kind = without_none(kind)
    origin, parts = get_origin(kind), get_args(kind)
    if kind is str:
        return {"type": ["string", "number", "boolean"]}  # as the reader: `title: 2024`
    if kind in (int, float):
        limits = {"minimum": rules.get("low"), "maximum": rules.get("high")}
        named = {name: value for name, value in limits.items() if value is not None}
        return {"type": "integer" if kind is int else "number", **named}
    if kind is bool:
        return {"type": "boolean"}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        return {"anyOf": [_kind(part, {}) for part in parts]}
    if origin is dict:
        return {"type": "object", "additionalProperties": _kind(parts[1], {})}
    if origin in (tuple, list):
        item = _kind(parts[0], {})
        lists: list[dict[str, Any]] = [{"type": "array", "items": _or_null(item)}, item]
        if getattr(parts[0], "PAIR", None):
            lists.append({"type": "object", "additionalProperties": _kind(str, {})})
        return {"anyOf": lists}
    return _section(kind) if is_section(kind) else {}


def _section(kind: Any) -> dict[str, Any]:
    forms = [_keys(entries_of(kind), kind())]
    if hasattr(kind, "SHORT"):
        forms.append(_kind(entries_of(kind)[kind.SHORT].kind, {}))
    if hasattr(kind, "PAIR"):
        one = {"minProperties": 1, "maxProperties": 1}
        forms.append({"type": "object", "additionalProperties": _kind(str, {}), **one})
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    """The same or nothing: a key without a value has its default."""
    if "anyOf" in kind:
        return {**kind, "anyOf": [*kind["anyOf"], {"type": "null"}]}
    if "enum" in kind:
        return {**kind, "enum": [*kind["enum"], None]}
    if "type" in kind:
        types = kind["type"] if isinstance(kind["type"], list) else [kind["type"]]
        return {**kind, "type": [*types, "null"]}
    return kind


def flat_keys(features: Sequence[HasOptions]) -> list[tuple[str, Entry, Any]]:
    """Every key with its dots (`feeds.limit`), its entry and its default, in order."""
    defaults: dict[str, Any] = {item.name: getattr(Config(), item.name) for item in fields(Config)}
    defaults |= {item.name: item.options() for item in features if item.options is not None}
    found: list[tuple[str, Entry, Any]] = []

    def add(prefix: str, known: Mapping[str, Entry], values: Mapping[str, Any]) -> None:
        for name, entry in known.items():
            found.append((prefix + name, entry, values[name]))
            if is_section(entry.kind):
                inner = {item.name: getattr(values[name], item.name) for item in fields(entry.kind)}
                add(f"{prefix}{name}.", entries_of(entry.kind), inner)

    add("", known_entries(features), defaults)
    return found


def plain(value: Any) -> Any:
    """A value of the configuration as `site.yaml` would hold it."""
    if is_section(type(value)):
        return {name: plain(item) for name, item in asdict(value).items()}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple | list) else value


def shown(value: Any) -> str:
    """A value on one line as YAML: text without quotes where that is read as the same text."""
    if isinstance(value, str) and _reads_as(value, value):
        return value
    return json.dumps(plain(value), ensure_ascii=False)


def shown_in_list(value: str) -> str:
    """The same for text between `[` and `]`."""
    same = _reads_as(f"[{value}]", [value])
    return value if same else json.dumps(value, ensure_ascii=False)


def _reads_as(text: str, value: Any) -> bool:
    import yaml

    try:
        return bool(yaml.safe_load(text) == value)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that is none
        return False


def table(features: Sequence[HasOptions]) -> str:
    """The table of keys for `docs/configuration.md`."""
    lines = ["| Key | Meaning | Type | Default | Example |", "| --- | --- | --- | --- | --- |"]
    for key, entry, default in flat_keys(features):
        section = is_section(entry.kind)
        example = entry.rules.get("example")
        cells = (
            f"`{key}`",
            entry.rules.get("help", ""),
            describe(entry.kind),
            "" if section or default in (None, "") else f"`{shown(default)}`",
            "" if example is None else f"`{shown(example)}`",
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def with_table(page: str, features: Sequence[HasOptions]) -> str:
    """The text of `docs/configuration.md` with the table of today between its marks."""
    before, _, rest = page.partition(TABLE_START)
    _, _, after = rest.partition(TABLE_END)
    return f"{before}{TABLE_START}\n{table(features)}\n{TABLE_END}{after}"


def main() -> None:
    """Writes the schema, and in a source tree the table of keys."""
    # By name: only this tool of ours looks upwards to the features.
    features = importlib.import_module("notecast.features").FEATURES
    PUBLISHED.write_text(schema_text(features), encoding="utf-8")
    page = Path(__file__).parents[2] / "docs" / "configuration.md"
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        page.write_text(with_table(text, features), encoding="utf-8")


if __name__ == "__main__":
    main()
