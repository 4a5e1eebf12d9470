"""Series: notes that belong together in an order (`series:` and `weight:` in their headers).

A note shows its place, its neighbours and the list; `/series/` lists all series.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from notecast.feature import Feature
from notecast.model import NotePath, Page, Post, Url
from notecast.problems import Problem
from notecast.site import View
from notecast.slugs import slugify
from notecast.terms import fold, sort_key
from notecast.urls import quote

SHOWN = 21
"""Notes of a series that a note lists; of a longer one those around it."""


class Series(msgspec.Struct, frozen=True):
    """One series."""

    name: str
    """In the spelling that most notes use."""
    url: Url
    posts: tuple[NotePath, ...]
    """In order."""


class SeriesFeature(Feature):
    """Pages of series and what a note shows of its own."""

    name = "series"
    slots: ClassVar[Mapping[str, str]] = {
        "note_start": "series/note_start.html",
        "note_end": "series/note_end.html",
    }

    def note_context(self, post: Post, view: View) -> Any:
        series = _all(view).get(fold(post.series)) if post.series else None
        if series is None:
            return None
        place = series.posts.index(post.path)
        count = len(series.posts)
        first = max(0, min(place - SHOWN // 2, count - SHOWN))
        shown = series.posts[first : first + SHOWN]
        return {
            "name": series.name,
            "url": series.url,
            "number": place + 1,
            "count": count,
            "previous": _item(series.posts[place - 1], view) if place else None,
            "next": _item(series.posts[place + 1], view) if place + 1 < count else None,
            "first": first + 1,
            "items": [{**_item(path, view), "current": path == post.path} for path in shown],
        }

    def pages(self, view: View) -> Iterable[Page]:
        every = _all(view)
        if not every:
            return
        home = Url("/series/")
        links = [
            {"name": one.name, "url": one.url, "count": len(one.posts)} for one in every.values()
        ]
        yield _page(home, view.word("series"), "series/index.html", {"series": links}, view)
        for one in every.values():
            context = {
                "home": {"name": view.word("series"), "url": home},
                "cards": view.cards(one.posts),
            }
            yield _page(one.url, one.name, "series/list.html", context, view)

    def check(self, view: View) -> Iterable[Problem]:
        for post in view.posts:
            series = _all(view).get(fold(post.series)) if post.series else None
            if series and series.name != post.series.strip():
                yield Problem(
                    "series-has-one-spelling",
                    "warning",
                    view.shown(post.path),
                    0,
                    0,
                    f'the series "{post.series}" is written "{series.name}" in most notes; '
                    "both are shown as one",
                    f'write "{series.name}" here',
                )


def _all(view: View) -> Mapping[str, Series]:
    return view.once("series", collect_series)


def collect_series(view: View) -> dict[str, Series]:
    """Every series by its folded name, in the order of lists.

    Notes stand by `weight`, then by date, then by path.
    """
    members: dict[str, list[Post]] = {}
    spellings: dict[str, Counter[str]] = {}
    for post in view.posts:
        key = fold(post.series)
        if key:
            members.setdefault(key, []).append(post)
            spellings.setdefault(key, Counter())[post.series.strip()] += 1
    urls = _addresses(sorted(members), view.config.slugs)
    return {
        key: Series(
            name=min(spellings[key], key=lambda name: (-spellings[key][name], name)),
            url=urls[key],
            posts=tuple(
                post.path
                for post in sorted(
                    members[key], key=lambda post: (post.weight, post.date, post.path)
                )
            ),
        )
        for key in sorted(members, key=sort_key)
    }


def _addresses(keys: Sequence[str], style: str) -> dict[str, Url]:
    """One address each; of equal ones the later keys get a number."""
    urls: dict[str, Url] = {}
    taken: set[str] = set()
    for key in keys:
        slug, count = slugify(key, style), 1
        while slug in taken:
            count += 1
            slug = f"{slugify(key, style)}-{count}"
        taken.add(slug)
        urls[key] = Url(f"/series/{quote(slug)}/")
    return urls


def _item(path: NotePath, view: View) -> dict[str, Any]:
    post = view.post(path)
    assert post is not None
    return {"url": post.url, "title_html": post.title_html, "lang": post.lang}


def _page(url: Url, title: str, template: str, context: Mapping[str, Any], view: View) -> Page:
    page = {
        "url": url,
        "kind": "series",
        "title": title,
        "description": "",
        "lang": view.config.language,
        "feeds": [],
    }
    return Page(url=url, template=template, context={"page": page, **context})


FEATURE = SeriesFeature()
