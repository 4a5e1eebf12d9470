"""Reading and writing bibliographies: what is understood, what is reported and where."""

import json

import pytest

from notecast.works.bibtex import read_bibtex
from notecast.works.bibtex_text import bibtex
from notecast.works.csl_json import csl_item, read_csl_json
from notecast.works.files import parse
from notecast.works.latex import spoken
from notecast.works.model import Name, Work
from notecast.works.names import initials, parse_name, split_names

TRAPS = r"""
@string{neurips = "Advances in Neural Information Processing Systems"}
@article{good, title = {A {BERT} \& co: $x^2$ caf{\'e}}, month = jan,
  author = "Knuth, Donald E. and {\O}re, {\AA}ke and others",
  year = 2001, journal = neurips # " 30", pages={1--20}}
@article{lost,
  title = {Missing comma}
  author = {Someone, Ann},
  year = 2020
}
@article{good, title={again}}
@misc{unclosed, title = {abc,
  author = {x}
}

@online{fine, title={Fine}, url={https://x.org/a_b%20c}, urldate={2020-01-02}}
@article{twice, title={A}, title={B}}
@article{undefined, journal = nips, title={T}}
@inproceedings{child, crossref = {parent}, title={C}, author={Doe, J.}}
@inproceedings{orphan, crossref = {nobody}, title={C}}
@comment{not an entry}
Text between entries.
@proceedings{parent, title={Proc. X}, year=1999, publisher={P}}
"""


def test_every_trap_is_reported_with_its_line_and_the_rest_is_read() -> None:
    read = read_bibtex(TRAPS, "refs.bib")
    works = {source.work.key: source.work for source in read.sources}
    assert [(problem.line, problem.rule) for problem in read.problems] == [
        (8, "bibliography-has-commas"),
        (11, "bibliography-key-is-unique"),
        (12, "bibliography-is-readable"),
        (17, "bibliography-field-is-unique"),
        (18, "bibliography-string-is-defined"),
        (20, "bibliography-crossref-exists"),
    ]
    assert "author" in read.problems[0].message and "lost" in read.problems[0].message
    assert "line 3" in read.problems[1].message
    assert "unclosed" in read.problems[2].message
    good = works["good"]
    assert good.title == "A BERT & co: $x^2$ café"
    assert good.authors == (Name("Knuth", "Donald E."), Name("Øre", "Åke"))
    assert good.more_authors
    assert (good.issued, good.pages) == ("2001-01", "1–20")
    assert good.container == "Advances in Neural Information Processing Systems 30"
    # The field behind the missing comma is not lost.
    assert works["lost"].authors == (Name("Someone", "Ann"),)
    assert works["lost"].title == "Missing comma"
    assert works["fine"].url == "https://x.org/a_b%20c"
    assert works["twice"].title == "A"
    child = works["child"]
    assert (child.container, child.issued, child.publisher) == ("Proc. X", "1999", "P")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Donald E. Knuth", Name("Knuth", "Donald E.")),
        ("Knuth, Donald E.", Name("Knuth", "Donald E.")),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", "van")),
        ("van der Maaten, Laurens", Name("Maaten", "Laurens", "van der")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", "", "Jr.")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", "", "Jr.")),
        ("{World Health Organization}", Name(literal="World Health Organization")),
        ("{Barnes and Noble}", Name(literal="Barnes and Noble")),
        ("周志华", Name(literal="周志华")),
        ("{周, 志华}", Name("周", "志华")),
        ("周 志华", Name(literal="周志华")),
        ("Plato", Name("Plato")),
    ],
)
def test_names_are_parted_as_bibtex_does(written: str, name: Name) -> None:
    assert parse_name(written) == name


def test_names_are_split_outside_braces_only() -> None:
    assert split_names("{Barnes and Noble} and Doe, J. and others") == (
        ["{Barnes and Noble}", "Doe, J."],
        True,
    )
    assert split_names("Anderson, A and\n  Sanders, B") == (["Anderson, A", "Sanders, B"], False)


