"""Feeds of the latest updates: Atom, RSS and JSON for the site, each category and each tag."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from notecast.feature import Feature
from notecast.model import Page, Post, Url
from notecast.site import View, in_list_order

TEMPLATES = {"atom": "feed.atom.xml", "rss": "feed.rss.xml", "json": "feed.json"}


class Feeds(Feature):
    name = "feeds"

    def pages(self, view: View) -> Iterable[Page]:
        config = view.config
        dated = [post for post in view.posts if post.date or post.updated]
        yield from _feeds(view, Url("/"), config.title, dated, whole=config.feeds.content == "full")
        for terms in (view.categories, view.tags):
            for term in terms.by_key.values():
                posts = [view.post(path) for path in term.posts]
                yield from _feeds(
                    view,
                    term.url,
                    " / ".join(term.path) + " · " + config.title,
                    [post for post in posts if post and (post.date or post.updated)],
                    whole=config.feeds.content == "full" and config.feeds.terms == "full",
                )


def _feeds(
    view: View, home: Url, title: str, posts: Sequence[Post], *, whole: bool
) -> Iterator[Page]:
    latest = in_list_order(posts)[: view.config.feeds.limit]
    ids = [view.card_id(post) for post in latest]
    for feed in view.feeds_of(home, title):
        shown = {
            "title": title,
            "url": feed["url"],
            "home": home,
            # The moment of the newest entry, never that of the build.
            "updated": max((max(post.updated, post.date) for post in latest), default=""),
            "language": view.config.language,
            "whole": whole,
        }
        yield Page(
            url=Url(feed["url"]),
            template=TEMPLATES[feed["format"]],
            context=partial(_context, shown, latest, view),
            identity=(shown, ids),
            quotes=tuple(post.path for post in latest) if whole else (),
        )


def _context(feed: dict[str, Any], posts: Sequence[Post], view: View) -> dict[str, Any]:
    return {"feed": feed, "entries": [_entry(post, view) for post in posts]}


def _entry(post: Post, view: View) -> dict[str, Any]:
    return {
        **view.card(post),
        # A note keeps its id when its title changes; see RFC 4287 §4.2.6.
        "id": post.url,
        "published": post.date or post.updated,
        "changed": max(post.updated, post.date),
        "authors": list(post.authors),
        "description": view.description(post),
        "content": "",
    }


FEATURE = Feeds()
