"""`notecast new`: headers, names and places of new notes."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.cli import main
from notecast.commands.new import Start, arxiv_id, note_text
from tests.test_commands import enter, files_of


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter(tmp_path, monkeypatch)


def header_of(path: Path) -> dict[str, Any]:
    _, header, _ = path.read_text(encoding="utf-8").split("---\n", 2)
    found: dict[str, Any] = yaml.safe_load(header)
    return found


def test_new_writes_a_note_and_prints_its_path(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("notecast.commands.new.today", lambda timezone: f"day in {timezone}")
    (here / "notes").mkdir()
    (here / "site.yaml").write_text("timezone: Asia/Shanghai\n")
    arguments = ["--category", "Computer Vision", "--tags", "a, b c，C++", "--draft"]
    assert main(["new", "Why  is\tit straight?", *arguments]) == 0
    assert capsys.readouterr().out == "notes/why-is-it-straight.md\n"
    assert header_of(here / "notes" / "why-is-it-straight.md") == {
        "title": "Why is it straight?",
        "date": "day in Asia/Shanghai",
        "category": "Computer Vision",
        "tags": ["a", "b c", "C++"],
        "draft": True,
    }


def test_a_new_note_is_in_the_next_build(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes").mkdir()
    assert main(["new", "An idea"]) == 0
    assert main(["new", "A paper", "--arxiv", "1706.03762", "--lang", "zh-CN"]) == 0
    capsys.readouterr()
    assert main(["build", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["notes"], said["problems"]) == (2, [])
    assert (here / "public" / "notes" / "an-idea" / "index.html").is_file()


@pytest.mark.parametrize(
    "title",
    [
        'A "quoted": title',
        "Don't: panic",
        "#1 in a row",
        "- list",
        "@home",
        "*bold* `code`",
        "yes",
        "2024",
        "2024-02-30",
        "null",
        "{braces} [brackets]",
        "back\\slash",
        "---",
        "笔记：一",
        "[" * 3000,
        "😀 & <b>",
    ],
)
def test_every_title_makes_a_valid_header(title: str, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    start = Start(title, "2026-01-11", categories=[title, "x"], tags=[title, "a, b"])
    note.write_text(note_text(start), encoding="utf-8")
    header = header_of(note)
    assert header["title"] == title
    assert header["categories"] == [title, "x"]
    assert header["tags"] == [title, "a, b"]


def test_a_paper_note_has_the_paper_and_headings(here: Path) -> None:
    (here / "notes").mkdir()
    assert main(["new", "Attention", "--kind", "paper", "--arxiv", "arXiv:2310.10"]) == 2
    assert main(["new", "Attention", "--kind", "paper", "--arxiv", "arXiv:1706.03760"]) == 0
    text = (here / "notes" / "attention.md").read_text()
    assert header_of(here / "notes" / "attention.md")["paper"] == {"arxiv": "1706.03760"}
    assert "\n## The method\n" in text
    assert main(["new", "Plain"]) == 0
    assert "##" not in (here / "notes" / "plain.md").read_text()


@pytest.mark.parametrize(
    ("site", "arguments", "heading", "lang"),
    [
        ("language: zh-CN\n", [], "## 方法", None),
        ("language: en\n", ["--lang", "zh-cn"], "## 方法", "zh-CN"),
        ("language: zh-CN\n", ["--lang", "en"], "## The method", "en"),
        ("language: ja\n", [], "## The method", None),
    ],
)
def test_headings_are_in_the_language_of_the_note(
    here: Path, site: str, arguments: list[str], heading: str, lang: str | None
) -> None:
    (here / "notes").mkdir()
    (here / "site.yaml").write_text(site)
    assert main(["new", "N", "--kind", "paper", *arguments]) == 0
    note = here / "notes" / "n.md"
    assert heading in note.read_text(encoding="utf-8").split("\n")
    assert header_of(note).get("lang") == lang


def test_new_never_overwrites(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "a.md").write_text("mine\n")
    assert main(["new", "A"]) == 2
    assert "notes/a.md exists already" in capsys.readouterr().err
    assert (here / "notes" / "a.md").read_text() == "mine\n"
    assert main(["new", "A", "--dir", "cv/video"]) == 0
    assert (here / "notes" / "cv" / "video" / "a.md").is_file()


@pytest.mark.parametrize("folder", ["..", "../notes2", "/etc", "a/../../b"])
def test_new_stays_in_the_notes_folder(
    here: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes").mkdir()
    before = files_of(here.parent)
    assert main(["new", "A", "--dir", folder]) == 2
    assert "is not in the notes folder" in capsys.readouterr().err
    assert files_of(here.parent) == before


@pytest.mark.parametrize(
    ("title", "name"), [("Index", "index-note.md"), ("README", "readme-note.md")]
)
def test_a_title_does_not_make_the_page_of_the_folder(here: Path, title: str, name: str) -> None:
    (here / "notes").mkdir()
    assert main(["new", title]) == 0
    assert [path.name for path in (here / "notes").iterdir()] == [name]


def test_new_works_from_inside_the_site_and_with_ascii_names(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes" / "cv").mkdir(parents=True)
    (here / "site.yaml").write_text("slugs: ascii\n")
    monkeypatch.chdir(here / "notes" / "cv")
    assert main(["new", "注意力"]) == 0
    assert (here / "notes" / "zhu-yi-li.md").is_file()
    assert capsys.readouterr().out == f"{here / 'notes' / 'zhu-yi-li.md'}\n"


def test_new_needs_a_title_and_a_sound_configuration(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "  "]) == 2
    assert "a note needs a title" in capsys.readouterr().err
    assert main(["new", "A", "--lang", "zh_CN"]) == 2
    assert "write zh-CN" in capsys.readouterr().err
    (here / "site.yaml").write_text("titel: x\n")
    assert main(["new", "A"]) == 2
    assert "site.yaml:1:1: error" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("1706.03762", "1706.03762"),
        ("arXiv:1706.03762v5", "1706.03762v5"),
        ("https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("http://www.arxiv.org/pdf/1706.03762v5.pdf", "1706.03762v5"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/math.GT/0309136", "math.GT/0309136"),
    ],
)
def test_arxiv_identifiers_are_found_in_what_people_paste(given: str, known: str) -> None:
    assert arxiv_id(given) == known


@pytest.mark.parametrize("given", ["", "1706", "1706.03762; rm", "https://example.org/1706.03762"])
def test_what_is_no_arxiv_identifier_is_refused(given: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        arxiv_id(given)