def test_initials() -> None:
    assert initials("Jean-Paul Marie") == "J.-P. M."
    assert initials("W.E.") == "W. E."
    assert initials("Jean-Paul", dot="", hyphen=" ") == "J P"


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{a, title={T}, author={Doe, J.}, eprint={1706.03762v5}, archivePrefix={arXiv}}",
        "@article{a, title={T}, author={Doe, J.}, journal={arXiv preprint arXiv:1706.03762}}",
        "@article{a, title={T}, author={Doe, J.}, journal={CoRR}, volume={abs/1706.03762}}",
        "@misc{a, title={T}, author={Doe, J.}, doi={10.48550/arXiv.1706.03762}}",
        "@misc{a, title={T}, author={Doe, J.}, url={https://arxiv.org/pdf/1706.03762v5.pdf}}",
        "@misc{a, title={T}, author={Doe, J.}, howpublished={arXiv:1706.03762 [cs.CL]}}",
    ],
)
def test_a_preprint_is_known_however_its_entry_was_exported(entry: str) -> None:
    (source,) = read_bibtex(entry, "a.bib").sources
    work = source.work
    assert (work.type, work.arxiv, work.doi, work.container) == ("preprint", "1706.03762", "", "")


def test_zotero_items_are_read_with_their_lines() -> None:
    items = [
        {
            "id": "http://zotero.org/users/1/items/AB12",
            "citation-key": "周志华2016",
            "type": "book",
            "title": "机器学习",
            "author": [{"family": "周", "given": "志华"}],
            "issued": {"date-parts": [["2016", 1]]},
        },
        {"id": "x", "type": "article", "title": "A <i>B</i>", "number": "arXiv:1706.03762",
         "publisher": "arXiv", "author": [{"literal": "OpenAI"}, {"literal": "others"}]},
        {"id": "x", "type": "book"},
        {"type": "book"},
    ]  # fmt: skip
    read = read_csl_json(json.dumps(items, ensure_ascii=False, indent=1), "z.json")
    first, second = (source.work for source in read.sources)
    assert (first.key, first.issued, first.authors) == (
        "周志华2016",
        "2016-01",
        (Name("周", "志华"),),
    )
    assert (second.type, second.arxiv, second.title) == ("preprint", "1706.03762", "A B")
    assert second.more_authors and second.publisher == ""
    assert read.sources[0].line == 4
    assert [problem.rule for problem in read.problems] == [
        "bibliography-key-is-unique",
        "bibliography-is-readable",
    ]


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "http://zotero.org/users/1/items/AB12"}, "AB12"),
        ({"id": "1/AB12", "citation-key": "doe2020"}, "doe2020"),
        ({"id": "1/AB12", "note": "PMID: 1\nCitation Key: doe2020\ntex.x: y"}, "doe2020"),
    ],
)
def test_the_key_of_an_item_wherever_zotero_puts_it(item: dict[str, str], key: str) -> None:
    read = read_csl_json(json.dumps([{**item, "type": "book"}]), "z.json")
    assert [source.work.key for source in read.sources] == [key]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("url = {https://x.org/\\~{}doe/a\\_b\\%20c}", {"url": "https://x.org/~doe/a_b%20c"}),
        ("url = {https://x.org/{\\textasciitilde}doe}", {"url": "https://x.org/~doe"}),
        ("howpublished = {\\url{https://x.org/a}}, note = {Accessed: 2024-01-05}",
         {"url": "https://x.org/a", "accessed": "2024-01-05"}),
        ("date = {2001-03/2002-04}", {"issued": "2001-03"}),
        ("year = 1999, month = {Dec.}, day = 3", {"issued": "1999-12-03"}),
        ("year = 1999, month = dec # {~3}", {"issued": "1999-12-03"}),
        ("year = {in press}", {"issued": ""}),
    ],
)  # fmt: skip
def test_addresses_and_dates_in_every_form(fields: str, expected: dict[str, str]) -> None:
    (source,) = read_bibtex(f"@misc{{a, title={{T}}, {fields}}}", "a.bib").sources
    assert {name: getattr(source.work, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("@inbook{a, title={Book}, pages={1-2}}", ("book", "", "")),
        ("@inbook{a, title={Part}, booktitle={Book}}", ("chapter", "", "")),
        ("@proceedings{a, title={Proc}}", ("book", "Proceedings", "")),
        ("@report{a, title={R}, type={techreport}, number=3}", ("report", "Technical Report", "3")),
        ("@patent{a, title={P}, type={patentus}, number=3}", ("patent", "U.S. Patent", "3")),
        ("@standard{a, title={S}, number={GB/T 7714}}", ("standard", "", "GB/T 7714")),
        ("@thesis{a, title={T}, type={mathesis}}", ("thesis", "Master's thesis", "")),
    ],
)
def test_types_of_biblatex(entry: str, expected: tuple[str, ...]) -> None:
    (source,) = read_bibtex(entry, "a.bib").sources
    assert (source.work.type, source.work.genre, source.work.number) == expected


