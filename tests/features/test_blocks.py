"""Typed blocks: their pages, views and statements; cards ask nothing of other servers."""

import re

from ..conftest import SiteFolder
from .test_wikilinks import body


def entries(html: str) -> list[tuple[str, str]]:
    """Address and status of each entry."""
    return [
        (match[2], match[1])
        for match in re.finditer(
            r'block-entry">.*?<span class="badge">([^<]*)</span>.*?<p><a href="([^"]*)"', html, re.S
        )
    ]


def test_blocks_are_collected_by_type_and_status(site: SiteFolder) -> None:
    site.note(
        "a.md",
        ":::question {#q:why} Why $x$?\nSee [[b]].\n:::\n\n:::question {status=answered}\nHow?\n"
        ":::\n\n"
        ":::todo [x] Done thing\n:::\n",
        title="A",
        date="2025-01-01",
    )
    site.note(
        "b.md",
        ":::question {status=partly}\nWhen?\n:::\n\n> :::claim {.disputed}\n> So.\n> :::\n",
        title="B",
        date="2025-02-01",
    )
    assert site.build().problems == []
    page = site.page("/questions/")
    assert entries(page) == [
        ("/notes/b/#question-1", "partly answered"),
        ("/notes/a/#q:why", "open"),
    ]
    assert "<math" in page and "<span>See b.</span>" in page
    assert 'aria-current="page">Open <small>2</small>' in page
    assert entries(site.page("/questions/answered/")) == [("/notes/a/#question-1", "answered")]
    assert entries(site.page("/claims/")) == [("/notes/b/#claim-1", "disputed")]
    assert entries(site.page("/todos/")) == []
    assert entries(site.page("/todos/done/")) == [("/notes/a/#todo-1", "done")]
    for address, _ in entries(page):
        path, _, anchor = address.partition("#")
        assert f'id="{anchor}"' in site.page(path)


def test_without_blocks_there_are_no_pages(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    assert not (site.output / "questions").exists()


def test_an_answer_moves_a_question_and_nothing_else(site: SiteFolder) -> None:
    config = {"feeds.content": "excerpt"}
    site.note("a.md", ":::question {#q:a}\nWhy?\n:::\n", title="A", summary="s")
    site.note("b.md", ":::question {#q:b}\nHow?\n:::\n", title="B", summary="s")
    site.build(config=config)
    before = site.tree()
    site.note("a.md", ":::question {#q:a status=answered}\nWhy?\n:::\n", title="A", summary="s")
    site.build(config=config)
    changed = {p for p, d in site.tree().items() if p.endswith(".html") and before.get(p) != d}
    assert changed == {
        "notes/a/index.html",
        "questions/index.html",
        "questions/answered/index.html",
    }


def test_cards_ask_nothing_of_other_servers(site: SiteFolder) -> None:
    site.note(
        "a.md",
        "<https://www.youtube.com/watch?v=abc>\n\nhttps://www.bilibili.com/video/BV1/\n\n"
        "[Paper](https://arxiv.org/abs/1706.03762v1)\n",
        title="A",
    )
    site.build()
    text = body(site.page("/notes/a/"))
    assert text.count('class="bookmark film"') == 2
    assert not re.search(r"<(?:iframe|img|script|link)\b", text)


def test_tabs_of_an_embedded_note_have_a_name_of_their_own(site: SiteFolder) -> None:
    tabs = "::::tabs\n:::tab One\nA\n:::\n:::tab Two\nB\n:::\n::::\n"
    site.note("b.md", tabs, title="B")
    site.note("a.md", tabs + "\n![[b]]\n", title="A")
    site.build()
    names = re.findall(r'<details class="tab" name="([^"]*)"', site.page("/notes/a/"))
    assert names == ["nc-tabs-1", "nc-tabs-1", "nc-0-nc-tabs-1", "nc-0-nc-tabs-1"]


def test_formulas_in_collected_blocks_keep_their_punctuation(site: SiteFolder) -> None:
    site.note("a.md", ":::question Why\n设 $x$，则（$y$）。\n:::\n", title="A", lang="zh-CN")
    site.build()
    page = site.page("/questions/")
    assert page.count('<span class="nb">') == 2
    assert "</math>，</span>" in page
