"""Backlinks: who links to a note, in which sentence, and what is rewritten when that changes."""

import re

from ..conftest import SiteFolder


def rows(html: str) -> list[tuple[str, list[str]]]:
    """Address and sentences of each backlink."""
    part = (
        html.split('id="nc-backlinks"')[1].split("</section>")[0] if "nc-backlinks" in html else ""
    )
    return [
        (match[1], re.findall(r"<p>([^<]*)</p>", match[0]))
        for match in re.finditer(r'<li[^>]*><a href="([^"]*)">.*?</li>', part, re.S)
    ]


def test_every_way_of_linking_counts_with_its_sentence(site: SiteFolder) -> None:
    site.note("t.md", "## H\n\nSelf: [up](#h), [[t]].\n", title="Target", aliases="[goal]")
    site.note(
        "a.md", "One. Two says [text](t.md#h) <b>&</b>. Three.\n", title="A", date="2025-01-01"
    )
    site.note("b.md", "中文一句。这里见[[goal]]，很好！再一句。\n", title="B", date="2025-03-01")
    site.note("c.md", "![[t#H]]\n", title="C", date="2025-02-01")
    site.note("d.md", "No link to t.\n", title="D")
    site.build()
    assert rows(site.page("/notes/t/")) == [
        ("/notes/b/", ["这里见goal，很好！"]),
        ("/notes/c/", []),
        ("/notes/a/", ["Two says text &amp;."]),
    ]
    assert rows(site.page("/notes/d/")) == []


def test_one_row_for_a_note_that_links_often(site: SiteFolder) -> None:
    site.note("t.md", title="T")
    site.note("a.md", "".join(f"Sentence {n} has [[t]].\n\n" for n in range(9)), title="A")
    site.build()
    ((address, sentences),) = rows(site.page("/notes/t/"))
    assert (address, len(sentences)) == ("/notes/a/", 3)


def test_only_notes_whose_list_changes_are_rewritten(site: SiteFolder) -> None:
    quiet = {"feeds.content": "excerpt"}
    for name in "tuvw":
        site.note(f"{name}.md", "Text.\n", title=name, summary="s")
    site.note("a.md", "See [[t]]. And [[u]].\n", title="A", summary="s")
    site.build(config=quiet)
    before = site.tree()
    site.note("a.md", "See [[t]]. And [[v]].\n", title="A", summary="s")
    site.build(config=quiet)
    changed = {p for p, d in site.tree().items() if p.endswith(".html") and before[p] != d}
    assert changed == {*(f"notes/{name}/index.html" for name in "auv"), "graph/index.html"}


def test_a_draft_links_to_nothing(site: SiteFolder) -> None:
    site.note("t.md", title="T")
    site.note("a.md", "Secret [[t]].\n", title="A", draft="true")
    site.build()
    assert "nc-backlinks" not in site.page("/notes/t/")
