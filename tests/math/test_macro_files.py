"""Commands of authors in the files of other programs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.features.math.macro_files import MAX_BYTES, definitions
from notecast.features.math.macros import NO_MACROS
from tests.conftest import SiteFolder

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "macro_files.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_files_define(case: dict[str, Any], tmp_path: Path) -> None:
    root = tmp_path / "site"
    for name, text in {case["file"]: case["text"], **case.get("beside", {})}.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    found = definitions(None, root)
    assert list(found) == case["means"]
    # Every one of them can be read again.
    assert len(NO_MACROS.defined(found).table) == len(found)


def test_files_that_the_site_names(tmp_path: Path) -> None:
    (tmp_path / "preamble.sty").write_text(r"\newcommand{\a}{1}")
    (tmp_path / "own.tex").write_text(r"\newcommand{\b}{2}")
    (tmp_path / "large.tex").write_text(r"\newcommand{\c}{3}" + " " * MAX_BYTES)
    assert definitions(["own.tex"], tmp_path) == (r"\newcommand{\b}{2}",)
    assert definitions(["own.tex", "large.tex", "missing.tex"], tmp_path) == (
        r"\newcommand{\b}{2}",
    )
    assert definitions([], tmp_path) == ()
    assert definitions([f"../{tmp_path.name}-not/x.tex", "/etc/passwd"], tmp_path) == ()


def test_formulas_follow_the_file(site: SiteFolder) -> None:
    site.write("site.yaml", "title: T\nmath: {macros: {b: 'y'}}\n")
    site.note("a.md", "$\\a + \\b$\n", title="A")
    assert [p.rule for p in site.build().problems] == ["formula-can-be-set"]
    # What `site.yaml` says counts before what a file says.
    file = site.write("preamble.sty", r"\newcommand{\a}{x}\newcommand{\b}{w}")
    assert not site.build().problems
    assert "<mi>x</mi>" in site.page("/notes/a/")
    assert "<mi>y</mi>" in site.page("/notes/a/")
    assert site.build().written == 0
    file.write_text(r"\newcommand{\a}{zz}", encoding="utf-8")
    site.build()
    assert "<mi>z</mi>" in site.page("/notes/a/")
    site.build(config={"math": {"macros": {"b": "y"}, "macro_files": []}})
    assert "math-error" in site.page("/notes/a/")
