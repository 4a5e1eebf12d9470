"""One work for everything that means the same."""

import pytest

from notecast.works.bibtex import read_bibtex
from notecast.works.identifiers import Identifier, identify
from notecast.works.library import Library, Shelf, merge, with_stubs
from notecast.works.model import Source, Work


def library(*texts: str, scope: str = "") -> Library:
    shelves = [
        Shelf(read_bibtex(text, f"{nth}.bib").sources, scope if nth else "")
        for nth, text in enumerate(texts)
    ]
    return merge(shelves)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1706.03762", "arXiv:1706.03762"),
        ("arXiv:1706.03762v5", "arXiv:1706.03762"),
        ("ARXIV: 1706.03762", "arXiv:1706.03762"),
        ("hep-th/9901001", "arXiv:hep-th/9901001"),
        ("math.GT/0309136v2", "arXiv:math/0309136"),
        ("https://arxiv.org/abs/Math.GT/0309136", "arXiv:math/0309136"),
        ("https://arxiv.org/abs/1706.03762v5", "arXiv:1706.03762"),
        ("https://arxiv.org/pdf/1706.03762.pdf", "arXiv:1706.03762"),
        ("http://www.arxiv.org/abs/hep-th/9901001", "arXiv:hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "arXiv:1706.03762"),
        ("10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("doi:10.1109/JPHOT.2013.2247587", "doi:10.1109/jphot.2013.2247587"),
        ("https://dx.doi.org/10.1002/(SICI)1097-0258", "doi:10.1002/(sici)1097-0258"),
    ],
)
def test_identifiers_in_every_form(written: str, expected: str) -> None:
    assert str(identify(written)) == expected


@pytest.mark.parametrize(
    "written",
    ["", "doe2020", "10", "1706", "https://arxiv.org/list/cs", "https://evil.org/abs/1706.03762",
     "https://arxiv.org.evil.org/abs/1706.03762", "http://[", "10.1/x"],
)  # fmt: skip
def test_what_is_no_identifier(written: str) -> None:
    assert identify(written) is None


def test_records_are_joined_by_doi_arxiv_and_key() -> None:
    known = library(
        "@misc{pre, title={T}, author={Doe, J.}, year=2017, eprint={1706.03762}}",
        "@inproceedings{pub, title={T}, author={Doe, Jane}, year=2018, booktitle={Proc}, "
        "eprint={1706.03762}, doi={10.1234/ABC}}",
        "@misc{other, title={T}, doi={10.1234/abc}, url={https://x.org}}",
    )
    assert len(known.works) == 1
    work = known.works["pre"]
    # What is published counts, with its year; what it lacks comes from the others.
    assert (work.type, work.container, work.issued) == ("paper-conference", "Proc", "2018")
    assert work.url == "https://x.org"
    for written in ("pre", "pub", "other", "arXiv:1706.03762v2", "10.1234/ABC", "doi:10.1234/abc"):
        assert known.find(written) == "pre", written


def test_two_groups_are_joined_by_a_record_that_has_both_identifiers() -> None:
    known = library(
        "@misc{a, title={T}, eprint={1706.03762}}",
        "@misc{b, title={T}, doi={10.1234/x}}",
        "@misc{c, title={T}, eprint={1706.03762}, doi={10.1234/x}}",
    )
    assert set(known.works) == {"a"}
    assert known.find("b") == known.find("c") == "a"


def test_one_key_for_two_works_is_reported_and_the_first_counts() -> None:
    known = library(
        "@misc{a, title={One}, doi={10.1234/1}}", "@misc{a, title={Two}, doi={10.1234/2}}"
    )
    assert known.works[known.find("a") or ""].title == "One"
    (problem,) = known.problems
    assert (problem.rule, problem.path, problem.line) == ("bibliography-key-is-unique", "1.bib", 1)


def test_keys_of_a_note_count_there_and_only_there() -> None:
    known = library(
        "@misc{a, title={Site}, doi={10.1234/1}}",
        "@misc{a, title={Note}, doi={10.1234/2}}\n@misc{b, title={B}}",
        scope="n.md",
    )
    assert known.works[known.find("a") or ""].title == "Site"
    assert known.works[known.find("a", ["n.md"]) or ""].title == "Note"
    assert known.find("b") is None
    assert known.find("b", ["n.md"]) == "b"
    assert len(set(known.slugs.values())) == 3
    assert known.problems == []


def test_unknown_keys_are_told_the_nearest() -> None:
    known = library("@misc{vaswani2017attention, title={T}}\n@misc{Kingma2014, title={T}}")
    assert known.near("vaswani2017atention") == ["vaswani2017attention"]
    assert known.near("kingma2014") == ["Kingma2014"]
    assert known.near("zzz") == []


def test_works_of_which_only_the_identifier_is_known() -> None:
    named = {"arXiv:1406.2199": Identifier("arxiv", "1406.2199")}
    known = with_stubs(library("@misc{a, title={T}}"), named)
    key = known.find("1406.2199v2")
    assert key == "arXiv:1406.2199"
    assert not known.works[key].known
    assert known.works[key].issued == "2014-06"


def test_addresses_never_collide() -> None:
    works = [Work(key, title="T") for key in ("Doe:2020", "doe-2020", "authors", "C++", "C#")]
    known = merge([Shelf([Source(work, "", 0) for work in works])])
    assert len({slug.casefold() for slug in known.slugs.values()}) == len(works)
    assert "authors" not in known.slugs.values()
