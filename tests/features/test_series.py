"""Series: order, neighbours, pages."""

import re

from ..conftest import SiteFolder


def order(html: str) -> list[str]:
    part = html.split('id="nc-series"')[1].split("</nav>")[0]
    return re.findall(r'<li[^>]*><a href="/notes/([^"/]*)/"', part)


def test_notes_stand_by_weight_then_date(site: SiteFolder) -> None:
    site.note("c.md", title="C", series="Flows", date="2025-01-01", weight=3)
    site.note("a.md", title="A", series="Flows", date="2025-05-01", weight=1)
    site.note("b2.md", title="B2", series="flows", date="2025-04-01", weight=2)
    site.note("b1.md", title="B1", series="Flows", date="2025-03-01", weight=2)
    site.note("x.md", title="X")
    site.build()
    page = site.page("/notes/b2/")
    assert order(page) == ["a", "b1", "b2", "c"]
    assert "Part 3 of 4 of" in page and 'aria-current="page">B2' in page
    assert '<a href="/notes/b1/" rel="prev">' in page and '<a href="/notes/c/" rel="next">' in page
    assert "nc-series" not in site.page("/notes/x/")
    listed = re.findall(r'<h2><a href="/notes/([^"/]*)/"', site.page("/series/flows/"))
    assert listed == ["a", "b1", "b2", "c"]
    assert '<a href="/series/flows/"><span>Flows</span> <small>4 notes' in site.page("/series/")
    assert site.rules() == ["series-has-one-spelling"]


def test_without_series_there_are_no_pages(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    assert not (site.output / "series").exists()


def test_a_long_series_is_shown_around_the_note(site: SiteFolder) -> None:
    for number in range(60):
        site.note(f"n{number:02}.md", title=f"N{number}", series="Long", weight=number)
    site.build()
    assert order(site.page("/notes/n30/")) == [f"n{number:02}" for number in range(20, 41)]
    assert (
        order(site.page("/notes/n00/"))[0] == "n00" and len(order(site.page("/notes/n59/"))) == 21
    )
    assert '<ol start="21">' in site.page("/notes/n30/")


def test_names_with_one_slug_have_two_addresses(site: SiteFolder) -> None:
    site.note("a.md", title="A", series="'A!'")
    site.note("b.md", title="B", series="'A?'")
    assert site.build().problems == []
    assert (site.output / "series/a/index.html").is_file()
    assert (site.output / "series/a-2/index.html").is_file()
