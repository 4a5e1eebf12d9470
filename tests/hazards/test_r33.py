"""R33: what lies in the notes folder and is nobody's business stays unpublished."""

import gzip

import pytest

from ..conftest import SiteFolder
from .tools import CANARY

PRIVATE = {
    ".env": CANARY,
    ".env.local": CANARY,
    ".git/config": CANARY,
    ".obsidian/workspace.json": CANARY,
    ".trash/old.md": f"# {CANARY}\n",
    "id_rsa": CANARY,
    "server.pem": CANARY,
    "keys.kdbx": CANARY,
    "zotero.sqlite": CANARY,
    "note.md.swp": CANARY,
    ".note.md.swp": CANARY,
    "note.md~": CANARY,
    "#note.md#": CANARY,
    "note.md.bak": CANARY,
    ".DS_Store": CANARY,
    "Thumbs.db": CANARY,
    "node_modules/x/readme.md": f"# {CANARY}\n",
    "venv/pyvenv.cfg": CANARY,
    "venv/readme.md": f"# {CANARY}\n",
    "draft.md": f"---\ndraft: true\ntitle: {CANARY}\n---\n[d](only-draft.bin) ![p](only-draft.png)\n",  # noqa: E501
    "unpublished.md": f"---\npublish: false\ntitle: {CANARY}\ntags: [{CANARY}]\n---\n{CANARY}\n",
    "_drafts/idea.md": f"# {CANARY}\n",
    "status.md": f"---\nstatus: draft\n---\n# {CANARY}\n",
    "broken.md": f"---\ntitle: {CANARY}: x\n---\n{CANARY}\n",
    "future.md": f"---\ndate: 2999-01-01\n---\n# {CANARY}\n",
    "gone.md": f"---\nexpires: 2020-01-01\n---\n# {CANARY}\n",
    "ignored/a.md": f"# {CANARY}\n",
    "only-draft.bin": CANARY,
    "only-draft.png": CANARY,
    "unlinked.bin": CANARY,
    "unlinked.pdf": CANARY,
}


@pytest.mark.parametrize("search", [False, True], ids=["", "search"])
def test_planted_files_never_appear(site: SiteFolder, search: bool) -> None:
    for path, text in PRIVATE.items():
        site.write(f"notes/{path}", text)
    site.write("static/.env", CANARY)
    site.write("static/.git/config", CANARY)
    site.write("templates/.secret.html", CANARY)
    site.write("templates/notes.bak", CANARY)
    links = " ".join(
        f"[x](<{path}>) ![y](<{path}>) ![[{path}]]"
        for path in PRIVATE
        if path
        not in (
            # Linked by a published note, these are published: that is how files get there.
            "only-draft.bin",
            "only-draft.png",
            "unlinked.bin",
            "unlinked.pdf",
        )
    )
    site.note("good.md", f"Text.\n\n{links}\n", title="Good")
    result = site.build(search=search, config={"ignore": ["ignored/"]})
    assert result.notes == 1
    secret = CANARY.encode()
    packed = 0
    for path, data in site.tree().items():
        if data.startswith(b"\x1f\x8b"):  # the index of the search
            data, packed = gzip.decompress(data), packed + 1
        assert secret not in data, path
        assert secret.lower() not in data, path
    assert bool(packed) == search
    assert secret not in (site.output / ".notecast-files").read_bytes()
    names = "\n".join(site.tree())
    for word in (".env", ".git", ".obsidian", "id_rsa", ".pem", ".sqlite", "draft", "node_modules"):
        assert word not in names, word


def test_a_folder_of_notes_at_the_root_keeps_its_own_files(site: SiteFolder) -> None:
    """Without `site.yaml` and `notes/` the folder itself is that of the notes."""
    (site.root / "site.yaml").unlink()
    (site.root / "notes").rmdir()
    site.write("a.md", "# A\n")
    site.write(".notecast/x.md", f"# {CANARY}\n")
    site.write("secrets.txt", CANARY)
    site.write("templates/x.html", CANARY)
    site.build(output=site.root / "out")
    for path in (site.root / "out").rglob("*.html"):
        assert CANARY not in path.read_text(encoding="utf-8"), path
    assert not list((site.root / "out").rglob("secrets*"))


def test_paths_of_the_machine_are_not_in_the_output(site: SiteFolder) -> None:
    site.note("a.md", "[[missing]] ![x](y.png) $\\frac$ {.bad}\n", title="A", date="2025-01-02")
    site.write("notes/x.svg", "<svg/>")
    site.note("b.md", "![x](x.svg) ![[a]]\n", title="B")
    site.build()
    for path, data in site.tree().items():
        assert str(site.root).encode() not in data, path
        assert b"/tmp/" not in data, path
