"""Old addresses: a page at each that leads to the note."""

from collections.abc import Iterable

from notecast.feature import Feature
from notecast.model import Page
from notecast.site import View


class Redirects(Feature):
    name = "redirects"

    def pages(self, view: View) -> Iterable[Page]:
        for post in view.posts:
            for old in post.redirects:
                yield Page(
                    url=old,
                    template="redirect.html",
                    context={
                        "page": {
                            "url": old,
                            "kind": "redirect",
                            "title": post.title,
                            "description": "",
                            "lang": post.lang,
                            "feeds": [],
                        },
                        "target": post.url,
                    },
                )


FEATURE = Redirects()
