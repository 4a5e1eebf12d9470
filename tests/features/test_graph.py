"""The graph: what it shows, its bound, and that it is well-formed."""

import re
from xml.etree import ElementTree

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


def test_a_large_site_shows_the_notes_with_most_links(site: SiteFolder) -> None:
    for number in range(300):
        site.note(
            f"n{number:03}.md", f"[[n{(number + 1) % 300:03}]] [[n000]]\n", title=f"N{number}"
        )
    site.build()
    nodes = svg(site).findall("a")
    assert len(nodes) == 240
    assert nodes[0].get("href") == "/notes/n000/"
