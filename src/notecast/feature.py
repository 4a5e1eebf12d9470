"""The contract between the builder and the features, and what a parser rule may do.

A feature fills in what it needs of the methods of `Feature`; all of them do
nothing by default. Features know nothing of one another. See
`docs/writing-a-feature.md`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from notecast.model import (
    HOLE,
    TEXT,
    Embed,
    Hole,
    Link,
    Made,
    Manuscript,
    NotePath,
    Page,
    Post,
    Shown,
    Url,
    Wanted,
)
from notecast.problems import Problem, Severity
from notecast.short_texts import text_of_html

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from notecast.site import View


class Feature:
    """One capability of the site, from syntax to pages.

    Instances hold no state: a feature may run in several processes at once.
    """

    name: ClassVar[str]
    """One word: its section in `site.yaml`, its folder in `templates/`."""
    version: ClassVar[int] = 1
    """Raised when the same source gives other facts or HTML: part of every Post key."""
    options: ClassVar[type | None] = None
    """A frozen dataclass: the feature's own section of `site.yaml`."""
    slots: ClassVar[Mapping[str, str]] = {}
    """Named place in `base.html` or `note.html` → template that fills it."""
    places: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    """Families of facts of notes whose rows tell where in the file a thing is → indexes of line
    and column in a row. These serve problems alone: pages do not show them."""
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Of files that are notes through this feature, in lower case: `.ipynb`. It then has
    `read`, and `unpack` if such a file holds pictures or the like."""

    def read(self, text: str, path: str) -> Manuscript:
        """A note of another format as text in the dialect of notes. Never raises.

        Args:
            text: The file, as `decode` returned it.
            path: The file as the author knows it, for problems.
        """
        raise NotImplementedError(f"{self.name} has suffixes but does not read notes")

    def unpack(self, data: bytes) -> "Mapping[str, bytes]":
        """What lies inside such a file and is published by itself, by name; see `sources`."""
        return {}

    def with_files(self, options: Any, root: Path) -> Any:
        """The options as `syntax` gets them, with what files of the site say besides.

        Asked in every build, so it reads little. What it gives is part of every Post key.

        Args:
            options: The feature's section of the configuration.
            root: The folder of the site; the feature sees to it that files lie inside.
        """
        return options

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        """Adds rules to the parser of notes. Runs once in each process."""

    def stamp(self, options: Any) -> str:
        """What besides version and options decides how notes are parsed (engine versions)."""
        return ""

    def inputs(self, options: Any, root: Path) -> "Iterable[Path]":
        """Files besides notes whose bytes decide what this feature makes of the site.

        A build in which one of them changed, came or went is not taken for an unchanged
        one. Files of the notes folder need not be named. They are read in every build:
        bibliographies, not films.

        Args:
            options: The feature's section of the configuration.
            root: The folder of the site; the feature sees to it that files lie inside.
        """
        return ()

    def facts(self, posts: Sequence[Post], options: Any) -> "Mapping[str, Mapping[Any, Any]]":
        """Families of facts that this feature draws from all posts."""
        return {}

    def fill(self, hole: Hole, post: Post, view: "View") -> str | Embed:
        """HTML for one of this feature's holes in `post`, or a part of another note's body."""
        raise NotImplementedError(f"{self.name} leaves holes but does not fill them")

    def text(self, hole: Hole, post: Post, view: "View") -> str:
        """Plain text for a hole in a short text of `post`: on cards, around links.

        By default the text of what `fill` gives; see `NoteContext.text_hole`.
        """
        fill = self.fill(hole, post, view)
        return text_of_html(fill) if isinstance(fill, str) else ""

    def note_context(self, post: Post, view: "View") -> Any:
        """Plain data for the page of one note, `None` for nothing; `context[name]` in templates.

        It is asked for each note in every build. What costs more than a look-up may come
        as `Later`, which is made for pages that are rendered.
        """
        return None

    def pages(self, view: "View") -> "Iterable[Page]":
        """Pages of the site besides the notes' own."""
        return ()

    def files(self, view: "View") -> "Iterable[str]":
        """Files of the notes folder (by path) that are published because notes need them."""
        return ()

    def pictures(self, view: "View") -> "Iterable[Shown]":
        """Pictures of the notes folder that notes show, each place of each."""
        return ()

    def sources(self, view: "View") -> "Iterable[tuple[Url, NotePath, str]]":
        """Notes whose own files are published, or parts of them.

        Each with the address of the copy and the part's name (`unpack`), which is empty
        for the file as it is. Two may want the same part of a note at one address.
        """
        return ()

    def check(self, view: "View") -> "Iterable[Problem]":
        """Problems that only show when all notes are known."""
        return ()

    def lacks(self, options: Any) -> Problem | None:
        """What the machine lacks for the feature, which is then left out."""
        return None

    def maker(self, options: Any) -> "Maker | None":
        """A step that makes files which pages then name: smaller pictures, drawn diagrams."""
        return None

    def finisher(self, options: Any) -> "Finisher | None":
        """A step that works on the written pages and adds files to the site."""
        return None


