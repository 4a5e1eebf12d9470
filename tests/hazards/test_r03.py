"""R03: symbolic links and special files are neither followed out of the folder nor waited for."""

import errno
import io
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.cli import main
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.server.watch import Watcher

from ..conftest import NOW, SiteFolder
from .tools import CANARY, run_build


def plant(site: SiteFolder) -> list[str]:
    """Makes one of each in the notes folder; returns the paths that must be named."""
    notes, outside = site.root / "notes", site.root.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(f"# {CANARY}\n")
    (outside / "secret.png").write_bytes(CANARY.encode())
    (notes / "sub").mkdir()
    site.note("sub/real.md", "Real.\n")
    links = {
        "inside.md": "sub/real.md",
        "folder-inside": "sub",
        "outside.md": str(outside / "secret.md"),
        "outside.png": str(outside / "secret.png"),
        "folder-outside": str(outside),
        "parent": "..",
        "self.md": "self.md",
        "cycle-a.md": "cycle-b.md",
        "cycle-b.md": "cycle-a.md",
        "dangling.md": "nothing.md",
        "environ.md": "/proc/self/environ",
        "zero.md": "/dev/zero",
    }
    for name, target in links.items():
        os.symlink(target, notes / name)
    os.symlink("outside.md", notes / "chain00.md")
    for number in range(1, 50):
        os.symlink(f"chain{number - 1:02}.md", notes / f"chain{number:02}.md")
    os.mkfifo(notes / "pipe.md")
    os.mkfifo(notes / "pipe.png")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(notes)  # addresses of sockets are short
        try:
            server.bind("socket.md")
        finally:
            os.chdir(here)
    named = [name for name in links if name != "inside.md"]
    return [*named, *(f"chain{n:02}.md" for n in range(50)), "pipe.md", "pipe.png", "socket.md"]


def test_links_and_special_files(site: SiteFolder) -> None:
    named = plant(site)
    site.note("shows.md", "![x](outside.png) ![y](pipe.png)\n")
    done = run_build(site.root, "--verbose", timeout=30)
    assert done.returncode == 1
    assert CANARY not in done.stdout + done.stderr
    for name in named:
        assert f"notes/{name}: " in done.stderr, name
    assert CANARY.encode() not in b"".join(site.tree().values())
    assert (site.output / "notes/sub/real/index.html").is_file()
    assert (site.output / "notes/inside/index.html").is_file()
    assert not (site.output / "notes/outside").exists()


