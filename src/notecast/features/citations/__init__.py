"""Citations: `[@key]`, `@key says`, `[[@key]]`, bare identifiers, links to arXiv and DOIs.

`syntax.py` finds them in a line, `record.py` writes down what a note cites and
where, `fill.py` sets them, `as_text.py` as plain text, `references.py` the list at the
end of a note, `alone.py` the title of a work whose address stands alone, `check.py`
reports, `cite_note.py` says how to cite the note itself. What a work is and how it is
set is in `notecast.works`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from notecast.config_checks import Unfit
from notecast.config_sections import about
from notecast.feature import Feature
from notecast.model import Hole, Later, Post
from notecast.problems import Problem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from notecast.features.citations.fill import Fill
    from notecast.site import View

STYLE_NAMES = ("auto", "apa", "ieee", "gb7714", "gb7714-author-date")


def _style(value: str) -> str:
    """A name of `STYLE_NAMES` or a file of the Citation Style Language."""
    from difflib import get_close_matches

    text = value.strip()
    name = text.lower().replace("_", "-").replace(" ", "-")
    if name in STYLE_NAMES:
        return name
    if name.endswith(".csl"):
        return text
    near = get_close_matches(name, STYLE_NAMES, 1)
    raise Unfit(
        f'there is no citation style "{value}"',
        f"did you mean {near[0]}?" if near else f"one of {', '.join(STYLE_NAMES)}, or a .csl file",
    )


@dataclass(frozen=True)
class CitationOptions:
    """The section `citations` of `site.yaml`."""

    bibliography: tuple[str, ...] = field(
        default=(),
        metadata=about(
            "BibTeX, BibLaTeX or CSL-JSON files for all notes, relative to the site folder; by "
            "default `references.bib` there or in the notes folder, or what other programs "
            "were told of.",
            ["references.bib"],
        ),
    )
    style: str = field(
        default="auto",
        metadata=about(
            "How citations and references are set: `apa`, `ieee`, `gb7714`, `gb7714-author-date`, "
            "a `.csl` file, or `auto`: GB/T 7714 in Chinese notes, APA in others.",
            "ieee",
            parse=_style,
        ),
    )


class Citations(Feature):
    """Citations in the text, and the list of references."""

    name = "citations"
    options = CitationOptions
    slots: ClassVar[Mapping[str, str]] = {"note_end": "citations/cite_note.html"}
    places: ClassVar[Mapping[str, tuple[int, ...]]] = {"citations": (4, 5)}

    def stamp(self, options: Any) -> str:
        from notecast.works.files import reader_version

        return reader_version()

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.citations.record import add_core_rule
        from notecast.features.citations.syntax import add_inline_rules

        add_inline_rules(md)
        add_core_rule(md)

    def inputs(self, options: Any, root: Path) -> Iterable[Path]:
        from notecast.works.files import LOCK_FILE, inside, site_files

        yield from (file.source for file in site_files(options.bibliography, root))
        yield root / LOCK_FILE
        style = inside(options.style, root) if options.style.endswith(".csl") else None
        if style is not None:
            yield style

    def note_context(self, post: Post, view: "View") -> Any:
        return Later(partial(_cite_note, post, view))

    def fill(self, hole: Hole, post: Post, view: "View") -> str:
        return view.once("citations filler", _filler)(hole, post)

    def text(self, hole: Hole, post: Post, view: "View") -> str:
        return view.once("citations as text", _as_text)(self.fill(hole, post, view))

    def check(self, view: "View") -> Iterable[Problem]:
        from notecast.features.citations.check import check

        return check(view)


def _cite_note(post: Post, view: "View") -> dict[str, str]:
    from notecast.features.citations.cite_note import cite_note

    return cite_note(post, view)


def _as_text(view: "View") -> "Callable[[str], str]":
    from notecast.features.citations.as_text import as_text

    return as_text


def _filler(view: "View") -> "Fill":
    from notecast.features.citations.fill import filler

    return filler(view)


FEATURE = Citations()
