"""The home page: the hero and the latest updates, twelve a page."""

from collections.abc import Iterable

from notecast.feature import Feature
from notecast.model import Page, Url
from notecast.pager import cut, slices
from notecast.site import View


class Home(Feature):
    name = "home"

    def pages(self, view: View) -> Iterable[Page]:
        # Pinned notes come first on the first page and keep their place in the order of dates.
        posts = sorted(view.posts, key=lambda post: not post.pin)
        for piece in slices(Url("/"), len(posts), view.config.paginate):
            yield Page(
                url=piece.url,
                template="home.html",
                context={
                    "page": {
                        "url": piece.url,
                        "kind": "home",
                        "title": "",
                        "description": view.config.description,
                        "lang": view.config.language,
                        "feeds": [],
                    },
                    "cards": [view.card(post) for post in cut(posts, piece)],
                    "pager": piece.pager,
                },
            )


FEATURE = Home()
