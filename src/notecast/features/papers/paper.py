"""The page of one work, and the feed of the notes that discuss it.

Entry point: `pages`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from notecast.features.papers.shelf import Paper, links_of, row, venue
from notecast.model import NotePath, Page, Post, Url
from notecast.site import View, in_list_order
from notecast.works.bibtex_text import bibtex
from notecast.works.citing import Mention, cited
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
        [tuple(mention) for mention in paper.mentions],
        paper.own,
        [view.card_id(post) for path in paper.notes if (post := view.post(path))],
        [(papers[key].title, papers[key].url, count) for key, count in near],
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
        "paper": paper_data(work) | {"key": work.key, "url": paper.url, "bibtex": _bibtex(work)},
        "own": [view.card(post) for path in paper.own if (post := view.post(path))],
        "notes": _notes(paper, view),
        "together": [{**row(papers[key]), "times": count} for key, count in near],
    }


def paper_data(work: Work) -> dict[str, Any]:
    """What pages say of a work, as plain data."""
    return {
        "title": work.title or work.key,
        "authors": [shown(name) for name in work.authors],
        "more_authors": work.more_authors,
        "editors": [shown(name) for name in work.editors],
        "date": work.issued,
        "venue": venue(work),
        "details": [
            (name, value)
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
    by_note: dict[NotePath, list[Mention]] = {}
    for mention in paper.mentions:
        by_note.setdefault(mention.note, []).append(mention)
    notes = []
    for path in paper.notes:
        post = view.post(path)
        if post is None or path not in by_note:
            continue
        sentences: dict[str, dict[str, str]] = {}
        for mention in by_note[path]:
            # A link alone on its line says nothing.
            if mention.sentence and not mention.sentence.startswith(("http://", "https://")):
                anchor = f"#{mention.anchor}" if mention.anchor else ""
                place = {"text": mention.sentence, "url": post.url + anchor}
                sentences.setdefault(mention.sentence, place)
        notes.append({**view.card(post), "sentences": list(sentences.values())})
    return notes


def _together(papers: Mapping[str, Paper], view: View) -> dict[str, list[tuple[str, int]]]:
    """For each work those that the same notes cite, the most frequent first."""
    counts: dict[str, Counter[str]] = {}
    for keys in cited(view).by_note.values():
        if 1 < len(keys) <= _WORTH_COUNTING:
            for key in keys:
                counts.setdefault(key, Counter()).update(keys)
    found = {}
    for key, counter in counts.items():
        del counter[key]
        ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        found[key] = ranked[:_TOGETHER]
    return found


def _feed(paper: Paper, feeds: Sequence[dict[str, str]], view: View) -> Iterator[Page]:
    if not feeds:
        return
    posts = [post for path in paper.notes if (post := view.post(path))]
    dated = [post for post in posts if post.date or post.updated]
    latest = in_list_order(dated)[: view.config.feeds.limit]
    for feed in feeds:
        about = {
            "title": feed["title"],
            "url": feed["url"],
            "home": paper.url,
            "updated": max((max(post.updated, post.date) for post in latest), default=""),
            "language": view.config.language,
            "whole": False,
        }
        yield Page(
            url=Url(feed["url"]),
            template=_FEEDS[feed["format"]],
            context=partial(_feed_context, about, latest, view),
            identity=(about, [view.card_id(post) for post in latest]),
        )


def _feed_context(about: dict[str, Any], posts: Sequence[Post], view: View) -> dict[str, Any]:
    entries = [
        {
            **view.card(post),
            "id": post.url,
            "published": post.date or post.updated,
            "changed": max(post.updated, post.date),
            "authors": list(post.authors),
            "description": post.description,
            "content": "",
        }
        for post in posts
    ]
    return {"feed": about, "entries": entries}
