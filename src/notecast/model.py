"""The values that flow between the stages.

load → assemble → plan → render → write. Everything here is immutable plain
data: it crosses process borders and is kept in the cache as MessagePack.
"""

from collections.abc import Callable
from typing import Any, NewType

import msgspec

from notecast.problems import Problem

NotePath = NewType("NotePath", str)
"""A note file, relative to the notes folder, with `/`: `cv/tsn.md`."""
Url = NewType("Url", str)
"""An address inside the site, percent-encoded, starting with `/`, without the
sub-path of `base_url`: `/notes/cv/tsn/`. `urls.py` makes and finishes them."""
Digest = NewType("Digest", str)
"""Hex digest of whatever a thing was made from."""

BASE = "\x01"
"""Stands before every internal address inside HTML that is not yet on a page.
The renderer replaces it by the base path (pages) or the whole `base_url`
(feeds). No note can hold it: the reader drops control characters."""

HOLE = "\x00"
"""`HOLE n HOLE` in a body stands for what fills hole number n of the note, and in a short text
(`Post.excerpt`, `Link.sentence`) for what fills number n of its `text_holes`."""

TEXT = ""
"""The feature of holes in a body that show, as text, what fills number `data[0]` of the
`text_holes`: a preview or a table of contents repeats what stands elsewhere on the page."""

PEEK, PEEK_END = "\x06", "\x07"
"""Stand around HTML that shows only while the pointer or the focus is on something: previews
of references. Pages drop the marks, feeds what is between them."""


class Hole(msgspec.Struct, frozen=True, array_like=True):
    """A place in a body that needs something from outside the note."""

    feature: str
    """Name of the feature that fills it."""
    kind: str
    data: tuple[str, ...]
    line: int
    column: int


class Link(msgspec.Struct, frozen=True, array_like=True):
    """A link to another note, as the author wrote it."""

    target: str
    """What was written, percent-decoded and without fragment: `../zero.md`, `Note name`."""
    fragment: str
    """Heading or block behind `#`; empty if none."""
    kind: str
    """`path` for ordinary relative links, `name` for wikilinks, `embed`."""
    line: int
    column: int
    sentence: str
    """Plain text around the link, for backlinks; with holes (`View.short_text`)."""


class Heading(msgspec.Struct, frozen=True, array_like=True):
    level: int
    id: str
    text: str
    """Plain text; formulas as their TeX source."""
    html: str
    """Inline HTML without links, fit for a table of contents."""
    line: int


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Lines of a note's text, and where they stand in its file, which is of another format."""

    first: int
    """The first of them in the text, 1-based; the last is the one before the next span."""
    line: int
    """Line of the file on which it stands."""
    step: int
    """1 where every further line has a line of its own in the file, 0 where all share one."""
    name: str
    """What the author calls the place: `cell 3`."""
    start: int
    """Line of that place (1-based) at which it stands; 0 where its lines say nothing."""


