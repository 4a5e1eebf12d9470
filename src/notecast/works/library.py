"""One work for everything that means the same: keys, arXiv identifiers, DOIs.

Entry point: `merge`. Records come in order of their rank; what one lacks comes
from the next. Two records are one work if they share a DOI, an arXiv identifier
(without version), or a key that holds for the whole site.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import msgspec

from notecast.problems import Problem
from notecast.slugs import slugify
from notecast.works.identifiers import Identifier, identify
from notecast.works.model import Source, Work, merged

NEAR_AMONG = 200
"""Above this many keys only those that begin or end alike are compared with an unknown one."""
RESERVED = frozenset(("authors", "status", "venues"))
"""Parts of addresses that lists of works have."""


class Library(NamedTuple):
    """All works that are known, by the key under which pages show them."""

    works: dict[str, Work]
    names: dict[str, str]
    """Every key that holds for the whole site → the key of its work."""
    ids: dict[str, str]
    """Every identifier, as `arXiv:1706.03762` or `doi:10.1145/…` → the key of its work."""
    scopes: dict[str, dict[str, str]]
    """The same as `names` for keys that hold for one file or note only."""
    places: dict[str, tuple[str, int]]
    """File and line of the first record of a work."""
    slugs: dict[str, str]
    """Part of the address of a work's page, unique in any case."""
    problems: list[Problem]

    def find(self, written: str, scopes: Sequence[str] = ()) -> str | None:
        """The key of the work that a note cites as `written`.

        Args:
            written: A key, or an identifier in any form.
            scopes: Files and notes whose own keys count there, before those of the site.
        """
        for scope in scopes:
            key = self.scopes.get(scope, {}).get(written)
            if key is not None:
                return key
        known = self.names.get(written)
        if known is not None:
            return known
        identifier = identify(written)
        return self.ids.get(str(identifier)) if identifier else None

    def near(self, written: str, scopes: Sequence[str] = ()) -> list[str]:
        """Up to three keys that are like one that nothing has."""
        names = set(self.names)
        for scope in scopes:
            names |= self.scopes.get(scope, {}).keys()
        by_folded = {name.casefold(): name for name in sorted(names)}
        folded = written.casefold()
        if folded in by_folded:
            return [by_folded[folded]]
        candidates = list(by_folded)
        if len(candidates) > NEAR_AMONG:
            # A missing bibliography leaves thousands unknown, and comparing takes a while.
            first, last = folded[:2], folded[-5:]
            candidates = [name for name in candidates if name[:2] == first or name[-5:] == last]
        return [by_folded[name] for name in get_close_matches(folded, candidates, 3, 0.6)]


class Shelf(NamedTuple):
    """Records of one origin."""

    sources: Sequence[Source]
    scope: str = ""
    """The file or note for which alone the keys hold; empty for the whole site."""


def merge(shelves: Iterable[Shelf]) -> Library:
    """All records as works; `shelves` in order of their rank."""
    return _Merge().run(shelves)


