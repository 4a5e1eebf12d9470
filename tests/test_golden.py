"""Small sites and all that must come of them, byte for byte: `sites/<name>/expected/`.

`pytest tests/test_golden.py --update-golden` writes what comes of them now.
"""

import difflib
from pathlib import Path

import pytest

from .golden import HERE, copied, normalised, read_tree, write_tree

SITES = sorted(path for path in (HERE / "sites").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_site(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = copied(folder / "site", tmp_path / folder.name)
    site.build(search=False)
    found = normalised(site.tree())
    said = "".join(f"{problem}\n" for problem in site.problems)
    found["problems.txt"] = said.encode()
    if request.config.getoption("--update-golden"):
        write_tree(folder / "expected", found)
        return
    expected = read_tree(folder / "expected")
    assert sorted(found) == sorted(expected)
    for path, data in expected.items():
        if data != found[path]:
            pytest.fail(difference(path, data, found[path]))


def difference(path: str, expected: bytes, found: bytes) -> str:
    lines = difflib.unified_diff(
        expected.decode("utf-8", "replace").split("\n"),
        found.decode("utf-8", "replace").split("\n"),
        f"expected/{path}",
        f"found/{path}",
        lineterm="",
        n=1,
    )
    return "\n".join([*list(lines)[:40], "(pytest --update-golden writes what comes out now)"])


def test_every_folder_is_a_site() -> None:
    assert [folder.name for folder in SITES] == ["chinese", "english", "folder", "notebooks"]
    for folder in SITES:
        assert {path.name for path in folder.iterdir()} == {"site", "expected"}
