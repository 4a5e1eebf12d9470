"""Features that a site brings along: `features: {load: [module:name]}`.

Entry point: `load_features`. The code of a site's own features runs with all
rights of whoever builds it, like every program.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

from notecast.plain_files import real_path
from notecast.problems import Problem


class HasOptions(Protocol):
    """What the configuration must know of a feature."""

    name: ClassVar[str]
    options: ClassVar[type | None]


def load_features(
    names: Sequence[str], root: Path, others: Sequence[HasOptions]
) -> tuple[list[Any], list[Problem]]:
    """Imports features by name.

    Args:
        names: As `module:name`; the name is a Feature or a subclass of it.
        root: Folder in which modules are looked for, after all other places.
        others: Features whose names are taken.

    Returns:
        An instance for each name that could be loaded, and problems without a place.
    """
    folder = str(real_path(root))
    if folder not in sys.path:
        # It stays there: workers import the same modules. At the end, so that
        # a file of the site cannot take the place of an installed module.
        sys.path.append(folder)
    found: list[Any] = []
    problems: list[Problem] = []
    for name in names:
        taken = {feature.name for feature in (*others, *found)}
        try:
            found.append(_load(name, taken))
        except Exception as error:  # what an import runs may raise anything
            cause = (
                str(error) if isinstance(error, _Refused) else f"{type(error).__name__}: {error}"
            )
            message = f"cannot load the feature {name}: {cause}"
            problems.append(Problem("feature-loads", "error", "", 0, 0, message))
    return found, problems


class _Refused(Exception):
    """Something that is there but is not a feature that can be used."""


def _load(name: str, taken: set[str]) -> Any:
    module_name, _, attribute = name.partition(":")
    module = importlib.import_module(module_name)
    if not hasattr(module, attribute):
        raise _Refused(f"{module_name} has no {attribute}")
    feature = getattr(module, attribute)
    if isinstance(feature, type):
        feature = feature()
    if not isinstance(getattr(feature, "name", None), str) or not hasattr(feature, "note_context"):
        raise _Refused(f"{attribute} is not a Feature")
    if feature.name in taken:
        raise _Refused(f'there is a feature "{feature.name}" already')
    if feature.options is not None and not hasattr(feature.options, "__dataclass_fields__"):
        raise _Refused("its options are not a dataclass")
    return feature