class _Merge:
    def __init__(self) -> None:
        self.groups: list[list[Source]] = []
        self.joined: dict[int, int] = {}
        self.by_name: dict[str, int] = {}
        self.by_id: dict[str, int] = {}
        self.by_scope: dict[str, dict[str, int]] = {}
        self.problems: list[Problem] = []

    def run(self, shelves: Iterable[Shelf]) -> Library:
        for shelf in shelves:
            for source in shelf.sources:
                self.add(source, shelf.scope)
        return self.result()

    def root(self, group: int) -> int:
        while group in self.joined:
            group = self.joined[group]
        return group

    def add(self, source: Source, scope: str) -> None:
        work = source.work
        ids = identifiers_of(work)
        same = [self.root(self.by_id[name]) for name in ids if name in self.by_id]
        if not scope and work.key in self.by_name:
            other = self.root(self.by_name[work.key])
            if same and other not in same:
                self.clash(source, self.groups[other][0])
            elif self.agrees(work, other):
                same.append(other)
            elif not same:
                self.clash(source, self.groups[other][0])
                return
        if same:
            group = same[0]
            for further in same[1:]:
                further = self.root(further)
                if further != group:
                    self.groups[group] += self.groups[further]
                    self.joined[further] = group
        else:
            group = len(self.groups)
            self.groups.append([])
        self.groups[group].append(source)
        for name in ids:
            self.by_id.setdefault(name, group)
        if scope:
            self.by_scope.setdefault(scope, {}).setdefault(work.key, group)
        else:
            self.by_name.setdefault(work.key, group)

    def agrees(self, work: Work, group: int) -> bool:
        """Whether a record with the key of a group can be the same work."""
        for other in self.groups[group]:
            for field in ("doi", "arxiv"):
                mine, theirs = getattr(work, field).lower(), getattr(other.work, field).lower()
                if mine and theirs and mine != theirs:
                    return False
        return True

    def clash(self, source: Source, first: Source) -> None:
        self.problems.append(
            Problem(
                "bibliography-key-is-unique",
                "warning",
                source.path,
                source.line,
                0,
                f'the key "{source.work.key}" means another work in {first.path}'
                + (f":{first.line}" if first.line else "")
                + "; that one counts",
                "give one of the two another key",
            )
        )

    def result(self) -> Library:
        keys: dict[int, str] = {}
        taken: set[str] = set()
        works: dict[str, Work] = {}
        places: dict[str, tuple[str, int]] = {}
        for number, sources in enumerate(self.groups):
            if number in self.joined:
                continue
            key = unique(_key_of(sources), taken)
            keys[number] = key
            work = sources[0].work
            for source in sources[1:]:
                work = merged(work, source.work)
            works[key] = msgspec.structs.replace(work, key=key) if work.key != key else work
            places[key] = (sources[0].path, sources[0].line)
        return Library(
            works=works,
            names={name: keys[self.root(group)] for name, group in self.by_name.items()},
            ids={name: keys[self.root(group)] for name, group in self.by_id.items()},
            scopes={
                scope: {name: keys[self.root(group)] for name, group in names.items()}
                for scope, names in self.by_scope.items()
            },
            places=places,
            slugs=slugs_of(works),
            problems=self.problems,
        )


def identifiers_of(work: Work) -> list[str]:
    """What names a work everywhere."""
    ids = []
    if work.arxiv:
        ids.append(str(Identifier("arxiv", work.arxiv)))
    if work.doi:
        ids.append(str(Identifier("doi", work.doi.lower())))
    return ids


def _key_of(sources: Sequence[Source]) -> str:
    """The first key that is a name, not an identifier."""
    named = (source.work.key for source in sources if identify(source.work.key) is None)
    return next(named, sources[0].work.key)


def unique(name: str, taken: set[str]) -> str:
    """The name, else `name-2`, `name-3` …, which is added to those taken."""
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}-{count}"
    taken.add(found)
    return found


def slugs_of(keys: Iterable[str]) -> dict[str, str]:
    """For each key a part of an address; two keys never share one, on any disk."""
    taken = set(RESERVED)
    return {key: unique(slugify(key), taken) for key in sorted(keys)}


def _month_of(identifier: Identifier) -> str:
    """When a preprint appeared, which its identifier says since April 2007: `YYMM.number`."""
    match = re.match(r"(\d{2})(0[1-9]|1[0-2])\.", identifier.value)
    return f"20{match[1]}-{match[2]}" if match and identifier.kind == "arxiv" else ""


def with_stubs(library: Library, identifiers: Mapping[str, Identifier]) -> Library:
    """The library with works of which nothing is known but the identifier.

    Args:
        library: What is known.
        identifiers: By their text; those that the library has are left out.
    """
    stubs = {
        text: Work(
            text,
            "preprint" if identifier.kind == "arxiv" else "document",
            issued=_month_of(identifier),
            arxiv=identifier.value if identifier.kind == "arxiv" else "",
            doi=identifier.value if identifier.kind == "doi" else "",
        )
        for text, identifier in sorted(identifiers.items())
        if text not in library.ids
    }
    if not stubs:
        return library
    taken = {*RESERVED, *library.slugs.values()}
    slugs = {key: unique(slugify(key), taken) for key in stubs}
    return library._replace(
        works={**library.works, **stubs},
        ids={**library.ids, **{text: text for text in stubs}},
        slugs={**library.slugs, **slugs},
    )
