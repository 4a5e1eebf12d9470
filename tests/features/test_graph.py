"""The graph: what it shows, its bound, and that it is well-formed."""

import re
from xml.etree import ElementTree

import pytest

from notecast.features import graph

from ..conftest import SiteFolder


def svg(site: SiteFolder) -> ElementTree.Element:
    page = site.page("/graph/")
    (picture,) = re.findall(r"<svg viewBox=.*?</svg>", page, re.S)
    return ElementTree.fromstring(picture)


def test_every_linked_note_and_every_link_once(site: SiteFolder) -> None:
    site.note("a.md", "[[b]] [[b]] [c](c.md) [[a]]\n", title="A <&>", category="X")
    site.note("b.md", "[[c]]\n", title="B", category="Y")
    site.note("c.md", title="C")
    site.note("alone.md", title="Alone")
    site.build()
    picture = svg(site)
    nodes = picture.findall("a")
    assert sorted(node.get("href") or "" for node in nodes) == [f"/notes/{n}/" for n in "abc"]
    assert len(picture.findall("a/path")) == 6
    assert len(picture.findall("a/path[@class='into']")) == 3
    assert [t.text for t in picture.findall("a/title")] == ["C", "A <&>", "B"]
    listed = re.findall(r'<li><a href="/notes/(\w+)/"><span.*?<small>(\d)', site.page("/graph/"))
    assert listed == [("a", "2"), ("b", "2"), ("c", "2")]


def test_without_links_there_is_no_page(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    assert not (site.output / "graph").exists()


def many(site: SiteFolder, count: int) -> None:
    for number in range(count):
        site.note(
            f"n{number:04}.md",
            f"[[n{(number + 1) % count:04}]] [[n0000]]\n",
            title=f"Note {number}",
            category=f"C{number % 5}",
        )


def test_a_large_site_is_drawn_in_islands(site: SiteFolder) -> None:
    many(site, 300)
    site.build(config={"feeds.formats": []})
    picture = svg(site)
    islands = picture.findall("g")
    heads = [island.findall("text")[-1] for island in islands]
    assert [head.text for head in heads] == [f"C{number} " for number in range(5)]
    nodes = picture.findall("g/a")
    assert len(nodes) == 300
    places = {(c.get("cx"), c.get("cy")) for c in picture.findall("g/a/circle")}
    assert len(places) == 300
    lines = "".join(path.get("d") or "" for path in picture.findall("path"))
    starts = re.findall(r"M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)", lines)
    # The last note links to the first one in both ways, and that one to itself.
    assert len(starts) == 598
    assert {place for x, y, u, v in starts for place in ((x, y), (u, v))} == places
    left, top, width, height = map(float, (picture.get("viewBox") or "").split())
    assert (left, top) == (0, 0)
    assert all(0 < float(x or 0) < width and 0 < float(y or 0) < height for x, y in places)
    # Names do not lie on one another.
    names = picture.findall("g/text[@class='name']")
    assert 5 <= len(names) <= 40
    assert len(re.findall(r'<li><a href="/notes/', site.page("/graph/"))) == 240


def test_the_picture_is_bounded(monkeypatch: pytest.MonkeyPatch, site: SiteFolder) -> None:
    monkeypatch.setattr(graph, "MOST", 120)
    monkeypatch.setattr("notecast.features.graph.islands.LINES", 50)
    many(site, 200)
    site.build(config={"feeds.formats": []})
    picture = svg(site)
    assert len(picture.findall("g/a")) == 120
    assert "".join(path.get("d") or "" for path in picture.findall("path")).count("M") == 50


def near(page: str) -> tuple[list[str], list[str]]:
    part = page.split('id="nc-graph"')[1].split("</section>")[0]
    into, out = re.findall(r"<ul aria-label.*?</ul>", part, re.S)
    return re.findall(r'href="([^"]*)"', into), re.findall(r'href="([^"]*)"', out)


def test_a_note_shows_its_own_links(site: SiteFolder) -> None:
    site.note("a.md", "[[b]] [c](c.md) [[a]] [[nobody]]\n", title="A")
    site.note("b.md", "[[a]]\n", title="B <&>")
    site.note("c.md", title="C")
    site.note("d.md", "[[a]]\n", title="D")
    site.note("alone.md", title="Alone")
    site.build()
    assert near(site.page("/notes/a/")) == (
        ["/notes/b/", "/notes/d/"],
        ["/notes/b/", "/notes/c/"],
    )
    assert site.page("/notes/a/").count('class="both"') == 2
    assert "nc-graph" not in site.page("/notes/alone/")


def test_a_note_with_many_links_shows_ten_of_each_side(site: SiteFolder) -> None:
    for number in range(14):
        site.note(f"n{number:02}.md", "[[hub]]\n")
    site.note("hub.md", "".join(f"[[n{number:02}]] " for number in range(12)) + "\n")
    site.build()
    into, out = near(site.page("/notes/hub/"))
    assert len(into) == len(out) == 10
    assert "and 4 more" in site.page("/notes/hub/") and "and 2 more" in site.page("/notes/hub/")


def test_a_far_edit_leaves_the_picture_of_a_note_alone(site: SiteFolder) -> None:
    quiet = {"feeds.content": "excerpt", "features.disable": ["related"]}
    for name in "abcd":
        site.note(f"{name}.md", "[[a]] [[b]]\n", title=name, summary="s")
    site.note("e.md", "[[c]]\n", title="e", summary="s")
    site.note("f.md", "Text.\n", title="f", summary="s")
    site.build(config=quiet)
    before = site.tree()
    site.note("e.md", "[[f]]\n", title="e", summary="s")
    site.build(config=quiet)
    changed = {p for p, d in site.tree().items() if p.endswith(".html") and before.get(p) != d}
    assert changed == {*(f"notes/{name}/index.html" for name in "cef"), "graph/index.html"}
