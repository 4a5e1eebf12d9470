"""Every page of the site, with the plain data that decides its bytes.

Entry point: `plan`.
"""

import posixpath
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from notecast.feature import Feature
from notecast.model import Copy, Embed, Filling, Later, NotePath, Page, Planned, Post, Url
from notecast.problems import Problem
from notecast.renderer.theme import bad_link, files_below
from notecast.site import View
from notecast.urls import address_key, is_external, output_path, quote, unquote

REPLACEABLE = frozenset({"/404.html", "/robots.txt", "/sitemap.xml"})
"""Addresses of pages in whose place a site may well have a static file of its own."""
OWN = frozenset({"/", "/404.html"})
"""Addresses of pages in whose place a site may well have a note that says so."""


class Plan(msgspec.Struct, frozen=True):
    """What the site consists of."""

    pages: list[Planned]
    copies: list[Copy]
    problems: list[Problem]
    addresses: frozenset[str]


def plan(
    view: View,
    features: Sequence[Feature],
    statics: Sequence[Copy],
    made: Sequence[Copy] = (),
    problems: Sequence[Problem] = (),
) -> Plan:
    """Lists every page and file of the site.

    Two pages for one address are an error; the first in the order below keeps
    it, so that the rest of the site is built: notes, then static files of the
    site, then what features make. A note may stand in place of a page of `OWN`;
    one without words at the address of any other page only asks for that page.
    """
    claims = Claims()
    pages: list[Planned] = []
    copies: list[Copy] = []
    by_name = {feature.name: feature for feature in features}
    wordless: list[tuple[Page, str]] = []
    chosen = set()
    for page in _note_pages(view, features):
        if _is_wordless(page, view):
            wordless.append((page, view.shown(page.note or "")))
            continue
        output = claims.claim(page.url, view.shown(page.note or ""))
        if output is not None:
            pages.append(make_planned(page, output, view, by_name))
            chosen.add(page.url)
    own = set()
    for copy in statics:
        url = quote("/" + copy.output)
        if claims.claim(url, f"{view.config.static}/{copy.output}") is not None:
            copies.append(copy)
            own.add(url)
    for feature in features:
        for page in feature.pages(view):
            if page.url in REPLACEABLE and page.url in own:
                continue
            if page.url in OWN and page.url in chosen:
                continue
            output = claims.claim(page.url, f"the page that {feature.name} makes")
            if output is not None:
                pages.append(make_planned(page, output, view, by_name))
    for page, shown in wordless:
        if page.url not in claims.addresses:
            output = claims.claim(page.url, shown)
            if output is not None:
                pages.append(make_planned(page, output, view, by_name))
    for url, note, part in wanted_sources(view, features):
        output = claims.claim(url, view.shown(note))
        if output is not None:
            copies.append(Copy(output, str(view.config.notes_dir / note), part))
    for path in wanted_files(view, features):
        file = view.file(path)
        if file is not None:
            output = claims.claim(file.url, view.shown(path))
            if output is not None:
                copies.append(Copy(output, file.source))
    copies += [
        copy
        for copy in made
        if claims.claim(quote("/" + copy.output), "a file that was made") is not None
    ]
    return Plan(pages, copies, [*problems, *claims.problems], frozenset(claims.addresses))


