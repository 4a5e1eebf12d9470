"""Every page of the site as a Job: plain data that decides its bytes.

Entry point: `plan`.
"""

import posixpath
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from notecast.feature import Feature
from notecast.model import Copy, Filling, Job, NotePath, Page, Post, Url
from notecast.problems import Problem
from notecast.site import View
from notecast.urls import address_key, output_path


class Plan(msgspec.Struct, frozen=True):
    """What the site consists of."""

    jobs: list[Job]
    copies: list[Copy]
    problems: list[Problem]
    addresses: frozenset[str]


def plan(
    view: View,
    features: Sequence[Feature],
    statics: Sequence[Copy],
    problems: Sequence[Problem] = (),
) -> Plan:
    """Lists every page and file of the site.

    Two pages for one address are an error; the first in the order below keeps
    it, so that the rest of the site is built: notes, then static files of the
    site, then what features make.
    """
    found: list[Problem] = list(problems)
    taken: dict[str, str] = {}
    jobs: list[Job] = []
    copies: list[Copy] = []
    addresses: set[str] = set()
    by_name = {feature.name: feature for feature in features}

    def claim(url: Url, owner: str) -> str | None:
        output = output_path(url)
        key = address_key(output)
        other = taken.get(key)
        if other is not None:
            found.append(_collision(url, owner, other))
            return None
        taken[key] = owner
        addresses.add(url)
        return output

    for page, owner in _pages(view, features):
        output = claim(page.url, owner)
        if output is not None:
            jobs.append(_job(page, output, view, by_name))
    for copy in statics:
        if claim(Url("/" + copy.output), copy.source) is not None:
            copies.append(copy)
    wanted = sorted({path for feature in features for path in feature.files(view)})
    for path in wanted:
        file = view.file(path)
        if file is not None:
            output = claim(file.url, view.shown(path))
            if output is not None:
                copies.append(Copy(output, file.source))
    return Plan(jobs, copies, found, frozenset(addresses))


def _pages(view: View, features: Sequence[Feature]) -> Iterable[tuple[Page, str]]:
    dated = sorted(view.posts, key=lambda post: post.path)
    dated = sorted(dated, key=lambda post: (bool(post.date), post.date))
    for place, post in enumerate(dated):
        yield (
            _note_page(
                post,
                dated[place - 1] if place else None,
                dated[place + 1] if place + 1 < len(dated) else None,
                view,
                features,
            ),
            view.shown(post.path),
        )
    for feature in features:
        for page in feature.pages(view):
            yield page, f"the page that {feature.name} makes"


def _note_page(
    post: Post, older: Post | None, newer: Post | None, view: View, features: Sequence[Feature]
) -> Page:
    context: dict[str, Any] = {
        "page": {
            "url": post.url,
            "kind": "note",
            "title": post.title,
            "description": post.description,
            "lang": post.lang,
            "feeds": [],
        },
        "note": {
            **view.card(post),
            "categories": [view.term_trail("categories", name) for name in _distinct(post, view)],
            "authors": post.authors,
            "series": post.series,
            "description": post.description,
            "image": post.image,
            "words": post.words,
            "source": post.path,
        },
        "previous": _neighbour(older),
        "next": _neighbour(newer),
    }
    for feature in features:
        data = feature.note_context(post, view)
        if data is not None:
            context[feature.name] = data
    return Page(url=post.url, template="note.html", context=context, note=post.path)


def _distinct(post: Post, view: View) -> list[str]:
    """The post's categories, each term once."""
    terms = ((view.term_trail("categories", name), name) for name in post.categories)
    return list({trail[-1]["url"]: name for trail, name in terms if trail}.values())


def _neighbour(post: Post | None) -> dict[str, str] | None:
    if post is None:
        return None
    return {"url": post.url, "title": post.title, "title_html": post.title_html, "lang": post.lang}


def _job(page: Page, output: str, view: View, features: dict[str, Feature]) -> Job:
    return Job(
        output=output,
        template=page.template,
        context=page.context,
        note=_filling(page.note, view, features) if page.note else None,
        quotes=tuple(_filling(path, view, features) for path in page.quotes),
    )


def _filling(path: NotePath, view: View, features: dict[str, Feature]) -> Filling:
    post = view.post(path)
    assert post is not None
    fills = view.fills.get(path)
    if fills is None:
        fills = view.fills[path] = tuple(
            features[hole.feature].fill(hole, post, view) if hole.feature in features else ""
            for hole in post.holes
        )
    return Filling(post.key, fills)


def _collision(url: str, owner: str, other: str) -> Problem:
    path = owner if posixpath.splitext(owner)[1] else other
    return Problem(
        "address-is-unique",
        "error",
        path,
        0,
        0,
        f'{owner} and {other} have the same address "{url}"; only the latter is published',
        "give one of them another slug, permalink or name",
    )


def static_files(folder: Path, problems: list[Problem], root: Path) -> list[Copy]:
    """Files of the site's `static/` folder, published as they are, dot files left out."""
    copies = []
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        parts = file.relative_to(folder).parts
        if any(part.startswith(".") and part != ".well-known" for part in parts):
            continue
        if not file.resolve().is_relative_to(root.resolve()):
            problems.append(
                Problem(
                    "file-is-inside-site",
                    "error",
                    file.relative_to(root).as_posix(),
                    0,
                    0,
                    "the link leads out of the site folder and is not published",
                    "copy the file into the folder",
                )
            )
        elif file.is_file():
            copies.append(Copy("/".join(parts), str(file)))
    return copies
