"""Values that come from elsewhere than `site.yaml`: the environment, the command line.

Entry points: `variables`, `arguments`. Both make YAML nodes, so that such a
value is read by the same rules as one of the file.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from notecast.config_checks import meant
from notecast.problems import Problem

if TYPE_CHECKING:
    from notecast.config_types import Entry
    from notecast.config_values import Reader

    Layered: TypeAlias = tuple[str, str, Any, Reader]

ENVIRONMENT = "NOTECAST_"


def variables(
    environ: Mapping[str, str], known: "Mapping[str, Entry]"
) -> "tuple[list[Layered], list[Problem]]":
    """The `NOTECAST_…` variables: `NOTECAST_FEEDS__LIMIT` is the key `feeds.limit`.

    Returns:
        For each its place, its key, the node of its value and a reader for that;
        and a problem for each that names no key.
    """
    found: list[Layered] = []
    problems: list[Problem] = []
    for name in sorted(name for name in environ if name.startswith(ENVIRONMENT)):
        from notecast.config_values import Reader

        key = name.removeprefix(ENVIRONMENT).lower().replace("__", ".")
        kind = _kind_at(known, key.split("."))
        if kind is None:
            problems.append(_unknown_variable(name, known))
        else:
            node = _node(environ[name], kind, name)
            found.append((name, key, node, Reader(name, has_lines=False)))
    return found, problems


def arguments(overrides: Mapping[str, Any]) -> "list[Layered]":
    """The values of the command line, as `variables` returns them."""
    found = []
    for key in sorted(overrides):
        from notecast.config_values import Reader
        from notecast.yaml_file import compose_text

        name = "--" + key.replace("_", "-")
        value = overrides[key]
        if isinstance(value, str):
            node = _text_node(value)
        else:
            node, _ = compose_text(json.dumps(value, ensure_ascii=False), name)  # JSON is YAML
        found.append((f"command line ({name})", key, node, Reader(name, has_lines=False)))
    return found


def _node(value: str, kind: Any, name: str) -> Any:
    from notecast.config_types import without_none
    from notecast.yaml_file import compose_text

    if without_none(kind) is not str:
        node, problems = compose_text(value, name)
        if node is not None and not problems:
            return node
    return _text_node(value)


def _text_node(value: str) -> Any:
    from yaml.error import Mark
    from yaml.nodes import ScalarNode

    mark = Mark("", 0, 0, 0, None, 0)
    return ScalarNode("tag:yaml.org,2002:str", value, mark, mark)


def _kind_at(known: "Mapping[str, Entry]", path: Sequence[str]) -> Any:
    from notecast.config_types import entries_of, is_section

    entry = known.get(path[0])
    if entry is None or len(path) == 1:
        return entry and entry.kind
    return _kind_at(entries_of(entry.kind), path[1:]) if is_section(entry.kind) else None


def _unknown_variable(name: str, known: "Mapping[str, Entry]") -> Problem:
    hint = meant(name, [ENVIRONMENT + key.upper() for key in known])
    hint = hint or "it names no key of the configuration"
    message = "this environment variable is not used"
    return Problem("environment-variable-is-known", "warning", name, 0, 0, message, hint)
