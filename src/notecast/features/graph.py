"""The graph of the site: `/graph/`, a picture of which note links to which, and a list beside it.

Notes stand on a circle, those of a category together, and links are curves
through it: drawn at build time in time that grows with the links, readable
without a script, and a new note moves nothing but a little along the circle.
"""

import math
import unicodedata
from collections.abc import Iterable
from typing import Any

from notecast.feature import Feature
from notecast.model import NotePath, Page, Post, Url
from notecast.site import View
from notecast.terms import fold

MOST = 240
"""Notes in the picture; on a larger site those with most links."""
RADIUS = 350.0
GROUPS = 6
"""Colours that categories take in turn."""
LABEL_WIDTH = 26
"""Columns of a title; a Han character takes two."""

Links = dict[NotePath, dict[NotePath, None]]


class Graph(Feature):
    """One page with the picture."""

    name = "graph"

    def pages(self, view: View) -> Iterable[Page]:
        links = _links(view)
        if not links:
            return
        degree = _degree(links)
        ranked = sorted(degree, key=lambda path: (-degree[path], path))
        shown = [post for path in ranked[:MOST] if (post := view.post(path))]
        yield Page(
            url=Url("/graph/"),
            template="graph/page.html",
            context={
                "page": {
                    "url": "/graph/",
                    "kind": "graph",
                    "title": view.word("graph"),
                    "description": view.word("graph_of_notes"),
                    "lang": view.config.language,
                    "feeds": [],
                },
                "nodes": _nodes(_in_circle(shown), links),
                "count": len(view.posts),
                "most_linked": [
                    {
                        "url": post.url,
                        "title_html": post.title_html,
                        "lang": post.lang,
                        "count": degree[post.path],
                    }
                    for post in shown
                ],
            },
        )


def _links(view: View) -> Links:
    """For each note that links to others, which: each once."""
    links: Links = {}
    for post in sorted(view.posts, key=lambda post: post.path):
        for link in post.links:
            target = view.targets.of_link(post.path, link)
            if target.kind == "note" and target.path != post.path:
                links.setdefault(post.path, {})[NotePath(target.path)] = None
    return links


def _degree(links: Links) -> dict[NotePath, int]:
    degree: dict[NotePath, int] = {}
    for path, targets in links.items():
        for target in targets:
            degree[path] = degree.get(path, 0) + 1
            degree[target] = degree.get(target, 0) + 1
    return degree


def _in_circle(posts: Iterable[Post]) -> list[Post]:
    """Notes of one category side by side, oldest first."""
    return sorted(posts, key=lambda post: (_category(post), post.date, post.path))


def _category(post: Post) -> str:
    return fold(post.categories[0].split("/")[0]) if post.categories else ""


def _nodes(posts: list[Post], links: Links) -> list[dict[str, Any]]:
    """Place, label and curves of each note."""
    count = len(posts)
    angles = {post.path: 360 * number / count for number, post in enumerate(posts)}
    groups = {name: n for n, name in enumerate(dict.fromkeys(_category(post) for post in posts))}
    into: dict[NotePath, list[NotePath]] = {}
    for post in posts:
        for target in links.get(post.path, ()):
            if target in angles:
                into.setdefault(target, []).append(post.path)
    nodes = []
    for post in posts:
        angle = angles[post.path]
        x, y = _point(angle)
        left = 90 < angle < 270
        nodes.append(
            {
                "url": post.url,
                "title": post.title,
                "label": _short(post.title),
                "lang": post.lang,
                "x": _number(x),
                "y": _number(y),
                "turn": _number(angle + 180 if left else angle),
                "offset": "-12" if left else "12",
                "left": left,
                "group": groups[_category(post)] % GROUPS,
                "out": [
                    _curve(angle, angles[target])
                    for target in links.get(post.path, ())
                    if target in angles
                ],
                "into": [_curve(angles[origin], angle) for origin in into.get(post.path, ())],
            }
        )
    return nodes


def _point(angle: float) -> tuple[float, float]:
    radians = math.radians(angle)
    return RADIUS * math.cos(radians), RADIUS * math.sin(radians)


def _curve(start: float, end: float) -> str:
    """A curve between two places on the circle, bent towards its middle."""
    (x, y), (u, v) = _point(start), _point(end)
    bend = 0.14
    middle = f"{_number((x + u) * bend)} {_number((y + v) * bend)}"
    return f"M{_number(x)} {_number(y)}Q{middle} {_number(u)} {_number(v)}"


def _number(value: float) -> str:
    """One decimal: the last bits of a sine differ between machines."""
    text = f"{value:.1f}"
    return "0" if text in ("0.0", "-0.0") else text.removesuffix(".0")


def _short(title: str) -> str:
    width = 0
    for index, char in enumerate(title):
        width += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if width > LABEL_WIDTH:
            return title[:index].rstrip() + "…"
    return title


FEATURE = Graph()
