"""Diagrams that are written as text: Graphviz, Mermaid and what else a site names a program for.

    ```mermaid {#fig:flow} title="How a note becomes a page"
    graph LR
      note --> page
    ```

A program that `diagrams` in `site.yaml` names draws them while the site is
built (`draw.py`), and the page shows the drawing with its source folded below. Without
one the source itself is the figure. No program is started that the
configuration does not name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.config_sections import about
from notecast.feature import Feature, Maker
from notecast.features.diagrams.programs import KINDS, command_of, identity, is_there
from notecast.model import BASE, Hole, Made, Post, Wanted
from notecast.problems import Problem
from notecast.site import View

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


BROAD = 640
"""Pixels up to which a drawing is fitted into any column."""


@dataclass(frozen=True)
class Diagrams:
    """Programs that draw diagrams."""

    graphviz: str = field(
        default="",
        metadata=about("Program for blocks `dot` and `graphviz`.", "dot"),
    )
    mermaid: str = field(
        default="",
        metadata=about("Program for blocks `mermaid`.", "mmdc"),
    )
    others: dict[str, str] = field(
        default_factory=dict,
        metadata=about(
            "Programs for blocks of other languages: they read the source and write SVG.",
            {"d2": "d2 - -"},
        ),
    )
    patience: int = field(
        default=60,
        metadata=about("Seconds after which a program is ended.", 20, low=1, high=3600),
    )

    def programs(self) -> dict[str, str]:
        """The command line for each language, as far as there is one."""
        named = {"graphviz": self.graphviz, "mermaid": self.mermaid, **self.others}
        return {kind: command for kind, command in named.items() if command.strip()}


class DiagramsFeature(Feature):
    name = "diagrams"
    options = Diagrams

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.diagrams.syntax import add_rules

        add_rules(md, {**KINDS, **{kind: kind for kind in (options or Diagrams()).others}})

    def maker(self, options: Any) -> Maker | None:
        return Drawer(options) if options and options.programs() else None

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        kind, name, alt, plain = hole.data[:4]
        lang = f' lang="{view.config.language}"' if post.lang != view.config.language else ""
        made = view.made(self.name, name)
        if made is None or not made.files:
            if hole.kind == "before":
                return ""
            words = view.word("diagram_as_text").format(kind=escape(kind.capitalize()))
            return f'<p class="diagram-kind"{lang}>{words}</p>'
        if hole.kind == "after":
            return "</details>"
        address = BASE + made.url(made.files[0])
        size = "".join(f' {side}="{made.facts[side]}"' for side in ("width", "height"))
        # The theme puts what has no class on light ground.
        look = "" if plain else ' class="plain drawn"'
        img = (
            f'<img{look} src="{address}" alt="{escape(alt or view.word("diagram_alt"))}"{size} '
            'loading="lazy" decoding="async">'
        )
        if made.facts["alone"]:
            # The link shows it at its own size.
            img = f'<a href="{address}">{img}</a>'
        if made.facts["width"] > BROAD:
            # It scrolls where it would be too small to read, by the keyboard too.
            img = f'<div class="broad" tabindex="0" role="group">{img}</div>'
        return f"{img}<details><summary{lang}>{view.word('diagram_source')}</summary>"

    def check(self, view: View) -> Iterable[Problem]:
        options = view.options(self.name)
        programs = options.programs() if options else {}
        lacking = {kind for kind, command in programs.items() if not is_there(command)}
        for kind in sorted(lacking):
            program = command_of(programs[kind])[0]
            yield Problem(
                "diagram-program-is-installed",
                "warning",
                "site.yaml",
                0,
                0,
                f'there is no program "{program}" to draw {kind.capitalize()} diagrams',
                "install it, or correct `diagrams`; their source is shown meanwhile",
            )
        for post, hole in _drawn(view):
            made = view.made(self.name, hole.data[1])
            if made is not None and made.fault:
                rule, message, hint, within = made.fault
                line = hole.line + min(int(within), hole.data[4].count("\n") + 1)
                place = (view.shown(post.path), line, 0 if int(within) else hole.column)
                yield Problem(rule, "error", *place, message, hint)


def _drawn(view: View) -> Iterable[tuple[Post, Hole]]:
    """Every diagram of the notes."""
    for post in view.posts:
        for hole in post.holes:
            if hole.feature == "diagrams" and hole.kind == "before":
                yield post, hole


class Drawer:
    """Draws; a `Maker`."""

    def __init__(self, options: Diagrams) -> None:
        self._programs = options.programs()
        self._patience = options.patience

    def stamp(self) -> str:
        return " ".join(
            f"{kind} {identity(command)}" for kind, command in sorted(self._programs.items())
        )

    def wants(self, view: View) -> Iterable[Wanted]:
        there = {kind: command for kind, command in self._programs.items() if is_there(command)}
        seen = set()
        for _, hole in _drawn(view):
            kind, name, source = hole.data[0], hole.data[1], hole.data[4]
            if kind in there and name not in seen:
                seen.add(name)
                yield Wanted(name, (there[kind], source))

    def make(self, wanted: Wanted, into: Path) -> Made:
        from notecast.features.diagrams.draw import draw

        command, source = wanted.data
        return draw(command_of(str(command)), str(source), self._patience, into)


FEATURE = DiagramsFeature()
