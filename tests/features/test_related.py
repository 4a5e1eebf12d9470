"""Related notes: what counts, that lists are bounded, and that far edits leave them alone."""

import re

from ..conftest import SiteFolder


def related(html: str) -> list[str]:
    part = html.split('id="nc-related"')[1].split("</section>")[0] if "nc-related" in html else ""
    return re.findall(r'<a href="/notes/([^"/]*)/"', part)


def test_what_is_shared_counts_the_more_the_rarer(site: SiteFolder) -> None:
    site.note("a.md", "[[linked]]\n", title="A", tags="[rare, common]", date="2025-01-05")
    site.note("linked.md", title="Linked", date="2020-01-01")
    site.note("rare.md", title="Rare", tags="[rare]", date="2021-01-01")
    site.note("both.md", title="Both", tags="[rare, common]", date="2022-01-01")
    for number in range(9):
        site.note(f"c{number}.md", title=f"C{number}", tags="[common]", date=f"2025-01-1{number}")
    site.note("none.md", title="None", tags="[alone]")
    site.build()
    assert related(site.page("/notes/a/"))[:3] == ["linked", "both", "rare"]
    assert len(related(site.page("/notes/a/"))) == 5
    assert related(site.page("/notes/none/")) == []
    assert related(site.page("/notes/linked/")) == ["a"]


def test_notes_that_link_to_the_same_note_are_related(site: SiteFolder) -> None:
    site.note("hub.md", title="Hub")
    site.note("a.md", "[[hub]]\n", title="A")
    site.note("b.md", "[[hub]]\n", title="B")
    site.build()
    assert related(site.page("/notes/a/")) == ["hub", "b"]


def test_a_far_note_changes_few_lists(site: SiteFolder) -> None:
    def note(number: int) -> None:
        year, day = 2000 + number // 12, number % 12 + 1
        site.note(
            f"n{number:03}.md",
            title=f"N{number}",
            tags=f"[all, t{number % 7}]",
            date=f"{year}-{day:02}-01",
            summary="s",
        )

    quiet = {"feeds.formats": []}
    for number in range(100):
        note(number)
    site.build(config=quiet)
    before = {
        path: related(site.page(f"/notes/{path}/"))
        for path in (f"n{number:03}" for number in range(100))
    }
    note(100)
    site.build(config=quiet)
    changed = [
        path for path, names in before.items() if related(site.page(f"/notes/{path}/")) != names
    ]
    assert 0 < len(changed) <= 30
    assert min(changed) > "n060"


def test_notes_on_the_same_paper_are_related(site: SiteFolder) -> None:
    site.note("a.md", "See arXiv:1706.03762.\n", title="A", date="2025-01-01")
    site.note(
        "b.md", "As <https://arxiv.org/abs/1706.03762v5> says.\n", title="B", date="2025-01-02"
    )
    site.note("c.md", "arXiv:1810.04805\n", title="C", date="2025-01-03")
    site.build()
    assert related(site.page("/notes/a/")) == ["b"]
    assert related(site.page("/notes/c/")) == []
