"""Which note links to which, and what pictures of notes have in common."""

import unicodedata
from collections.abc import Mapping

from notecast.model import NotePath, Post
from notecast.site import View
from notecast.terms import fold

GROUPS = 6
"""Colours that groups of notes take in turn."""

Links = Mapping[NotePath, Mapping[NotePath, None]]


def links_of(view: View) -> Links:
    """For each note that links to others, which, each once and in the order of the text."""
    return view.once("graph.links", _links)


def links_to(view: View) -> Links:
    """For each note that others link to, which those are, by path."""
    return view.once("graph.links-to", _backwards)


def degrees(links: Links) -> dict[NotePath, int]:
    """The number of links of each note that has some, out and in."""
    degree: dict[NotePath, int] = {}
    for path, targets in links.items():
        for target in targets:
            degree[path] = degree.get(path, 0) + 1
            degree[target] = degree.get(target, 0) + 1
    return degree


def group_of(post: Post) -> tuple[str, str]:
    """What a note stands together with, and its name: the first category, else the folder."""
    name = post.categories[0] if post.categories else post.path
    first, inside, _ = name.partition("/")
    if not post.categories and not inside:
        return "", ""
    return fold(first), first


def number(value: float) -> str:
    """One decimal: the last bits of a sine differ between machines."""
    text = f"{value:.1f}"
    return "0" if text in ("0.0", "-0.0") else text.removesuffix(".0")


def width_of(text: str) -> int:
    """Columns that a text takes; a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def shortened(title: str, most: int) -> str:
    """A title of at most so many columns."""
    width = 0
    for index, char in enumerate(title):
        width += width_of(char)
        if width > most:
            return title[:index].rstrip() + "…"
    return title


def _links(view: View) -> Links:
    links: dict[NotePath, dict[NotePath, None]] = {}
    for post in sorted(view.posts, key=lambda post: post.path):
        linked = dict.fromkeys(target for _, target in view.linked(post))
        if linked:
            links[post.path] = linked
    return links


def _backwards(view: View) -> Links:
    into: dict[NotePath, dict[NotePath, None]] = {}
    for path, targets in links_of(view).items():
        for target in targets:
            into.setdefault(target, {})[path] = None
    return into
