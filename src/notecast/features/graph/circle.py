"""The picture of a small site: notes on a circle, those of a group side by side.

A new note moves the others a little along the circle.
"""

import math
from collections.abc import Sequence
from typing import Any

from notecast.features.graph.links import GROUPS, Links, group_of, number, shortened
from notecast.model import NotePath, Post

RADIUS = 350.0
LABEL_WIDTH = 26
"""Columns of a title."""


def draw_circle(posts: Sequence[Post], links: Links) -> dict[str, Any]:
    """Place, label and curves of each note.

    Returns:
        `nodes` for the template.
    """
    posts = sorted(posts, key=lambda post: (group_of(post), post.date, post.path))
    count = len(posts)
    angles = {post.path: 360 * place / count for place, post in enumerate(posts)}
    groups = {name: n for n, name in enumerate(dict.fromkeys(map(group_of, posts)))}
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
                "label": shortened(post.title, LABEL_WIDTH),
                "lang": post.lang,
                "x": number(x),
                "y": number(y),
                "turn": number(angle + 180 if left else angle),
                "offset": "-12" if left else "12",
                "left": left,
                "group": groups[group_of(post)] % GROUPS,
                "out": [
                    _curve(angle, angles[target])
                    for target in links.get(post.path, ())
                    if target in angles
                ],
                "into": [_curve(angles[origin], angle) for origin in into.get(post.path, ())],
            }
        )
    return {"nodes": nodes}


def _point(angle: float) -> tuple[float, float]:
    radians = math.radians(angle)
    return RADIUS * math.cos(radians), RADIUS * math.sin(radians)


def _curve(start: float, end: float) -> str:
    """A curve between two places on the circle, bent towards its middle."""
    (x, y), (u, v) = _point(start), _point(end)
    bend = 0.14
    middle = f"{number((x + u) * bend)} {number((y + v) * bend)}"
    return f"M{number(x)} {number(y)}Q{middle} {number(u)} {number(v)}"