class Claims:
    """Who has which address; whoever comes first keeps it."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self.problems: list[Problem] = []
        self._taken: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def _folders_of(self, key: str) -> list[str]:
        """The folders of a file that nobody has needed yet, innermost first."""
        found = []
        folder = key.rpartition("/")[0]
        while folder and folder not in self._folders:
            found.append(folder)
            folder = folder.rpartition("/")[0]
        return found

    def _file_among(self, folders: list[str]) -> str | None:
        return next((self._taken[folder] for folder in folders if folder in self._taken), None)

    def claim(self, url: Url, owner: str) -> str | None:
        """The file for an address, `None` with a problem if somebody has the address."""
        output = output_path(url)
        key = address_key(output)
        folders = self._folders_of(key)
        # No disk holds a file `x` beside a folder `x`.
        other = self._taken.get(key) or self._folders.get(key) or self._file_among(folders)
        if other is not None:
            self.problems.append(_collision(url, owner, other))
            return None
        self._taken[key] = owner
        for folder in folders:
            self._folders[folder] = owner
        self.addresses.add(url)
        return output


def _is_wordless(page: Page, view: View) -> bool:
    """Whether a note says nothing: VuePress and Jekyll have such for each list of the theme."""
    post = view.post(NotePath(page.note or ""))
    return post is not None and not post.words and not post.holes


def wanted_sources(view: View, features: Sequence[Feature]) -> list[tuple[Url, NotePath, str]]:
    """Files of notes that some feature wants published, and parts of them, each once."""
    found = (source for feature in features for source in feature.sources(view))
    return list(dict.fromkeys(found))


def wanted_files(view: View, features: Sequence[Feature]) -> list[str]:
    """Files of the notes folder, by path, that some feature wants published."""
    return sorted({path for feature in features for path in feature.files(view)})


def _note_pages(view: View, features: Sequence[Feature]) -> Iterable[Page]:
    dated = by_date(view.posts)
    # Few features have something to say on every note, and asking costs.
    features = [f for f in features if type(f).note_context is not Feature.note_context]
    for place, post in enumerate(dated):
        yield note_page(
            post,
            dated[place - 1] if place else None,
            dated[place + 1] if place + 1 < len(dated) else None,
            view,
            features,
        )


def by_date(posts: Iterable[Post]) -> list[Post]:
    """Oldest first, undated before all: the order in which notes have neighbours."""
    by_path = sorted(posts, key=lambda post: post.path)
    return sorted(by_path, key=lambda post: (bool(post.date), post.date))


def note_page(
    post: Post, older: Post | None, newer: Post | None, view: View, features: Sequence[Feature]
) -> Page:
    """The page of a note, between its neighbours."""
    trails = [view.term_trail("categories", name) for name in post.categories]
    previous, following = _neighbour(older), _neighbour(newer)
    image = _picture(post, view)
    data, decides = {}, {}
    for feature in features:
        given = feature.note_context(post, view)
        if given is not None:
            data[feature.name] = given
            decides[feature.name] = given.identity if isinstance(given, Later) else given

    def context() -> dict[str, Any]:
        return {
            "page": {
                "url": post.url,
                "kind": "note",
                "title": post.title,
                "description": view.description(post),
                "lang": post.lang,
                "feeds": [],
            },
            "note": {
                **view.card(post),
                # A term that is named twice is shown once.
                "categories": list({trail[-1]["url"]: trail for trail in trails if trail}.values()),
                "authors": list(post.authors),
                "series": post.series,
                "description": view.description(post),
                "image": image,
                "source": post.path,
                **of_body(post),
            },
            "previous": previous,
            "next": following,
            **{
                name: given.make() if isinstance(given, Later) else given
                for name, given in data.items()
            },
        }

    return Page(
        url=post.url,
        template="note.html",
        context=context,
        identity=(view.card_id(post), trails, previous, following, image, decides),
        note=post.path,
    )


def of_body(post: Post) -> dict[str, Any]:
    """What the page of a note says of it, and no other page, that changes with its text alone."""
    return {"words": post.words}


def _picture(post: Post, view: View) -> str:
    """The address of a note's picture; empty if it has none, or none that is published."""
    if not post.image or is_external(post.image):
        return post.image
    target = view.targets.of_path(post.path, post.image)
    if target.kind == "file":
        return target.url
    # A root-relative address may be a static file of the site.
    return quote(post.image) if post.image.startswith("/") else ""


def _neighbour(post: Post | None) -> dict[str, str] | None:
    if post is None:
        return None
    return {"url": post.url, "title": post.title, "title_html": post.title_html, "lang": post.lang}


def make_planned(page: Page, output: str, view: View, features: dict[str, Feature]) -> Planned:
    """A page with everything that decides its bytes."""
    empty = _empty_indexes(view)
    if empty:
        page = _with_empty(page, empty)
    return Planned(
        output=output,
        page=page,
        note=_filling(page.note, view, features) if page.note else None,
        quotes=tuple(_filling(path, view, features) for path in page.quotes),
    )


def _empty_indexes(view: View) -> list[str]:
    """What the default navigation leaves out: indexes that list nothing yet."""
    if view.config.nav is not None:
        return []
    indexes = (("/categories/", view.categories), ("/tags/", view.tags))
    return [url for url, terms in indexes if not terms.by_key]


def _with_empty(page: Page, empty: list[str]) -> Page:
    """The page with those addresses, as `empty`, in its context; most sites have none."""
    given = page.context
    return msgspec.structs.replace(
        page,
        context=lambda: {**(given() if callable(given) else given), "empty": empty},
        identity=(given if page.identity is None else page.identity, empty),
    )


def _filling(
    path: NotePath, view: View, features: dict[str, Feature], section: str = ""
) -> Filling:
    """A note's body with what fills its holes; of embeds those that stand in `section`."""
    post = view.post(path)
    assert post is not None
    fills = view.fills.get(path)
    if fills is None:
        fills = view.fills[path] = tuple(
            features[hole.feature].fill(hole, post, view)
            if hole.feature in features
            else view.text_fill(hole, post)
            for hole in post.holes
        )
    if not any(isinstance(fill, Embed) for fill in fills):
        return Filling(post.key, fills)
    return Filling(
        post.key,
        tuple(
            fill
            if isinstance(fill, str)
            else msgspec.structs.replace(
                fill, filling=_filling(fill.note, view, features, fill.section)
            )
            if not section or section in fill.within
            else ""
            for fill in fills
        ),
    )


def _collision(url: str, owner: str, other: str) -> Problem:
    path = owner if posixpath.splitext(owner)[1] else other
    return Problem(
        "address-is-unique",
        "error",
        path,
        0,
        0,
        f'{owner} and {other} have the same address "{unquote(url)}"; only the latter is published',
        "give one of them another slug, permalink or name",
    )


def static_files(folder: Path, problems: list[Problem], root: Path) -> list[Copy]:
    """Files of the site's `static/` folder, published as they are, dot files left out."""
    copies = []
    for file in files_below(folder):
        parts = file.relative_to(folder).parts
        if any(part.startswith(".") and part != ".well-known" for part in parts):
            continue
        if problem := bad_link(file, root):
            problems.append(problem)
        elif file.is_file():
            copies.append(Copy("/".join(parts), str(file)))
    return copies
