"""R01: nothing outside the site folder is read, however a note spells the path."""

import os

import pytest

from ..conftest import SiteFolder
from .tools import CANARY, run_build

# `{abs}` is the absolute path of a secret file outside of the site.
SPELLINGS = {
    "parent": "../../secret.txt",
    "climb": "../" * 12 + "etc/passwd",
    "absolute": "{abs}",
    "environ": "/proc/self/environ",
    "sibling prefix": "../../site_secret/x.txt",
    "encoded slash": "..%2f..%2fsecret.txt",
    "encoded dots": "%2e%2e/%2e%2e/secret.txt",
    "encoded twice": "%252e%252e/%252e%252e/secret.txt",
    "backslashes": "..\\..\\secret.txt",
    "drive": "C:\\secret.txt",
    "unc": "\\\\host\\share\\secret.txt",
    "file scheme": "file://{abs}",
    "home": "~/secret.txt",
    "zero byte": "../../secret.txt\0.png",
    "slash dot": "../../secret.txt/.",
    "full-width dots": "．．/．．/secret.txt",
    "down and up": "a/../../../secret.txt",
    "link then parent": "link/../secret.txt",
}
PLACES = {
    "link": "[x](<{}>)\n",
    "image": "![x](<{}>)\n",
    "html image": '<img src="{}" alt="x">\n',
    "html link": '<a href="{}">x</a>\n',
    "wikilink": "[[{}]]\n",
    "embed": "![[{}]]\n",
    "picture of the note": None,
}


def plant(site: SiteFolder) -> None:
    outside = site.root.parent
    (outside / "secret.txt").write_text(CANARY)
    (outside / "site_secret").mkdir()
    (outside / "site_secret" / "x.txt").write_text(CANARY)
    site.write("secret.txt", CANARY)  # inside the site folder, outside of the notes
    (site.root / "notes" / "a").mkdir()
    os.symlink(outside / "site_secret", site.root / "notes" / "link")


@pytest.mark.parametrize("place", PLACES)
def test_no_spelling_leads_out(site: SiteFolder, place: str) -> None:
    plant(site)
    secret = str(site.root.parent / "secret.txt")
    pattern = PLACES[place]
    for name, spelling in SPELLINGS.items():
        written = spelling.replace("{abs}", secret)
        path = f"{name.replace(' ', '-')}.md"
        if pattern is None:
            quoted = written.replace("\0", "").replace("'", "''")
            site.write(f"notes/{path}", f"---\nimage: '{quoted}'\n---\nText.\n")
        else:
            site.write(f"notes/{path}", pattern.replace("{}", written))
    result = site.build()
    assert result.notes == len(SPELLINGS)
    assert CANARY.encode() not in b"".join(site.tree().values())
    assert CANARY not in "".join(map(str, result.problems))
    assert not [path for path in site.tree() if "secret" in path]
    named = {problem.path for problem in result.problems}
    silent = {name for name in SPELLINGS if f"notes/{name.replace(' ', '-')}.md" not in named}
    assert silent == set()
    assert [p for p in result.problems if not p.line and p.path != "notes/link"] == []


def test_strict_builds_fail_for_each(site: SiteFolder) -> None:
    plant(site)
    site.write("notes/n.md", "![x](../../secret.txt)\n")
    assert run_build(site.root, "--strict").returncode == 1
    done = run_build(site.root)
    assert "notes/n.md:1:1: warning" in done.stderr
    assert CANARY not in done.stdout + done.stderr