def test_what_stands_behind_a_value_is_reported() -> None:
    read = read_bibtex('@book{a,\n title = "A ""Quoted"" Thing",\n year = {2001} {x}}', "a.bib")
    assert [(problem.line, problem.rule) for problem in read.problems] == [
        (2, "bibliography-is-readable"),
        (3, "bibliography-is-readable"),
    ]
    assert 'title in the entry a ends before "Quoted"" Thing"' in read.problems[0].message


def test_a_file_with_a_mark_of_its_encoding_and_dos_lines() -> None:
    data = "\ufeff@book{a,\r\n title={Ä}}\r\n@book{a, title={B}}\r\n".encode()
    read = parse(data, "a.bib")
    assert [source.work.title for source in read.sources] == ["Ä"]
    assert [(problem.rule, problem.line) for problem in read.problems] == [
        ("bibliography-key-is-unique", 3)
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Attention Is All You Need", "Attention is all you need"),
        ("Attention is All you Need", "Attention is all you need"),
        ("{BERT:} Pre-training of {Deep} Bidirectional Transformers",
         "BERT: Pre-training of Deep bidirectional transformers"),
        ("A {B}ayesian View: {\\'E}tude", "A Bayesian view: Étude"),
        ("Q-Learning and the Markov Property in {MNIST} 2D",
         "Q-learning and the Markov property in MNIST 2D"),
        ("Bounds of $\\Delta X$ in Hilbert Spaces", "Bounds of $\\Delta X$ in Hilbert spaces"),
        ("{{Kept As It Is Written}}", ""),
        ("Language learning as language use: A model", ""),
        ("The novels of Jane Austen", ""),
        ("Über die Theorie", ""),
        ("机器学习 Machine Learning Basics", ""),
        ("ImageNet", ""),
        ("Attention? Attention!", ""),
    ],
)  # fmt: skip
def test_titles_in_sentence_case(title: str, expected: str) -> None:
    (source,) = read_bibtex(f"@misc{{a, title={{{title}}}}}", "a.bib").sources
    assert source.work.title_as_sentence == expected


def test_the_language_of_a_record_decides_about_its_title() -> None:
    read = read_bibtex("@misc{a, title={Les Grandes Villes}, langid={french}}", "a.bib")
    assert read.sources[0].work.title_as_sentence == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$\\alpha$-VAE in $O(n^2)$", "α-VAE in O(n²)"),
        ("$L_2$ and $\\beta_{ij}$", "L₂ and βᵢⱼ"),
        ("costs $5", "costs $5"),
        ("$\\{$", "{"),
    ],
)
def test_formulas_as_letters(written: str, expected: str) -> None:
    assert spoken(written) == expected


@pytest.mark.parametrize(
    "data",
    [b"{", b"[1]", b'"x"', b"[" * 100_000, b"@", b"@article{", b"\xff\xfe@article{a,}", b"\0",
     b"@article{a, title = {" + b"{" * 5000, b'@a{b, c = "d'],
)  # fmt: skip
@pytest.mark.parametrize("name", ["x.bib", "x.json"])
def test_no_file_stops_a_build(data: bytes, name: str) -> None:
    parse(data, name)


def test_a_file_that_is_not_utf_8_says_so() -> None:
    read = parse("@book{a,\n title={Café}}".encode("latin-1"), "x.bib")
    assert [(problem.rule, problem.line) for problem in read.problems] == [
        ("bibliography-is-utf-8", 2)
    ]
    assert len(read.sources) == 1


def test_what_is_written_reads_back_the_same() -> None:
    work = Work(
        key="doe2020",
        type="article-journal",
        title="50% of A & B: the QK-norm of $x_i$",
        authors=(Name("Doe", "Jane", "van"), Name(literal="The Lab"), Name("Roe", "R", "", "Jr.")),
        issued="2020-03",
        container="J. Things",
        volume="3",
        issue="4",
        pages="1–9",
        doi="10.1234/AbC",
        arxiv="2001.00001",
    )
    (source,) = read_bibtex(bibtex(work), "x.bib").sources
    assert source.work == work
    (source,) = read_csl_json(json.dumps([csl_item(work)]), "x.json").sources
    assert source.work.title == work.title
    assert source.work.authors == work.authors
    assert (source.work.doi, source.work.arxiv) == (work.doi, work.arxiv)
