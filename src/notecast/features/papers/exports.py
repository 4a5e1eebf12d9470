"""All works of the site as files: `papers.json` (CSL-JSON) and `papers.bib` (BibTeX).

Entry point: `exports`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from notecast.features.papers.shelf import Paper
from notecast.model import Page, Url
from notecast.site import View
from notecast.works.bibtex_text import bibtex
from notecast.works.csl_json import csl_item


def exports(papers: Mapping[str, Paper], view: View) -> Iterator[Page]:
    """The two files."""

    def as_json() -> dict[str, Any]:
        items = [_item(paper, view) for paper in papers.values()]
        return {"text": json.dumps(items, ensure_ascii=False, indent=1) + "\n"}

    def as_bibtex() -> dict[str, Any]:
        return {"text": "\n".join(bibtex(paper.work) for paper in papers.values())}

    works = [paper.work for paper in papers.values()]
    notes = [(paper.url, paper.ids) for paper in papers.values()]
    yield Page(Url("/papers.json"), "papers/plain.txt", as_json, (works, notes))
    yield Page(Url("/papers.bib"), "papers/plain.txt", as_bibtex, works)


def _notes(paper: Paper, view: View) -> list[tuple[str, str]]:
    posts = [view.post(path) for path in paper.notes]
    return [(post.title, post.url) for post in posts if post]


def _item(paper: Paper, view: View) -> dict[str, Any]:
    """A CSL item; what CSL has no field for is in `custom`, as its schema wants it."""
    base = view.config.base_url.rstrip("/")
    ours: dict[str, Any] = {"page": base + paper.url}
    ours["notes"] = [{"title": title, "url": base + url} for title, url in _notes(paper, view)]
    for name in ("code", "pdf", "status", "rating"):
        value = getattr(paper.work, name)
        if value:
            ours[name] = value
    return {**csl_item(paper.work), "custom": {"notecast": ours}}
