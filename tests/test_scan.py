"""What is found in the notes folder, and what is never touched."""

import os
import socket
import time
import unicodedata
from pathlib import Path

import pytest

from notecast.loader.scan import Scan, read_file, scan


def build(folder: Path, *paths: str) -> Path:
    for path in paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return folder


def paths(found: Scan) -> list[str]:
    return [entry.path for entry in (*found.notes, *found.files)]


def said(found: Scan) -> list[tuple[str, str, str]]:
    return [(p.rule, p.severity, p.path) for p in found.problems]


def test_notes_files_and_defaults_sorted_by_path(tmp_path: Path) -> None:
    build(tmp_path, "b.md", "a/z.markdown", "a/C.MD", "a/x.png", "_defaults.yaml", "a.md")
    build(tmp_path, "a/_defaults.yaml", "site.yaml", "a/site.yaml", "_drafts/d.md", "README.md")
    found = scan(tmp_path)
    assert [entry.path for entry in found.notes] == [
        *("README.md", "_drafts/d.md", "a.md", "a/C.MD", "a/z.markdown", "b.md")
    ]
    assert [entry.path for entry in found.files] == ["a/site.yaml", "a/x.png"]
    assert [entry.path for entry in found.defaults] == ["_defaults.yaml", "a/_defaults.yaml"]
    assert found.problems == ()
    note = found.notes[2]
    state = (tmp_path / "a.md").stat()
    assert (note.size, note.mtime_ns, note.inode) == (4, state.st_mtime_ns, state.st_ino)
    assert read_file(note.source) == b"a.md"


def test_what_is_private_is_not_there(tmp_path: Path) -> None:
    build(
        tmp_path,
        *(".env", ".git/config", ".obsidian/app.json", ".trash/old.md", ".DS_Store", ".a.md.swp"),
        *("a.md~", "#a.md#", "a.swp", "Thumbs.db", "desktop.ini", "a.md.bak", "a.tmp"),
        *("id_rsa", "id_ed25519", "server.pem", "server.crt", "me.p12", "pass.kdbx"),
        *("zotero.sqlite", "zotero.sqlite-journal", "node_modules/x/readme.md"),
        *("venv/lib/a.md", "env/pyvenv.cfg", "env/lib/a.md", "__pycache__/x.pyc"),
        *("output/index.html", "cache/x", "keep.md", "id_rsa.pub.md"),
    )
    found = scan(tmp_path, exclude=[tmp_path / "output", tmp_path / "cache", tmp_path / "none"])
    assert paths(found) == ["id_rsa.pub.md", "keep.md"]
    assert found.problems == ()


def test_ignore_patterns(tmp_path: Path) -> None:
    build(tmp_path, "a.md", "a.tmp.md", "x/a.tmp.md", "private/b.md", "x/private/c.md", "x/d.md")
    build(tmp_path, "x/y/e.md", "private.md", "attic/f.md", "x/attic/g.md")
    assert paths(scan(tmp_path, ignore=["*.tmp.md", "private/"])) == [
        *("a.md", "attic/f.md", "private.md", "x/attic/g.md", "x/d.md", "x/y/e.md")
    ]
    assert "x/d.md" not in paths(scan(tmp_path, ignore=["/x/d.md"]))
    assert paths(scan(tmp_path, ignore=["/x", "private*", "*.tmp.md"])) == ["a.md", "attic/f.md"]
    assert "x/attic/g.md" not in paths(scan(tmp_path, ignore=["**/attic/*"]))
    assert "x/y/e.md" not in paths(scan(tmp_path, ignore=["x/**"]))
    assert "a.md" not in paths(scan(tmp_path, ignore=["[!b].md"]))
    assert "a.md" in paths(scan(tmp_path, ignore=["", "  ", "/", "[a", "(", "+"]))


def test_links_never_lead_out(tmp_path: Path) -> None:
    notes = build(tmp_path / "notes", "a.md", "sub/b.md", ".hidden/secret.md", "keys/id_rsa")
    build(tmp_path / "notes_secret", "x.md")
    links = {
        "in.md": "sub/b.md",
        "out.md": "../notes_secret/x.md",
        "absolute.md": str(tmp_path / "notes_secret" / "x.md"),
        "environ.md": "/proc/self/environ",
        "zero.md": "/dev/zero",
        "folder-out": "../notes_secret",
        "folder-in": "sub",
        "parent": "..",
        "self": ".",
        "loop.md": "loop.md",
        "one.md": "two.md",
        "two.md": "one.md",
        "dangling.md": "nothing.md",
        "hidden.md": ".hidden/secret.md",
        "key.md": "keys/id_rsa",
        "up.md": "sub/../../notes_secret/x.md",
    }
    for name, target in links.items():
        (notes / name).symlink_to(target)
    (notes / "c0.md").symlink_to("a.md")
    for n in range(1, 51):
        (notes / f"c{n}.md").symlink_to(f"c{n - 1}.md")
    found = scan(notes, root=tmp_path)
    listed = [path for path in paths(found) if not path.startswith("c")]
    assert listed == ["a.md", "in.md", "sub/b.md"]
    refused = {path: severity for rule, severity, path in said(found) if "/c" not in path}
    assert refused == {
        f"notes/{name}": "warning" if name == "folder-in" else "error"
        for name in links
        if name != "in.md"
    }
    assert {rule for rule, _, _ in said(found)} == {"link-stays-inside"}
    assert all(read_file(entry.source) for entry in found.notes)