class Maker(Protocol):
    """A step that runs when all posts are known and no page is planned yet.

    Each thing that it makes has a key of its own, of `stamp`, the feature's code, `Wanted.data`
    and the bytes of `Wanted.source`; what was made once is kept until nobody wants it any
    more. A page asks by `view.made` and so names only files that there are. Nothing of this
    happens in a build in which nothing has changed, nor in the preview.
    """

    def stamp(self) -> str:
        """What besides that decides the files: versions, options. Asked in every build."""

    def wants(self, view: "View") -> "Iterable[Wanted]":
        """What is to be made, in any order, no name twice."""

    def make(self, wanted: Wanted, into: "Path") -> Made:
        """Makes the files of one; runs in a worker and does not raise.

        Args:
            wanted: One of those that were wanted.
            into: An empty folder for the files. They are published under a name that
                begins with their key, below `/static/` and the feature's name.
        """


class Finisher(Protocol):
    """A step that runs when all pages stand in the output folder: a search index, for one.

    It has a key of its own, of `stamp` and the bytes of the pages that it
    reads, and is done again only when that is another than last time.
    """

    folder: str
    """Folder of the output in which its files are; they belong to the site like pages."""
    entry: str
    """The file below it through which readers come to the others: put in place last."""

    def reads(self, page: Page) -> bool:
        """Whether the step reads this page."""

    def stamp(self) -> str:
        """What besides the pages decides its files: versions, options."""

    def run(self, site: "Path", pages: Sequence[str], into: "Path") -> list[Problem]:
        """Makes the files.

        Args:
            site: The output folder, which is not to be changed.
            pages: The pages that the step reads, as paths below it.
            into: An empty folder; what lies in it afterwards is published. Other
                files may be made beside it: they are thrown away.

        Returns:
            What went wrong; with an error the files of last time stay.
        """


class WantedSentence(NamedTuple):
    """A sentence that somebody wants for a list elsewhere."""

    inline: "Token"
    """The paragraph."""
    token: "Token"
    """What it is about: the start of a link, or a token of its own."""
    put: Callable[[str], None]
    """Told the sentence, plain text that may have holes."""


