"""Wikilinks over a whole site: resolution, anchors, embeds and their limits."""

import re
import sys
import unicodedata

import pytest

from notecast.model import NotePath, Url
from notecast.targets import Targets

from ..conftest import SiteFolder


def links(html: str) -> list[tuple[str, str]]:
    """Address and text of every wikilink, in order."""
    return re.findall(r'<a class="wikilink" href="([^"]*)">([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("tsn", "/notes/cv/tsn/"),
        ("TSN", "/notes/cv/tsn/"),
        ("cv/tsn", "/notes/cv/tsn/"),
        ("tsn.md", "/notes/cv/tsn/"),
        ("Temporal Segment Networks", "/notes/cv/tsn/"),
        ("temporal segments", "/notes/cv/tsn/"),
        ("flow", "/notes/flow/"),
        ("cv/flow", "/notes/cv/flow/"),
        ("Café", "/notes/caf%C3%A9/"),
        (unicodedata.normalize("NFD", "café"), "/notes/caf%C3%A9/"),
        ("时序 分段", "/notes/%E6%97%B6%E5%BA%8F-%E5%88%86%E6%AE%B5/"),
        ("topic", "/notes/topic/"),
    ],
)
def test_names_are_looked_up_as_obsidian_does(site: SiteFolder, written: str, address: str) -> None:
    site.note("cv/tsn.md", title="Temporal Segment Networks", aliases="[temporal segments]")
    site.note("flow.md", title="Flow")
    site.note("cv/flow.md", title="Optical flow")
    site.note("café.md", title="Coffee")
    site.note("时序 分段.md", title="TSN in Chinese")
    site.note("topic/index.md", title="A topic")
    site.note("a.md", f"See [[{written}|x]].\n", title="A")
    assert site.build().problems == []
    assert links(site.page("/notes/a/")) == [(address, "x")]


def test_the_note_in_the_same_folder_wins_and_others_are_ambiguous(site: SiteFolder) -> None:
    site.note("x/same.md", title="One")
    site.note("y/same.md", title="Two")
    site.note("y/a.md", "[[same]]\n", title="A")
    site.note("b.md", "[[same]]\n", title="B")
    site.build()
    assert links(site.page("/notes/y/a/")) == [("/notes/y/same/", "same")]
    assert links(site.page("/notes/b/")) == [("/notes/x/same/", "same")]
    (problem,) = site.problems
    assert (problem.rule, problem.path) == ("link-target-is-unique", "notes/b.md")
    assert "x/same.md" in problem.message and "y/same.md" in problem.message


def test_a_missing_note_is_named_with_its_place_and_the_nearest_name(site: SiteFolder) -> None:
    site.note("glow.md", title="Glow")
    site.note("a.md", "Line.\n\nSee [[gloww]] and ![[nothing.png]].\n", title="A")
    site.build()
    first, second = site.problems
    assert (first.rule, first.line, first.column) == ("link-target-exists", 7, 5)
    assert first.hint == 'did you mean "glow"?'
    assert (second.rule, second.column) == ("link-target-exists", 19)
    assert '<span class="missing-link">gloww</span>' in site.page("/notes/a/")


def test_a_draft_is_no_target(site: SiteFolder) -> None:
    site.note("d.md", "Secret.\n", title="Draft", draft="true")
    site.note("a.md", "[[d]]\n\n![[d]]\n", title="A")
    site.build()
    assert site.rules() == ["link-target-is-published"] * 2
    assert "Secret" not in site.page("/notes/a/")


@pytest.mark.parametrize(
    ("fragment", "anchor"),
    [
        ("Method and data", "method-and-data"),
        ("METHOD AND DATA", "method-and-data"),
        ("二、方法", "二方法"),
        ("One#Twice", "twice"),
        ("Named", "own"),
        ("B", ""),
        ("A B C", "a--b-c"),
        ("^claim", "%5Eclaim"),
        ("^CLAIM", "%5Eclaim"),
    ],
)
def test_headings_and_blocks(site: SiteFolder, fragment: str, anchor: str) -> None:
    site.note(
        "b.md",
        "## Method and data\n\n## 二、方法\n\n## Loss $L_2$\n\n## One\n\n### Twice\n\n## Twice\n\n"
        "## Named {#own}\n\n## A: & B (C)\n\nA claim. ^claim\n",
        title="B",
    )
    site.note("a.md", f"[[b#{fragment}|x]]\n", title="A")
    assert site.build().problems == []
    assert links(site.page("/notes/a/")) == [(f"/notes/b/{'#' * bool(anchor)}{anchor}", "x")]