def test_outside_targets_are_refused_in_the_same_words(tmp_path: Path) -> None:
    notes = build(tmp_path / "notes", "a.md")
    build(tmp_path, "there.md")
    (notes / "b.md").symlink_to("../there.md")
    (notes / "c.md").symlink_to("../not-there.md")
    first, second = scan(notes).problems
    assert first.message == second.message


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    build(tmp_path / "real", "a.md", "img/x.png")
    (tmp_path / "notes").symlink_to("real")
    found = scan(tmp_path / "notes", root=tmp_path, exclude=[tmp_path / "notes" / "img"])
    assert paths(found) == ["a.md"]


def test_pipes_sockets_and_unreadable_folders(tmp_path: Path) -> None:
    build(tmp_path, "a.md", "closed/b.md")
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is limited to about 100 bytes
        server.bind("socket.md")
        os.chdir(here)
    (tmp_path / "linked.md").symlink_to("pipe.md")
    (tmp_path / "closed").chmod(0)
    start = time.perf_counter()
    found = scan(tmp_path)
    (tmp_path / "closed").chmod(0o700)
    assert time.perf_counter() - start < 5
    rules = {path: rule for rule, _, path in said(found)}
    assert rules.pop("closed/", "file-is-readable") == "file-is-readable"
    assert rules == dict.fromkeys(("linked.md", "pipe.md", "socket.md"), "file-is-regular")
    assert "a.md" in paths(found)


def test_what_becomes_a_link_or_a_pipe_after_the_scan_is_not_read(tmp_path: Path) -> None:
    build(tmp_path, "a.md", "secret")
    (entry,) = scan(tmp_path).notes
    (tmp_path / "a.md").unlink()
    (tmp_path / "a.md").symlink_to("secret")
    with pytest.raises(OSError, match=r"a\.md"):
        read_file(entry.source)
    (tmp_path / "a.md").unlink()
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(OSError, match="regular"):
        read_file(entry.source)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = scan(tmp_path / "none")
    assert said(found) == [("file-is-readable", "error", ".")]


def test_paths_are_nfc_and_names_that_become_one_are_reported(tmp_path: Path) -> None:
    composed = "Café.md"
    other = unicodedata.normalize("NFD", composed)
    build(tmp_path, other, "img/a.png", "img/A.png", "Straße.md", "STRASSE.md", "b.md")
    alone = scan(tmp_path)
    assert composed in paths(alone)
    assert read_file(next(e.source for e in alone.notes if e.path == composed)) == other.encode()
    assert [problem.path for problem in alone.problems] == ["Straße.md", "img/a.png"]
    assert "img/A.png" in alone.problems[1].message
    build(tmp_path, composed)
    both = scan(tmp_path)
    assert paths(both).count(composed) == 1
    assert "once composed" in next(p.message for p in both.problems if p.path == composed)
    assert {p.rule for p in both.problems} == {"file-name-is-unique"}


@pytest.mark.parametrize(
    "name",
    [
        *("CON.md", "aux.md", "com1", "lpt9.png", "a.md.", "a ", "a:b.md", "a?b.md", "a*b"),
        *('a"b', "-a.md", "a\u202eb.md", "扩" * 80 + ".md"),
    ],
)
def test_names_that_other_systems_cannot_hold(tmp_path: Path, name: str) -> None:
    build(tmp_path, name, "console.md", "c.on.md", "扩散.md", "a+b & c#.md")
    found = scan(tmp_path, root=tmp_path.parent)
    shown = f"{tmp_path.name}/{name}"
    assert said(found) == [("file-name-is-portable", "warning", shown)]
    assert name in paths(found)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))).write_text("x")
    found = scan(tmp_path)
    assert paths(found) == []
    assert said(found) == [("file-name-is-portable", "error", "caf�.md")]


def test_time_grows_with_the_number_of_files(tmp_path: Path) -> None:
    for folder in range(20):
        (tmp_path / f"f{folder}").mkdir()
        for n in range(100):
            (tmp_path / f"f{folder}" / f"n{n}.md").touch()
    start = time.perf_counter()
    assert len(scan(tmp_path).notes) == 2000
    assert time.perf_counter() - start < 1
