"""Citations on a site: what is shown, what is reported, what an edit rewrites."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from ..conftest import SiteFolder

BIB = """\
@misc{kingma2014adam, title={Adam: A method for stochastic optimization},
  author={Diederik P. Kingma and Jimmy Ba}, year=2014, eprint={1412.6980}, archivePrefix={arXiv}}
@inproceedings{vaswani2017attention, title={Attention is all you need},
  author={Vaswani, A. and Shazeer, N. and Parmar, N.}, booktitle={NeurIPS}, year=2017,
  eprint={1706.03762}}
@book{周志华2016, title={机器学习}, author={周志华}, publisher={清华大学出版社}, address={北京},
  year=2016}
@misc{doe2020a, title={First}, author={Doe, Jane}, year=2020}
@misc{doe2020b, title={Second}, author={Doe, Jane}, year=2020}
"""


class Text(HTMLParser):
    """The text of HTML without marks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


class Attributes(HTMLParser):
    """The names of all attributes of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs}


def body(page: str) -> str:
    start = page.index('<div class="body"')
    return page[page.index(">", start) + 1 : page.index('<section class="references"')]


def shown(page: str) -> str:
    return " ".join("".join(Text(body(page)).parts).split())


@pytest.fixture
def cited(site: SiteFolder) -> SiteFolder:
    site.write("references.bib", BIB)
    return site


AUTHOR_DATE = [
    ("Text [@kingma2014adam].", "Text (Kingma & Ba, 2014)."),
    (
        "Text [@vaswani2017attention; @kingma2014adam].",
        "Text (Kingma & Ba, 2014; Vaswani et al., 2017).",
    ),
    ("Text [see @kingma2014adam, p. 3].", "Text (see Kingma & Ba, 2014, p. 3)."),
    ("Kingma [-@kingma2014adam] says.", "Kingma (2014) says."),
    ("@kingma2014adam says.", "Kingma and Ba (2014) says."),
    ("@kingma2014adam [p. 3] says.", "Kingma and Ba (2014, p. 3) says."),
    ("[@doe2020a; @doe2020b]", "(Doe, 2020a; Doe, 2020b)"),
    ("[[@kingma2014adam]] [[@kingma2014adam|Adam]]", "Kingma and Ba (2014) Adam"),
    ("arXiv:1412.6980v9", "arXiv:1412.6980v9"),
    ("[@arXiv:1412.6980v2] [@{https://arxiv.org/abs/1412.6980}]",
     "(Kingma & Ba, 2014) (Kingma & Ba, 2014)"),
    ("[@kingma2014adam; @nobody]", "(Kingma & Ba, 2014; @nobody)"),
]  # fmt: skip
NUMERIC = [
    ("A [@kingma2014adam] B [@vaswani2017attention].", "A [1] B [2]."),
    ("[@doe2020a] [@doe2020b] [@kingma2014adam] [@kingma2014adam; @doe2020a; @doe2020b]",
     "[1] [2] [3] [1]–[3]"),
    ("[@doe2020a; @kingma2014adam]", "[1], [2]"),
    ("[@doe2020a, p. 3; @kingma2014adam]", "[1, p. 3], [2]"),
    ("@vaswani2017attention says [see @doe2020a].", "Vaswani et al. [1] says see [2]."),
]  # fmt: skip
GB7714 = [
    ("早期 [@kingma2014adam] 与 [@vaswani2017attention]。", "早期[1] 与[2]。"),
    ("[@kingma2014adam; @vaswani2017attention]", "[1-2]"),
    ("[@doe2020a] [@doe2020b] [@kingma2014adam] [@kingma2014adam; @doe2020a]", "[1][2][3][1,3]"),
    (
        "@vaswani2017attention 说，@周志华2016 [第 3 页] 也说。",
        "Vaswani 等[1] 说，周志华[2]3 也说。",
    ),
    ("[@周志华2016, pp. 3-4]", "[1]3-4"),
]


@pytest.mark.parametrize(("written", "expected"), AUTHOR_DATE)
def test_author_and_date(cited: SiteFolder, written: str, expected: str) -> None:
    cited.note("a.md", written + "\n", title="A", date="2025-01-01")
    cited.build()
    assert shown(cited.page("/notes/a/")) == expected


@pytest.mark.parametrize(("written", "expected"), NUMERIC)
def test_numbers(cited: SiteFolder, written: str, expected: str) -> None:
    cited.note("a.md", written + "\n", title="A", date="2025-01-01")
    cited.build(config={"citations.style": "ieee"})
    assert shown(cited.page("/notes/a/")) == expected


@pytest.mark.parametrize(("written", "expected"), GB7714)
def test_chinese_notes_are_set_after_gb_t_7714(
    cited: SiteFolder, written: str, expected: str
) -> None:
    cited.note("a.md", written + "\n", title="A", date="2025-01-01", lang="zh-CN")
    cited.build()
    assert shown(cited.page("/notes/a/")) == expected


def test_gb_t_7714_by_author_and_date(cited: SiteFolder) -> None:
    cited.note(
        "a.md",
        "@周志华2016 [第 3 页] 与 [@doe2020a; @周志华2016]，[@doe2020b, p. 4]。\n",
        title="A",
        lang="zh-CN",
    )
    cited.build(config={"citations.style": "gb7714-author-date"})
    # §10.2.5: pages stand raised behind the parentheses; Chinese works come first.
    page = cited.page("/notes/a/")
    assert shown(page) == "周志华 (2016)3 与 (周志华, 2016; Doe, 2020a)，(Doe, 2020b)4。"
    assert ")<sup>4</sup>" in page
    references = page[page.index('class="references"') :]
    assert references.index("DOE J, 2020a") < references.index("DOE J, 2020b")


def test_works_that_look_alike_are_told_apart_in_the_text(cited: SiteFolder) -> None:
    cited.write(
        "references.bib",
        BIB + "@misc{doejohn, title={Third}, author={Doe, A. and Roe, B.}, year=2001}\n",
    )
    text = "@doe2020a and [@doejohn] and [-@doe2020b].\n"
    cited.note("a.md", text, title="A")
    cited.note("b.md", "[@doe2020b] and [@kingma2014adam].\n", title="B")
    cited.build()
    assert shown(cited.page("/notes/a/")) == (
        "J. Doe (2020a) and (A. Doe & Roe, 2001) and (2020b)."
    )
    assert shown(cited.page("/notes/b/")) == "(Doe, 2020) and (Kingma & Ba, 2014)."


def test_each_unknown_key_of_several_has_its_place(cited: SiteFolder) -> None:
    text = "x [@doe2020a, p. 3; see @nobody1; @nobody2;\n@nobody3] and [@nobody4]\n"
    cited.note("a.md", text, title="A")
    cited.build()
    assert [(p.line, p.column, p.message.split('"')[1]) for p in cited.problems] == [
        (5, 25, "nobody1"),
        (5, 35, "nobody2"),
        (6, 0, "nobody3"),  # how far a further line is indented is not known
        (6, 15, "nobody4"),
    ]


def test_an_entry_without_anything_is_no_case_for_the_network(cited: SiteFolder) -> None:
    cited.write("references.bib", "@misc{empty, note={x}}\n")
    cited.note("a.md", "[@empty]\n", title="A")
    cited.build()
    assert [(p.path, p.line, p.rule) for p in cited.problems] == [
        ("references.bib", 1, "bibliography-entry-is-complete")
    ]


def test_references_lead_back_to_every_place(cited: SiteFolder) -> None:
    cited.note("a.md", "One [@kingma2014adam]. Two[^1] [@kingma2014adam].\n\n[^1]: @doe2020a\n",
               title="A")  # fmt: skip
    cited.build()
    page = cited.page("/notes/a/")
    section = page[page.index('<section class="references"') :]
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    links = re.findall(r'href="#([^"]+)"', section)
    assert [link for link in links if link.startswith("cite-")] == ["cite-3", "cite-1", "cite-2"]
    assert set(links) <= ids
    for target in re.findall(r'role="doc-biblioref" aria-describedby="([^"]+)"', page):
        assert target in ids
    assert page.count('role="doc-bibliography"') == 1
    # Without a script the reference is in the page already.
    assert 'data-ref="Kingma, D. P., &amp; Ba, J. (2014). Adam' in page


def test_links_of_the_author_keep_text_and_address(cited: SiteFolder) -> None:
    cited.note("a.md", "See [the paper](https://arxiv.org/abs/1412.6980v3).\n", title="A")
    cited.build()
    page = cited.page("/notes/a/")
    assert '<a href="https://arxiv.org/abs/1412.6980v3" rel="noopener">the paper</a>' in page
    assert 'data-ref="Kingma, D. P.' in body(page)
    assert "(2014)" in page[page.index("doc-bibliography") :]


def test_what_nothing_knows_stays_as_it_is_written(cited: SiteFolder) -> None:
    text = "Ask @ada or ada@example.org, see [@nobody2020], `[@code]`, [[@missing]]."
    cited.note("a.md", text + "\n\n[@kingma2014adm]\n", title="A")
    cited.build()
    page = cited.page("/notes/a/")
    assert "Ask @ada or ada@example.org, see [@nobody2020], <code>[@code]</code>" in page
    assert 'class="references"' not in page
    found = [(p.rule, p.line, p.column) for p in cited.problems]
    assert found == [
        ("citation-key-exists", 5, 34),
        ("citation-key-exists", 5, 60),
        ("citation-key-exists", 7, 1),
    ]
    assert cited.problems[2].hint == "did you mean @kingma2014adam?"
    assert "kingma2014adm" in cited.problems[2].message


def test_a_site_that_cites_nothing_has_nothing_of_it(site: SiteFolder) -> None:
    site.note("a.md", "Mail @ada.\n", title="A", date="2025-01-01")
    site.build()
    assert site.problems == []
    assert not [path for path in site.tree() if path.startswith("papers")]
    assert "references" not in body_of_whole(site.page("/notes/a/"))


def body_of_whole(page: str) -> str:
    return page[page.index('<div class="body"') : page.index("<footer")]


def test_a_changed_bibliography_rewrites_the_pages_that_name_its_works(cited: SiteFolder) -> None:
    cited.note("a.md", "Text [@kingma2014adam].\n", title="A", date="2025-01-01")
    cited.note("b.md", "Text [@周志华2016].\n", title="B", date="2025-01-02")
    cited.note("c.md", "Text.\n", title="C", date="2025-01-03")
    cited.build()
    before = cited.tree()
    again = cited.build()
    assert (again.written, again.removed) == (0, 0)
    cited.write("references.bib", BIB.replace("stochastic optimization", "optimisation"))
    cited.build()
    after = cited.tree()
    changed = [path for path in after if after[path] != before.get(path)]
    assert "notes/a/index.html" in changed
    assert not {"notes/b/index.html", "notes/c/index.html", "index.html"} & set(changed)
    assert not [path for path in changed if "周志华2016/" in path]
    clean = dict(after)
    cited.build(use_cache=False)
    assert cited.tree() == clean


def test_a_bibliography_that_appears_and_goes_is_noticed(site: SiteFolder) -> None:
    site.note("a.md", "Text [@kingma2014adam].\n", title="A", date="2025-01-01")
    site.build()
    without = site.tree()
    assert site.rules() == ["citation-key-exists"]
    site.write("references.bib", BIB)
    site.build()
    assert site.problems == []
    assert "Kingma &amp; Ba, 2014" in site.page("/notes/a/")
    (site.root / "references.bib").unlink()
    site.build()
    assert site.tree() == without


def test_an_unchanged_bibliography_is_not_parsed_again(
    cited: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited.note("a.md", "Text [@kingma2014adam].\n", title="A", date="2025-01-01")
    cited.build()

    def refuse(*_: object) -> None:
        raise AssertionError("the bibliography was parsed again")

    monkeypatch.setattr("notecast.works.files.parse", refuse)
    cited.note("a.md", "Another [@kingma2014adam].\n", title="A", date="2025-01-01")
    cited.build()
    assert "Another" in cited.page("/notes/a/")


def test_a_note_has_bibliographies_and_entries_of_its_own(site: SiteFolder) -> None:
    site.write("notes/dir/own.bib", "@misc{doe2020, title={Mine}, author={Doe, J.}, year=2020}")
    block = "```bibtex\n@misc{roe, title={Here}, author={Roe, R.}, year=2021}\n```\n"
    site.note("dir/a.md", f"[@doe2020] [@roe]\n\n{block}", title="A", bibliography="own.bib")
    site.note("b.md", "[@doe2020] [@roe]\n", title="B")
    site.build()
    page = site.page("/notes/dir/a/")
    assert "(Doe, 2020) (Roe, 2021)" in shown(page)
    assert [(p.path, p.rule) for p in site.problems] == [
        ("notes/b.md", "citation-key-exists"),
        ("notes/b.md", "citation-key-exists"),
    ]


def test_csl_json_as_zotero_writes_it(site: SiteFolder) -> None:
    item = {"id": "doe", "type": "book", "title": "T", "author": [{"family": "Doe", "given": "J"}]}
    site.write("zotero.json", json.dumps([item]))
    site.note("a.md", "[@doe]\n", title="A")
    site.build(config={"citations.bibliography": ["zotero.json"]})
    assert shown(site.page("/notes/a/")) == "(Doe, n.d.)"
    (problem,) = site.problems
    assert (problem.rule, problem.path) == ("bibliography-entry-is-complete", "zotero.json")


@pytest.mark.parametrize(
    "written",
    ["../secret.bib", "/etc/passwd", "../../../../etc/passwd", "C:\\x.bib", "\\\\host\\x.bib",
     "file:///etc/passwd", "~/x.bib", "a/../../secret.bib", "link.bib", "missing.bib", "notes"],
)  # fmt: skip
def test_no_bibliography_is_read_outside_the_site(site: SiteFolder, written: str) -> None:
    secret = site.root.parent / "secret.bib"
    secret.write_text("@misc{canary, title={Canary}}", encoding="utf-8")
    (site.root / "link.bib").symlink_to(secret)
    (site.root / "notes" / "link.bib").symlink_to(secret)
    site.note("a.md", "[@canary]\n", title="A", bibliography=json.dumps(written))
    site.build(config={"citations.bibliography": [written]})
    assert "Canary" not in site.page("/notes/a/")
    rules = site.rules()
    assert rules.count("bibliography-file-exists") == 2, site.problems
    places = {p.path for p in site.problems if p.rule == "bibliography-file-exists"}
    assert places == {"notes/a.md", "site.yaml"}


PAYLOADS = ['"><script>alert(1)</script>', "' onmouseover='x", "</script><b>", "]]>", "a\u2028b"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_records_cannot_break_out_of_pages(site: SiteFolder, payload: str) -> None:
    item = {
        "id": "doe", "type": "article-journal", "title": payload, "container-title": payload,
        "author": [{"family": payload, "given": payload}, {"literal": payload}],
        "issued": {"raw": "2020"}, "URL": f"https://x.org/{payload}", "DOI": f"10.1234/{payload}",
        "volume": payload, "page": payload,
    }  # fmt: skip
    site.write("refs.json", json.dumps([item]))
    paper = {"key": "doe", "status": payload, "rating": payload}
    paper |= {"code": "javascript:alert(1)", "pdf": f"https://x/{payload}"}
    text = "@doe says [@doe, p. 3]. [[@doe]]\n"
    site.note("a.md", text, title="A", date="2025-01-01", paper=json.dumps(paper))
    site.build(config={"citations.bibliography": ["refs.json"]})
    assert "javascript:" not in "".join(
        data.decode() for path, data in site.tree().items() if path.endswith(".html")
    )
    for path, data in site.tree().items():
        if path.endswith((".woff2", ".svg", ".js", ".css")):
            continue
        text = data.decode()
        if path.endswith(".html"):
            assert "<script>alert" not in text, path
            assert not Attributes(text).names & {"onmouseover", "onx"}, path
        elif path.startswith("papers") and path.endswith(".xml"):
            ElementTree.fromstring(text)
        elif path == "papers.json":
            json.loads(text)


def test_cite_this_note_is_valid_bibtex_and_json(site: SiteFolder) -> None:
    from notecast.works.bibtex import read_bibtex
    from notecast.works.csl_json import read_csl_json

    site.note("a.md", "Text.\n", title="'50% of A & B: #1'", date="2025-03-04",
              authors="[Ada Lovelace, 周志华]")  # fmt: skip
    site.build()
    page = site.page("/notes/a/")
    blocks = re.findall(
        r"<pre[^>]*><code>(.*?)</code></pre>",
        page[page.index('class="cite-note"') :],
        re.S,
    )
    entry, item = ("".join(Text(block).parts) for block in blocks)
    (source,) = read_bibtex(entry, "x").sources
    assert source.work.title == "50% of A & B: #1"
    assert [name.literal for name in source.work.authors] == ["Ada Lovelace", "周志华"]
    assert source.work.issued == "2025-03"
    assert source.work.url == "https://example.org/notes/a/"
    (record,) = read_csl_json(item, "x").sources
    assert (record.work.title, record.work.issued) == (source.work.title, "2025-03-04")


def test_keys_of_notes_are_fit_for_classic_bibtex(site: SiteFolder) -> None:
    site.note("流.md", "x\n", title="流", date="2025-01-01", authors="[周志华]")
    site.note("源.md", "x\n", title="源", date="2025-01-01", authors="[周志华]")
    site.note("3-flows.md", "x\n", title="T_1 and $x_i$", date="2025-01-01", authors="[José Ñú]")
    site.build()
    entries = [
        re.search(r"@misc\{(.*?),\n", site.page(f"/notes/{name}/"))
        for name in ("流", "源", "3-flows")
    ]
    keys = [match[1] for match in entries if match]
    assert len(set(keys)) == 3 and all(re.fullmatch("[A-Za-z][A-Za-z0-9-]*", key) for key in keys)
    assert keys[2] == "nu2025-3-flows"
    assert r"{T\_1 and x\_i}," in site.page("/notes/3-flows/")


def test_what_a_note_says_of_itself_is_valid(site: SiteFolder) -> None:
    site.note("a.md", "Text.\n", title="'A < B'", date="2025-03-04", authors="[Ada]")
    site.build()
    page = site.page("/notes/a/")
    meta = dict(re.findall(r'<meta name="(citation_[a-z_]+)" content="([^"]*)">', page))
    # Google Scholar, inclusion guidelines: title, authors and date as 2025/03/04 are required.
    assert meta["citation_title"] == "A &lt; B"
    assert (meta["citation_author"], meta["citation_publication_date"]) == ("Ada", "2025/03/04")
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    described = json.loads(data)
    assert described["@context"] == "https://schema.org"
    assert "ScholarlyArticle" in described["@type"]
    assert described["headline"] == "A < B"
    assert described["author"] == [{"@type": "Person", "name": "Ada"}]
    assert described["datePublished"] == "2025-03-04"


def test_any_other_style_by_a_csl_file(cited: SiteFolder) -> None:
    citeproc = pytest.importorskip("citeproc")
    from pathlib import Path

    style = Path(citeproc.__file__).parent / "data" / "styles" / "harvard-cite-them-right.csl"
    cited.write("styles/harvard.csl", style.read_bytes())
    cited.note("a.md", "Text [@kingma2014adam, p. 3; @周志华2016].\n", title="A")
    cited.build(config={"citations.style": "styles/harvard.csl"})
    assert cited.problems == []
    page = cited.page("/notes/a/")
    assert "Kingma" in shown(page) and "2014" in shown(page) and "周志华" in shown(page)
    section = page[page.index('class="references"') :]
    assert "Adam" in section and "机器学习" in section


NUMERIC_CSL = """\
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>T</title><id>t</id><updated>2024-01-01T00:00:00+00:00</updated></info>
  <citation><layout delimiter=",">
    <text variable="citation-number" vertical-align="sup"/></layout></citation>
  <bibliography second-field-align="flush"><layout>
    <text variable="citation-number" suffix="."/><names variable="author"/>
    <text variable="title" prefix=". "/><text variable="URL" prefix=". "/></layout></bibliography>
