"""Equations that other places name: `\\eqref{eq:x}` in a note, `\\eqref{note#eq:x}` across notes.

A note may be named as in a link (`../flow.md`, `flow`), by its file name alone,
or by its title or another name of it. Entry points: `facts`, `fill`, `check`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from html import escape
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, NamedTuple

from notecast.model import BASE, Hole, Post
from notecast.problems import Problem

if TYPE_CHECKING:
    from notecast.site import View

EQUATIONS = "equations"
"""Family: `path#label` → address, number."""
NOTES = "equation-notes"
"""Family: name of a note → its path; empty where several notes have that name."""


class Equation(NamedTuple):
    """A numbered equation."""

    anchor: str
    """Its id on the page; empty if nothing can name it."""
    number: str
    """HTML, without parentheses."""
    bare: bool = False
    """Whether it is shown without parentheses (`\\tag*`)."""


def anchor_of(label: str) -> str:
    """The id for a label: `eq:loss` and `loss` become `eq-loss`."""
    name = re.sub(r"[^\w.-]+", "-", label.removeprefix("eq:").removeprefix("eq-")).strip("-")
    return f"eq-{name or 'x'}"


def link(kind: str, href: str, equation: Equation) -> str:
    """The number of an equation: in parentheses for `eqref`, a link but for `-text`."""
    bare = equation.bare or not kind.startswith("eqref")
    shown = equation.number if bare else f"({equation.number})"
    if kind.endswith("-text"):
        return f'<span class="math-ref">{shown}</span>'
    return f'<a class="math-ref" href="{escape(href)}">{shown}</a>'


def missing(label: str) -> str:
    """What stands where a reference leads nowhere."""
    return f'<span class="math-ref math-missing">({escape(label)})</span>'


def facts(posts: Sequence[Post]) -> Mapping[str, Mapping[str, object]]:
    """The families of facts that references across notes need."""
    equations: dict[str, object] = {}
    notes: dict[str, object] = {}
    for post in posts:
        labels = post.facts.get(EQUATIONS)
        if not labels:
            continue
        for label, anchor, number in labels:
            equations[f"{post.path}#{label}"] = [f"{post.url}#{anchor}", number]
        for name in sorted(_names(post)):
            notes[name] = "" if notes.get(name, post.path) != post.path else post.path
    return {EQUATIONS: equations, NOTES: notes}


def _names(post: Post) -> set[str]:
    path = post.path.rsplit(".", 1)[0]
    path = path.removesuffix("/index")
    return {path.lower(), path.rsplit("/", 1)[-1].lower(), post.title.lower()} | {
        name.lower() for name in post.names
    }


def _look_up(hole: Hole, post: Post, view: "View") -> tuple[str, Sequence[str] | None]:
    """The path of the note that a hole names, and its equation; either may be missing."""
    target, label = hole.data[0], hole.data[1]
    name = re.sub(r"(?:/index)?\.(?:md|markdown)\Z", "", target)
    if not name:
        candidates = [post.path.rsplit(".", 1)[0].removesuffix("/index")]
    else:
        candidates = [normpath(join(dirname(post.path), name)), name]
    for candidate in candidates:
        path = view.get(NOTES, candidate.lower())
        if path:
            return str(path), view.get(EQUATIONS, f"{path}#{label}")
    return "", None


def fill(hole: Hole, post: Post, view: "View") -> str:
    """The link of a reference to another note."""
    _, found = _look_up(hole, post, view)
    target, label = hole.data[0], hole.data[1]
    if found is None:
        return missing(f"{target}#{label}")
    url, number = found
    return link(hole.kind, BASE + url, Equation(url, number))


def check(view: "View") -> Iterable[Problem]:
    """References to equations that other notes do not have."""
    for post in view.posts:
        for hole in post.holes:
            if hole.feature != "math":
                continue
            path, found = _look_up(hole, post, view)
            if found is not None:
                continue
            target, label, shown_path = hole.data
            message, hint = _what_is_missing(view, path, target, label)
            yield Problem(
                "equation-label-exists", "error", shown_path, hole.line, hole.column, message, hint
            )


def _what_is_missing(view: "View", path: str, target: str, label: str) -> tuple[str, str]:
    if not path:
        named = sorted(
            {name for post in view.posts if post.facts.get(EQUATIONS) for name in _names(post)}
        )
        similar = get_close_matches(target.lower(), named, n=1)
        hint = f"did you mean {similar[0]}?" if similar else "name it by its path or file name"
        return f"no note with labelled equations is called {target}", hint
    labels = [row[0] for row in view.post(path).facts.get(EQUATIONS, [])]  # type: ignore[union-attr]
    similar = get_close_matches(label, labels, n=1)
    hint = f"did you mean {similar[0]}?" if similar else f"write \\label{{{label}}} in {path}"
    return f"no equation of {path} has the label {label}", hint
