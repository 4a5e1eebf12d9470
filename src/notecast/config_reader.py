"""Reads the configuration: `site.yaml`, then the environment, then the command line.

Entry points: `load_config` for the values, `read_site` for where each came
from and which features the site uses too. All that is wrong is found in one go.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.config import Config
from notecast.config_checks import meant
from notecast.config_features import HasOptions, load_features
from notecast.config_language import language_of
from notecast.config_layers import arguments, variables
from notecast.config_places import SITE_FILES, site_file
from notecast.plain_files import real_path
from notecast.problems import Problem

if TYPE_CHECKING:
    from notecast.config_types import Entry
    from notecast.config_values import Reader


@dataclass(frozen=True)
class Reading:
    """A configuration and where it comes from."""

    config: Config
    problems: list[Problem]
    places: dict[str, str] = field(default_factory=dict)
    """Where a key was read, such as `site.yaml:3`; keys that are not here are default."""
    features: tuple[Any, ...] = ()
    """The features that the site uses, in order, its own at the end."""
    known: tuple[Any, ...] = ()
    """The same with those that it left out."""


def load_config(
    root: Path,
    features: Sequence[HasOptions],
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> tuple[Config, list[Problem]]:
    """The configuration of the site in `root`, complete whatever is wrong with it.

    Args:
        root: The folder of the site; it needs no `site.yaml`.
        features: The features whose sections may occur.
        environ: Environment with `NOTECAST_…` variables; by default none.
        overrides: Values by key (`feeds.limit` for nested ones) that win over all others.

    Returns:
        The configuration, defaults standing where a value was wrong, and the problems.
    """
    reading = read_site(root, features, environ=environ, overrides=overrides)
    return reading.config, reading.problems


def read_site(
    root: Path,
    features: Sequence[HasOptions],
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Reading:
    """Like `load_config`, with where each value comes from and the features in use."""
    layers = (environ or {}, overrides or {})
    reading = _read(root, features, *layers)
    if not reading.config.features.load:
        return reading
    # Sections of the site's own features are only known once those are loaded.
    own, problems = load_features(reading.config.features.load, root, features)
    path, line = _place_of(reading, "features.load")
    problems = [Problem(p.rule, p.severity, path, line, 0, p.message, p.hint) for p in problems]
    reading = _read(root, (*features, *own), *layers)
    return replace(reading, problems=[*reading.problems, *problems])


def _read(
    root: Path,
    features: Sequence[HasOptions],
    environ: Mapping[str, str],
    overrides: Mapping[str, Any],
) -> Reading:
    known = known_entries(features)
    values, problems, places = _from_file(root, known)
    outer, unknown = variables(environ, known)
    problems += unknown
    for where, key, node, reader in (*outer, *arguments(overrides)):
        _overlay(values, known, key.split("."), node, reader)
        problems += reader.problems
        if not reader.problems:
            _forget(places, key)
            places |= dict.fromkeys((key, *reader.places), where)
    core = {name: values[name] for name in entries_of_config() if name in values}
    options = {
        feature.name: values.get(feature.name) or feature.options()
        for feature in features
        if feature.options is not None
    }
    config = Config(**core, options=options, root=root)
    if not config.title:
        config = replace(config, title=real_path(root).name or "Notes")
    if "language" not in values and site_file(root) is None:
        # The whole interface speaks it: who has not begun a configuration is spared this one.
        config = replace(config, language=language_of(config.notes_dir) or config.language)
    names = [feature.name for feature in features]
    in_use = tuple(item for item in features if item.name not in config.features.disable)
    reading = Reading(config, problems, places, in_use, tuple(features))
    return replace(reading, problems=problems + _cross_checks(reading, names))


def known_entries(features: Sequence[HasOptions]) -> "dict[str, Entry]":
    """Every key that `site.yaml` may hold with these features.

    Raises:
        ValueError: A feature's section has the name of a core key and another type.
    """
    from notecast.config_types import Entry

    known = entries_of_config()
    for feature in features:
        if feature.options is None:
            continue
        if feature.name in known and known[feature.name].kind is not feature.options:
            raise ValueError(f"feature {feature.name!r} has the name of a key of its own")
        doc = (feature.options.__doc__ or "").strip().split("\n")[0]
        known[feature.name] = Entry(feature.options, {"help": doc})
    return known


def entries_of_config() -> "dict[str, Entry]":
    """The keys of `site.yaml` without those of features."""
    from notecast.config_types import entries_of

    return entries_of(Config)


def _from_file(
    root: Path, known: "Mapping[str, Entry]"
) -> tuple[dict[str, Any], list[Problem], dict[str, str]]:
    path = site_file(root)
    if path is None:
        return {}, [], {}
    from yaml.nodes import MappingNode

    from notecast.config_values import Reader, TooMuch
    from notecast.yaml_file import compose_file

    node, problems = compose_file(path, path.name)
    if node is None:
        return {}, problems, {}
    reader = Reader(path.name)
    values: dict[str, Any] = {}
    if not isinstance(node, MappingNode):
        reader.problem("config-is-yaml", node, "holds no keys", "write `key: value` lines")
    else:
        try:
            values = reader.entries(node, known)
        except (TooMuch, RecursionError):
            reader.problem("config-is-yaml", node, "holds too much once aliases are followed")
    if all((root / name).is_file() for name in SITE_FILES):
        message = f"{SITE_FILES[1]} is not read, since there is {SITE_FILES[0]} too"
        reader.problems.append(
            Problem("site-has-one-config", "warning", SITE_FILES[1], 0, 0, message, "delete one")
        )
    return values, reader.problems, reader.places


def _overlay(
    values: dict[str, Any],
    known: "Mapping[str, Entry]",
    path: Sequence[str],
    node: Any,
    reader: "Reader",
) -> None:
    """Puts the value of `node` over what `values` hold at `path`."""
    from notecast.config_types import entries_of

    sections: list[Any] = []
    for name in path[:-1]:
        section = getattr(sections[-1], name) if sections else values.get(name)
        if section is None:
            section = known[name].kind()
        sections.append(section)
        known = entries_of(type(section))
    entry = known[path[-1]]
    value = reader.value(node, entry.kind, ".".join(path), entry.rules)
    if value is MISSING:
        return
    for section, name in zip(reversed(sections), reversed(path[1:]), strict=True):
        value = replace(section, **{name: value})
    values[path[0]] = value


def _forget(places: dict[str, str], key: str) -> None:
    for below in [name for name in places if name.startswith((f"{key}.", f"{key}["))]:
        del places[below]


def _cross_checks(reading: Reading, names: list[str]) -> list[Problem]:
    """What shows only when all values are known."""
    config, problems = reading.config, []
    path, line = _place_of(reading, "features.disable")
    for name in config.features.disable:
        if name not in names:
            message = f'there is no feature "{name}"'
            hint = meant(name, sorted(names))
            problems.append(Problem("feature-is-known", "error", path, line, 0, message, hint))
    if site_file(config.root) and not config.notes_dir.is_dir():
        path, line = _place_of(reading, "notes")
        message = f"there is no folder `{config.notes}` with notes"
        hint = "make it, or say with `notes:` which folder it is"
        problems.append(Problem("notes-folder-exists", "error", path, line, 0, message, hint))
    return problems


def _place_of(reading: Reading, key: str) -> tuple[str, int]:
    where = reading.places.get(key) or reading.places.get(key.split(".")[0], "")
    path, _, line = where.rpartition(":")
    if line.isdigit():
        return path, int(line)
    file = site_file(reading.config.root)
    return where or (file.name if file else os.curdir), 0
