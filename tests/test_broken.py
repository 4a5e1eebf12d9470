"""Sites with mistakes and exactly what is said of them: `broken/<name>/problems.txt`.

`pytest tests/test_broken.py --update-golden` writes what is said now.
"""

from pathlib import Path

import pytest

from .conftest import SiteFolder
from .golden import HERE, copied

SITES = sorted(path for path in (HERE / "broken").iterdir() if path.is_dir())
ELSEWHERE = {
    # What no repository can hold, or what takes another process or no site: each of these
    # rules has its test in the file that is named.
    "file-is-inside-site": "hazards/test_r03.py",
    "file-is-regular": "test_scan.py",
    "link-stays-inside": "test_scan.py",
    "note-is-readable": "hazards/test_r03.py",
    "output-is-ours": "test_build.py",
    "file-is-readable": "test_scan.py",
    "git-history-is-complete": "test_dates.py",
    "brotli-is-installed": "test_compress.py",
    # In the words of git, which differ between machines: below.
    "git-history-is-readable": "test_broken.py",
}
OF = (
    *("builder", "renderer", "loader", "terms.py", "urls.py", "folder_defaults.py"),
    "features/links.py",
)


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_site(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    site = copied(folder / "site", tmp_path / folder.name)
    site.build(search=False)
    said = "".join(f"{problem}\n" for problem in site.problems)
    expected = folder / "problems.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(said, encoding="utf-8")
        return
    assert said == expected.read_text(encoding="utf-8")
    assert said


def test_every_rule_of_the_builder_is_shown() -> None:
    from .test_docs import rules_in_code

    shown = "".join((folder / "problems.txt").read_text(encoding="utf-8") for folder in SITES)
    rules = {
        rule
        for rule, file in rules_in_code().items()
        # What `notecast check` alone reports has its cases where that command is tested.
        if file.startswith(OF) and file != "builder/silence.py"
    }
    missing = {rule for rule in rules if f"[{rule}]" not in shown} - ELSEWHERE.keys()
    assert sorted(missing) == []
    for rule, file in ELSEWHERE.items():
        assert rule in (HERE / file).read_text(encoding="utf-8"), rule


def test_dates_from_git_need_git(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="A")
    result = site.build(search=False, config={"dates": "git"})
    (problem,) = result.problems
    assert (problem.rule, problem.path) == ("git-history-is-readable", "notes")
    assert "dates: header" in problem.hint
    assert result.notes == 1