def test_a_missing_heading_is_a_problem_and_the_link_leads_to_the_note(site: SiteFolder) -> None:
    site.note("b.md", "## Methods\n\ntext ^one\n", title="B")
    site.note("a.md", "[[b#Method]] [[b#^two]] [[#nowhere]]\n", title="A")
    site.build()
    assert site.rules() == ["link-anchor-exists"] * 3
    assert site.problems[0].hint == "did you mean #methods?"
    assert [address for address, _ in links(site.page("/notes/a/"))] == [
        "/notes/b/",
        "/notes/b/",
        "#",
    ]


def test_files_are_embedded_by_their_kind(site: SiteFolder) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>'
    site.write("notes/img/p.svg", svg)
    site.write("notes/img/d.pdf", b"%PDF-1.4")
    site.note(
        "a.md",
        "![[p.svg|20]] ![[p.svg|A plot]] ![[p.svg|Both|30x9]]\n\n![[d.pdf]]\n\n[[d.pdf#page=2]]\n",
    )
    assert site.build().problems == []
    page = site.page("/notes/a/")
    assert re.search(r'<img src="/notes/img/p.svg" alt="" width="20"', page)
    assert 'alt="A plot"' in page
    assert 'alt="Both" width="30" height="9"' in page
    assert ("/notes/img/d.pdf", "d.pdf") in links(page)
    assert ("/notes/img/d.pdf#page=2", "d.pdf &gt; page=2") in links(page)
    assert (site.output / "notes/img/d.pdf").is_file()


# Embeds ----------------------------------------------------------------------


def body(html: str) -> str:
    return html.split('<div class="body"')[1].split('<footer class="note-foot"')[0]


def test_a_note_a_section_and_a_block_are_embedded(site: SiteFolder) -> None:
    site.note(
        "b.md",
        "Intro[^1].\n\n## One\n\nFirst, see [two](#two) and [intro](#one).\n\n"
        "### Inner\n\nDeep.\n\n"
        "## Two\n\n- item ^it\n- other\n\n> [!note] In a box\n> ## Boxed\n> Inside.\n\nAfter.\n\n"
        "[^1]: The footnote.\n",
        title="Bee $x$",
    )
    site.note(
        "a.md",
        "![[b#One]]\n\nBetween.\n\n![[b#^it]]\n\n![[b#Boxed]]\n\n![[b]]\n\n## One\n",
        title="A",
    )
    assert site.build().problems == []
    text = body(site.page("/notes/a/"))
    one, rest = text.split("<p>Between.</p>")
    assert "First" in one and "Deep." in one and "Intro" not in one and "item" not in one
    # Links stay inside what is embedded, or lead to the note.
    assert 'href="/notes/b/#two"' in one and 'href="#nc-0-one"' in one
    item, boxed, whole = rest.split('<section class="embed"')[1:]
    assert '<ul><li id="nc-1-^it">item</li></ul>' in item and "other" not in item
    assert "Inside." in boxed and "After" not in boxed
    assert "The footnote." in whole and 'href="#nc-3-fn-1"' in whole and "The footnote" not in one
    ids = re.findall(r'\sid="([^"]*)"', site.page("/notes/a/"))
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', text):
        assert target.replace("%5E", "^") in ids


def test_a_change_of_the_embedded_note_changes_the_page(site: SiteFolder) -> None:
    site.note("c.md", "Deep one.\n", title="C")
    site.note("b.md", "Middle.\n\n![[c]]\n", title="B")
    site.note("a.md", "![[b]]\n", title="A")
    site.note("z.md", "Alone.\n", title="Z")
    site.build(config={"feeds.content": "excerpt"})
    before = site.tree()
    site.note("c.md", "Deep two.\n", title="C", summary="x")
    site.note("c.md", "Deep one.\n" + "\nDeep two.\n", title="C")
    site.build(config={"feeds.content": "excerpt"})
    assert "Deep two." in body(site.page("/notes/a/"))
    changed = {path for path, data in site.tree().items() if before.get(path) != data}
    assert {"notes/a/index.html", "notes/b/index.html", "notes/c/index.html"} <= changed
    assert "notes/z/index.html" not in changed


