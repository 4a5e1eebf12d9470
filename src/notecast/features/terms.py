"""Pages of categories and tags: one list for each term, one index for each kind."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from notecast.feature import Feature
from notecast.model import NotePath, Page, Url
from notecast.pager import Slice, cut, slices
from notecast.site import View
from notecast.terms import Term, Terms

KINDS = {"categories": "category", "tags": "tag"}


class TermPages(Feature):
    name = "terms"

    def pages(self, view: View) -> Iterable[Page]:
        for terms in (view.categories, view.tags):
            yield _index(terms, view)
            for key in terms.by_key:
                yield from _lists(key, terms, view)


def _index(terms: Terms, view: View) -> Page:
    url = Url(f"/{terms.kind}/")
    return Page(
        url=url,
        template=f"{terms.kind}.html",
        context={
            "page": {
                "url": url,
                "kind": terms.kind,
                "title": view.word(terms.kind),
                "description": "",
                "lang": view.config.language,
                "feeds": [],
            },
            "terms": [
                {
                    "name": term.name,
                    "url": term.url,
                    "count": len(term.posts),
                    "depth": len(term.path) - 1,
                }
                for term in terms.by_key.values()
            ],
        },
    )


def _lists(key: str, terms: Terms, view: View) -> Iterator[Page]:
    term = terms.by_key[key]
    kind = KINDS[terms.kind]
    shown = {
        "name": term.name,
        "url": term.url,
        "count": len(term.posts),
        "parents": view.term_trail(terms.kind, "/".join(term.path))[:-1],
        "children": [_child(terms.by_key[child]) for child in term.children],
    }
    title = " / ".join(term.path)
    page = {
        "kind": kind,
        "title": title,
        "description": "",
        "lang": view.config.language,
        "feeds": view.feeds_of(term.url, title),
    }
    for piece in slices(term.url, len(term.posts), view.config.paginate):
        paths = cut(term.posts, piece)
        yield Page(
            url=piece.url,
            template=f"{kind}.html",
            context=partial(_context, page, shown, paths, piece, view),
            identity=(page, shown, piece, view.card_ids(paths)),
        )


def _context(
    page: dict[str, Any],
    term: dict[str, Any],
    paths: Sequence[NotePath],
    piece: Slice,
    view: View,
) -> dict[str, Any]:
    return {
        "page": {**page, "url": piece.url},
        "term": term,
        "cards": view.cards(paths),
        "pager": piece.pager,
    }


def _child(term: Term) -> dict[str, object]:
    return {"name": term.name, "url": term.url, "count": len(term.posts)}


FEATURE = TermPages()
