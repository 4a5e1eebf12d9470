"""Papers: a page for each work that notes discuss, lists of them, and files of their records.

`lists.py` makes `/papers/` and its other orders, `paper.py` the page of one work
with its feed and what notes say of it, `exports.py` `papers.json` and `papers.bib`,
`note.py` what a note about a paper shows of it. Which note cites what comes from
`notecast.works`. A site that cites nothing has none of this.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from notecast.feature import Feature
from notecast.model import Page, Post

if TYPE_CHECKING:
    from notecast.site import View


class Papers(Feature):
    """Pages about works."""

    name = "papers"
    slots: ClassVar[Mapping[str, str]] = {"note_start": "papers/note_start.html"}

    def note_context(self, post: Post, view: "View") -> Any:
        if "paper" not in post.facts:
            return None
        from notecast.features.papers.note import note_context

        return note_context(post, view)

    def pages(self, view: "View") -> Iterable[Page]:
        from notecast.features.papers.shelf import shelf

        papers = shelf(view)
        if not papers:
            return
        from notecast.features.papers.exports import exports
        from notecast.features.papers.lists import lists
        from notecast.features.papers.paper import pages

        yield from lists(papers, view)
        yield from pages(papers, view)
        yield from exports(papers, view)


FEATURE = Papers()
