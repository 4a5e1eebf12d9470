"""Pages of typed blocks: `/questions/` with what is open, `/questions/answered/` with the rest."""

from collections.abc import Iterable
from typing import Any

from notecast.features.blocks.types import FACTS, TYPES
from notecast.model import Page, Post, Url
from notecast.pager import cut, slices
from notecast.site import View

PER_PAGE = 50
_ADDRESSES = {
    "question": ("questions", "answered"),
    "claim": ("claims", "settled"),
    "todo": ("todos", "done"),
}
"""First part of the addresses, and the word for those that are not open."""


def collected_pages(view: View) -> Iterable[Page]:
    """The pages of every type of which there is a block."""
    found = _found(view)
    for kind, (home, closed) in _ADDRESSES.items():
        if not found[kind, True] and not found[kind, False]:
            continue
        views = [
            {"name": view.word(f"{home}_open"), "url": f"/{home}/"},
            {"name": view.word(f"{home}_closed"), "url": f"/{home}/{closed}/"},
        ]
        for number, is_open in enumerate((True, False)):
            entries = found[kind, is_open]
            shown = [
                {**one, "current": nth == number, "count": len(found[kind, nth == 0])}
                for nth, one in enumerate(views)
            ]
            yield from _pages(Url(views[number]["url"]), home, entries, shown, view)


def _found(view: View) -> dict[tuple[str, bool], list[tuple[Post, str, str, str]]]:
    """Blocks by type and whether they are open, in the order of dates, then of the note."""
    found: dict[tuple[str, bool], list[tuple[Post, str, str, str]]] = {
        (kind, is_open): [] for kind in TYPES for is_open in (True, False)
    }
    by_path = sorted(view.posts, key=lambda post: post.path)
    for post in sorted(by_path, key=lambda post: post.date, reverse=True):
        for kind, status, anchor, html in post.facts.get(FACTS, ()):
            is_open = TYPES[kind].statuses[status][2]
            found[kind, is_open].append((post, status, anchor, html))
    return found


def _pages(
    home: Url,
    kind: str,
    entries: list[tuple[Post, str, str, str]],
    views: list[dict[str, Any]],
    view: View,
) -> Iterable[Page]:
    title = view.word(kind)
    for piece in slices(home, len(entries), PER_PAGE):
        yield Page(
            url=piece.url,
            template="blocks/collected.html",
            context={
                "page": {
                    "url": piece.url,
                    "kind": kind,
                    "title": title,
                    "description": "",
                    "lang": view.config.language,
                    "feeds": [],
                },
                "views": views,
                "entries": [
                    {
                        "url": f"{post.url}#{anchor}",
                        "html": view.short_html(post, html),
                        "status": view.word(f"status_{status}"),
                        "note": post.title_html,
                        "date": post.date,
                        "lang": post.lang,
                    }
                    for post, status, anchor, html in cut(entries, piece)
                ],
                "pager": piece.pager,
            },
        )
