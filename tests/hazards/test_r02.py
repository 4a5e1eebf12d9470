"""R02: nothing outside the output folder is written, whatever address a note demands."""

import json

import pytest

from ..conftest import SiteFolder
from .tools import files_of

VALUES = [
    "../x",
    "/etc/x",
    "a/../../b",
    ".",
    "..",
    "",
    ".git/config",
    "index.html/x",
    "a\0b",
    "x" * 300,
    "\\..\\..\\x",
    "C:/x",
    "//host/x",
    "https://evil.example/x",
    "%2e%2e/%2e%2e/x",
    "．．/x",
    "~/x",
    "CON",
    "a\nb",
    "a/./b",
]
FIELDS = ["slug", "permalink", "aliases", "tags", "category"]


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_leads_out(site: SiteFolder, field: str) -> None:
    for number, value in enumerate(VALUES):
        # JSON strings are YAML strings.
        written = json.dumps([value] if field in ("aliases", "tags") else value)
        site.write(
            f"notes/n{number:02}.md", f"---\ntitle: N{number}\n{field}: {written}\n---\nText.\n"
        )
    outside = site.root.parent
    before = files_of(outside)
    result = site.build()
    after = {
        path: state
        for path, state in files_of(outside).items()
        if not path.startswith(("site/public", "site/.notecast"))
    }
    assert after == before
    assert result.notes == len(VALUES)
    assert all(f"N{number}" in site.page("/archive/") for number in range(len(VALUES)))
    for path in site.tree():
        parts = path.split("/")
        assert ".." not in parts and "." not in parts and not path.startswith("/")
        assert not any(part.startswith(".") for part in parts)
        assert all(len(part.encode()) <= 210 for part in parts)
    named = {int(problem.path[7:9]) for problem in result.problems}
    # Tags and categories are names: any text is one, and its address is made from letters.
    good = {"slug": {"CON", "/etc/x", ""}, "permalink": {"/etc/x", ""}, "aliases": {"/etc/x", ""}}
    for number, value in enumerate(VALUES):
        if field == "aliases" and "/" not in value:
            continue  # another name of the note, not an address
        if field in good and value not in good[field]:
            assert number in named, value
