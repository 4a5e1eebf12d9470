"""The site in memory: always what a fresh start, and a build, would show."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from notecast.config_reader import Reading, read_site
from notecast.features import FEATURES
from notecast.server.session import Session

from ..conftest import SiteFolder

DEMO = Path(__file__).parents[2]


def reader(root: Path) -> Reading:
    return read_site(root, FEATURES)


def opened(root: Path, *, drafts: bool = False, future: bool = False) -> Session:
    session = Session(lambda: reader(root), drafts=drafts, future=future)
    session.open()
    settle(session)
    return session


def settle(session: Session) -> None:
    for _ in session.work():
        pass


def pages_of(session: Session) -> dict[str, bytes]:
    """Every page, by its file in the output."""
    found = {}
    for url in session.pages.addresses():
        rendered = session.render(url)
        assert rendered and not rendered.stale
        planned = session.pages.planned(url)
        assert planned
        found[planned.output] = rendered.data
    return found


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[SiteFolder]:
    """A copy of the demonstration site."""
    root = tmp_path / "demo"
    root.mkdir()
    for name in ("notes", "static"):
        if (DEMO / name).is_dir():
            shutil.copytree(DEMO / name, root / name)
    shutil.copy(DEMO / "site.yaml", root)
    return SiteFolder(root)


def test_the_preview_shows_what_the_build_writes(demo: SiteFolder) -> None:
    session = opened(demo.root)
    built = demo.build()
    tree = demo.tree()
    pages = pages_of(session)
    assert len(pages) > 100
    for output, data in pages.items():
        assert data == tree.pop(output), output
    # The rest are files.
    for output, data in tree.items():
        asset, file = session.pages.asset(f"/{output}"), session.pages.file(f"/{output}")
        if asset:
            found: bytes | None = asset.data
        elif file and file.part:
            found = session.unpacked(file)
        else:
            found = Path(file.source).read_bytes() if file else None
        assert found == data, output
    assert session.problems() == built.problems
    session.close()


def test_after_many_changes_it_is_what_a_fresh_start_would_be(site: SiteFolder) -> None:
    rnd = random.Random(7)
    names = [f"{folder}n{number}.md" for folder in ("", "cv/") for number in range(6)]

    def note(name: str) -> str:
        links = " ".join(f"[x](/{other}) [[n{rnd.randrange(8)}]]" for other in rnd.sample(names, 2))
        header = [
            f"title: T{rnd.randrange(4)}",
            f"date: 2025-0{rnd.randrange(1, 9)}-01",
            f"tags: [{rnd.choice('abC')}, {rnd.choice('cdE')}]",
            f"category: {rnd.choice(['A', 'A/B', 'b'])}",
            f"draft: {rnd.choice(['true', 'false', 'false'])}",
            f"slug: s{rnd.randrange(5)}" if rnd.random() < 0.2 else "lang: en",
            "broken: [" if rnd.random() < 0.1 else "author: Ada",
        ]
        text = f"# Heading {rnd.randrange(3)}\n\nText {rnd.random()} {links}\n"
        return "---\n" + "\n".join(header) + f"\n---\n\n{text}"

    for name in names[:8]:
        site.write(f"notes/{name}", note(name))
    site.write("notes/a.png", b"x")
    session = opened(site.root, drafts=True)
    for step in range(40):
        changed = []
        for name in rnd.sample(names, rnd.choice([1, 1, 1, 3])):
            file = site.root / "notes" / name
            changed.append(str(file))
            if file.exists() and rnd.random() < 0.25:
                file.unlink()
            else:
                site.write(f"notes/{name}", note(name))
        if step % 10 == 9:
            changed.append(str(site.write("templates/macros/x.html", f"{step}")))
            changed.append(str(site.write("notes/_defaults.yaml", f"series: S{step}\n")))
        session.refresh(changed, ["/", "/notes/n1/"])
        session.render("/")
        session.render("/notes/n1/")
        settle(session)
        if step % 4 == 3:
            fresh = opened(site.root, drafts=True)
            assert session.problems() == fresh.problems()
            assert pages_of(session) == pages_of(fresh)
            fresh.close()
    session.close()


def test_a_guess_that_names_a_deleted_note_is_given_up(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="Alpha")
    file = site.note("b.md", "See [a](a.md).\n", title="Beta")
    session = opened(site.root)
    first = session.render("/notes/a/")
    assert first and b"Beta" in first.data
    file.unlink()
    session.refresh([str(file)])
    second = session.render("/notes/a/")
    assert second and b"Beta" not in second.data
    session.close()


def test_notes_start_and_end_being_published_while_it_runs(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    now = time.time()
    site.note("a.md", "Text.\n", title="Alpha", date="2030-01-01")
    site.note("b.md", "Text.\n", title="Beta", expires="2030-01-01")
    session = opened(site.root)
    assert session.render("/notes/a/") is None
    assert session.render("/notes/b/")
    assert now < session.until < float("inf")
    monkeypatch.setattr("notecast.server.fold.time.time", lambda: 1_900_000_000.0)
    session.refresh([])
    assert session.render("/notes/a/")
    assert session.render("/notes/b/") is None
    assert session.until > 1_900_000_000
    session.close()


def test_a_note_that_cannot_be_read_keeps_its_last_good_page(site: SiteFolder) -> None:
    file = site.note("a.md", "Good.\n", title="Alpha", permalink="/here/")
    session = opened(site.root)
    assert session.render("/here/")
    file.write_text("---\ntitle: a: b\n---\nBad.\n")
    session.refresh([str(file)])
    shown = session.render("/here/")
    assert shown and shown.stale and b"Good." in shown.data
    (problem,) = session.problems()
    assert session.is_on(problem, "/here/")
    assert not session.is_on(problem, "/")
    assert (problem.path, problem.line) == ("notes/a.md", 2)
    home = session.render("/")
    assert home and b"Alpha" not in home.data
    file.unlink()
    session.refresh([str(file)])
    assert session.render("/here/") is None
    assert session.problems() == []
    session.close()


def test_a_template_that_extends_itself_says_so_and_recovers(site: SiteFolder) -> None:
    site.note("a.md", "Good.\n", title="Alpha")
    session = opened(site.root)
    good = session.render("/notes/a/")
    file = site.write("templates/base.html", "{% extends 'base.html' %}")
    session.refresh([str(file)])
    shown = session.render("/notes/a/")
    assert shown and good and shown.stale and shown.data == good.data
    (problem,) = [one for one in session.problems() if session.is_on(one, "/notes/a/")]
    assert (problem.path, problem.line) == ("templates/base.html", 1)
    assert "extends or includes itself" in problem.message
    file.unlink()
    session.refresh([str(file)])
    assert session.render("/notes/a/") == good
    session.close()


def test_files_of_the_site_go_before_pages_as_in_a_build(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="Alpha", tags="[x]")
    site.write("static/robots.txt", "mine\n")
    site.write("static/tags/x/index.html", "mine\n")
    session = opened(site.root)
    for path in ("/robots.txt", "/tags/x/"):
        assert session.render(path) is None
        file = session.pages.file(path)
        assert file and Path(file.source).read_text() == "mine\n"
    problems = site.build().problems
    assert {problem.rule for problem in problems} == {"address-is-unique"}
    assert session.problems() == problems
    assert set(pages_of(session)) <= set(site.tree())
    session.close()


def test_two_pages_of_one_feature_with_one_address(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="Alpha", aliases="[/old/]")
    site.note("b.md", "Text.\n", title="Beta", aliases="[/old/]")
    session = Session(lambda: reader(site.root), drafts=False, future=False)
    session.open()
    assert session.render("/nowhere/") is None  # all pages are looked through
    settle(session)
    problems = site.build().problems
    assert {problem.rule for problem in problems} == {"address-is-unique"}
    assert session.problems() == problems
    session.close()


def test_nothing_is_written_but_the_cache(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="Alpha")
    before = {path for path in site.root.rglob("*") if ".notecast" not in path.parts}
    session = opened(site.root)
    pages_of(session)
    session.close()
    after = {path for path in site.root.rglob("*") if ".notecast" not in path.parts}
    assert after == before


def test_a_cache_that_is_busy_is_neither_waited_for_nor_lost(site: SiteFolder) -> None:
    import sqlite3
    import time

    file = site.note("a.md", "Text.\n", title="Alpha")
    session = opened(site.root)
    busy = sqlite3.connect(site.root / ".notecast/cache.sqlite", isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")
    file.write_text("---\ntitle: Alpha\n---\n\nOther.\n")
    started = time.monotonic()
    session.refresh([str(file)])
    shown = session.render("/notes/a/")
    settle(session)
    assert time.monotonic() - started < 3
    assert shown and b"Other." in shown.data
    busy.execute("ROLLBACK")
    busy.close()
    settle(session)
    session.close()
    again = Session(lambda: reader(site.root), drafts=False, future=False)
    again.open()
    assert again.total == 0
    shown = again.render("/notes/a/")
    assert shown and b"Other." in shown.data
    again.close()


def test_a_fault_of_ours_loses_no_change(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.note("a.md", "Text.\n", title="Alpha")
    second = site.note("b.md", "Text.\n", title="Beta")
    session = opened(site.root)
    with monkeypatch.context() as patch:
        patch.setattr("notecast.server.session.fold", lambda *_, **__: 1 / 0)
        first.write_text("---\ntitle: Alpha\n---\n\nOther.\n")
        with pytest.raises(ZeroDivisionError):
            session.refresh([str(first)])
    session.fault = ZeroDivisionError("by zero")
    assert [p.rule for p in session.problems()] == ["preview-follows"]
    session.fault = None
    second.write_text("---\ntitle: Beta\n---\n\nOther.\n")
    session.refresh([str(second)])
    for url in ("/notes/a/", "/notes/b/"):
        shown = session.render(url)
        assert shown and b"Other." in shown.data
    session.close()


def test_names_in_another_normal_form_and_links_are_followed(site: SiteFolder) -> None:
    decomposed = site.note("cafe\u0301.md", "Text.\n", title="Cafe")
    target = site.note("a.md", "Text.\n", title="Alpha")
    (site.root / "notes/b.md").symlink_to(target)
    session = opened(site.root)
    url = "/notes/caf%C3%A9/"
    for path, shown_at in ((decomposed, [url]), (target, ["/notes/a/", "/notes/b/"])):
        path.write_text("---\ntitle: T\n---\n\nOther.\n")
        session.refresh([str(path)])
        for address in shown_at:
            shown = session.render(address)
            assert shown and b"Other." in shown.data, address
    decomposed.unlink()
    session.refresh([str(decomposed)])
    assert session.render(url) is None
    session.close()