def test_embeds_reach_feeds_with_absolute_addresses(site: SiteFolder) -> None:
    site.note("b.md", "## H\n\n[up](#h) [a](a.md)\n", title="B")
    site.note("a.md", "![[b]]\n", title="A", date="2025-01-01")
    site.build()
    feed = site.page("/feed.xml")
    assert "https://example.org/notes/a/#nc-0-h" in feed
    assert 'href="/' not in feed


@pytest.mark.parametrize("size", [1, 2, 3, 30])
def test_a_circle_of_embeds_is_a_problem_and_no_hang(site: SiteFolder, size: int) -> None:
    for number in range(size):
        site.note(f"n{number}.md", f"Text {number}.\n\n![[n{(number + 1) % size}]]\n")
    site.note("out.md", "![[n0]]\n")
    site.build()
    assert site.rules() == ["embed-ends"] * size
    page = body(site.page("/notes/out/"))
    assert "Text 0." in page and ("Text 1." not in page)
    assert body(site.page("/notes/n0/")).count("Text 0.") == 1


def test_a_section_of_a_note_may_embed_another_section_of_it(site: SiteFolder) -> None:
    site.note("b.md", "## One\n\n![[#Two]]\n\n![[a#^x]]\n\n## Two\n\nText two.\n", title="B")
    site.note("a.md", "![[b#Two]]\n\nBlock. ^x\n", title="A")
    assert site.build().problems == []
    assert body(site.page("/notes/b/")).count("Text two.") == 2
    site.note("b.md", "## One\n\n![[#One]]\n", title="B")
    site.note("a.md", "Block. ^x\n", title="A")
    site.build()
    assert site.rules() == ["embed-ends"]


def test_embeds_that_multiply_are_bounded(site: SiteFolder) -> None:
    for number in range(30):
        site.note(f"n{number:02}.md", f"Text.\n\n{f'![[n{number + 1:02}]]' * 6}\n")
    site.note("n30.md", "Last.\n")
    site.build()
    assert "embed-ends" in site.rules()
    assert max(len(data) for data in site.tree().values()) < 300_000


def test_an_embed_in_a_sentence_is_a_link_and_said(site: SiteFolder) -> None:
    site.note("b.md", "B.\n", title="B")
    site.note("a.md", "See ![[b]] here.\n", title="A")
    site.build()
    assert site.rules() == ["embed-stands-alone"]
    assert links(site.page("/notes/a/")) == [("/notes/b/", "b")]


def test_a_long_chain_of_embeds_ends(site: SiteFolder) -> None:
    for number in range(400):
        site.note(f"n{number}.md", f"![[n{number + 1}]]\n")
    site.note("n400.md", "End.\n")
    site.build()
    assert set(site.rules()) == {"embed-ends"}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("> [!note] Title\n> Text", r'<div class="callout [^>]*id="nc-0-\^b".*Title.*Text'),
        ("> [!note]- Title\n> Text", r'<details class="callout [^>]*id="nc-0-\^b".*Text'),
        ("$$\nx^2\n$$", r'<div class="math-display" id="nc-0-\^b".*<math'),
        ("$$\nx \\label{eq:x}\n$$", r'<div id="nc-0-\^b"><div class="math-display" id="nc-0-eq-x"'),
        ("| a |\n| - |\n| b |", r'<div class="table" tabindex="0"><table id="nc-0-\^b">.*</table>'),
        ("```\ncode\n```", r'<figure class="code" id="nc-0-\^b"><pre tabindex="0"><code>code'),
        ("```python\ncode\n```", r'<figure class="code" id="nc-0-\^b".*</figure>'),
        ("1. one\n2. two", r'<ol id="nc-0-\^b">.*two'),
        ("- one\n\n  more\n\n- two", r'<ul id="nc-0-\^b">.*two'),
    ],
)
def test_every_kind_of_block_can_be_named_and_embedded(
    site: SiteFolder, block: str, shown: str
) -> None:
    site.note("b.md", f"Before.\n\n{block}\n\n^b\n\nAfter.\n", title="B")
    site.note("a.md", "![[b#^b]]\n", title="A")
    assert site.build().problems == []
    text = body(site.page("/notes/a/"))
    assert re.search(shown, text, re.S), text
    assert "Before" not in text and "After" not in text


