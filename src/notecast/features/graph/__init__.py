"""The graph of the site: `/graph/`, a picture of which note links to which with a list beside it.

Few notes stand on a circle (`circle.py`), many in islands of one category each
(`islands.py`): drawn at build time by a rule rather than a simulation, in time
that grows with the notes and links, and readable without a script. Each note
shows its own links (`local.py`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from notecast.feature import Feature
from notecast.features.graph.circle import draw_circle
from notecast.features.graph.islands import draw_islands
from notecast.features.graph.links import degrees, links_of
from notecast.features.graph.local import local_links
from notecast.model import Page, Post, Url
from notecast.site import View

ON_CIRCLE = 90
"""Notes that a circle has room for, names and all."""
MOST = 3000
"""Notes in the picture; on a larger site those with most links."""
LISTED = 240
"""Notes in the list beside it."""


class Graph(Feature):
    """One page with the picture, and the links of each note."""

    name = "graph"
    slots: ClassVar[Mapping[str, str]] = {"note_end": "graph/note_end.html"}

    def note_context(self, post: Post, view: View) -> Any:
        return local_links(post, view)

    def pages(self, view: View) -> Iterable[Page]:
        links = links_of(view)
        if not links:
            return
        degree = degrees(links)
        ranked = sorted(degree, key=lambda path: (-degree[path], path))
        shown = [post for path in ranked[:MOST] if (post := view.post(path))]
        drawn = (
            draw_circle(shown, links)
            if len(shown) <= ON_CIRCLE
            else draw_islands(shown, links, degree)
        )
        yield Page(
            url=Url("/graph/"),
            template="graph/page.html",
            context={
                "page": {
                    "url": "/graph/",
                    "kind": "graph",
                    "title": view.word("graph"),
                    "description": view.word("graph_of_notes"),
                    "lang": view.config.language,
                    "feeds": [],
                },
                **drawn,
                "shown": len(shown),
                "count": len(view.posts),
                "most_linked": [
                    {
                        "url": post.url,
                        "title_html": post.title_html,
                        "lang": post.lang,
                        "count": degree[post.path],
                    }
                    for post in shown[:LISTED]
                ],
            },
        )


FEATURE = Graph()
