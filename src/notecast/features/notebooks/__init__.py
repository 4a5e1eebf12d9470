"""Jupyter notebooks are notes: `.ipynb` files in the notes folder.

The file becomes a text in the dialect of notes (`manuscript`), which goes the way
of every note; rules of the parser set cells and outputs (`tokens`). Pictures inside
the file are published beside the page under names made from their content. The way
of a file: `json_file`, `cells`, `options`, `outputs`, `manuscript`, `tokens`.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from notecast.feature import Feature
from notecast.model import BASE, Hole, Manuscript, NotePath, Post, Url
from notecast.site import View

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MARKDOWN = "index.md"
"""Name of the part that is the notebook as Markdown."""


class Notebooks(Feature):
    """Reads `.ipynb` files."""

    name = "notebooks"
    suffixes: ClassVar[tuple[str, ...]] = (".ipynb",)

    def read(self, text: str, path: str) -> Manuscript:
        from notecast.features.notebooks.manuscript import manuscript_of

        return manuscript_of(text, path)

    def unpack(self, data: bytes) -> Mapping[str, bytes]:
        from notecast.features.notebooks.manuscript import manuscript_of
        from notecast.features.notebooks.rendition import rendition
        from notecast.loader.decode import decode

        read = manuscript_of(decode(data, "")[0], "")
        if read.data is None:
            return {}
        parts = {picture.name: picture.data for picture in read.data.all_pictures()}
        return {**parts, MARKDOWN: rendition(read.text, read.data).encode()}

    def syntax(self, md: "MarkdownIt", options: Any) -> None:
        from notecast.features.notebooks.tokens import install

        install(md)

    def stamp(self, options: Any) -> str:
        from importlib.metadata import version

        return f"imagesize {version('imagesize')}"

    def fill(self, hole: Hole, post: Post, view: View) -> str:
        from notecast.features.notebooks.pictures import address

        return f"{BASE}{address(post.url, hole.data[0])}"

    def sources(self, view: View) -> Iterable[tuple[Url, NotePath, str]]:
        from notecast.features.notebooks.pictures import address

        for post in view.posts:
            if not post.spans:
                continue
            for hole in post.holes:
                if hole.feature == self.name:
                    yield address(post.url, hole.data[0]), post.path, hole.data[0]


FEATURE = Notebooks()
