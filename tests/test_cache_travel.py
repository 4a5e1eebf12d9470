"""The cache may be lost, damaged, moved or foreign: that costs time and never a page."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from notecast.builder.process import Process, setup
from notecast.config_places import cache_folder
from notecast.loader.load import NoteLoader
from notecast.renderer.render import Renderer
from tests.conftest import PNG, SiteFolder

CACHE = ".notecast/cache.sqlite"
NOTES = 6


@pytest.fixture
def built(tmp_path: Path) -> SiteFolder:
    """A site that has been built once."""
    site = SiteFolder(tmp_path / "one")
    site.write("site.yaml", "title: Cache\nbase_url: https://example.org\n")
    for number in range(NOTES):
        other = (number + 1) % NOTES
        site.note(
            f"n{number}.md",
            f"Text of {number}, see [[n{other}]].\n\n```python\nx = {number}\n```\n",
            title=f"Note {number}",
            tags="[a, b]",
        )
    settle(site.root)
    site.build()
    return site


def settle(root: Path) -> None:
    """Makes all notes older than the two seconds in which times are not trusted."""
    for file in (root / "notes").rglob("*.md"):
        os.utime(file, (1_600_000_000, 1_600_000_000))


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rest(path: Path) -> None:
    """All in the one file and nobody reading it, as when the process of a build has ended."""
    setup(Process((), None, None, path, path))  # type: ignore[arg-type]
    execute(path, "PRAGMA wal_checkpoint(TRUNCATE)")


def execute(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite_the_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = b"\xff" * 200
    path.write_bytes(data)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"something else altogether" * 400),
    "truncated": truncate,
    "pages overwritten": overwrite_the_middle,
    "of another format": lambda path: execute(path, "UPDATE meta SET value = 'of old'"),
    "without format": lambda path: execute(path, "DELETE FROM meta"),
    "without a table": lambda path: execute(path, "DROP TABLE bodies"),
    "of other columns": lambda path: execute(
        path, "DROP TABLE posts", "CREATE TABLE posts (one TEXT)"
    ),
    "posts that are no posts": lambda path: execute(path, "UPDATE posts SET post = x'c1c1'"),
    "bodies that are no bodies": lambda path: execute(path, "UPDATE bodies SET body = x'c1c1'"),
    "bodies gone": lambda path: execute(path, "DELETE FROM bodies"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_costs_no_page(built: SiteFolder, damage: str) -> None:
    expected = files(built.output)
    rest(built.root / CACHE)
    DAMAGES[damage](built.root / CACHE)
    # Every page has to be made anew, from what the cache still tells.
    shutil.rmtree(built.output)
    problems = built.build().problems
    assert files(built.output) == expected
    assert not problems
    # And what is there now is good again.
    assert built.build().written == 0


def test_a_cache_that_cannot_be_written_is_made_anew(
    built: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built.root / CACHE).chmod(0o444)
    # Root may write everything.
    monkeypatch.setattr(os, "access", lambda path, mode: os.stat(path).st_mode & 0o222 != 0)
    expected = files(built.output)
    built.build()
    assert files(built.output) == expected
    assert (built.root / CACHE).stat().st_mode & 0o200
    assert built.build().written == 0


def test_a_cache_that_is_a_folder_away_still_serves(built: SiteFolder, tmp_path: Path) -> None:
    """As in a service that builds sites: sources fetched anew, the cache restored, no output."""
    elsewhere = SiteFolder(tmp_path / "deep" / "two")
    shutil.copytree(
        built.root, elsewhere.root, ignore=shutil.ignore_patterns("public"), copy_function=_newly
    )
    result = elsewhere.build()
    assert result.parsed == 0
    assert result.notes == NOTES
    assert files(elsewhere.output) == files(built.output)


def test_a_whole_site_that_moved_rewrites_nothing_that_is_the_same(
    built: SiteFolder, tmp_path: Path
) -> None:
    elsewhere = SiteFolder(tmp_path / "two")
    shutil.copytree(built.root, elsewhere.root, copy_function=_newly)
    assert elsewhere.build().parsed == 0
    assert files(elsewhere.output) == files(built.output)


@pytest.mark.parametrize("place", ["two", "deep/er/two"])
def test_a_cache_and_an_output_that_are_restored_elsewhere_are_as_good_as_here(
    built: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Archives keep the times of what they hold; sources come from a fresh checkout."""
    built.write("notes/a.png", PNG)
    built.write("templates/macros/own.html", "x")
    built.note("p.md", "![a](a.png)\n", title="Picture")
    settle(built.root)
    built.build()
    elsewhere = SiteFolder(tmp_path / place)
    restored = shutil.ignore_patterns(".notecast", "public")
    shutil.copytree(built.root, elsewhere.root, ignore=restored, copy_function=_newly)
    for name in (".notecast", "public"):
        shutil.copytree(built.root / name, elsewhere.root / name, copy_function=shutil.copy2)
    expected = files(built.output)
    shutil.rmtree(built.root)

    def never(*_: object) -> None:
        raise AssertionError("it was done again")

    with monkeypatch.context() as patch:
        patch.setattr(NoteLoader, "load", never)
        patch.setattr(Renderer, "render", never)
        result = elsewhere.build()
    assert (result.notes, result.parsed, result.written, result.removed) == (NOTES + 1, 0, 0, 0)
    assert files(elsewhere.output) == expected
    # It goes on from there.
    elsewhere.note("n0.md", "Other text.\n", title="Note 0")
    result = elsewhere.build()
    assert result.parsed == 1 and 0 < result.written < result.pages / 2


def _newly(source: str, target: str) -> None:
    """Copies a file as a fresh checkout would: with another time and inode."""
    shutil.copyfile(source, target)
    os.utime(target, (1_700_000_000, 1_700_000_000))


def test_a_folder_that_takes_no_cache_uses_the_users(tmp_path: Path) -> None:
    (tmp_path / ".notecast").write_text("a file where the folder should be")
    home = tmp_path / "cache"
    found = cache_folder(tmp_path, {"XDG_CACHE_HOME": str(home)})
    assert found.is_relative_to(home)
    # Sites do not share it.
    other = tmp_path / "other"
    other.mkdir()
    (other / ".notecast").write_text("")
    assert cache_folder(other, {"XDG_CACHE_HOME": str(home)}) != found


def test_a_site_builds_where_it_cannot_keep_a_cache_beside_it(
    built: SiteFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = files(built.output)
    shutil.rmtree(built.root / ".notecast")
    (built.root / ".notecast").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    built.build()
    assert files(built.output) == expected
    assert list((tmp_path / "cache").rglob("cache.sqlite"))
    assert built.build().written == 0
