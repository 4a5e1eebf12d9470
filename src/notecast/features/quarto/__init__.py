"""Quarto and R Markdown are notes: files `.qmd` and `.Rmd`, which are Markdown with code to run.

Nothing is run. The file becomes a text in the dialect of notes (`manuscript`), in which a
chunk (`chunks`) is a block of code, or the picture that it includes. `@sec-…` leads to the
heading of that id in any note (`sections`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from notecast.feature import Feature
from notecast.loader.scan_names import SOURCE_SUFFIXES
from notecast.model import Hole, Manuscript, Post
from notecast.problems import Problem
from notecast.site import View

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MARKDOWN = "index.md"
"""Name of the part that is the file as Markdown."""


class Quarto(Feature):
    """Reads `.qmd` and `.Rmd` files."""

    name = "quarto"
    suffixes: ClassVar[tuple[str, ...]] = SOURCE_SUFFIXES

    def read(self, text: str, path: str) -> Manuscript:
        from notecast.features.quarto.manuscript import manuscript_of

        return manuscript_of(text, path)

    def unpack(self, data: bytes) -> Mapping[str, bytes]:
        from notecast.features.quarto.manuscript import manuscript_of
        from notecast.loader.decode import decode

        return {MARKDOWN: manuscript_of(decode(data, "")[0], "").text.encode()}

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.quarto.sections import install

        install(md)

    def facts(self, posts: Sequence[Post], options: Any) -> Mapping[str, Mapping[str, object]]:
        from notecast.features.quarto.sections import facts

        return facts(posts)

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        from notecast.features.quarto.sections import fill

        return fill(hole, post, view)

    def check(self, view: View) -> Iterable[Problem]:
        from notecast.features.quarto.sections import check

        return check(view)


FEATURE = Quarto()
