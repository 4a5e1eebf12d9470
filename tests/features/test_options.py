"""What a site may switch on: nothing of it is there before."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ..conftest import SiteFolder

GISCUS = {
    "comments.repo": "ada/notes",
    "comments.repo_id": "R_1",
    "comments.category": "Q&A",
    "comments.category_id": "DIC_1",
}


def outside(html: str) -> list[str]:
    """Addresses elsewhere that a page itself asks for."""
    pattern = r'<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(https?://[^"]*)"'
    return [url for url in re.findall(pattern, html) if not url.startswith("https://example.org")]


def test_nobody_else_is_asked_by_default(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    for address in ("/", "/notes/a/"):
        assert outside(site.page(address)) == []
    page = site.page("/notes/a/")
    for sign in ("giscus", 'rel="edit"', 'class="author"', "text/markdown"):
        assert sign not in page
    assert not {"llms.txt", "notes/a/index.md"} & set(site.tree())


def test_edit_link_leads_to_the_file(site: SiteFolder) -> None:
    site.note("cv/深 度.md", title="A", slug="deep")
    site.build(config={"edit_url": "https://git.example/edit/notes/:path"})
    page = next(data for path, data in site.tree().items() if path.endswith("deep/index.html"))
    assert b'rel="edit" href="https://git.example/edit/notes/cv/%E6%B7%B1%20%E5%BA%A6.md"' in page


def test_author_box_is_below_notes_of_the_author(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.note("b.md", title="B", authors="[Ada, Bob]")
    site.note("c.md", title="C", authors="[Bob]")
    site.build(config={"author.name": "Ada", "author.bio": "Works & <b>thinks</b>."})
    box = '<section class="author"'
    assert "Works &amp; &lt;b&gt;thinks&lt;/b&gt;." in site.page("/notes/a/")
    assert box in site.page("/notes/b/")
    assert box not in site.page("/notes/c/")
    assert box not in site.page("/")


def test_comments_are_below_notes_that_want_them(site: SiteFolder) -> None:
    site.note("a.md", title="A", lang="zh-CN")
    site.note("b.md", title="B", comments="false")
    site.build(config=GISCUS)
    page = site.page("/notes/a/")
    assert outside(page) == ["https://giscus.app/client.js"]
    assert 'data-repo="ada/notes"' in page
    assert 'data-category="Q&amp;A"' in page
    assert outside(site.page("/notes/b/")) == []
    assert outside(site.page("/")) == []


def test_analytics_is_on_every_page(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build(
        config={
            "analytics.script": "https://count.example/x.js",
            "analytics.attributes": {"data-domain": 'a"b', "data-api": "/e"},
        }
    )
    tag = '<script defer src="https://count.example/x.js" data-api="/e" '
    tag += 'data-domain="a&#34;b"></script>'
    for address in ("/", "/notes/a/", "/404.html"):
        assert tag in site.page(address)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("analytics.script", "http://count.example/x.js"),
        ("analytics.script", "javascript:alert(1)"),
        ("analytics.script", "//count.example/x.js"),
        ("analytics.attributes", {"onload": "x"}),
        ("comments.repo", "https://github.com/ada/notes"),
    ],
)
def test_what_cannot_be_is_refused(site: SiteFolder, key: str, value: Any) -> None:
    from notecast.config_reader import load_config
    from notecast.features import FEATURES

    _, problems = load_config(site.root, FEATURES, overrides={key: value})
    assert [problem.severity for problem in problems] == ["error"]


def test_sources_beside_pages_and_a_list_of_them(site: SiteFolder) -> None:
    written = "---\ntitle: A\ncategory: LLM\ndescription: First [one].\n---\n\nText $x$.\n"
    site.write("notes/a.md", written)
    site.note("b.md", title="B [x]", date="2025-01-01")
    site.note("draft.md", title="D", draft="true")
    site.build(config={"sources.markdown": True, "sources.llms": True})
    tree = site.tree()
    assert tree["notes/a/index.md"].decode() == written
    assert "notes/draft/index.md" not in tree
    page = site.page("/notes/a/")
    assert '<link rel="alternate" type="text/markdown" href="/notes/a/index.md">' in page
    assert 'data-source="/notes/a/index.md"' in page
    listed = tree["llms.txt"].decode()
    assert listed.startswith("# Test site\n")
    assert "## LLM\n\n- [A](https://example.org/notes/a/index.md): First [one].\n" in listed
    assert "- [B (x)](https://example.org/notes/b/index.md)" in listed
    assert "draft" not in listed
    # Other words of a note are another source and the same list.
    site.write("notes/a.md", written.replace("Text", "Words"))
    site.build(config={"sources.markdown": True, "sources.llms": True})
    assert b"Words" in site.tree()["notes/a/index.md"]
    assert site.tree()["llms.txt"] == tree["llms.txt"]
