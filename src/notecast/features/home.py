"""The home page: the hero and the latest updates, twelve a page."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from notecast.feature import Feature
from notecast.model import NotePath, Page, Url
from notecast.pager import Slice, cut, slices
from notecast.site import View


class Home(Feature):
    name = "home"

    def pages(self, view: View) -> Iterable[Page]:
        # Pinned notes come first on the first page and keep their place in the order of dates.
        posts = sorted(view.posts, key=lambda post: not post.pin)
        for piece in slices(Url("/"), len(posts), view.config.paginate):
            paths = [post.path for post in cut(posts, piece)]
            yield Page(
                url=piece.url,
                template="home.html",
                context=partial(_context, paths, piece, view),
                identity=(piece, view.card_ids(paths), view.config.description),
            )


def _context(paths: list[NotePath], piece: Slice, view: View) -> dict[str, Any]:
    return {
        "page": {
            "url": piece.url,
            "kind": "home",
            "title": "",
            "description": view.config.description,
            "lang": view.config.language,
            "feeds": [],
        },
        "cards": view.cards(paths),
        "pager": piece.pager,
    }


FEATURE = Home()
