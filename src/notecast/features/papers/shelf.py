"""The works that notes discuss, with all that several pages say of them.

Entry point: `shelf`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from notecast.model import NotePath, Post, Url
from notecast.site import View
from notecast.works.citing import Mention, cite_of, cited, library, page_of
from notecast.works.identifiers import arxiv_address, doi_address, identify
from notecast.works.latex import spoken
from notecast.works.model import Work
from notecast.works.names import short_authors


class Paper(NamedTuple):
    """A work and its place on the site."""

    work: Work
    url: Url
    mentions: list[Mention]
    own: list[Post]
    """Notes that are about it."""
    notes: list[NotePath]
    """Every note that cites it or is about it, newest first."""

    ids: Sequence[tuple[str, str]]
    """Of those notes what changes whenever their titles or addresses do."""

    called: str
    """What notes call a work of which nothing is known, in the words of their links."""

    @property
    def title(self) -> str:
        """Its title, else its identifier."""
        return spoken(self.work.title) or self.work.key


_SAYS_NOTHING = frozenset(
    ("paper", "the paper", "arxiv", "link", "here", "this", "it", "pdf", "preprint", "doi")
) | frozenset(("论文", "原文", "链接", "这里", "这篇", "文章", "文献", "原论文", "预印本"))
"""Words of links that are no name of a work."""


def shelf(view: View) -> dict[str, Paper]:
    """By key, in the order of keys; empty where notes cite nothing."""
    return view.once("papers", _shelf)


def _shelf(view: View) -> dict[str, Paper]:
    disabled = view.config.features.disable
    if view.options("citations") is None or {"citations", "papers"} & set(disabled):
        return {}
    known, found = library(view), cited(view)
    papers = {}
    ids = {post.path: (post.key, post.url) for post in view.posts}
    place: dict[NotePath, int] = {}
    for key in sorted({*found.mentions, *found.own}):
        mentions = found.mentions.get(key, [])
        own = found.own.get(key, [])
        # Rows of notes stand in the order of notes.
        notes = list(dict.fromkeys([mention[0] for mention in mentions]))
        if own:
            place = place or {post.path: nth for nth, post in enumerate(view.posts)}
            notes = sorted({*notes, *(post.path for post in own)}, key=place.__getitem__)
        stamps = [ids[path] for path in notes]
        address = Url(page_of(key, view))
        work = known.works[key]
        called = "" if work.known else _called(mentions, view)
        papers[key] = Paper(work, address, mentions, own, notes, stamps, called)
    return papers


def _called(mentions: Sequence[Mention], view: View) -> str:
    """The words that most links to a work have, the newest of equals."""
    words: Counter[str] = Counter()
    for path, place in mentions:
        post = view.post(path)
        said = cite_of(post, place).words if post else ""
        if said and said.casefold() not in _SAYS_NOTHING and not identify(said):
            words[said] += 1
    return max(words, key=words.__getitem__, default="")


def row(paper: Paper) -> dict[str, Any]:
    """What lists show of a work, as plain data."""
    work = paper.work
    return {
        "url": paper.url,
        "title": paper.title,
        "authors": short_authors(work),
        "year": work.year,
        "venue": venue(work),
        "called": paper.called,
        "count": len(paper.notes),
        "status": work.status,
        "rating": work.rating,
    }


def venue(work: Work) -> str:
    """Where it appeared, in the words of its record."""
    if work.container:
        return work.container
    if work.type == "preprint" and work.arxiv:
        return "arXiv"
    return work.event or work.publisher


def links_of(work: Work) -> list[dict[str, str]]:
    """Where a work is on the web, as `name` and `url`; `code` is named in the site's words."""
    links = []
    if work.doi:
        links.append({"name": "DOI", "url": doi_address(work.doi)})
    if work.arxiv:
        links.append({"name": "arXiv", "url": arxiv_address(work.arxiv)})
    if work.pdf:
        links.append({"name": "PDF", "url": work.pdf})
    elif work.arxiv:
        links.append({"name": "PDF", "url": f"https://arxiv.org/pdf/{work.arxiv}"})
    if work.code:
        links.append({"name": "code", "url": work.code})
    if work.url:
        links.append({"name": work.url.split("/")[2].removeprefix("www."), "url": work.url})
    return links
