"""Pages of works: lists, the page of one work, what a note shows of its paper, files."""

import json
import re
from xml.etree import ElementTree

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.works.bibtex import read_bibtex

from ..conftest import NOW, SiteFolder

BIB = """\
@inproceedings{vaswani2017attention, title={Attention is all you need},
  author={Vaswani, A. and Shazeer, N.}, booktitle={NeurIPS}, year=2017, eprint={1706.03762}}
@misc{kingma2014adam, title={Adam}, author={Kingma, D. and Ba, J.}, year=2014, eprint={1412.6980}}
@misc{unused, title={Nobody cites this}, year=2000}
"""


@pytest.fixture
def papers(site: SiteFolder) -> SiteFolder:
    site.write("references.bib", BIB)
    site.note(
        "adam.md",
        "About it.\n",
        title="My note on Adam",
        date="2025-01-01",
        paper="{arxiv: 1412.6980v9, code: 'https://github.com/x/y', status: read, rating: 4/5}",
    )
    site.note(
        "both.md",
        "First sentence. Attention follows Adam [@vaswani2017attention; @kingma2014adam]. Last.\n",
        title="Both",
        date="2025-01-02",
    )
    site.note("link.md", "See [it](https://arxiv.org/abs/1706.03762).\n", title="Link")
    site.build()
    assert site.problems == []
    return site


def test_lists_by_year_venue_author_and_status(papers: SiteFolder) -> None:
    years = papers.page("/papers/")
    assert years.index("Attention is all you need") < years.index(">Adam<")
    assert "Nobody cites this" not in years
    assert 'id="in-2017"' in years and 'href="#in-2017"' in years
    assert 'id="in-neurips"' in papers.page("/papers/venues/")
    authors = papers.page("/papers/authors/")
    assert authors.index("J. Ba") < authors.index("A. Vaswani")
    assert 'id="in-read"' in papers.page("/papers/status/")
    for page in (years, authors):
        ids = set(re.findall(r'\sid="([^"]+)"', page))
        assert set(re.findall(r'href="#(in-[^"]+)"', page)) <= ids


def test_the_page_of_a_work(papers: SiteFolder) -> None:
    page = papers.page("/papers/kingma2014adam/")
    assert "https://arxiv.org/abs/1412.6980" in page and "https://github.com/x/y" in page
    assert "read" in page and "4/5" in page
    # Its own note, the note that cites it with the sentence and its place, what is cited with it.
    assert 'href="/notes/adam/"' in page
    said = "Attention follows Adam (Kingma &amp; Ba, 2014; Vaswani &amp; Shazeer, 2017)."
    assert f'href="/notes/both/#cite-1">{said}</a>' in page
    assert "First sentence" not in page
    assert 'href="/papers/vaswani2017attention/"' in page
    (entry,) = re.findall(r"<pre[^>]*><code>(@misc.*?)</code></pre>", page, re.S)
    assert read_bibtex(entry, "x").sources[0].work.arxiv == "1412.6980"
    other = papers.page("/papers/vaswani2017attention/")
    assert 'href="/notes/link/#cite-1">See it.</a>' in other


def test_a_note_about_a_paper_says_so_and_citations_lead_there(papers: SiteFolder) -> None:
    own = papers.page("/notes/adam/")
    assert 'class="work"' in own and 'href="/papers/kingma2014adam/"' in own
    both = papers.page("/notes/both/")
    section = both[both.index("doc-bibliography") :]
    assert '<a href="/notes/adam/">note</a>' in section
    assert 'class="work"' not in both