def test_a_heading_is_named_as_it_is_written(site: SiteFolder) -> None:
    headings = {
        "7.1 行内代码": "71-行内代码",
        "7 1 行内代码": "71-行内代码",
        "One#Notes": "notes",
        "Two#Notes": "notes-1",
        "See a the alias": "see-the-alias",
        "See the alias": "see-the-alias",
        "A & B C D": "a--b-cd",
        "`code` and $E=mc^2$": "code-and-emc2",
    }
    site.note(
        "b.md",
        "## One\n\n### Notes\n\n## Two\n\n### Notes\n\n## See [[a|the alias]]\n\n"
        "## 7.1 行内代码\n\n## `code` and $E=mc^2$\n\n## A & B: C/D\n\nText. ^claim\n",
        title="B",
    )
    written = "\n\n".join(f"[[b#{name}|x]] [y](<b.md#{name}>)" for name in headings)
    site.note("a.md", f"{written}\n\n[y](#Own%20one) [y](b.md#^claim)\n\n## Own one\n", title="A")
    assert site.build().problems == []
    page = site.page("/notes/a/")
    for link in (r'class="wikilink" href="([^"]*)">x', r'href="(/[^"]*)">y'):
        assert re.findall(link, page)[: len(headings)] == [
            f"/notes/b/#{anchor}" for anchor in headings.values()
        ]
    assert 'href="#own-one">y' in page and 'href="/notes/b/#%5Eclaim">y' in page


@pytest.mark.parametrize(
    ("origin", "written", "address"),
    [
        # A whole path wins over what is nearer, as in Obsidian.
        ("x/a.md", "same", "/notes/same/"),
        # Below the note's folder, then the shortest path of all.
        ("y/a.md", "deep", "/notes/y/long/er/deep/"),
        ("a.md", "deep", "/notes/z/deep/"),
        ("y/a.md", "./one", "/notes/y/one/"),
        ("y/a.md", "../x/one", "/notes/x/one/"),
        ("y/a.md", "er/deep", "/notes/y/long/er/deep/"),
        ("z/a.md", "long/er/deep.md", "/notes/y/long/er/deep/"),
    ],
)
def test_of_several_notes_of_one_name(
    site: SiteFolder, origin: str, written: str, address: str
) -> None:
    for path in ("same", "x/same", "y/long/er/deep", "z/deep", "x/one", "y/one"):
        site.note(f"{path}.md", title=path.upper())
    site.note(origin, f"[[{written}|x]]\n", title="A")
    site.build()
    page = site.page(f"/notes/{origin.removesuffix('.md')}/")
    assert links(page) == [(address, "x")]


def test_ordinary_links_may_shorten_paths_to_what_is_unique(site: SiteFolder) -> None:
    site.write("notes/lib/img/curve.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    site.note("lib/deep/only.md", title="Only")
    site.note("p/twice.md", title="One")
    site.note("q/twice.md", title="Two")
    site.note(
        "b/a.md",
        "![](curve.svg) ![](img/curve.svg) [o](only.md) [o](deep/only) [t](twice.md)\n",
        title="A",
    )
    site.build()
    assert site.rules() == ["link-target-exists"]
    page = site.page("/notes/b/a/")
    assert page.count('<img src="/notes/lib/img/curve.svg"') == 2
    assert page.count('href="/notes/lib/deep/only/">o</a>') == 2


def test_names_of_many_folders_are_looked_up_without_going_through_all() -> None:
    notes = {NotePath(f"d{n}/index.md"): Url(f"/d{n}/") for n in range(3000)}
    targets = Targets(notes, {}, (), {})
    calls = sys.getprofile()
    count = 0

    def profile(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        found = targets.of_name(NotePath("d1/index.md"), "d2999/index")
        count = 0
        targets.of_name(NotePath("d1/index.md"), "d2998/index")
    finally:
        sys.setprofile(calls)
    assert found.path == "d2999/index.md"
    assert count < 50


def test_a_drawing_is_shown_by_its_picture_or_as_a_link(site: SiteFolder) -> None:
    for name in ("one", "two"):
        site.note(f"d/{name}.excalidraw.md", "# Excalidraw Data\n\nText elements.\n")
    site.write("notes/d/one.excalidraw.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    site.note("a.md", "![[one.excalidraw|300]]\n![[two.excalidraw]]\n\n[[one.excalidraw]]\n")
    site.build()
    assert site.rules() == ["drawing-has-picture"]
    text = body(site.page("/notes/a/"))
    assert '<img src="/notes/d/one.excalidraw.svg"' in text and "Text elements" not in text
    assert len(links(text)) == 2
    assert (site.output / "notes/d/one.excalidraw.svg").is_file()
