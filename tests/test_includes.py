"""Files that notes take in: what stands in their place, what is refused, when notes follow."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.loader.includes import Includes, with_included
from tests.conftest import SiteFolder

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "includes.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_taken_in(case: dict[str, Any], tmp_path: Path) -> None:
    root = tmp_path / "site"
    for name, text in {"notes/a.md": case["note"], **case["files"]}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    note = root / "notes" / "a.md"
    found = with_included(
        case["note"], note.read_bytes(), str(note), "notes/a.md", Includes(str(root))
    )
    problems = [f"{p.line}: {p.message}" for p in found.problems] if found else []
    assert problems == case.get("problems", [])
    assert (found.text if found else case["note"]) == case.get("means", case["note"])
    if found:
        assert len(found.origins) == found.text.count("\n") + 1
        # What is the note's own has its own place.
        own = case["note"].split("\n")
        for line, origin in zip(found.text.split("\n"), found.origins, strict=True):
            assert origin < 0 or own[origin] == line


def test_a_link_out_of_the_site_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "site" / "x.md").symlink_to(tmp_path / "secret.md")
    includes = Includes(str(tmp_path / "site"))
    assert includes.read(str(tmp_path / "site" / "x.md")) is None
    assert includes.read(str(tmp_path / "secret.md")) is None


def test_notes_follow_what_they_take_in(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\n")
    code = site.write("code/a.py", "x = 1\n")
    site.note("a.md", '```python\n--8<-- "code/a.py"\n```\n\n[to](lost.md)\n', title="A")
    site.note("b.md", "Text.\n", title="B")
    (problem,) = site.build().problems
    assert (problem.rule, problem.line, problem.column) == ("link-target-exists", 9, 1)
    assert "1" in site.page("/notes/a/")
    again = site.build()
    assert again.written == 0 and again.problems == [problem]
    code.write_text("x = 12345\ny = 2\n", encoding="utf-8")
    assert site.build().problems == [problem]
    assert "12345" in site.page("/notes/a/")
    code.unlink()
    assert {p.rule for p in site.build().problems} == {"included-file-exists", problem.rule}
    assert "code/a.py" in site.page("/notes/a/")
    code.write_text("x = 5\n", encoding="utf-8")
    assert site.build().problems == [problem]


def test_places_in_quarto(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\n")
    site.write("notes/_part.txt", "one\n\n[a](gone.md)\n")
    site.write(
        "notes/a.qmd",
        "---\ntitle: A\n---\n\n{{< include _part.txt >}}\n\n[b](lost.md)\n",
    )
    found = sorted((p.line, p.message) for p in site.build().problems)
    assert [line for line, _ in found] == [5, 7]
    assert "gone.md" in found[0][1]


def test_whoever_is_not_trusted_takes_in_notes_alone(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\nhtml: untrusted\ndescription: hidden\n")
    site.write("notes/part.txt", "seen\n")
    site.note("a.md", '--8<-- "site.yaml"\n\n--8<-- "part.txt"\n', title="A")
    assert [p.rule for p in site.build().problems] == ["included-file-exists"]
    assert "seen" in site.page("/notes/a/")
    assert "description: hidden" not in site.page("/notes/a/")
