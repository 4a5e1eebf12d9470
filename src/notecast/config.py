"""The configuration of a site as typed values; `config_reader.load_config` makes them.

Each field is a key of `site.yaml` and tells what it is for. The reader, the
JSON Schema, `docs/configuration.md` and `notecast config KEY` all go by these
definitions. A feature's own section is a frozen dataclass made in the same way. See
`config_sections.py` for what their metadata may hold.
"""

import hashlib
import json
import posixpath
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from notecast import config_checks as checks
from notecast.config_places import cache_folder, notes_folder, site_file
from notecast.config_sections import (
    Author,
    Deploy,
    Excerpt,
    FeatureChoice,
    Feeds,
    Hero,
    Highlight,
    License,
    NamedLink,
    about,
)
from notecast.problems import Problem


@dataclass(frozen=True)
class Config:
    """Everything that `site.yaml` says, checked and complete."""

    title: str = field(
        default="", metadata=about("Name of the site; by default that of its folder.", "Lab notes")
    )
    description: str = field(
        default="",
        metadata=about(
            "One sentence about the site, for search engines and feeds.", "Notes on vision models"
        ),
    )
    base_url: str = field(
        default="",
        metadata=about(
            "Address at which the site is published, with its sub-path. Without it pages work "
            "anywhere at the root of a host, but feeds cannot name absolute addresses.",
            "https://example.org/notes",
            parse=checks.base_url,
        ),
    )
    language: str = field(
        default="en",
        metadata=about(
            "Language of the site and of notes without `lang`.", "zh-CN", parse=checks.language
        ),
    )
    timezone: str = field(
        default="UTC",
        metadata=about(
            "Zone of dates without one, by its IANA name; it decides what is in the future.",
            "Asia/Shanghai",
            parse=checks.timezone,
        ),
    )
    author: Author = field(
        default_factory=Author,
        metadata=about("Who writes the notes that name nobody.", "Ada Lovelace"),
    )
    hero: Hero = field(
        default_factory=Hero, metadata=about("The banner of the home page.", {"title": "LAB NOTES"})
    )
    nav: tuple[NamedLink, ...] | None = field(
        default=None,
        metadata=about(
            "Links at the top of pages; by default the theme's own.", {"Archive": "/archive/"}
        ),
    )
    social: tuple[NamedLink, ...] = field(
        default=(), metadata=about("Links to you elsewhere.", {"GitHub": "https://github.com/ada"})
    )
    license: License = field(
        default_factory=License, metadata=about("What readers may do with the notes.", "CC BY 4.0")
    )
    logo: str = field(
        default="", metadata=about("Picture beside the title, a file in `static`.", "/logo.svg")
    )
    favicon: str = field(
        default="", metadata=about("Icon of the browser tab, a file in `static`.", "/favicon.svg")
    )
    notes: str = field(
        default="notes", metadata=about("Folder of the notes.", "content", parse=checks.folder)
    )
    output: str = field(
        default="public",
        metadata=about(
            "Folder that the site is written to.", "dist", parse=checks.folder, pages=False
        ),
    )
    static: str = field(
        default="static",
        metadata=about(
            "Folder of files that are published as they are.", "files", parse=checks.folder
        ),
    )
    templates: str = field(
        default="templates",
        metadata=about(
            "Folder of your own templates, each in place of the theme's of that name.",
            "theme",
            parse=checks.folder,
        ),
    )
    permalink: str = field(
        default="/notes/:path/",
        metadata=about(
            f"Pattern of the notes' addresses, made of {checks.PLACEHOLDERS_SHOWN}.",
            "/:year/:slug/",
            parse=checks.permalink,
        ),
    )
    slugs: Literal["unicode", "ascii"] = field(
        default="unicode",
        metadata=about(
            "Whether addresses keep letters of every script or are spelled in ASCII (pinyin …).",
            "ascii",
        ),
    )
    paginate: int = field(
        default=12, metadata=about("Cards on a page of a list.", 20, low=1, high=1000)
    )
    dates: Literal["header", "git"] = field(
        default="header",
        metadata=about(
            "Where dates come from that a note's header does not give: nowhere, or the first and "
            "last commit of the file.",
            "git",
        ),
    )
    drafts: bool = field(
        default=False, metadata=about("Whether drafts are published.", True, pages=False)
    )
    future: bool = field(
        default=False,
        metadata=about("Whether notes of the future are published.", True, pages=False),
    )
    html: Literal["own", "untrusted"] = field(
        default="own",
        metadata=about(
            "What becomes of HTML in notes: kept as it is, or cleaned of all that could run.",
            "untrusted",
        ),
    )
    excerpt: Excerpt = field(
        default_factory=Excerpt, metadata=about("How the text on cards is made.", {"length": 200})
    )
    feeds: Feeds = field(
        default_factory=Feeds, metadata=about("Feeds of latest updates.", {"content": "excerpt"})
    )
    highlight: Highlight = field(
        default_factory=Highlight, metadata=about("Colours of code.", {"dark": "monokai"})
    )
    edit_url: str = field(
        default="",
        metadata=about(
            "Where the source of a note can be edited; `:path` is its file below the notes folder.",
            "https://github.com/ada/notes/edit/main/notes/:path",
            parse=checks.edit_url,
        ),
    )
    editor: str = field(
        default="",
        metadata=about(
            "Where a click on a problem leads in the preview: the name of an editor ("
            + ", ".join(f"`{name}`" for name in checks.EDITORS)
            + ") or an address that holds `:path`, and perhaps `:line` and `:column`.",
            "vscode",
            parse=checks.editor,
            pages=False,
        ),
    )
    features: FeatureChoice = field(
        default_factory=FeatureChoice,
        metadata=about("Which features the site uses.", {"disable": ["feeds"]}),
    )
    precompress: tuple[Literal["gzip", "brotli"], ...] = field(
        default=(),
        metadata=about(
            "Compressed copies of text files beside them, for servers that send those.",
            ["gzip", "brotli"],
        ),
    )
    strict: bool = field(
        default=False, metadata=about("Whether warnings count as errors.", True, pages=False)
    )
    problems: dict[str, Literal["off", "warning", "error"]] = field(
        default_factory=dict,
        metadata=about(
            "How serious a problem is, by the name in brackets behind its message.",
            {"image-exists": "error"},
            pages=False,
        ),
    )
    deploy: Deploy = field(
        default_factory=Deploy,
        metadata=about(
            "Where `notecast deploy` publishes to.", {"git": {"branch": "gh-pages"}}, pages=False
        ),
    )
    ignore: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "Files of the notes folder to leave out, as patterns.", ["drafts/**", "*.tmp.md"]
        ),
    )

    # What follows is not in `site.yaml`.
    options: dict[str, Any] = field(default_factory=dict, metadata={"key": False})
    """The section of each feature that has one, by the feature's name."""
    root: Path = field(default=Path("."), metadata={"key": False, "pages": False})
    """The folder of the site."""

    @cached_property
    def notes_dir(self) -> Path:
        """Where notes are: the folder `notes`; in a folder without configuration whose notes
        are elsewhere, that folder itself."""
        folder = self.root / self.notes
        if site_file(self.root) is None:
            if self.notes == "notes":
                return notes_folder(self.root)
            return folder if folder.is_dir() else self.root
        return folder

    @cached_property
    def notes_prefix(self) -> str:
        """What stands before a note's path where it is shown to the author: `notes/` or nothing."""
        return "" if self.notes_dir == self.root else posixpath.normpath(self.notes) + "/"

    @property
    def output_dir(self) -> Path:
        """Where the site is written to."""
        return self.root / self.output

    @property
    def static_dir(self) -> Path:
        """Files that are published as they are."""
        return self.root / self.static

    @property
    def templates_dir(self) -> Path:
        """The site's own templates."""
        return self.root / self.templates

    @property
    def cache_dir(self) -> Path:
        """Where the cache is kept: `.notecast/`, or below the user's cache folder."""
        return cache_folder(self.root)

    @property
    def lock_file(self) -> Path:
        """The lock of this site's builds."""
        return self.cache_dir / "lock"

    @property
    def base_path(self) -> str:
        """The sub-path of `base_url`, without a slash at its end: `/repo` or nothing."""
        return urlsplit(self.base_url).path.rstrip("/")


def config_digest(config: Config) -> str:
    """Hex digest of everything in the configuration that may change a page."""
    kept = {
        item.name: _plain(getattr(config, item.name))
        for item in fields(config)
        if item.metadata.get("pages", True)
    }
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(type(value), "__dataclass_fields__"):
        return asdict(value)
    return value


def with_severities(problems: Sequence[Problem], config: Config) -> list[Problem]:
    """The problems as serious as `problems:` in `site.yaml` wants them, without those set off."""
    judged = []
    for problem in problems:
        severity = config.problems.get(problem.rule, problem.severity)
        if severity != "off":
            judged.append(msgspec.structs.replace(problem, severity=severity))
    return judged
