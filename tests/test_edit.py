"""A build in which only the text of notes changed: what it renders, and when it is not enough."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notecast.builder import edit
from notecast.builder.cache import Cache
from notecast.model import Job

from .conftest import SiteFolder

LONG = "The beginning of a note, which stands on cards. " * 12


@pytest.fixture
def long(site: SiteFolder) -> SiteFolder:
    """Three notes whose cards show a summary, so that edits of their text stay their own."""
    write(site, "a.md", "See [B](b.md) and [C](c.md).\n")
    write(site, "b.md", f"{LONG}\n\n## Part\n\nMore.\n")
    write(site, "c.md", f"{LONG}\n\n![[b#Part]]\n")
    return site


def write(site: SiteFolder, name: str, text: str, **header: Any) -> None:
    title = name.removesuffix(".md").upper()
    site.note(name, text, title=title, date="2025-01-02", summary="s", description="d", **header)


def quick(site: SiteFolder, **options: Any) -> list[str]:
    """Builds, compares with a build from nothing; the files that a quick build wrote."""
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*") if path.is_file()}
    result = site.build(**options)
    assert "assemble" not in result.seconds, "a whole build"
    made, problems = site.tree(), result.problems
    shutil.move(site.output, site.root / "quick")
    clean = site.build(use_cache=False, **options)
    assert made == site.tree()
    assert problems == clean.problems
    assert (result.notes, result.pages) == (clean.notes, clean.pages)
    shutil.rmtree(site.output)
    shutil.move(site.root / "quick", site.output)
    written = [
        path.relative_to(site.output).as_posix()
        for path in site.output.rglob("*")
        if path.is_file() and path.stat().st_mtime_ns != before.get(path)
    ]
    assert len(written) == result.written == result.pages - result.unchanged
    return sorted(written)


def test_an_edit_renders_the_page_of_the_note(long: SiteFolder) -> None:
    long.build(config={"feeds.content": "excerpt"})
    write(long, "a.md", "See [B](b.md) and [C](c.md).\n\nA new sentence.\n")
    assert quick(long, config={"feeds.content": "excerpt"}) == ["notes/a/index.html"]
    assert "A new sentence." in long.page("/notes/a/")
    write(long, "a.md", "See [B](b.md) and [C](c.md).\n\nAnother sentence.\n")
    assert quick(long, config={"feeds.content": "excerpt"}) == ["notes/a/index.html"]


def test_feeds_and_embeds_show_the_new_text(long: SiteFolder) -> None:
    long.build()
    write(long, "b.md", f"{LONG}\n\n## Part\n\nMuch more.\n")
    written = quick(long)
    assert {"notes/b/index.html", "notes/c/index.html", "feed.xml"} <= {*written}
    assert "Much more." in long.page("/notes/c/")
    assert "Much more." in long.page("/feed.xml")


def test_the_next_whole_build_finds_everything_in_place(long: SiteFolder) -> None:
    long.build()
    write(long, "a.md", "See [B](b.md) and [C](c.md).\n\nA new sentence.\n")
    quick(long)
    write(long, "d.md", "Text.\n")
    result = long.build()
    assert "assemble" in result.seconds
    made = long.tree()
    long.build(use_cache=False, output=long.root / "other")
    other = {
        path.relative_to(long.root / "other").as_posix(): path.read_bytes()
        for path in (long.root / "other").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert made == other


def test_problems_of_an_edited_note_are_those_of_a_whole_build(long: SiteFolder) -> None:
    write(long, "a.md", "See [B](b.md).\n\nA formula $x$.\n")
    long.build()
    write(long, "a.md", "See [B](b.md).\n\nA formula $\\nonsense$.\n")
    quick(long)
    assert long.rules() == ["formula-can-be-set"]
    write(long, "a.md", "See [B](b.md).\n\nA formula $y$.\n")
    quick(long)
    assert not long.problems


def test_the_search_finds_the_new_text(long: SiteFolder) -> None:
    pytest.importorskip("pagefind_bin")
    long.build(search=True)
    add_text(long)
    result = long.build(search=True)
    assert "assemble" not in result.seconds
    made = long.tree()
    assert long.build(search=True).written == 0
    shutil.rmtree(long.output)
    long.build(search=True, use_cache=False)
    assert made == long.tree()
    # An edit that the search does not read leaves its files.
    write(long, "draft.md", "Text.\n", draft="true")
    long.build(search=True)
    before = {path: path.stat().st_mtime_ns for path in long.output.rglob("*.pf_*")}
    write(long, "draft.md", "Other text.\n", draft="true")
    assert "assemble" not in long.build(search=True).seconds
    assert before
    assert before == {path: path.stat().st_mtime_ns for path in long.output.rglob("*.pf_*")}


def test_an_unpublished_note_writes_nothing(long: SiteFolder) -> None:
    write(long, "draft.md", "Text.\n", draft="true")
    long.build()
    write(long, "draft.md", "Other text.\n", draft="true")
    assert quick(long) == []


def test_links_that_move_in_the_file_are_no_other_links(long: SiteFolder) -> None:
    long.build()
    write(long, "a.md", "A line before.\n\nSee [B](b.md) and [C](c.md).\n")
    assert "notes/a/index.html" in quick(long)


def add_heading(site: SiteFolder) -> None:
    write(site, "a.md", "See [B](b.md) and [C](c.md).\n\n## Heading\n")


def add_link(site: SiteFolder) -> None:
    write(site, "a.md", "See [B](b.md) and [C](c.md).\n\n[B](b.md) again\n")


def new_title(site: SiteFolder) -> None:
    site.note("a.md", "See [B](b.md) and [C](c.md).\n", title="Z", summary="s", description="d")


def new_summary(site: SiteFolder) -> None:
    site.note("a.md", "See [B](b.md) and [C](c.md).\n", title="A", summary="t", description="d")


def new_note(site: SiteFolder) -> None:
    write(site, "new.md", "Text.\n")


def no_note(site: SiteFolder) -> None:
    (site.root / "notes/c.md").unlink()


def ignore(site: SiteFolder) -> None:
    write(site, "a.md", "<!-- notecast-ignore math -->\n\nSee [B](b.md) and [C](c.md).\n")


def new_template(site: SiteFolder) -> None:
    add_text(site)
    site.write("templates/related/note_end.html", "x")


def lost_page(site: SiteFolder) -> None:
    add_text(site)
    (site.output / "notes/b/index.html").unlink()


def add_text(site: SiteFolder) -> None:
    write(site, "a.md", "See [B](b.md) and [C](c.md).\n\nMore text.\n")


@pytest.mark.parametrize(
    "change",
    [
        *(add_heading, add_link, new_title, new_summary, new_note, no_note),
        *(ignore, new_template, lost_page),
    ],
    ids=lambda change: change.__name__,
)
def test_other_changes_ask_for_a_whole_build(
    long: SiteFolder, change: Callable[[SiteFolder], None]
) -> None:
    long.build()
    change(long)
    assert "assemble" in long.build().seconds
    made = long.tree()
    shutil.rmtree(long.output)
    long.build(use_cache=False)
    assert made == long.tree()


def test_a_problem_that_other_notes_cause_moves_with_its_line(long: SiteFolder) -> None:
    write(long, "a.md", "See [nobody](nobody.md).\n")
    (before,) = long.build().problems
    write(long, "a.md", "A line before.\n\nSee [nobody](nobody.md).\n")
    result = long.build()
    assert "assemble" in result.seconds
    assert [problem.line for problem in result.problems] == [before.line + 2]


def test_silenced_problems_stay_silent(long: SiteFolder) -> None:
    silent = "<!-- notecast-ignore link-target-exists -->\n[x](nobody.md)\n\n"
    write(long, "a.md", silent)
    assert not long.build().problems
    write(long, "a.md", f"{silent}Text.\n")
    assert not long.build().problems
    write(long, "a.md", "[x](nobody.md)\n\nText.\n")
    assert long.build().problems


def test_a_template_that_fails_on_the_new_text_leaves_the_site(long: SiteFolder) -> None:
    long.write(
        "templates/related/note_end.html", '{% if "boom" in note.body %}{{ nothing }}{% endif %}'
    )
    long.build()
    made = long.tree()
    write(long, "a.md", "See [B](b.md) and [C](c.md).\n\nboom\n")
    result = long.build()
    assert [problem.rule for problem in result.problems] == ["template-renders"]
    assert long.tree() == made
    add_text(long)
    long.build()
    assert "More text." in long.page("/notes/a/")


def test_many_edits_are_a_whole_build(long: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    long.build()
    monkeypatch.setattr(edit, "MANY", 1)
    add_text(long)
    write(long, "b.md", f"{LONG}\n\n## Part\n\nMuch more.\n")
    assert "assemble" in long.build().seconds


def test_the_jobs_of_all_notes_can_be_kept(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page of a note in the demonstration comes back from the cache as it went in."""
    notes = Path(__file__).parent.parent / "notes"
    shutil.copytree(notes, site.root / "notes", dirs_exist_ok=True)
    sent: dict[str, tuple[str, Job]] = {}
    known = Cache.put_jobs

    def put(cache: Cache, jobs: Any) -> None:
        listed = list(jobs)
        sent.update((job.output, (key, job)) for key, job in listed)
        known(cache, listed)

    monkeypatch.setattr(Cache, "put_jobs", put)
    site.build()
    with Cache(site.root / ".notecast/cache.sqlite") as cache:
        assert cache.jobs(sent) == sent
    assert len(sent) > 40
