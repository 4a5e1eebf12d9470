"""Which notes may stand inside which: embeds never form a circle and never grow without end.

Entry point: `refusals`. A *part* is a note or a section of one; it holds other
parts by the embeds that stand in it. Embeds on a circle are refused, all of
them, so that what a part shows does not hang on where it is shown.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from notecast.anchors import anchor_of
from notecast.model import Hole, NotePath
from notecast.site import View

MAX_DEPTH = 8
"""Embeds inside one another."""
MAX_PARTS = 200
"""Parts that one part may hold, all levels counted: ten embeds of ten embeds of … add up."""

Part = tuple[NotePath, str]
Reason = tuple[str, str]


class _Edge(NamedTuple):
    hole: Hole
    target: Part


def refusals(view: View) -> Mapping[tuple[NotePath, Hole], Reason]:
    """The embeds that are shown as links, each with what is wrong and what to do."""
    return view.once("wikilinks.refusals", _refusals)


def _refusals(view: View) -> dict[tuple[NotePath, Hole], Reason]:
    edges = {post.path: _edges(post.path, view) for post in view.posts if post.links}
    edges = {path: found for path, found in edges.items() if found}
    refused: dict[tuple[NotePath, Hole], Reason] = {}
    depth: dict[Part, int] = {}
    parts: dict[Part, int] = {}
    for circle in _components(edges):
        members = set(circle)
        for part in circle:
            for edge in _of(part, edges):
                if edge.target in members:
                    refused[part[0], edge.hole] = _circle(part[0], edge.target)
        for part in circle:
            depth[part], parts[part] = 0, 1
            for edge in _of(part, edges):
                if (part[0], edge.hole) in refused:
                    continue
                below, more = depth[edge.target], parts[edge.target]
                if below + 1 > MAX_DEPTH or parts[part] + more > MAX_PARTS:
                    refused[part[0], edge.hole] = _too_much(edge.target[0])
                    continue
                depth[part] = max(depth[part], below + 1)
                parts[part] += more
    return refused


def _edges(path: NotePath, view: View) -> list[_Edge]:
    post = view.post(path)
    found = []
    for hole in post.holes if post else ():
        if hole.feature == "wikilinks" and hole.kind == "block":
            target = view.targets.of_name(path, hole.data[0])
            if target.kind == "note":
                section = anchor_of(hole.data[1], view.post(target.path))
                if section is not None:
                    found.append(_Edge(hole, (NotePath(target.path), section)))
    return found


def _of(part: Part, edges: Mapping[NotePath, list[_Edge]]) -> Iterable[_Edge]:
    path, section = part
    for edge in edges.get(path, ()):
        if not section or section in edge.hole.data[3:]:
            yield edge


def _components(edges: Mapping[NotePath, list[_Edge]]) -> Iterable[list[Part]]:
    """Parts that hold one another, together; whatever a part holds comes before it.

    Tarjan's algorithm (SIAM J. Comput. 1(2), 1972) without recursion: a chain of
    ten thousand notes is a chain and no error.
    """
    number: dict[Part, int] = {}
    low: dict[Part, int] = {}
    stack: list[Part] = []
    on_stack: set[Part] = set()
    for path in sorted(edges):
        if (path, "") in number:
            continue
        waiting = [((path, ""), iter(list(_of((path, ""), edges))))]
        number[path, ""] = low[path, ""] = len(number)
        stack.append((path, ""))
        on_stack.add((path, ""))
        while waiting:
            part, rest = waiting[-1]
            edge = next(rest, None)
            if edge is None:
                waiting.pop()
                if waiting:
                    outer = waiting[-1][0]
                    low[outer] = min(low[outer], low[part])
                if low[part] == number[part]:
                    found: list[Part] = []
                    while not found or found[-1] != part:
                        found.append(stack.pop())
                        on_stack.discard(found[-1])
                    yield found
            elif edge.target not in number:
                target = edge.target
                number[target] = low[target] = len(number)
                stack.append(target)
                on_stack.add(target)
                waiting.append((target, iter(list(_of(target, edges)))))
            elif edge.target in on_stack:
                low[part] = min(low[part], number[edge.target])


def _circle(path: NotePath, target: Part) -> Reason:
    if target[0] == path:
        message = "the note would embed itself, so a link is shown"
    else:
        message = f"{target[0]} embeds this note in turn, so a link is shown"
    return message, "take one of the embeds away, or make it a link: [[…]]"


def _too_much(path: NotePath) -> Reason:
    return (
        f"{path} holds too many further embeds ({MAX_DEPTH} inside one another and "
        f"{MAX_PARTS} together are shown), so a link is shown",
        "make some of the embeds links: [[…]]",
    )
