"""Search in the whole text of the notes, in the reader's browser.

Pagefind (https://pagefind.app) indexes the written pages as a step of its own;
`pagefind.py` runs it. The page `/search/` and the dialog that `/` opens are
`templates/search/page.html` and `templates/static/search.js`. See docs/search.md.
"""

from collections.abc import Iterable
from typing import Any

from notecast.feature import Feature, Finisher
from notecast.features.search.pagefind import Indexer, installed
from notecast.model import Page, Url
from notecast.problems import Problem
from notecast.site import View


class Search(Feature):
    name = "search"

    def lacks(self, options: Any) -> Problem | None:
        if installed():
            return None
        return Problem(
            "search-is-installed",
            "warning",
            "site.yaml",
            0,
            0,
            "the site has no search, since Pagefind is not installed",
            "pip install 'notecast[search]', or leave it out with features: {disable: [search]}",
        )

    def finisher(self, options: Any) -> Finisher:
        return Indexer()

    def pages(self, view: View) -> Iterable[Page]:
        yield Page(
            url=Url("/search/"),
            template="search/page.html",
            context={
                "page": {
                    "url": "/search/",
                    "kind": "search",
                    "title": view.word("search"),
                    "description": "",
                    "lang": view.config.language,
                    "feeds": [],
                }
            },
        )


FEATURE = Search()