def test_sentences_name_people_in_the_place_of_keys(papers: SiteFolder) -> None:
    text = "As @vaswani2017attention, and @kingma2014adam's note, say. See @nobody2000.\n"
    papers.note("who.md", text, title="Who", date="2025-01-03")
    papers.note(
        "adam.md", "After @vaswani2017attention.\n", title="Adam", paper="{arxiv: 1412.6980}"
    )
    papers.note("zh.md", "@kingma2014adam说过。\n", title="Zh", date="2025-01-03", lang="zh-CN")
    papers.build()
    page = papers.page("/papers/kingma2014adam/")
    assert "As Vaswani and Shazeer (2017), and Kingma and Ba (2014)&#39;s note, say.</a>" in page
    assert "Kingma 和 Ba[1]说过。</a>" in page
    assert '<p class="excerpt">After Vaswani and Shazeer (2017).</p>' in page
    # Another work of the sentence changes: the page says so.
    papers.write("references.bib", BIB.replace("Shazeer, N.", "Parmar, N."))
    papers.build()
    after = papers.tree()
    assert "As Vaswani and Parmar (2017)" in papers.page("/papers/kingma2014adam/")
    papers.build(use_cache=False)
    assert papers.tree() == after


def test_lists_are_narrowed_without_a_script(papers: SiteFolder) -> None:
    page = papers.page("/papers/")
    assert re.findall(r'id="(show-\d)"', page) == ["show-0", "show-1", "show-2"]
    assert "with a note of its own <small>1</small>" in page
    (row,) = re.findall(r'<li class="(.*?)"><a href="/papers/kingma2014adam/">', page)
    assert row == "show-1 show-2"
    assert '<li><a href="/papers/vaswani2017attention/">' in page
    (sheet,) = papers.output.glob("static/papers.*.css")
    css = sheet.read_text(encoding="utf-8")
    # As many rules as there may be filters, and one that a reader cannot see is no filter.
    assert all(f"#show-{nth}:checked" in css for nth in range(1, 6))
    assert "show-6" not in css
    papers.note("adam.md", "About it.\n", title="Adam", paper="{arxiv: 1412.6980}")
    papers.note("att.md", "About it.\n", title="Att", paper="{key: vaswani2017attention}")
    papers.build()
    assert 'class="filter"' not in papers.page("/papers/")


def test_a_long_list_of_authors_has_its_letters_to_jump_to(site: SiteFolder) -> None:
    people = [f"{letter}{nth}, X" for letter in "BA周" for nth in range(40)]
    entries = "".join(
        f"@misc{{k{nth}, title={{T{nth}}}, author={{{who}}}, year=2000}}\n"
        for nth, who in enumerate(people)
    )
    site.write("references.bib", entries)
    text = "".join(f"[@k{nth}]" for nth in range(len(people)))
    site.note("a.md", text + "\n", title="A")
    site.build()
    page = site.page("/papers/authors/")
    jumps = re.findall(r'<li><a href="#(in-[^"]+)">(.) <small>(\d+)</small>', page)
    assert [(name, count) for _, name, count in jumps] == [("A", "40"), ("B", "40"), ("Z", "40")]
    assert {jump for jump, _, _ in jumps} <= set(re.findall(r'\sid="([^"]+)"', page)) | {
        jump for jump, _, _ in jumps if "%" in jump
    }


def test_an_unknown_work_is_listed_with_the_words_of_its_links(site: SiteFolder) -> None:
    for nth, words in enumerate(("TimeSformer", "paper", "TimeSformer", "https://arxiv.org/x")):
        address = "https://arxiv.org/abs/2102.05095"
        site.note(f"n{nth}.md", f"See [{words}]({address}).\n", title=f"N{nth}")
    site.note("other.md", "See [here](https://arxiv.org/abs/2102.00001).\n", title="Other")
    site.build()
    page = site.page("/papers/")
    assert ">arXiv:2102.05095</a> <small>“TimeSformer”</small>" in page
    assert ">arXiv:2102.00001</a>\n" in page
    assert "“TimeSformer”" in site.page("/papers/arxiv-2102-05095/")


