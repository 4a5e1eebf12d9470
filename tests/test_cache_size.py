"""The cache holds what the site is, not what it was: its size has a bound."""

import random
import sqlite3
from contextlib import closing

import pytest

from notecast.features import search
from notecast.server.session import Session

from .conftest import SiteFolder
from .server.test_session import reader, settle
from .test_cache_travel import rest

CACHE = ".notecast/cache.sqlite"
NOTES = 150
PAGE = 4096


def write(site: SiteFolder, turn: int, notes: int = NOTES) -> None:
    """All notes under other names and with other text."""
    for path in (site.root / "notes").glob("*.md"):
        path.unlink()
    rng = random.Random(turn)
    for number in range(notes):
        words = " ".join(rng.choices(("flow", "loss", "$x_1$", "模型", "`code`"), k=150))
        text = f"{words}\n\n[[n{turn}-{number // 2}]]\n"
        site.note(f"n{turn}-{number}.md", text, title=f"N{number}", tags="[a]")


def size(site: SiteFolder) -> int:
    """Bytes of the cache file and of what SQLite keeps beside it."""
    return sum(path.stat().st_size for path in (site.root / ".notecast").glob("cache.sqlite*"))


def rows(site: SiteFolder, table: str) -> int:
    with closing(sqlite3.connect(site.root / CACHE)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def fresh_size(site: SiteFolder) -> int:
    """Of a cache that knows nothing but the site as it is."""
    (site.root / ".notecast").rename(site.root.parent / "aside")
    site.build()
    rest(site.root / CACHE)
    return size(site)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ten_renames_and_edits_of_every_note(site: SiteFolder, jobs: int) -> None:
    for turn in range(10):
        write(site, turn)
        site.build(jobs=jobs)
        for table in ("posts", "bodies", "sources"):
            assert rows(site, table) == NOTES, table
    # Nothing waits beside the file for another build to tidy it up.
    found = size(site)
    rest(site.root / CACHE)
    assert size(site) == found
    assert found < 1.5 * fresh_size(site)


def test_of_notes_that_are_gone_nothing_stays(site: SiteFolder) -> None:
    write(site, 0, 6 * NOTES)
    site.build()
    large = size(site)
    write(site, 1, 20)
    site.build()
    assert size(site) < large / 4
    assert site.build().written == 0


def test_a_site_whose_index_cannot_be_made_keeps_no_old_notes(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pagefind_bin")
    monkeypatch.setattr(search.pagefind, "run_program", lambda *_, **__: (1, b"", b"no"))
    for turn in range(3):
        write(site, turn, 10)
        site.build(search=True)
        assert site.rules() == ["search-index-is-made"]
    assert rows(site, "posts") == 10


def test_a_site_whose_template_is_wrong_keeps_no_old_notes(site: SiteFolder) -> None:
    site.write("templates/note.html", "{{ nothing.at.all }}")
    for turn in range(3):
        write(site, turn, 10)
        site.build()
        assert "template-renders" in site.rules()
    assert rows(site, "posts") == 10


def test_previews_alone_keep_no_old_notes(site: SiteFolder) -> None:
    for turn in range(3):
        write(site, turn, 10)
        session = Session(lambda: reader(site.root), drafts=False, future=False)
        session.open()
        settle(session)
        session.close()
    assert rows(site, "posts") == 10
    assert rows(site, "sources") == 10


def test_bibliographies_that_are_gone_leave_nothing(site: SiteFolder) -> None:
    entry = "@book{k, title={T}, author={A, B}, year=2020}\n"
    site.write("references.bib", entry)
    for name in ("one", "two"):
        site.write(f"notes/{name}.bib", entry)
        site.note(f"{name}.md", "[@k]\n", bibliography=f"{name}.bib", title=name)
    site.build()
    folder = site.root / ".notecast/bibliographies"
    stored = {path.name for path in folder.iterdir()}
    assert len(stored) == 3
    # A process that was killed while it wrote.
    (folder / "0123.99").write_bytes(b"")
    site.note("two.md", "Text.\n", title="two")
    (site.root / "references.bib").unlink()
    site.build()
    assert len({path.name for path in folder.iterdir()} & stored) == 1
    assert len(list(folder.iterdir())) == 1
    (site.root / "notes/one.md").unlink()
    site.build()
    assert list(folder.iterdir()) == []
