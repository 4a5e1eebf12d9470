"""References and labels of each style against hand-checked strings (`cases/*.yaml`)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.works.bibtex import read_bibtex
from notecast.works.csl_json import work_of_item
from notecast.works.model import Work
from notecast.works.styles import STYLES, Style
from notecast.works.styles.text import Piece, html, plain

FOLDER = Path(__file__).parent / "cases"


def cases(name: str) -> list[Any]:
    listed = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{name}: {case['name']}") for case in listed]


def work(case: dict[str, Any]) -> Work:
    if "csl" in case:
        return work_of_item("a", case["csl"])
    read = read_bibtex(case["entry"], "a.bib")
    assert read.problems == []
    (source,) = read.sources
    return source.work


def marked(pieces: list[Piece]) -> str:
    return "".join(f"*{piece.text}*" if piece.italic else piece.text for piece in pieces)


def check(case: dict[str, Any], style: Style, expected: str) -> None:
    pieces = style.entry(work(case), "")
    assert marked(pieces) == expected
    assert plain(pieces) == expected.replace("*", "")
    if style.label and "label" in case:
        assert style.label(work(case), "") == case["label"]


@pytest.mark.parametrize("case", cases("apa"))
def test_apa(case: dict[str, Any]) -> None:
    check(case, STYLES["apa"], case["expected"])


@pytest.mark.parametrize("case", cases("ieee"))
def test_ieee(case: dict[str, Any]) -> None:
    check(case, STYLES["ieee"], case["expected"])


@pytest.mark.parametrize("case", cases("gb7714"))
def test_gb7714(case: dict[str, Any]) -> None:
    check(case, STYLES["gb7714"], case["expected"])
    check(case, STYLES["gb7714-author-date"], case["author_date"])


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_every_style_survives_an_empty_record_of_every_type(style: Style) -> None:
    types = "article-journal book chapter dataset document paper-conference patent preprint"
    for kind in [*types.split(), "report", "software", "thesis", "webpage"]:
        bare = Work("x", kind)
        assert plain(style.entry(bare, "a"))
        assert style.who(bare, True)
        full = Work("x", kind, title="T?", url="https://e.org", issued="2020-02-03", arxiv="2001.1")
        text = plain(style.entry(full, ""))
        assert ".." not in text and "?." not in text and ",," not in text, text


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_markup_in_a_record_stays_text(style: Style) -> None:
    read = read_bibtex(
        "@article{a, title={\"><script>alert(1)</script>}, author={{<b onx='1'>}}, "
        'journal={</i>\u2028]]>}, url={https://x.org/"><script>}, year=2020}',
        "a.bib",
    )
    shown = html(style.entry(read.sources[0].work, ""))
    assert "<script" not in shown and "<b " not in shown and "</i>\u2028" not in shown
