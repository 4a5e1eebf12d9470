"""References and labels of each style against hand-checked strings (`cases/*.yaml`)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.works.bibtex import read_bibtex
from notecast.works.csl_json import work_of_item
from notecast.works.model import Work
from notecast.works.styles import STYLES, Style
from notecast.works.styles.text import ALONE, Piece, html, plain

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
    return "".join(f"*{plain([piece])}*" if piece.italic else plain([piece]) for piece in pieces)


def check(case: dict[str, Any], style: Style, expected: str) -> None:
    pieces = style.entry(work(case), "")
    assert marked(pieces) == expected
    assert plain(pieces) == expected.replace("*", "")
    if style.label and "label" in case:
        assert marked(style.label(work(case), ALONE)) == case["label"]


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
        assert style.who(bare, True, ALONE)
        full = Work("x", kind, title="T?", url="https://e.org", issued="2020-02-03", arxiv="2001.1")
        text = plain(style.entry(full, ""))
        assert ".." not in text and "?." not in text and ",," not in text, text


def labels(text: str, style: str = "apa") -> dict[str, str]:
    """What a list of these works cites each of them as."""
    works = sorted(
        (source.work for source in read_bibtex(text, "a.bib").sources), key=STYLES[style].sort_key
    )
    apart, label = STYLES[style].tell_apart, STYLES[style].label
    assert apart and label
    found = apart(works)
    return {work.key: plain(label(work, found.get(work.key, ALONE))) for work in works}


def test_apa_tells_works_that_look_alike_apart() -> None:
    # Manual, §8.18: names until they differ, and never et al. for a single name.
    assert labels("""
        @misc{a, author={Kapoor, C. and Bloom, D. and Montez, E. and W, F. and H, G.}, year=2017}
        @misc{b, author={Kapoor, C. and Bloom, D. and Zucker, E. and T, F. and K, G.}, year=2017}
        @misc{c, author={Hasan, A. and Liang, B. and Kahn, C.}, year=2015}
        @misc{d, author={Hasan, A. and Liang, B. and Jones-Miller, D.}, year=2015}""") == {
        "a": "Kapoor, Bloom, Montez, et al., 2017",
        "b": "Kapoor, Bloom, Zucker, et al., 2017",
        "c": "Hasan, Liang, & Kahn, 2015",
        "d": "Hasan, Liang, & Jones-Miller, 2015",
    }
    # §8.19: letters by title (without its article) for the same authors.
    assert labels("""
        @misc{a, author={Judge, T. A. and Kammeyer-Mueller, J. D.}, year=2012, title={Zeal}}
        @misc{b, author={Judge, T. A. and Kammeyer-Mueller, J. D.}, year=2012, title={The ambition}}
        @misc{c, author={Moe, J.}, title={B}}
        @misc{d, author={Moe, J.}, title={A}}""") == {
        "a": "Judge & Kammeyer-Mueller, 2012b",
        "b": "Judge & Kammeyer-Mueller, 2012a",
        "c": "Moe, n.d.-b",
        "d": "Moe, n.d.-a",
    }
    # §8.20: initials of first authors who share a family name, whatever the year.
    assert labels("""
        @misc{a, author={Taylor, J. M. and Neimeyer, G. J.}, year=2015}
        @misc{b, author={Taylor, T.}, year=2014}
        @misc{c, author={Roe, Jane}, year=2014}
        @misc{d, author={Roe, J.}, year=2015}""") == {
        "a": "J. M. Taylor & Neimeyer, 2015",
        "b": "T. Taylor, 2014",
        "c": "Roe, 2014",
        "d": "Roe, 2015",
    }


def test_gb7714_tells_works_of_one_year_apart_by_letters() -> None:
    text = """
        @misc{a, author={王临惠 and 蒋宗霞}, year=2010, title={乙}}
        @misc{b, author={王临惠 and 唐爱霞}, year=2010, title={甲}}"""
    assert labels(text, "gb7714-author-date") == {"a": "王临惠 等, 2010a", "b": "王临惠 等, 2010b"}


def test_order_of_references() -> None:
    text = """
        @misc{one, author={Doe, J.}, year=2010}
        @misc{two, author={Doe, J. and Abe, K.}, year=2001}
        @misc{undated, author={Doe, J.}}
        @misc{titled, title={The doe in winter}, year=2000}
        @misc{oneil, author={O'Neil, A.}, year=2000}
        @misc{omar, author={Omar, A.}, year=2000}
        @misc{ozturk, author={Öztürk, A.}, year=2000}
        @misc{zhou, author={周志华}, year=2000}
        @misc{brown, author={Brown, J.}, year=2000}
        @misc{browning, author={Browning, A.}, year=2000}"""
    works = [source.work for source in read_bibtex(text, "a.bib").sources]
    assert [work.key for work in sorted(works, key=STYLES["apa"].sort_key)] == [
        "brown", "browning", "titled", "undated", "one", "two", "omar", "oneil", "ozturk", "zhou",
    ]  # fmt: skip
    in_gb = [work.key for work in sorted(works, key=STYLES["gb7714-author-date"].sort_key)]
    assert in_gb[0] == "zhou"


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_markup_in_a_record_stays_text(style: Style) -> None:
    read = read_bibtex(
        "@article{a, title={\"><script>alert(1)</script>}, author={{<b onx='1'>}}, "
        'journal={</i>\u2028]]>}, url={https://x.org/"><script>}, year=2020}',
        "a.bib",
    )
    shown = html(style.entry(read.sources[0].work, ""))
    assert "<script" not in shown and "<b " not in shown and "</i>\u2028" not in shown
