"""The links of one note as a small picture: who links to it, and what it links to.

It hangs on nothing but these links and the names of their notes, so that an
edit elsewhere leaves it as it is.
"""

from collections.abc import Sequence
from typing import Any

from notecast.features.graph.links import links_of, links_to
from notecast.model import NotePath, Post
from notecast.site import View

SIDE = 10
"""Notes on each side; how many more there are is said."""


def local_links(post: Post, view: View) -> dict[str, Any] | None:
    """What the picture shows; None for a note without links.

    Returns:
        `into`, `out`: notes (`url`, `title`, `lang`, `both`), those with links both ways
        first; `more_into`, `more_out`: how many are left out.
    """
    out = [*links_of(view).get(post.path, ())]
    into = [*links_to(view).get(post.path, ())]
    if not out and not into:
        return None
    both = {*out} & {*into}
    shown_into, shown_out = _shown(into, both, view), _shown(out, both, view)
    more_into, more_out = max(0, len(into) - SIDE), max(0, len(out) - SIDE)
    return {
        "into": shown_into,
        "out": shown_out,
        "more_into": more_into,
        "more_out": more_out,
    }


def _shown(paths: Sequence[NotePath], both: set[NotePath], view: View) -> list[dict[str, Any]]:
    ordered = sorted(paths, key=lambda path: path not in both)[:SIDE]
    return [
        {"url": post.url, "title": post.title, "lang": post.lang, "both": post.path in both}
        for path in ordered
        if (post := view.post(path))
    ]
