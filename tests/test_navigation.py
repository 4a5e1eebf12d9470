"""The navigation leads to what there is."""

from __future__ import annotations

from .conftest import SiteFolder


def nav(site: SiteFolder, address: str) -> str:
    return site.page(address).partition("</nav>")[0]


def test_indexes_that_list_nothing_are_left_out(site: SiteFolder) -> None:
    site.note("a.md", title="A", tags="[x]")
    site.build()
    for address in ("/", "/notes/a/", "/archive/", "/404.html"):
        assert 'href="/tags/"' in nav(site, address)
        assert 'href="/archive/"' in nav(site, address)
        assert "/categories/" not in site.page(address).partition("<main")[0]
    assert "/categories/" not in site.page("/404.html")
    # They are there for whoever knows the address.
    assert (site.output / "categories/index.html").is_file()


def test_the_first_category_changes_every_page_and_the_last_one_too(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.note("b.md", title="B")
    site.build()
    bare = site.tree()
    site.note("b.md", title="B", category="C")
    site.build()
    assert 'href="/categories/"' in nav(site, "/notes/a/")
    site.note("b.md", title="B")
    site.build()
    assert site.tree() == bare


def test_a_navigation_of_ones_own_stays_as_it_is(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\nnav:\n  - Topics: /categories/\n")
    site.note("a.md", title="A")
    site.build()
    assert 'href="/categories/"' in nav(site, "/")


def test_notes_may_be_the_home_and_the_page_for_what_is_not_there(site: SiteFolder) -> None:
    site.note("home.md", "Welcome to [a](a.md).\n", title="Start", permalink="/")
    site.note("gone.md", "Nothing here.\n", title="Gone", permalink="/404.html")
    site.note("a.md", "See [home](home.md).\n", title="A")
    assert site.build().problems == []
    assert "Welcome to" in site.page("/")
    assert "Nothing here." in site.page("/404.html")
    assert '<a href="/">home</a>' in site.page("/notes/a/")


def test_a_note_without_words_asks_for_the_page_at_its_address(site: SiteFolder) -> None:
    site.note("tags.md", "", title="Tags", permalink="/tags/", layout="tags")
    site.note("empty.md", "", title="Empty")
    site.note("a.md", "See [all](tags.md).\n", title="A", tags="[x]")
    assert site.build().problems == []
    assert 'href="/tags/x/"' in site.page("/tags/")
    assert '<a href="/tags/">all</a>' in site.page("/notes/a/")
    assert "Empty" in site.page("/notes/empty/")
