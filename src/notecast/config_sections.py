"""The sections of `site.yaml` that are mappings, and how a key is described.

`config.py` says how these definitions are used. Besides `help` and `example`
the metadata of a field (`about`) may hold:

- `low`, `high`: limits of a number;
- `parse`: a function that takes the value and returns it as it is kept, or
  raises `config_checks.Unfit`;
- `pages`: False if the value changes no page (it is left out of `config_digest`).

A dataclass may accept shorter spellings: `SHORT` names the field that a plain
value stands for (`author: Ada`), `PAIR` the two fields of a mapping with one
entry (`Home: /`).
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from notecast import config_checks as checks


def about(help: str, example: Any = None, **rules: Any) -> dict[str, Any]:
    """Metadata of a key: what it is for, an example of its value, its rules."""
    return {"help": help, "example": example, **rules}


@dataclass(frozen=True)
class Author:
    """Who writes."""

    SHORT: ClassVar[str] = "name"

    name: str = field(default="", metadata=about("Name as it is shown.", "Ada Lovelace"))
    email: str = field(
        default="", metadata=about("Address for feeds; it is published.", "ada@example.org")
    )
    url: str = field(default="", metadata=about("Home page.", "https://example.org/ada"))
    bio: str = field(
        default="",
        metadata=about(
            "A sentence or two about you; notes of yours then end with a box of it.",
            "Works on optimal transport.",
        ),
    )
    picture: str = field(
        default="",
        metadata=about("Your picture for that box, a file in `static`.", "/ada.jpg"),
    )


@dataclass(frozen=True)
class Hero:
    """The banner of the home page."""

    SHORT: ClassVar[str] = "title"

    title: str = field(
        default="INCOMING TRANSMISSION",
        metadata=about("Large line; empty for no banner.", "LAB NOTES"),
    )
    text: str = field(
        default="", metadata=about("Smaller line below.", "Notes on machine learning")
    )


@dataclass(frozen=True)
class NamedLink:
    """A name that leads somewhere."""

    PAIR: ClassVar[tuple[str, str]] = ("name", "url")

    name: str = field(default="", metadata=about("What is shown.", "Archive"))
    url: str = field(
        default="",
        metadata=about("An address: `/archive/` inside the site, or any other.", "/archive/"),
    )


@dataclass(frozen=True)
class License:
    """What readers may do with the notes."""

    SHORT: ClassVar[str] = "name"
    PAIR: ClassVar[tuple[str, str]] = ("name", "url")

    name: str = field(default="", metadata=about("Name as it is shown.", "CC BY 4.0"))
    url: str = field(
        default="",
        metadata=about("Where its text is.", "https://creativecommons.org/licenses/by/4.0/"),
    )


@dataclass(frozen=True)
class ExcerptWords:
    """What stands in an excerpt for things that are not text; empty: in the note's language."""

    code: str = field(
        default="", metadata=about("For a code block: `[Code]`, in Chinese `[代码]`.", "[Code]")
    )
    formula: str = field(
        default="", metadata=about("For a displayed formula: `[Formula]`, `[公式]`.", "[Formula]")
    )
    math: str = field(
        default="",
        metadata=about("For a formula in the text that holds a command: `[Math]`.", "[Math]"),
    )


@dataclass(frozen=True)
class Excerpt:
    """How the text on cards is made when a note does not say it."""

    length: int = field(
        default=350, metadata=about("Characters at most.", 200, low=20, high=10_000)
    )
    words: ExcerptWords = field(
        default_factory=ExcerptWords,
        metadata=about("What stands for code and formulas.", {"code": "[Code]"}),
    )


@dataclass(frozen=True)
class Feeds:
    """Feeds of latest updates."""

    content: Literal["full", "excerpt"] = field(
        default="full", metadata=about("Whole notes or excerpts.", "excerpt")
    )
    terms: Literal["full", "excerpt"] = field(
        default="excerpt",
        metadata=about("The same for the feeds of categories and tags.", "full"),
    )
    limit: int = field(default=20, metadata=about("Notes in a feed at most.", 50, low=1, high=1000))
    formats: tuple[Literal["atom", "rss", "json"], ...] = field(
        default=("atom", "rss", "json"),
        metadata=about("Formats to publish; an empty list for no feeds.", ["atom"]),
    )


