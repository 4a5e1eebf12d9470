"""The archive: every note by year and month of its date, newest first."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from notecast.feature import Feature
from notecast.model import Page, Post, Url
from notecast.pager import Slice, cut, slices
from notecast.site import View

PER_PAGE = 100
"""An archive line is one line, not a card: many fit a page."""


class Archive(Feature):
    name = "archive"

    def pages(self, view: View) -> Iterable[Page]:
        by_path = sorted(view.posts, key=lambda post: post.path)
        posts = sorted(by_path, key=lambda post: (bool(post.date), post.date), reverse=True)
        years = {
            year: sum(1 for _ in group) for year, group in groupby(posts, lambda p: p.date[:4])
        }
        for piece in slices(Url("/archive/"), len(posts), PER_PAGE):
            shown = cut(posts, piece)
            counts = {post.date[:4]: years[post.date[:4]] for post in shown}
            yield Page(
                url=piece.url,
                template="archive.html",
                context=partial(_context, shown, counts, piece, view),
                identity=(piece, counts, [view.card_id(post) for post in shown]),
            )


def _context(
    posts: Sequence[Post], counts: dict[str, int], piece: Slice, view: View
) -> dict[str, Any]:
    return {
        "page": {
            "url": piece.url,
            "kind": "archive",
            "title": view.word("archive"),
            "description": "",
            "lang": view.config.language,
            "feeds": [],
        },
        "years": [
            {"year": year, "count": counts[year], "months": _months(group, view)}
            for year, group in groupby(posts, lambda post: post.date[:4])
        ],
        "pager": piece.pager,
    }


def _months(posts: Iterable[Post], view: View) -> list[dict[str, Any]]:
    return [
        {"month": month, "cards": [view.card(post) for post in group]}
        for month, group in groupby(posts, lambda post: post.date[5:7])
    ]


FEATURE = Archive()
