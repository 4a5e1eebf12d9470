"""`_defaults.yaml`: header values for all notes of a folder and of the folders below it.

Entry points: `read_defaults` for one file, `merge_defaults` down the tree.
What the keys mean is the business of the loader, which reads note headers.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notecast.problems import Problem

DEFAULTS_FILE = "_defaults.yaml"


def read_defaults(path: Path, shown: str = "") -> tuple[dict[str, Any], list[Problem]]:
    """The header values that a `_defaults.yaml` gives, and what is wrong with the file.

    Args:
        path: The file.
        shown: What problems call it; by default its path as given.

    Returns:
        Plain values by header key, as written, and the problems. Dates stay
        text, so that they go the same way as those that a note writes quoted.
        A file that is not a mapping gives nothing.
    """
    from yaml.nodes import MappingNode

    from notecast.config_values import Reader, TooMuch
    from notecast.yaml_file import compose_file

    shown = shown or path.as_posix()
    node, problems = compose_file(path, shown)
    if node is None:
        return {}, problems
    reader = Reader(shown)
    if not isinstance(node, MappingNode):
        reader.problem(
            "defaults-are-a-mapping",
            node,
            "holds no header keys",
            "write `key: value` lines as in the header of a note, such as `category: LLM`",
        )
        return {}, reader.problems
    values: dict[str, Any] = {}
    try:
        values = reader.value(node, dict[str, Any], "header", {})
    except (TooMuch, RecursionError):
        reader.problem("defaults-are-a-mapping", node, "holds too much once aliases are followed")
    return (values if not reader.problems else {}), reader.problems


def merge_defaults(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    """The values for a folder: those of the folder above, replaced by its own key by key."""
    return {**outer, **inner}