def test_an_unreadable_note_costs_itself(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.note("a.md", "Text.\n", title="A")
    site.note("locked.md", "Secret.\n", title="B")

    from notecast.loader.scan import read_file

    def refuse(source: str) -> bytes:
        if source.endswith("locked.md"):
            raise PermissionError(13, "Permission denied", source)
        return read_file(source)

    monkeypatch.setattr("notecast.builder.notes.read_file", refuse)
    result = site.build()
    (problem,) = result.problems
    assert (problem.rule, problem.path) == ("note-is-readable", "notes/locked.md")
    assert result.notes == 1


def test_other_unreadable_files_are_named(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("static/x.txt", "templates/note.html", "templates/static/site.css")
    for name in names:
        site.write(name, "x")
    site.note("a.md", "Text.\n", title="Alpha")
    closed = [str(site.root / name) for name in names]

    def refusing(real_open: Callable[..., object]) -> Callable[..., object]:
        def refuse(file: object, *arguments: object, **options: object) -> object:
            if isinstance(file, (str, os.PathLike)) and str(file) in closed:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
            return real_open(file, *arguments, **options)

        return refuse

    monkeypatch.setattr(io, "open", refusing(io.open))
    monkeypatch.setattr(os, "open", refusing(os.open))
    problems = site.build(use_cache=False).problems
    assert [(one.path, one.severity) for one in problems] == [(name, "error") for name in names]
    assert all("Permission denied" in problem.message for problem in problems)


def test_a_file_that_becomes_a_link_while_building_is_not_followed(site: SiteFolder) -> None:
    """A note and a link out of the site change places all the time while builds run."""
    secret = site.root.parent / "secret.md"
    secret.write_text(f"# {CANARY}\n")
    link = site.root / "notes" / "link-in-waiting"
    note = site.note("a.md", "Text.\n")
    os.symlink(secret, link)
    spare = site.root / "spare"
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            os.rename(note, spare)
            os.symlink(secret, note)
            os.rename(note, site.root / "spare-link")
            os.rename(spare, note)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        config, _ = load_config(site.root, FEATURES)
        for number in range(20):
            output = site.root.parent / f"out{number}"
            build_site(
                config, FEATURES, BuildOptions(now=NOW, jobs=1, use_cache=False, output=output)
            )
            for page in output.rglob("*.html"):
                assert CANARY not in page.read_text(encoding="utf-8")
    finally:
        stop.set()
        thread.join()


def test_links_in_static_and_templates_do_not_lead_out(site: SiteFolder) -> None:
    secret = site.root.parent / "secret.txt"
    secret.write_text(CANARY)
    for place in ("static", "templates", "templates/static"):
        (site.root / place).mkdir(exist_ok=True)
        os.symlink(secret, site.root / place / "out.txt")
    os.mkfifo(site.root / "static" / "pipe.txt")
    site.note("a.md")
    site.build()
    assert CANARY.encode() not in b"".join(site.tree().values())
    named = [problem.path for problem in site.problems if problem.rule == "file-is-inside-site"]
    assert named == ["static/out.txt", "templates/out.txt", "templates/static/out.txt"]


def test_an_output_folder_that_is_a_link_gets_the_site(site: SiteFolder) -> None:
    real = site.root.parent / "real"
    real.mkdir()
    os.symlink(real, site.root / "public")
    site.note("a.md")
    site.build()
    assert (real / "index.html").is_file()
    assert (site.root / "public").is_symlink()


def test_links_inside_the_output_are_not_written_through(site: SiteFolder) -> None:
    """Somebody put a link into the output folder at a place where a page belongs."""
    outside = site.root.parent / "outside"
    outside.mkdir()
    site.note("a.md")
    site.build()
    (site.output / "notes/a/index.html").unlink()
    (site.output / "notes/a").rmdir()
    os.symlink(outside, site.output / "notes/a")
    (outside / "index.html").write_text("mine")
    site.note("a.md", "Changed.\n")
    site.build()
    assert site.rules() == ["output-is-ours"]
    (site.root / "notes/a.md").unlink()
    site.build()
    assert [path.name for path in outside.iterdir()] == ["index.html"]
    assert (outside / "index.html").read_text() == "mine"


KINDS = {
    "a pipe": os.mkfifo,
    "a circle": lambda path: os.symlink(path.name, path),
    "a folder": lambda path: path.mkdir(),
}
PLACES = {
    "site.yaml": ("a pipe", "a circle"),
    "papers.lock.json": tuple(KINDS),
    "font.ttf": ("a pipe",),
    "templates": ("a circle",),
    "static": ("a circle",),
    "static/x": ("a circle",),
    "public": ("a pipe", "a circle"),
    "public/.notecast-files": tuple(KINDS),
    ".notecast": ("a circle",),
    ".notecast/lock": tuple(KINDS),
    ".notecast/cache.sqlite": tuple(KINDS),
}
"""Files that are read or written beside the notes."""


@pytest.mark.parametrize(
    ("place", "kind"), [(place, kind) for place, kinds in PLACES.items() for kind in kinds]
)
def test_what_stands_in_the_place_of_a_file(
    site: SiteFolder, place: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence that names it, and nothing waits for a pipe; a check needs no cache."""
    site.write("site.yaml", "title: T\nsocial_cards: {enabled: true, font: font.ttf}\n")
    site.note("a.md", "Text.\n", title="Alpha")
    path = site.root / place
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    for command in ("build", "check"):
        status = main([command, str(site.root), *(["--no-search"] if command == "build" else [])])
        said = "".join(capsys.readouterr())
        assert status in (0, 1, 2), said
        if command == "build" and not (place.endswith("sqlite") and kind != "a folder"):
            assert status or place == "font.ttf", said
            assert path.name in said
            assert said.count(" error: ") <= 1 or place == "papers.lock.json"


def test_the_preview_bears_a_link_that_leads_in_a_circle(site: SiteFolder) -> None:
    os.symlink("circle", site.root / "circle")
    watcher = Watcher(site.root, [], [], lambda path, empty: None, print)
    watcher.start()
    watcher.stop()