def test_formulas_of_titles_are_letters(site: SiteFolder) -> None:
    site.write("references.bib", "@misc{a, title={$\\beta$-VAE}, author={B, C}, year=2017}")
    site.note("a.md", "[@a]\n", title="A")
    site.build()
    assert "<h1>β-VAE</h1>" in site.page("/papers/a/")
    assert ">β-VAE</a>" in site.page("/papers/")
    assert "{$\\beta$-{VAE}}," in site.page("/papers/a/")


def test_a_feed_for_each_paper(papers: SiteFolder) -> None:
    feed = ElementTree.fromstring(papers.page("/papers/kingma2014adam/feed.xml"))
    titles = [entry.text for entry in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["Adam · Test site", "Both", "My note on Adam"]


def test_all_works_as_files(papers: SiteFolder) -> None:
    items = json.loads(papers.page("/papers.json"))
    assert [item["id"] for item in items] == ["kingma2014adam", "vaswani2017attention"]
    ours = items[0]["custom"]["notecast"]
    assert ours["page"] == "https://example.org/papers/kingma2014adam/"
    assert {note["title"] for note in ours["notes"]} == {"Both", "My note on Adam"}
    sources = read_bibtex(papers.page("/papers.bib"), "papers.bib")
    assert [source.work.key for source in sources.sources] == [item["id"] for item in items]
    assert sources.problems == []


def test_a_new_citation_rewrites_the_pages_of_its_works_only(papers: SiteFolder) -> None:
    papers.note("other.md", "Other [@unused].\n", title="Other", date="2024-01-01")
    papers.build()
    before = papers.tree()
    papers.note("both.md", "Only [@vaswani2017attention] now.\n", title="Both", date="2025-01-02")
    papers.build()
    after = papers.tree()
    changed = {path for path in after if after[path] != before.get(path)}
    assert "papers/kingma2014adam/index.html" in changed
    assert "papers/vaswani2017attention/index.html" in changed
    assert not {"notes/other/index.html", "papers/unused/index.html"} & changed
    papers.build(use_cache=False)
    assert papers.tree() == after


@pytest.mark.parametrize("name", ["citations", "papers"])
def test_either_feature_can_be_left_out(papers: SiteFolder, name: str) -> None:
    config, _ = load_config(papers.root, FEATURES, overrides={"features.disable": [name]})
    features = [feature for feature in FEATURES if feature.name != name]
    result = build_site(config, features, BuildOptions(now=NOW, jobs=1))
    assert result.problems == []
    assert not [path for path in papers.tree() if path.startswith("papers")]
    assert "/papers/" not in papers.page("/notes/both/")


def test_what_is_wrong_with_a_paper_block_is_said(site: SiteFolder) -> None:
    site.note("a.md", "x\n", title="A", paper="{arxvi: 1706.03762, title: T, year: soon}")
    site.note("b.md", "x\n", title="B", paper="{arxiv: 17060, code: github.com/x}")
    site.build()
    assert [(p.path, p.rule) for p in site.problems] == [
        ("notes/a.md", "paper-date-fits"),
        ("notes/a.md", "paper-key-is-known"),
        ("notes/b.md", "paper-identifier-fits"),
        ("notes/b.md", "paper-is-named"),
    ]
    assert site.problems[1].hint == "did you mean arxiv?"


def test_authors_of_a_paper_block_in_every_form(site: SiteFolder) -> None:
    for nth, authors in enumerate(
        ("[Ada Lovelace, Alan Turing]", "Ada Lovelace and Alan Turing", "Ada Lovelace; Alan Turing",
         '"Ada Lovelace, Alan Turing"', "[Ada Lovelace, Alan Turing, et al.]")
    ):  # fmt: skip
        block = f"{{title: T{nth}, year: 2020, authors: {authors}}}"
        site.note(f"n{nth}.md", "x\n", title=f"N{nth}", paper=block)
    site.build()
    items = json.loads(site.page("/papers.json"))
    people = [[name.get("family", "") for name in item["author"]] for item in items]
    assert people[:4] == [["Lovelace", "Turing"]] * 4
    assert people[4] == ["Lovelace", "Turing", ""]
