"""Which notes cite which works: the library of a site and the citations of its notes.

Entry points: `library` and `cited`, each worked out once for a view. A note's own
facts, as the feature `citations` records them while it parses:

- `citations`: rows of `Cite`;
- `identifiers`: the arXiv identifiers and DOIs among their keys;
- `paper`: the work that the note is about, at most one;
- `works`: works that the note itself describes, in a block of BibTeX;
- `bibliographies`: paths of files whose keys hold for this note.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from notecast.model import NotePath, Post
from notecast.problems import Problem
from notecast.site import View
from notecast.urls import quote
from notecast.works.files import (
    LOCK_FILE,
    SiteFile,
    forget_others,
    read_file,
    read_lock,
    refused,
    site_files,
)
from notecast.works.identifiers import identify
from notecast.works.library import Library, Shelf, merge, with_stubs
from notecast.works.model import Source, Work

FEATURE = "citations"
"""The feature that records citations; without it no work is cited."""
PAPERS = "/papers/"


class Cite(NamedTuple):
    """One place of a note that cites works, as the note's facts keep it."""

    kind: str
    """`cite` for brackets, `text` for `@key` in a sentence, `wiki`, `id` for a bare
    identifier, `link` for a link to arXiv or a DOI."""
    anchor: str
    keys: Sequence[str]
    """As they are written."""
    sentence: str
    line: int
    column: int
    words: str = ""
    """Those that an author made a link to it: `TimeSformer`."""


Mention = tuple[NotePath, int]
"""A place that cites a work: the note, and which of its rows of `citations`."""


class Cited(NamedTuple):
    """Every work that published notes discuss."""

    mentions: dict[str, list[Mention]]
    """By key of the work, newest note first, in the order of the text."""
    by_note: dict[NotePath, tuple[str, ...]]
    """The works of each note, in the order of the text."""
    own: dict[str, list[Post]]
    """The notes that are about a work: those with a `paper:` block."""
    unknown: list[tuple[NotePath, int, str]]
    """What no work is known by: note, row of `citations`, what is written."""


def library(view: View) -> Library:
    """All works of the site, those of which only an identifier is known among them."""
    return view.once("works", _library)


def cited(view: View) -> Cited:
    """The works that notes discuss."""
    return view.once("works cited", _cited)


def cite_of(post: Post, place: int) -> Cite:
    """A place of a note that cites something, by its row."""
    return Cite(*post.facts["citations"][place])


def scopes_of(post: Post) -> Sequence[str]:
    """The files and notes whose keys count in a note before those of the site."""
    named = post.facts.get("bibliographies")
    if not named:
        return (post.path,) if "works" in post.facts else ()
    return (post.path, *(f"{post.path} {written}" for written in named))


def own_notes(view: View) -> dict[str, list[Post]]:
    """For each work the notes that are about it, newest first."""

    def find(view: View) -> dict[str, list[Post]]:
        found: dict[str, list[Post]] = {}
        for path, key in own_works(view).items():
            post = view.post(path)
            if post is not None:
                found.setdefault(key, []).append(post)
        return found

    return view.once("works own notes", find)


def own_works(view: View) -> dict[NotePath, str]:
    """For each note that is about a work that work's key."""
    return view.once("works own", _own)


def page_of(key: str, view: View) -> str:
    """The address of a work's page; empty on a site without such pages."""
    if "papers" in view.config.features.disable or view.options(FEATURE) is None:
        return ""
    return quote(f"{PAPERS}{library(view).slugs[key]}/")


def _own(view: View) -> dict[NotePath, str]:
    known = library(view)
    found = {}
    for post in view.posts:
        for row in post.facts.get("paper", ()):
            work = msgspec.convert(row, Work)
            key = known.find(work.key)
            if key is not None:
                found[post.path] = key
    return found


def _library(view: View) -> Library:
    options = view.options(FEATURE)
    if options is None:
        return merge(())
    cache = view.config.cache_dir
    papers: list[Source] = []
    shelves: list[Shelf] = []
    written: list[Shelf] = []
    problems: list[Problem] = []
    identifiers: dict[str, None] = {}
    read: set[str] = set()
    for post in view.posts:
        facts = post.facts
        papers += [
            Source(msgspec.convert(row, Work), view.shown(post.path), 1)
            for row in facts.get("paper", ())
        ]
        if "works" in facts:
            described = [msgspec.convert(row, Work) for row in facts["works"]]
            place = view.shown(post.path)
            written.append(Shelf([Source(work, place, 0) for work in described], post.path))
        for name in facts.get("bibliographies", ()):
            source = _beside(post, name, view)
            if source is not None:
                said = read_file(source.source, source.shown, cache)
                read.add(source.shown)
                problems += said.problems
                written.append(Shelf(said.sources, f"{post.path} {name}"))
        if "identifiers" in facts:
            identifiers |= dict.fromkeys(facts["identifiers"])
    files = site_files(options.bibliography, view.config.root)
    default = view.file("references.bib")
    if not options.bibliography and default is not None:
        from pathlib import Path

        if not any(file.source.samefile(default.source) for file in files):
            files.append(SiteFile(view.shown("references.bib"), Path(default.source)))
    for file in files:
        said = read_file(file.source, file.shown, cache)
        problems += said.problems
        shelves.append(Shelf(said.sources))
        read.add(file.shown)
    forget_others(read, cache)
    lock = read_lock(view.config.root)
    problems += lock.problems + _missing(options.bibliography, view)
    found = merge([Shelf(papers), *shelves, *written, Shelf(lock.sources, LOCK_FILE)])
    named = {text: identifier for text in identifiers if (identifier := identify(text))}
    found = with_stubs(found, named)
    # A file that several notes name is read for each of them: its problems count once.
    return found._replace(problems=list(dict.fromkeys([*problems, *found.problems])))


def _missing(written: Sequence[str], view: View) -> list[Problem]:
    return [
        Problem(
            "bibliography-file-exists",
            "error",
            "site.yaml",
            0,
            0,
            f'the site folder has no bibliography "{name}"',
            "name a file inside the folder of site.yaml, relative to it",
        )
        for name in refused(written, view.config.root)
    ]


def _beside(post: Post, written: str, view: View) -> SiteFile | None:
    """The file of the notes folder that a header names."""
    from pathlib import Path

    target = view.targets.of_path(post.path, written)
    file = view.file(target.path) if target.kind == "file" else None
    return SiteFile(view.shown(target.path), Path(file.source)) if file else None


def missing_beside(post: Post, view: View) -> list[str]:
    """The files that a header names and the notes folder does not have."""
    named = post.facts.get("bibliographies", ())
    return [name for name in named if _beside(post, name, view) is None]


def _cited(view: View) -> Cited:
    known = library(view)
    direct, find = {**known.ids, **known.names}, known.find
    mentions: dict[str, list[Mention]] = {}
    by_note: dict[NotePath, tuple[str, ...]] = {}
    unknown: list[tuple[NotePath, int, str]] = []
    for post in view.posts:
        rows = post.facts.get("citations")
        if not rows:
            continue
        scopes = scopes_of(post)
        path = post.path
        works: dict[str, None] = {}
        place = 0
        for row in rows:
            mention = (path, place)
            for written in row[2]:
                key = None if scopes else direct.get(written)
                if key is None:
                    key = find(written, scopes)
                    if key is None:
                        unknown.append((path, place, written))
                        continue
                works[key] = None
                if key in mentions:
                    mentions[key].append(mention)
                else:
                    mentions[key] = [mention]
            place += 1
        if works:
            by_note[path] = tuple(works)
    return Cited(mentions, by_note, own_notes(view), unknown)
