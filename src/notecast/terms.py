"""Categories and tags: names as written become terms with one spelling and one address.

Entry point: `collect_terms`.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from notecast.model import NotePath, Post, Url
from notecast.problems import Problem
from notecast.slugs import slugify
from notecast.urls import quote


class Term(msgspec.Struct, frozen=True):
    """One category or tag, under its merged name."""

    name: str
    """The last part: `Flow` of `Generative Model/Flow`."""
    path: tuple[str, ...]
    """All parts, outermost first."""
    url: Url
    posts: tuple[NotePath, ...]
    """In the order of lists; a category holds the notes of the categories below it."""
    children: tuple[str, ...]
    """Keys of the terms directly below."""


class Terms(msgspec.Struct, frozen=True):
    """All terms of one kind."""

    kind: str
    """`categories` or `tags`; also the first part of their addresses."""
    by_key: dict[str, Term]
    """In the order in which they are listed."""

    def of(self, written: str) -> Term | None:
        """The term for a name as a note wrote it."""
        return self.by_key.get(term_key(written))


@lru_cache(maxsize=65536)
def term_key(written: str) -> str:
    """What is the same for all spellings that are merged.

    Names are one term when they are equal after Unicode compatibility
    normalisation (NFKC), case folding and folding of white space; the parts of
    a nested name are compared one by one.
    """
    parts = (fold(part) for part in written.split("/"))
    return "/".join(part for part in parts if part)


@lru_cache(maxsize=65536)
def levels(written: str) -> tuple[tuple[str, str], ...]:
    """Key and last part of a name and of all that it is nested in, outermost first."""
    # Spellings are told apart as they are read, not by how they are composed.
    parts = [part.strip() for part in nfc(written).split("/") if part.strip()]
    return tuple(
        (term_key("/".join(parts[:depth])), parts[depth - 1]) for depth in range(1, len(parts) + 1)
    )


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def collect_terms(
    kind: str,
    written: Sequence[tuple[Post, tuple[str, ...]]],
    *,
    slug_style: str = "unicode",
    notes_prefix: str = "",
) -> tuple[Terms, list[Problem]]:
    """Merges the names that notes wrote into terms.

    Args:
        kind: `categories` or `tags`.
        written: Each published post with the names it wrote, in list order.
        slug_style: As `urls.slugify` takes it.
        notes_prefix: What stands before a note's path where problems are shown.

    Returns:
        The terms, and a warning for each note that spells one unlike the others.
    """
    # Few names stand in many notes: what each of them means is looked up once.
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_, names) in enumerate(written):
        for name in names:
            places[name].append(place)
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    members: defaultdict[str, set[int]] = defaultdict(set)
    for name, found in places.items():
        for key, part in levels(name):
            spellings[key][part] += len(found)
            members[key].update(found)
    # Most used spelling wins; ties go to the one that sorts first, so that the
    # choice does not hang on the order of notes.
    best = {
        key: min(counts, key=lambda name: (-counts[name], name))
        for key, counts in spellings.items()
    }
    urls = _addresses(kind, best, slug_style)
    order = sorted(best, key=sort_key)
    terms = {}
    for key in order:
        prefixes = ["/".join(key.split("/")[:n]) for n in range(1, key.count("/") + 2)]
        terms[key] = Term(
            name=best[key],
            path=tuple(best[prefix] for prefix in prefixes),
            url=urls[key],
            posts=tuple([written[place][0].path for place in sorted(members[key])]),
            children=tuple(
                other
                for other in order
                if other.startswith(key + "/") and "/" not in other[len(key) + 1 :]
            )
            if _has_children(key, best)
            else (),
        )
    return Terms(kind, terms), _spelling_problems(kind, written, best, notes_prefix)


def sort_key(key: str) -> tuple[object, ...]:
    """Order of terms: Latin before Han, Han by pinyin; parents before children."""
    return tuple(_part_sort_key(part) for part in key.split("/"))


def _part_sort_key(part: str) -> tuple[int, str, str]:
    if part.isascii():
        return (0, part, part)
    from pypinyin import Style, lazy_pinyin  # 150 ms to load: only where Han is sorted

    sounds = " ".join(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True))
    return (1, sounds, part)


def _has_children(key: str, best: Iterable[str]) -> bool:
    prefix = key + "/"
    return any(other.startswith(prefix) for other in best)


def _addresses(kind: str, best: dict[str, str], slug_style: str) -> dict[str, Url]:
    """One address each; terms whose slugs are equal get a number, first come by key."""
    urls: dict[str, Url] = {}
    taken: set[str] = set()
    for key in sorted(best):
        parts = [
            slugify(best["/".join(key.split("/")[:n])], slug_style) or "term"
            for n in range(1, key.count("/") + 2)
        ]
        slug, count = "/".join(parts), 1
        # `page` is where the second page of the index itself would be.
        while slug.casefold() in taken or slug == "page":
            count += 1
            slug = "/".join([*parts[:-1], f"{parts[-1]}-{count}"])
        taken.add(slug.casefold())
        urls[key] = Url(f"/{kind}/{quote(slug)}/")
    return urls


def _spelling_problems(
    kind: str,
    written: Sequence[tuple[Post, tuple[str, ...]]],
    best: dict[str, str],
    notes_prefix: str,
) -> list[Problem]:
    word = {"categories": "category", "tags": "tag"}[kind]
    problems = []
    every = {name for _, names in written for name in names}
    unlike = {name for name in every if any(best[key] != part for key, part in levels(name))}
    for post, names in written if unlike else ():
        for name in names:
            for key, part in levels(name) if name in unlike else ():
                winner = best[key]
                if winner != part:
                    problems.append(
                        Problem(
                            "term-has-one-spelling",
                            "warning",
                            notes_prefix + post.path,
                            0,
                            0,
                            f'the {word} "{part}" is written "{winner}" in most notes; '
                            "both are shown as one",
                            f'write "{winner}" here',
                        )
                    )
    return problems
