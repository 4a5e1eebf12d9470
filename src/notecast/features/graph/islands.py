"""The picture of a large site: an island for each category or folder, links as lines between.

In an island the notes with most links are in the middle, the others around
them on a sunflower's spiral (H. Vogel, Math. Biosci. 44, 1979), which fills a
disc evenly for any number. The islands stand in rows, the largest first.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from notecast.features.graph.links import GROUPS, Links, group_of, number, shortened, width_of
from notecast.model import NotePath, Post

SPACE = 9.0
"""Room of a note: a disc of `n` notes has the radius `SPACE * sqrt(n)`."""
GOLDEN = math.radians(137.508)
ISLANDS = 24
"""Larger than this, the smallest groups share the last island."""
LINES = 8000
"""Links that are drawn, those between the notes with most links first."""
NAMED = 8
"""Names that are written in an island at most, one for every `NOTES_A_NAME` notes."""
NOTES_A_NAME = 15
LABEL_WIDTH = 22
SCREEN = 800.0
"""A picture that is wider than this has larger letters, since it is shown smaller."""
HEAD_SIZE = 15.0
"""Size of the letters of an island's name; those of notes are three quarters of it."""
COLUMN, LINE = 6.2, 24.0
"""Width of a column of a name, and the room from line to line, in the picture's own units."""
HEAD = 34.0
"""Height of an island's name, with the space above."""


class _Island(NamedTuple):
    name: str
    posts: Sequence[Post]
    radius: float


def draw_islands(
    posts: Sequence[Post], links: Links, degree: Mapping[NotePath, int]
) -> dict[str, Any]:
    """Places, names and lines.

    Args:
        posts: Notes, those with most links first.
        links: Which note links to which.
        degree: The number of links of each note.

    Returns:
        `islands`, `box` (of the picture: left, top, width, height), `size` (of letters) for
        the template.
    """
    found = _grouped(posts)
    centres, width, height = _in_rows(found)
    places: dict[NotePath, tuple[float, float]] = {}
    for island, (x, y) in zip(found, centres, strict=True):
        for nth, post in enumerate(island.posts):
            away = SPACE * math.sqrt(nth + 0.5)
            angle = nth * GOLDEN
            places[post.path] = (x + away * math.cos(angle), y + away * math.sin(angle))
    lines = _lines(posts, links, places)
    scale = min(1.6, max(1.0, width / SCREEN))
    shown = []
    for place, (island, (x, y)) in enumerate(zip(found, centres, strict=True)):
        named = _named(island.posts, places, scale)
        shown.append(
            {
                "name": shortened(island.name, max(8, int(2 * island.radius / 8))),
                "count": len(island.posts),
                "group": place % GROUPS,
                "x": number(x),
                "y": number(y - island.radius - 10),
                "lines": "".join(
                    f"M{_at(places[post.path])}L{_at(places[target])}"
                    for post in island.posts
                    for target in lines.get(post.path, ())
                ),
                "nodes": [
                    {
                        "url": post.url,
                        "title": post.title,
                        "label": named.get(post.path, ""),
                        "lang": post.lang,
                        "x": number(places[post.path][0]),
                        "y": number(places[post.path][1]),
                        "r": number(min(7.5, 2.2 + 0.8 * math.sqrt(degree[post.path]))),
                    }
                    for post in island.posts
                ],
            }
        )
    return {
        "islands": shown,
        "box": f"0 0 {number(width)} {number(height)}",
        "size": number(HEAD_SIZE * scale),
    }


def _grouped(posts: Sequence[Post]) -> list[_Island]:
    members: dict[str, list[Post]] = {}
    names: dict[str, str] = {}
    for post in posts:
        key, name = group_of(post)
        members.setdefault(key, []).append(post)
        names[key] = min(names.get(key, name), name)
    keys = sorted(members, key=lambda key: (-len(members[key]), key))
    groups = [(names[key], members[key]) for key in keys[:ISLANDS]]
    rest = [post for key in keys[ISLANDS:] for post in members[key]]
    if rest:
        rank = {post.path: nth for nth, post in enumerate(posts)}
        groups.append(("…", sorted(rest, key=lambda post: rank[post.path])))
    return [_Island(name, found, SPACE * math.sqrt(len(found)) + 8) for name, found in groups]


def _in_rows(found: Sequence[_Island]) -> tuple[list[tuple[float, float]], float, float]:
    """The middle of each island, and the size of the whole."""
    gap = 26.0
    area = sum((2 * one.radius + gap) * (2 * one.radius + gap + HEAD) for one in found)
    width = max(420.0, round(math.sqrt(area * 1.35)), *(2 * one.radius + gap for one in found))
    centres: list[tuple[float, float]] = []
    left, top, row = 0.0, 0.0, 0.0
    for one in found:
        size = max(2 * one.radius, 84.0) + gap
        if left and left + size > width:
            left, top, row = 0.0, top + row, 0.0
        centres.append((left + size / 2, top + HEAD + one.radius))
        left += size
        row = max(row, HEAD + 2 * one.radius + gap / 2)
    return centres, width, top + row + 10


def _lines(
    posts: Sequence[Post], links: Links, places: Mapping[NotePath, tuple[float, float]]
) -> dict[NotePath, list[NotePath]]:
    rank = {post.path: nth for nth, post in enumerate(posts)}
    every = [
        (max(rank[path], rank[target]), rank[path], rank[target])
        for path in rank
        for target in links.get(path, ())
        if target in places
    ]
    lines: dict[NotePath, list[NotePath]] = {}
    for _, origin, target in sorted(every)[:LINES]:
        lines.setdefault(posts[origin].path, []).append(posts[target].path)
    return lines


def _named(
    posts: Sequence[Post], places: Mapping[NotePath, tuple[float, float]], scale: float
) -> dict[NotePath, str]:
    """Names that can be written beside their notes without lying on one another."""
    named: dict[NotePath, str] = {}
    taken: list[tuple[float, float, float]] = []
    most = min(NAMED, 1 + len(posts) // NOTES_A_NAME)
    for post in posts[: 10 * most]:
        if len(named) == most:
            break
        label = shortened(post.title, LABEL_WIDTH)
        half = (width_of(label) + 1) * COLUMN * scale / 2
        # Rounded: the last bits of a sine must not decide.
        x, y = (round(value, 1) for value in places[post.path])
        if all(abs(x - u) >= half + other or abs(y - v) > LINE * scale for u, v, other in taken):
            taken.append((x, y, half))
            named[post.path] = label
    return named


def _at(place: tuple[float, float]) -> str:
    return f"{number(place[0])} {number(place[1])}"
