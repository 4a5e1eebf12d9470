"""Everything that a build reads besides the notes themselves, gathered once.

Entry point: `gather`.
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from notecast import __version__
from notecast.builder.assets import fingerprint
from notecast.builder.digest import code_stamp, digest_bytes, digest_of, library_stamp
from notecast.builder.notes import NoteInputs
from notecast.builder.pages import Asset
from notecast.builder.plan import static_files
from notecast.builder.trust import known_state
from notecast.config import Config
from notecast.feature import Feature
from notecast.folder_defaults import DEFAULTS_FILE, merge_defaults, read_defaults
from notecast.i18n import load_words
from notecast.loader.header import check_defaults
from notecast.loader.readers import note_suffixes
from notecast.loader.scan import Entry, Scan, scan
from notecast.model import Copy, Digest
from notecast.plain_files import read_plain
from notecast.problems import Problem
from notecast.renderer.settings import RenderSettings
from notecast.renderer.theme import Theme
from notecast.site import FEED_FILES, FEED_TYPES


class Inputs(msgspec.Struct, frozen=True):
    """What a site is made from."""

    scan: Scan
    suffixes: tuple[str, ...]
    """Of files that are notes, in lower case."""
    notes: NoteInputs
    load_settings: Any
    render_settings: RenderSettings
    words: dict[str, str]
    assets: list[Asset]
    statics: list[Copy]
    problems: list[Problem]
    stamp: Digest
    """Of everything but the notes and what features do with them."""
    scanned_at: int
    """When the scan began, in nanoseconds since 1970."""


def gather(
    config: Config, features: Sequence[Feature], output: Path, now_ns: int, *, search: bool
) -> Inputs:
    """Scans the site folder and reads templates, words, defaults and options.

    Args:
        config: The site's configuration.
        features: Those that are in use.
        output: The output folder, which is not part of the notes.
        now_ns: The moment before the scan, in nanoseconds since 1970.
        search: Whether the site has a search.
    """
    excluded = [output, config.cache_dir, config.static_dir, config.templates_dir]
    suffixes = note_suffixes(features)
    found = scan(
        config.notes_dir,
        ignore=config.ignore,
        exclude=excluded,
        root=config.root,
        suffixes=suffixes,
    )
    problems = list(found.problems)
    theme = Theme.load(config.templates_dir, config.root)
    problems += theme.problems
    words = load_words(config.language)
    assets, addresses = fingerprint(theme)
    statics = static_files(config.static_dir, problems, config.root)
    defaults, default_problems = _Defaults.read(found.defaults, config)
    problems += default_problems
    git_dates: dict[str, tuple[str, str]] = {}
    if config.dates == "git":
        from notecast.loader.git_dates import read_git_dates

        git_dates, git_problems = read_git_dates(config.notes_dir)
        problems += git_problems
    options = {
        **config.options,
        **{f.name: f.with_files(config.options.get(f.name), config.root) for f in features},
    }
    load_settings = _load_settings(config, options)
    render_settings = RenderSettings(
        templates=theme.templates,
        template_paths=theme.paths,
        site=site_context(config, words, features, search=search),
        words=words,
        assets=addresses,
        slots=_slots(features),
        base_path=config.base_path,
        absolute_base=config.base_url.rstrip("/"),
        language=config.language,
        timezone=config.timezone,
    )
    parser_stamp = digest_of(
        code_stamp(),
        library_stamp(),
        [
            (
                f.name,
                f.version,
                f.stamp(config.options.get(f.name)),
                _plain(options.get(f.name)),
                _own_code(f),
            )
            for f in features
            # Others do not change how a note is read.
            if type(f).syntax is not Feature.syntax or type(f).stamp is not Feature.stamp
        ],
        _plain(load_settings),
    )
    return Inputs(
        scan=found,
        suffixes=suffixes,
        notes=NoteInputs(parser_stamp, defaults.of, git_dates, _included_from(config)),
        load_settings=load_settings,
        render_settings=render_settings,
        words=words,
        assets=assets,
        statics=statics,
        problems=problems,
        stamp=digest_of(
            [_own_code(feature) for feature in features],
            parser_stamp,
            render_settings,
            [(asset.output, asset.data) for asset in assets],
            [(copy, known_state(Path(copy.source).stat(), now_ns)) for copy in statics],
            [(file.path, known_state(file, now_ns)) for file in found.files],
            _inputs_of(features, config),
            _maker_stamps(features, config),
        ),
        scanned_at=now_ns,
    )


def _inputs_of(features: Sequence[Feature], config: Config) -> list[tuple[str, str]]:
    """Path and digest of every file that a feature reads besides the notes."""
    found = []
    for feature in features:
        for path in feature.inputs(config.options.get(feature.name), config.root):
            try:
                found.append((str(path), str(digest_bytes(read_plain(path)))))
            except OSError:
                found.append((str(path), ""))  # that it is missing decides something too
    return found


def _maker_stamps(features: Sequence[Feature], config: Config) -> list[tuple[str, str]]:
    """What makers make files with."""
    makers = ((f.name, f.maker(config.options.get(f.name))) for f in features)
    return [(name, maker.stamp()) for name, maker in makers if maker is not None]


def is_ours(feature: Feature) -> bool:
    """Whether a feature is one of this package, and not the site's own."""
    return type(feature).__module__.startswith("notecast.")