class NoteContext:
    """One note while it is parsed; parser and renderer rules reach it by `NoteContext.of(env)`.

    The only mutable thing in the pipeline: it lives for one call of the loader
    and becomes a Post and a Body.
    """

    def __init__(
        self,
        path: NotePath,
        shown_path: str,
        lines: Sequence[str],
        first_line: int,
        lang: str,
        header: Mapping[str, Any],
        origins: Sequence[int] | None = None,
    ) -> None:
        """`lines` are those of the text behind the header, of which the first is
        line `first_line` of the file (1-based); `header` the header's values. Where the
        note takes in files, `origins` tells for each line of the whole text which one of
        the file (0-based) it is, and `~line` for lines of other files."""
        self.path = path
        self.shown_path = shown_path
        self.lines = lines
        self.first_line = first_line
        self._origins = origins
        self.lang = lang
        self.header = header
        self.inline: Token | None = None
        """The inline token that is parsed right now."""
        self.problems: list[Problem] = []
        self.holes: list[Hole] = []
        self.text_holes: list[Hole] = []
        self.sentences: list[WantedSentence] = []
        """Sentences that are cut when all of the note is known."""
        self.links: list[Link] = []
        self.anchors: dict[str, None] = {}
        self.facts: dict[str, list[Any]] = {}
        self.data: dict[str, Any] = {}
        """Scratch space of a feature's own rules, by feature name."""
        self.is_foreign: Callable[[int], bool] | None = None
        """Where parts of the text were written by a program: whether a line (of `line_of`) is
        of them. Raw HTML there is made harmless, whatever the site says of its authors'."""
        self.own_image: Callable[[str, str, str, dict[str, Any], int, int], str | None] | None
        self.own_image = None
        """Where the file itself holds pictures: the HTML of one of them for the arguments of
        `image_html`, `None` for an address that means none of them."""

    @staticmethod
    def of(env: Any) -> "NoteContext":
        """The context that the loader put into markdown-it's `env`."""
        context = env["note"]
        assert isinstance(context, NoteContext)
        return context

    def problem(
        self,
        rule: str,
        message: str,
        *,
        line: int,
        column: int = 0,
        hint: str = "",
        severity: Severity = "error",
        same: str = "",
    ) -> None:
        """Reports something wrong at a place of the file (see `place`, `line_of`).

        Places of the rule with an equal `same` are told once; it is empty where each is told.
        What a program wrote, nobody can mend by hand: there only errors are told, as warnings.
        """
        if self.is_foreign is not None and self.is_foreign(line):
            if severity == "warning":
                return
            severity = "warning"
        self.problems.append(
            Problem(rule, severity, self.shown_path, line, column, message, hint, same=same)
        )

    def line_of(self, index: int) -> int:
        """Line of the file (1-based) for a 0-based line of the text (`token.map[0]`)."""
        if self._origins is not None:
            origin = self._origins[min(self.first_line + index, len(self._origins)) - 1]
            return (origin if origin >= 0 else ~origin) + 1
        return self.first_line + index

    def is_included(self, index: int) -> bool:
        """Whether a 0-based line of the text is one of another file."""
        if self._origins is None:
            return False
        return self._origins[min(self.first_line + index, len(self._origins)) - 1] < 0

    def place(self, offset: int, inline: "Token | None" = None) -> tuple[int, int]:
        """Line and column in the file (1-based) of a character of inline text.

        Args:
            offset: Index into the content of the inline token (`state.pos` in inline rules).
            inline: That token; by default the one that is parsed right now.
        """
        token = inline or self.inline
        if token is None or not token.map:
            return (self.first_line, 0)
        before = token.content[:offset]
        nth = before.count("\n")
        start = before.rfind("\n") + 1
        end = token.content.find("\n", start)
        written = token.content[start : end if end >= 0 else None]
        index = token.map[0] + nth
        if index >= len(self.lines):
            return (self.line_of(len(self.lines) - 1), 0)
        if self.is_included(index):
            return (self.line_of(index), 0)
        # The block parser cuts markers and indentation off the front only, so
        # what is left is found from the end; a table cell may stand anywhere.
        found = self.lines[index].rfind(written)
        if found < 0:
            return (self.line_of(index), 0)
        return (self.line_of(index), found + offset - start + 1)

    def hole(self, feature: str, kind: str, *data: str, line: int, column: int) -> str:
        """Leaves a hole; the returned mark goes into the HTML, in text or in an attribute."""
        return self.hole_for(Hole(feature, kind, data, line, column))

    def hole_for(self, hole: Hole) -> str:
        """The same for a hole that a rule has made already; see `text_hole`."""
        self.holes.append(hole)
        return f"{HOLE}{len(self.holes) - 1}{HOLE}"

    def text_hole(self, token: "Token") -> str:
        """Leaves the hole `token.meta["hole"]` in a short text; the mark that goes there.

        A rule that leaves a hole in HTML may give its token that value, a `Hole` of the same
        data. Excerpts and sentences then show what `Feature.text` gives in the token's place.
        """
        mark = token.meta.get("text_hole")
        if mark is None:
            self.text_holes.append(token.meta["hole"])
            mark = token.meta["text_hole"] = f"{HOLE}{len(self.text_holes) - 1}{HOLE}"
        return str(mark)

    def text_in_body(self, html: str) -> str:
        """HTML that has marks of `text_hole`, with holes of the body in their places."""
        if HOLE not in html:
            return html
        parts = html.split(HOLE)
        parts[1::2] = [self.hole(TEXT, "text", nth, line=0, column=0) for nth in parts[1::2]]
        return "".join(parts)

    def fact(self, family: str, value: Any) -> None:
        """Records plain data for this feature's `facts` and `pages`: `post.facts[family]`."""
        self.facts.setdefault(family, []).append(value)

    def anchor(self, wanted: str) -> str:
        """An id that is unique on the page: `wanted`, else `wanted-1`, `wanted-2` …"""
        unique, count = wanted, 0
        while unique in self.anchors:
            count += 1
            unique = f"{wanted}-{count}"
        self.anchors[unique] = None
        return unique
