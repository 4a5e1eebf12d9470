"""Lists of all works: by year, venue, author, reading status.

Entry point: `lists`. Each order is a page of its own with links to its groups,
so that nothing needs a script.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from notecast.features.papers.shelf import Paper, row, venue
from notecast.model import Page, Url
from notecast.site import View
from notecast.slugs import slugify
from notecast.works.names import family, shown, sort_text

_MOST_FILTERS = 5
_MOST_JUMPS = 100
HOME = Url("/papers/")
_Groups = dict[str, list[Paper]]


def lists(papers: Mapping[str, Paper], view: View) -> Iterator[Page]:
    """The pages of all orders that make sense for these works."""
    filters = _filters(papers, view)
    rows = {
        key: {**row(paper), "shows": [nth for nth, _, keys in filters if key in keys]}
        for key, paper in papers.items()
    }
    orders: list[tuple[Url, str, _Groups, str]] = [
        (HOME, "by_year", _years(papers), "no_year"),
        (Url("/papers/venues/"), "by_venue", _named(papers, _venues), "no_venue"),
        (Url("/papers/authors/"), "by_author", _authors(papers), "no_author"),
    ]
    if any(paper.work.status for paper in papers.values()):
        groups = _named(papers, lambda paper: [paper.work.status])
        orders.append((Url("/papers/status/"), "by_status", groups, "no_status"))
    for url, word, groups, unnamed in orders:
        title = view.word("papers")
        listed = _shown(groups, rows, view.word(unnamed))
        yield Page(
            url=url,
            template="papers/list.html",
            context={
                "page": {
                    "url": url,
                    "kind": "papers",
                    "title": title if url == HOME else f"{title} · {view.word(word)}",
                    "description": "",
                    "lang": view.config.language,
                    "feeds": [],
                },
                "orders": [
                    {"name": view.word(name), "url": address, "current": address == url}
                    for address, name, _, _ in orders
                ],
                "count": len(papers),
                "filters": [
                    {"number": nth, "name": name, "count": len(keys)} for nth, name, keys in filters
                ],
                "groups": listed,
                "jumps": _jumps(listed, papers),
                "files": _files(),
            },
        )


def _filters(papers: Mapping[str, Paper], view: View) -> list[tuple[int, str, set[str]]]:
    """What a reader may narrow the lists to: number, name and the works that remain.

    The style sheet has rules for as many as there may be, so that they need no script.
    """
    found = {view.word("with_own_note"): {key for key, paper in papers.items() if paper.own}}
    by_status: dict[str, set[str]] = {}
    for key, paper in papers.items():
        if paper.work.status:
            by_status.setdefault(paper.work.status, set()).add(key)
    for status in sorted(by_status, key=lambda name: (-len(by_status[name]), name)):
        found.setdefault(status, by_status[status])
    useful = [(name, keys) for name, keys in found.items() if 0 < len(keys) < len(papers)]
    return [(nth, name, keys) for nth, (name, keys) in enumerate(useful[:_MOST_FILTERS], start=1)]


def _files() -> list[dict[str, str]]:
    return [{"name": name, "url": f"/{name}"} for name in ("papers.bib", "papers.json")]


def _shown(groups: _Groups, rows: Mapping[str, Any], unnamed: str) -> list[dict[str, Any]]:
    taken: set[str] = set()
    found = []
    for name, members in groups.items():
        identifier = base = f"in-{slugify(name)}" if name else "in-none"
        count = 1
        while identifier in taken:
            count += 1
            identifier = f"{base}-{count}"
        taken.add(identifier)
        papers = [rows[paper.work.key] for paper in members]
        found.append({"name": name or unnamed, "id": identifier, "papers": papers})
    return found


def _jumps(groups: list[dict[str, Any]], papers: Mapping[str, Paper]) -> list[dict[str, Any]]:
    """The groups to jump to; of very many the first of each letter."""
    if len(groups) <= _MOST_JUMPS:
        return [{"name": g["name"], "id": g["id"], "count": len(g["papers"])} for g in groups]
    families = {
        shown(name): family(name)
        for paper in papers.values()
        for name in paper.work.authors or paper.work.editors
    }
    letters: dict[str, dict[str, Any]] = {}
    for group in groups:
        first = sort_text(families.get(group["name"], group["name"]))[:1].upper()
        letter = first if first.isalpha() else "#"
        jump = letters.setdefault(letter, {"name": letter, "id": group["id"], "count": 0})
        jump["count"] += 1
    return list(letters.values())


def _years(papers: Mapping[str, Paper]) -> _Groups:
    """Newest first, without a year last; within a year by date, then title."""
    ordered = sorted(papers.values(), key=lambda paper: (sort_text(paper.title), paper.work.key))
    ordered.sort(key=lambda paper: paper.work.issued, reverse=True)
    return _grouped(ordered, lambda paper: [paper.work.year])


def _venues(paper: Paper) -> list[str]:
    return [venue(paper.work)]


def _authors(papers: Mapping[str, Paper]) -> _Groups:
    """By family name; a work stands with each of its authors."""
    order: dict[str, str] = {}

    def names(paper: Paper) -> list[str]:
        people = paper.work.authors or paper.work.editors
        for name in people:
            order.setdefault(shown(name), sort_text(f"{family(name)} {name.given}"))
        return [shown(name) for name in people] or [""]

    groups = _grouped(list(_years_flat(papers)), names)
    return {name: groups[name] for name in sorted(groups, key=lambda n: (not n, order.get(n, n)))}


def _named(papers: Mapping[str, Paper], names: Callable[[Paper], list[str]]) -> _Groups:
    """Groups in alphabetical order, the unnamed one last."""
    groups = _grouped(list(_years_flat(papers)), names)
    return {name: groups[name] for name in sorted(groups, key=lambda n: (not n, sort_text(n), n))}


def _years_flat(papers: Mapping[str, Paper]) -> Iterator[Paper]:
    for members in _years(papers).values():
        yield from members


def _grouped(papers: list[Paper], names: Callable[[Paper], list[str]]) -> _Groups:
    groups: _Groups = {}
    for paper in papers:
        for name in names(paper):
            groups.setdefault(name, []).append(paper)
    if "" in groups:
        groups[""] = groups.pop("")
    return groups