def _own_code(feature: Feature) -> str:
    """Digest of the module of a feature that a site brings along; empty for ours.

    Ours are in `code_stamp` already.
    """
    file = getattr(sys.modules.get(type(feature).__module__), "__file__", None)
    if is_ours(feature) or not file:
        return ""
    return digest_bytes(Path(file).read_bytes())


def _plain(value: Any) -> Any:
    """Plain data for digests, from dataclasses and structs that hold some."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, msgspec.Struct):
        return _plain(msgspec.structs.asdict(value))
    if hasattr(type(value), "__dataclass_fields__"):
        return _plain(asdict(value))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _included_from(config: Config) -> str:
    """Where files lie that notes may take in; whoever is not trusted sees notes alone."""
    return str(config.notes_dir if config.html == "untrusted" else config.root)


def _load_settings(config: Config, options: dict[str, Any]) -> Any:
    from notecast.loader.settings import LoadSettings

    words = config.excerpt.words
    return LoadSettings(
        language=config.language,
        timezone=config.timezone,
        permalink=config.permalink,
        slugs=config.slugs,
        html=config.html,
        excerpt_length=config.excerpt.length,
        excerpt_words=(words.code, words.formula, words.math),
        notes_prefix=config.notes_prefix,
        options=options,
    )


def _slots(features: Sequence[Feature]) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    for feature in features:
        for place, template in feature.slots.items():
            slots.setdefault(place, []).append(template)
    return slots


def site_context(
    config: Config, words: dict[str, str], features: Sequence[Feature], *, search: bool
) -> dict[str, Any]:
    """`site` in templates, as plain data."""
    nav = config.nav
    default_nav = [
        {"name": words[kind], "url": f"/{kind}/"} for kind in ("categories", "tags", "archive")
    ]
    return {
        "title": config.title,
        "description": config.description,
        "language": config.language,
        "base_url": config.base_url,
        "author": asdict(config.author),
        "hero": asdict(config.hero),
        "nav": default_nav if nav is None else [asdict(link) for link in nav],
        "social": [asdict(link) for link in config.social],
        "license": asdict(config.license),
        "logo": config.logo,
        "favicon": config.favicon,
        "edit_url": config.edit_url,
        "feeds": [
            {"title": config.title, "type": FEED_TYPES[name], "url": "/" + FEED_FILES[name]}
            for name in config.feeds.formats
            if any(feature.name == "feeds" for feature in features)
        ],
        "search": search and any(feature.name == "search" for feature in features),
        "version": __version__,
        "options": {name: _plain(value) for name, value in sorted(config.options.items())},
    }


class _Defaults:
    """Header values by folder, from `_defaults.yaml` files."""

    def __init__(self, by_folder: dict[str, dict[str, Any]]) -> None:
        self._by_folder = by_folder
        self._merged: dict[str, dict[str, Any]] = {}

    @classmethod
    def read(cls, files: Sequence[Entry], config: Config) -> "tuple[_Defaults, list[Problem]]":
        by_folder: dict[str, dict[str, Any]] = {}
        problems: list[Problem] = []
        for file in files:
            values, found = read_defaults(Path(file.source), config.notes_prefix + file.path)
            problems += found
            problems += check_defaults(values, config.notes_prefix + file.path, config.timezone)
            by_folder[file.path.removesuffix(DEFAULTS_FILE).rstrip("/")] = values
        return cls(by_folder), problems

    def of(self, path: str) -> dict[str, Any]:
        """The values for a note."""
        return self._of_folder(path.rpartition("/")[0])

    def _of_folder(self, folder: str) -> dict[str, Any]:
        known = self._merged.get(folder)
        if known is None:
            outer = self._of_folder(folder.rpartition("/")[0]) if folder else {}
            known = merge_defaults(outer, self._by_folder.get(folder, {}))
            self._merged[folder] = known
        return known