class Manuscript(msgspec.Struct, frozen=True):
    """A note whose file is of another format, as text in the dialect of notes."""

    text: str
    head: int = 0
    """Characters at the beginning among which a header may stand."""
    header: dict[str, Any] = {}
    """Header values that the file gives elsewhere; a header in the text replaces them."""
    spans: tuple[Span, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Their lines are those of the text, or 0."""
    readable: bool = True
    data: Any = None
    """For the rules of the feature that read the file: `context.data` by its name."""


class Post(msgspec.Struct, frozen=True, array_like=True):
    """The facts of one note: all that other pages may want to know of it."""

    path: NotePath
    key: Digest
    """Digest of the source and of everything that parsed it."""
    url: Url
    title: str
    """Plain text."""
    title_html: str
    """Inline HTML: the same with formulas, code and emphasis set."""
    lang: str
    """BCP 47, such as `zh-CN` or `en`."""
    date: str
    """`2026-01-11` or `2026-01-11T09:30:00+08:00`; empty: undated."""
    updated: str
    """Like date; empty if never."""
    categories: tuple[str, ...]
    """As written, nested by `/`; the Site merges spellings."""
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    series: str
    weight: float
    pin: bool
    draft: bool
    expires: str
    excerpt: str
    """Plain text for cards: summary, what precedes `<!-- more -->`, or automatic. It may have
    holes: pages ask `View.excerpt`."""
    description: str
    """Plain text for meta and feeds; empty where the excerpt has holes: see `View.description`."""
    image: str
    """Address or path of a picture that stands for the note; empty if none."""
    words: int
    """Han characters plus words of other scripts."""
    minutes: int
    """Reading time."""
    names: tuple[str, ...]
    """Other names by which notes may link to it (`aliases` without `/`)."""
    redirects: tuple[Url, ...]
    """Old addresses (`aliases` with `/`)."""
    anchors: tuple[str, ...]
    """Every id on the page that a link may name."""
    links: tuple[Link, ...]
    holes: tuple[Hole, ...]
    facts: dict[str, list[Any]]
    """What features found, by family, for their own `facts` and `pages`."""
    problems: tuple[Problem, ...]
    readable: bool = True
    """False where the header could not be read: the note might be a draft and stays out."""
    has_more: bool = False
    """Whether the excerpt is shorter than the note."""
    spans: tuple[Span, ...] = ()
    """Where its lines stand, if its file is of another format; all lines are those of the text."""
    text_holes: tuple[Hole, ...] = ()
    """Those of its short texts, which are filled with plain text."""
    excerpt_length: int = 0
    """Most characters of the excerpt, if it was cut to a length; 0 for one of the author's own."""


class Body(msgspec.Struct, frozen=True, array_like=True):
    """What only the note's own page and full-content feeds need."""

    html: str
    headings: tuple[Heading, ...]
    options: dict[str, Any]
    """Header values that only the page reads: `toc`, `math`, `comments` …"""
    extra: dict[str, Any]
    """Unknown header keys, kept for templates."""


class Page(msgspec.Struct, frozen=True):
    """A page that somebody wants: what a feature's `pages` yields."""

    url: Url
    """`/x/` becomes `x/index.html`; `/feed.xml` is a file of that name."""
    template: str
    context: "dict[str, Any] | Callable[[], dict[str, Any]]"
    """Plain data (str, int, float, bool, None, list, dict, Struct), or what makes it."""
    identity: Any = None
    """With a function for `context`: plain data that is equal if and only if what the
    function makes is, and cheaper. Ten thousand pages are compared in every build and
    one of them is rendered."""
    note: NotePath | None = None
    """The note whose body fills the page."""
    quotes: tuple[NotePath, ...] = ()
    """Notes whose whole bodies the page quotes (feeds), with absolute addresses."""


class Later(msgspec.Struct, frozen=True):
    """Data for a page that is made only if the page is rendered."""

    make: "Callable[[], Any]"
    """Gives plain data."""
    identity: Any = None
    """Plain data that is equal if and only if what `make` gives is, besides the bytes and
    the address of the note itself and what templates know of the site."""


class Planned(msgspec.Struct, frozen=True):
    """A Page with everything that decides its bytes."""

    output: str
    """Path below the output folder, with `/`, as it is on disk."""
    page: Page
    note: "Filling | None"
    quotes: "tuple[Filling, ...]"

    @property
    def identity(self) -> tuple[Any, ...]:
        """Plain data that is equal if and only if the rendered page is, but for templates."""
        page = self.page
        decides = page.context if page.identity is None else page.identity
        assert not callable(decides), f"{page.url} has a function for context and no identity"
        return (self.output, page.template, decides, self.note, self.quotes)

    def job(self) -> "Job":
        """What a worker needs to render the page."""
        context = self.page.context
        made = context() if callable(context) else context
        return Job(self.output, self.page.template, made, self.note, self.quotes)


class Job(msgspec.Struct, frozen=True, array_like=True):
    """A page to render, as plain data for a worker."""

    output: str
    template: str
    context: dict[str, Any]
    note: "Filling | None"
    quotes: "tuple[Filling, ...]"


class Embed(msgspec.Struct, frozen=True, array_like=True):
    """A part of a note's body in the place of a hole: `Feature.fill` may give one.

    Bodies are read only by pages that are rendered, so a feature names what it
    wants and the plan adds `filling`. Whoever makes embeds sees to it that they
    never form a circle.
    """

    note: NotePath
    section: str
    """Id of the heading, whose section is meant, or of an element; empty: the whole body."""
    url: Url
    """Address of the note, for links to what is not embedded with it."""
    before: str
    """HTML around the part."""
    after: str
    within: tuple[str, ...] = ()
    """Ids of the sections and elements of the embedding note that hold this place."""
    filling: "Filling | None" = None


class Filling(msgspec.Struct, frozen=True, array_like=True):
    """A body and what fills its holes."""

    body: Digest
    fills: "tuple[str | Embed, ...]"

    def bodies(self) -> list[Digest]:
        """The bodies that are needed: its own and those of its embeds."""
        found = [self.body]
        for fill in self.fills:
            if isinstance(fill, Embed) and fill.filling:
                found += fill.filling.bodies()
        return found


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """A file that is published as it is."""

    output: str
    source: str
    """Absolute path."""
    part: str = ""
    """Name of what is published of it (`Feature.unpack`); empty: the file as it is."""


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """A picture of the notes folder where a note shows it."""

    path: str
    """Of the file."""
    note: NotePath
    line: int
    column: int


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """Files that a feature wants to have made before pages are planned; see `Maker`."""

    name: str
    """By which the feature asks for them: `view.made(feature, name)`."""
    data: tuple[str | int | float | bool, ...]
    """All that decides them, besides the maker's stamp and the bytes of `source`."""
    source: str = ""
    """Absolute path of a file whose bytes decide too."""


class Made(msgspec.Struct, frozen=True, array_like=True):
    """What came of it: files of the site, or why there are none."""

    files: tuple[str, ...] = ()
    """Their names, in the folder that the maker was given."""
    facts: dict[str, Any] = {}
    """What pages want to know of them."""
    fault: tuple[str, ...] = ()
    """What went wrong: a rule, a message, a hint, and what else the feature's `check` needs."""
    passing: bool = False
    """Whether another try may go better: a time limit, a program that could not start."""
    base: str = ""
    """What stands before each name in its address; the builder knows it."""

    def url(self, file: str) -> Url:
        """The address of one of the files."""
        return Url(self.base + file)
