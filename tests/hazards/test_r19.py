"""R19: whatever output folder is named, files that are not ours stay as they are."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from notecast.builder.output import OutputRefused

from ..conftest import SiteFolder
from .tools import files_of


def mine(folder: Path, name: str = "mine.txt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("mine")
    return folder


def linked(site: SiteFolder) -> Path:
    link = site.root.parent / "link"
    os.symlink(site.root / "notes", link)
    return link


def a_file(site: SiteFolder) -> Path:
    file = site.root.parent / "file"
    file.write_text("mine")
    return file


def repository(site: SiteFolder) -> Path:
    folder = site.root.parent / "sibling"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    return folder


def ours(site: SiteFolder) -> Path:
    folder = site.root.parent / "ours"
    site.build(output=folder)
    mine(folder)
    return folder


Target = Callable[[SiteFolder], Path]
REFUSED: dict[str, Target] = {
    "the site folder": lambda site: site.root,
    "the disk": lambda site: Path(site.root.anchor),
    "home": lambda site: Path.home(),
    "the notes": lambda site: site.root / "notes",
    "above the site": lambda site: site.root.parent,
    "a repository": repository,
    "a link to the notes": linked,
    "a foreign file": lambda site: mine(site.root.parent / "foreign"),
    "inside the notes": lambda site: site.root / "notes" / "sub" / "out",
    "inside the templates": lambda site: site.root / "templates" / "out",
    "inside the cache": lambda site: site.root / ".notecast" / "out",
    "a file": a_file,
    "by way of dots": lambda site: site.root / "public" / ".." / "notes",
}
ACCEPTED: dict[str, Target] = {
    "new": lambda site: site.root.parent / "deep" / "new",
    "empty": lambda site: mine(site.root.parent / "empty", ".keep"),
    "CNAME": lambda site: mine(site.root.parent / "cname", "CNAME"),
    ".nojekyll": lambda site: mine(site.root.parent / "nojekyll", ".nojekyll"),
    "ours with a foreign file": ours,
    "a link to an empty folder": lambda site: link_to_empty(site),
}


def link_to_empty(site: SiteFolder) -> Path:
    (site.root.parent / "real").mkdir()
    os.symlink(site.root.parent / "real", site.root.parent / "link")
    return site.root.parent / "link"


def prepare(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    home = mine(site.root.parent.parent / f"{site.root.parent.name}-home")
    monkeypatch.setenv("HOME", str(home))
    site.write("templates/README", "mine")
    site.write("static/own.txt", "mine")
    site.note("a.md", "Text.\n", title="A")


@pytest.mark.parametrize("name", REFUSED)
def test_dangerous_targets_are_refused(
    site: SiteFolder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(site, monkeypatch)
    target = REFUSED[name](site)
    (site.root / ".notecast").mkdir(exist_ok=True)
    outside = site.root.parent.parent
    home = Path(os.environ["HOME"])
    before = (files_of(site.root.parent), files_of(home))
    with pytest.raises(OutputRefused) as refused:
        site.build(output=target)
    assert refused.value.message and refused.value.hint
    assert (files_of(site.root.parent), files_of(home)) == before
    assert outside.is_dir()


@pytest.mark.parametrize("name", ACCEPTED)
def test_other_targets_keep_what_is_not_ours(
    site: SiteFolder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(site, monkeypatch)
    target = ACCEPTED[name](site)
    before = files_of(site.root.parent)
    site.build(output=target)
    assert (target / "notes/a/index.html").is_file()
    (site.root / "notes/a.md").rename(site.root / "b.md")
    site.build(output=target)
    assert not (target / "notes/a").exists()
    (site.root / "b.md").rename(site.root / "notes/a.md")
    after = files_of(site.root.parent)
    ours = set((target / ".notecast-files").read_text().splitlines())
    inside = target.resolve().relative_to(site.root.parent.resolve()).as_posix()
    for path, state in before.items():
        is_ours = path.startswith(f"{inside}/") and (
            path.removeprefix(f"{inside}/") in ours or ".notecast" in path or state == "folder"
        )
        if is_ours or path.startswith("site/.notecast") or path.startswith(f"{inside}/notes"):
            continue
        assert after.get(path) == state, path


def test_a_list_that_was_edited_removes_nothing_else(site: SiteFolder) -> None:
    """`.notecast-files` may be wrong, or another's: it never leads out of the folder."""
    site.note("a.md", "Text.\n", title="A")
    site.build()
    precious = mine(site.root / "precious")
    outside = mine(site.root.parent / "outside")
    listed = site.output / ".notecast-files"
    listed.write_text(
        listed.read_text()
        + f"../precious/mine.txt\n{outside}/mine.txt\n../../outside/mine.txt\n"
        + "notes/../../precious\n"
        + "static\nnotes\n\n.\n..\n/\n"
    )
    site.build()
    site.note("b.md", "Text.\n", title="B")
    site.build()
    assert (precious / "mine.txt").read_text() == "mine"
    assert (outside / "mine.txt").read_text() == "mine"
    assert (site.output / "notes/a/index.html").is_file()


def test_clean_removes_ours_only(site: SiteFolder) -> None:
    from notecast.__main__ import main

    site.note("a.md", "Text.\n", title="A")
    site.build()
    mine(site.output)
    mine(site.output / "notes/a")
    before = files_of(site.root / "notes")
    assert main(["clean", str(site.root)]) == 0
    kept = sorted(path for path, state in files_of(site.output).items() if state != "folder")
    assert kept == [".notecast-files", "mine.txt", "notes/a/mine.txt"]
    # The list stays, empty: the next build may still write here.
    assert (site.output / ".notecast-files").read_text() == ""
    assert files_of(site.root / "notes") == before