@dataclass(frozen=True)
class Highlight:
    """Colours of code, as names of Pygments styles."""

    light: str = field(
        default="xcode", metadata=about("On a light page.", "staroffice", parse=checks.style)
    )
    dark: str = field(
        default="lightbulb", metadata=about("On a dark page.", "monokai", parse=checks.style)
    )


@dataclass(frozen=True)
class FeatureChoice:
    """Which features the site uses."""

    disable: tuple[str, ...] = field(
        default=(), metadata=about("Built-in features to leave out.", ["feeds"])
    )
    load: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "Features of your own, as `module:name`; looked for beside `site.yaml` too.",
            ["my_features:Glossary"],
            parse=checks.each(checks.python_name),
        ),
    )


@dataclass(frozen=True)
class DeployGit:
    """A branch of a git repository, as GitHub, GitLab and Codeberg Pages serve them."""

    SHORT: ClassVar[str] = "branch"

    branch: str = field(
        default="", metadata=about("Branch that holds the site and nothing else.", "gh-pages")
    )
    remote: str = field(
        default="origin", metadata=about("Name of a remote, or an address.", "upstream")
    )
    history: Literal["keep", "squash"] = field(
        default="keep",
        metadata=about("One more commit each time, or a single one without history.", "squash"),
    )
    domain: str = field(
        default="",
        metadata=about("Domain for the file `CNAME`; empty leaves it as it is.", "ada.example.org"),
    )
    message: str = field(
        default="Publish the site", metadata=about("Message of the commit.", "Publish")
    )


@dataclass(frozen=True)
class DeployRsync:
    """A server that rsync reaches."""

    SHORT: ClassVar[str] = "to"

    to: str = field(
        default="",
        metadata=about("Destination as rsync takes it.", "ada@example.org:/srv/www/notes"),
    )
    ssh: str = field(
        default="", metadata=about("The ssh command where it needs options.", "ssh -p 2222")
    )


@dataclass(frozen=True)
class DeploySftp:
    """A server that is reached by SFTP alone."""

    SHORT: ClassVar[str] = "to"

    to: str = field(
        default="",
        metadata=about("Host and folder.", "ada@example.org:/srv/www/notes"),
    )
    command: str = field(
        default="",
        metadata=about("The sftp command where it needs options.", "sftp -P 2222"),
    )


@dataclass(frozen=True)
class DeployS3:
    """A bucket of an S3-compatible store."""

    SHORT: ClassVar[str] = "bucket"

    bucket: str = field(default="", metadata=about("Name of the bucket.", "notes"))
    prefix: str = field(
        default="", metadata=about("Folder in the bucket; empty for the bucket itself.", "blog")
    )
    endpoint: str = field(
        default="",
        metadata=about(
            "Address of the store; empty for Amazon.", "https://s3.eu-central-003.example.org"
        ),
    )
    region: str = field(default="us-east-1", metadata=about("Region.", "eu-central-1"))


@dataclass(frozen=True)
class Deploy:
    """Where `notecast deploy` publishes to."""

    git: DeployGit = field(
        default_factory=DeployGit,
        metadata=about("A branch of a git repository.", {"branch": "gh-pages"}),
    )
    folder: str = field(
        default="", metadata=about("A folder, seen from the site's own.", "/srv/www/notes")
    )
    rsync: DeployRsync = field(
        default_factory=DeployRsync,
        metadata=about("A server that rsync reaches.", {"to": "example.org:/srv/www/notes"}),
    )
    sftp: DeploySftp = field(
        default_factory=DeploySftp,
        metadata=about(
            "A server that is reached by SFTP alone.", {"to": "ada@example.org:/srv/www/notes"}
        ),
    )
    s3: DeployS3 = field(
        default_factory=DeployS3,
        metadata=about(
            "A bucket; keys come from the environment, never from a file of the site.",
            {"bucket": "notes"},
        ),
    )