</style>
"""


def test_authors_in_a_sentence_and_left_out_with_a_csl_file(cited: SiteFolder) -> None:
    citeproc = pytest.importorskip("citeproc")
    from pathlib import Path

    text = "@kingma2014adam says [-@doe2020a]; [@doe2020a].\n"
    cited.note("a.md", text, title="A")
    style = Path(citeproc.__file__).parent / "data" / "styles" / "harvard-cite-them-right.csl"
    cited.write("harvard.csl", style.read_bytes())
    cited.build(config={"citations.style": "harvard.csl"})
    assert shown(cited.page("/notes/a/")) == "Kingma and Ba (2014) says (2020); (Doe, 2020)."
    cited.write("numeric.csl", NUMERIC_CSL)
    cited.build(config={"citations.style": "numeric.csl"})
    page = cited.page("/notes/a/")
    assert shown(page) == "Kingma and Ba1 says2;2."
    section = page[page.index('class="references"') :]
    assert "1. Diederik P. Kingma" in section
    address = "https://arxiv.org/abs/1412.6980"
    assert f'<a href="{address}" rel="noopener">{address}</a>' in section


def test_a_style_that_cannot_be_used_says_why(
    cited: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited.note("a.md", "Text [@kingma2014adam].\n", title="A")
    cited.build(config={"citations.style": "no.csl"})
    assert cited.rules() == ["citation-style-is-usable"]
    assert shown(cited.page("/notes/a/")) == "Text (Kingma & Ba, 2014)."
    cited.write("broken.csl", "<style")
    cited.build(config={"citations.style": "broken.csl"})
    assert "cannot be read" in cited.problems[0].message
    import sys

    monkeypatch.setitem(sys.modules, "citeproc", None)
    cited.write("other.csl", "<style/>")
    cited.build(config={"citations.style": "other.csl"})
    assert "pip install 'notecast[csl]'" in cited.problems[0].hint


def test_an_unresolved_identifier_is_a_warning_that_names_the_command(site: SiteFolder) -> None:
    site.note("a.md", "See [@arXiv:1406.2199] and https://arxiv.org/abs/1409.1556.\n", title="A")
    site.build()
    (problem,) = site.problems
    assert (problem.rule, problem.severity, problem.line) == ("paper-is-known", "warning", 5)
    assert "arXiv:1406.2199" in problem.message and "notecast papers fetch" in problem.hint
    # Who fetched once wants to hear of links, too.
    site.write("papers.lock.json", '{"format": 1, "works": {}}')
    site.build()
    assert site.rules() == ["paper-is-known", "paper-is-known"]


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (
            {"book/_config.yml": "a: 1\nbibtex_bibfiles:\n  - _static/all.bib\n"},
            "book/_static/all.bib",
        ),
        ({"_config.yml": "scholar:\n  bibliography: all.bib\n"}, "_bibliography/all.bib"),
        ({"_quarto.yml": "bibliography: [lost.bib, 'all.bib']\n"}, "all.bib"),
        ({"myst.yml": "project:\n  bibliography:\n    - ../all.bib\n"}, None),
        ({}, "all.bib"),
        ({"_config.yml": "title: x\n"}, "_bibliography/all.bib"),
    ],
)
def test_bibliographies_of_other_programs(
    site: SiteFolder, files: dict[str, str], shown: str | None
) -> None:
    site.write("site.yaml", "title: T\n")
    for name, text in files.items():
        site.write(name, text)
    site.write(shown or "../all.bib", BIB)
    site.note("a.md", "[@doe2020a]\n", title="A")
    found = [p.rule for p in site.build().problems]
    assert found == ([] if shown else ["citation-key-exists"])
    if shown:
        assert "First" in site.page("/notes/a/")
        site.write(shown, BIB.replace("First", "Changed"))
        site.build()
        assert "Changed" in site.page("/notes/a/")
