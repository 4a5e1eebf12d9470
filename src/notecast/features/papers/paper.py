"""The page of one work, and the feed of the notes that discuss it.

Entry point: `pages`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from notecast.features.papers.shelf import Paper, links_of, row, venue
from notecast.model import NotePath, Page, Url
from notecast.site import View
from notecast.works.bibtex_text import bibtex
from notecast.works.citing import cite_of, cited
from notecast.works.latex import spoken
from notecast.works.model import Work
from notecast.works.names import shown

_TOGETHER = 8
"""Works that are named as cited together with one."""
_WORTH_COUNTING = 400
"""Works of a note above which the note says nothing about which belong together."""
_FEEDS = {"atom": "feed.atom.xml", "rss": "feed.rss.xml", "json": "feed.json"}


def pages(papers: Mapping[str, Paper], view: View) -> Iterator[Page]:
    """A page and a feed for each work."""
    together = _together(papers, view)
    for key, paper in papers.items():
        near = together.get(key, [])
        feeds = view.feeds_of(paper.url, f"{paper.title} · {view.config.title}")[:1]
        yield Page(
            url=paper.url,
            template="papers/paper.html",
            context=partial(_context, paper, near, papers, feeds, view),
            identity=_identity(paper, near, papers, feeds, view),
        )
        yield from _feed(paper, feeds, view)


def _identity(
    paper: Paper,
    near: Sequence[tuple[str, int]],
    papers: Mapping[str, Paper],
    feeds: Sequence[dict[str, str]],
    view: View,
) -> Any:
    return (
        paper.work,
        paper.url,
        # With the digests of the notes these decide every sentence.
        paper.mentions,
        [view.text_fills(post) for path in paper.notes if (post := view.post(path))],
        [post.path for post in paper.own],
        view.card_ids(paper.notes),
        paper.called,
        [(row(papers[key]), count) for key, count in near],
        feeds,
    )


def _context(
    paper: Paper,
    near: Sequence[tuple[str, int]],
    papers: Mapping[str, Paper],
    feeds: Sequence[dict[str, str]],
    view: View,
) -> dict[str, Any]:
    work = paper.work
    return {
        "page": {
            "url": paper.url,
            "kind": "paper",
            "title": paper.title,
            "description": "",
            "lang": view.config.language,
            "feeds": list(feeds),
        },
        "paper": paper_data(work)
        | {"key": work.key, "url": paper.url, "bibtex": _bibtex(work)}
        | {"called": paper.called},
        "own": view.cards([post.path for post in paper.own]),
        "notes": _notes(paper, view),
        "together": [{**row(papers[key]), "times": count} for key, count in near],
    }


def paper_data(work: Work) -> dict[str, Any]:
    """What pages say of a work, as plain data."""
    return {
        "title": spoken(work.title) or work.key,
        "authors": [shown(name) for name in work.authors],
        "more_authors": work.more_authors,
        "editors": [shown(name) for name in work.editors],
        "date": work.issued,
        "venue": venue(work),
        "details": [
            [name, value]
            for name, value in (("vol.", work.volume), ("no.", work.issue), ("pp.", work.pages))
            if value
        ],
        "links": links_of(work),
        "status": work.status,
        "rating": work.rating,
    }


def _bibtex(work: Work) -> str:
    return bibtex(work) if work.known else ""


def _notes(paper: Paper, view: View) -> list[dict[str, Any]]:
    """The notes that cite it, each with the sentences around the citations."""
    by_note: dict[NotePath, list[int]] = {}
    own = {post.path for post in paper.own}
    for path, place in paper.mentions:
        if path not in own:
            by_note.setdefault(path, []).append(place)
    notes = []
    for path in paper.notes:
        post = view.post(path)
        if post is None or path not in by_note:
            continue
        sentences: dict[str, dict[str, str]] = {}
        for place in by_note[path]:
            cite = cite_of(post, place)
            if cite.sentence:
                anchor = f"#{cite.anchor}" if cite.anchor else ""
                text = view.short_text(post, cite.sentence)
                quoted = {"text": text, "url": post.url + anchor}
                sentences.setdefault(cite.sentence, quoted)
        notes.append({**view.card(post), "sentences": list(sentences.values())})
    return notes


def _together(papers: Mapping[str, Paper], view: View) -> dict[str, list[tuple[str, int]]]:
    """For each work those that the same notes cite, the most frequent first."""
    by_note = {
        path: keys for path, keys in cited(view).by_note.items() if 1 < len(keys) <= _WORTH_COUNTING
    }
    found = {}
    for key, paper in papers.items():
        counter = Counter(chain.from_iterable([by_note.get(path, ()) for path in paper.notes]))
        counter.pop(key, None)
        # Of equals those that the newest notes cite: sorting keeps their order.
        ranked = sorted(counter, key=counter.__getitem__, reverse=True)[:_TOGETHER]
        found[key] = [(other, counter[other]) for other in ranked]
    return found


def _feed(paper: Paper, feeds: Sequence[dict[str, str]], view: View) -> Iterator[Page]:
    if not feeds:
        return
    # Notes stand in the order of lists already, undated ones last.
    limit = view.config.feeds.limit
    for feed in feeds:
        about = {
            "title": feed["title"],
            "url": feed["url"],
            "home": paper.url,
            "language": view.config.language,
            "whole": False,
        }
        yield Page(
            url=Url(feed["url"]),
            template=_FEEDS[feed["format"]],
            context=partial(_feed_context, about, paper.notes[:limit], view),
            identity=(about, view.card_ids(paper.notes[:limit])),
        )


def _feed_context(about: dict[str, Any], notes: Sequence[NotePath], view: View) -> dict[str, Any]:
    posts = [post for path in notes if (post := view.post(path)) and (post.date or post.updated)]
    updated = max((max(post.updated, post.date) for post in posts), default="")
    entries = [
        {
            **view.card(post),
            # What other notes could rename is left out, so that a feed hangs on its notes alone.
            "categories": [],
            "tags": [],
            "id": post.url,
            "published": post.date or post.updated,
            "changed": max(post.updated, post.date),
            "authors": list(post.authors),
            "description": view.description(post),
            "content": "",
        }
        for post in posts
    ]
    return {"feed": {**about, "updated": updated}, "entries": entries}
