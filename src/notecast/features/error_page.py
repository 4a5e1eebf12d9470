"""`404.html`, which static hosts serve for addresses that do not exist."""

from collections.abc import Iterable

from notecast.feature import Feature
from notecast.model import Page, Url
from notecast.site import View


class ErrorPage(Feature):
    name = "error_page"

    def pages(self, view: View) -> Iterable[Page]:
        yield Page(
            url=Url("/404.html"),
            template="error.html",
            context={
                "page": {
                    "url": "/404.html",
                    "kind": "error",
                    "title": view.word("not_found"),
                    "description": "",
                    "lang": view.config.language,
                    "feeds": [],
                }
            },
        )


FEATURE = ErrorPage()
