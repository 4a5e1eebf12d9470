"""R07: ids made from what authors write neither collide nor hide the page's own."""

import re
from urllib.parse import unquote

from notecast.features import FEATURES
from notecast.loader.markdown.attributes import PAGE_IDS
from notecast.renderer.theme import default_templates

from ..conftest import SiteFolder
from .tools import Page

HEADINGS = [
    "constructor",
    "__proto__",
    "getElementById",
    "location",
    "Main",
    "ui",
    "latest",
    "help-title",
    "",
    "🎉",
    "Same",
    "Same",
    "Same-1",
    "Same",
    "fn1",
    "fnref1",
    "汉字 标题",
    "ＦＵＬＬ",
    "a b",
    "a-b",
    "<b>bold</b>",
    "$x^2$",
]
BODY = (
    "[TOC]\n\n"
    + "".join(f"## {heading}\n\nText.\n\n" for heading in HEADINGS)
    + "A[^location], B[^1].\n\n[^location]: x\n[^1]: y\n\n### Chosen {#main}\n\n### Twice {#main}\n"
)


def test_ids_are_unique_and_links_to_them_resolve(site: SiteFolder) -> None:
    site.note("a.md", BODY, title="A")
    site.note("b.md", "![[a]]\n\n## Same\n\n![[a#Same]]\n\nC[^1].\n\n[^1]: z\n", title="B")
    site.build()
    for address in ("/notes/a/", "/notes/b/"):
        page = Page(site.page(address))
        doubles = sorted({name for name in page.ids if page.ids.count(name) > 1})
        assert doubles == [], address
        assert all(name and not re.search(r"\s", name) for name in page.ids)
        for link in page.all("a"):
            href = link.get("href", "")
            if href.startswith("#"):
                assert unquote(href[1:]) in page.ids, (address, href)
    own = Page(site.page("/notes/b/"))
    frame = {"main", "ui", "help-title"}
    assert frame <= set(own.ids)
    # The skip link leads to the page's own `main`, whatever the note calls its headings.
    for address in ("/notes/a/", "/notes/b/"):
        elements = Page(site.page(address)).elements
        tags = {attributes["id"]: tag for tag, attributes in elements if "id" in attributes}
        assert (tags["main"], tags["ui"], tags["help-title"]) == ("main", "template", "h2")


def test_ids_of_the_theme_are_known_to_the_parser() -> None:
    """Ids that stand on pages of notes are reserved, or in the name space of our own."""
    folder = default_templates()
    slots = {name for feature in FEATURES for name in feature.slots.values()}
    found = []
    for name in {"base.html", "note.html", *slots}:
        text = (folder / name).read_text(encoding="utf-8")
        found += re.findall(r'\sid="([^"{]+)"', text)
    assert [name for name in found if not name.startswith("nc-") and name not in PAGE_IDS] == []
    assert "main" in found


def test_untrusted_names_hide_nothing(site: SiteFolder) -> None:
    names = ["main", "ui", "location", "cookie", "body", "forms", "theme", "nc"]
    body = "\n\n".join(
        f'<a id="{name}" name="{name}">x</a> <img name="{name}" src="x.png"> '
        f'<form name="{name}"><input name="attributes"></form>'
        for name in names
    )
    site.note("a.md", body, title="A")
    site.build(config={"html": "untrusted"})
    page = Page(site.page("/notes/a/"))
    assert sorted(page.ids) == sorted(set(page.ids))
    clobbered = [
        (tag, attributes)
        for tag, attributes in page.elements
        if tag in ("a", "img", "form", "input") and attributes.get("name") in [*names, "attributes"]
    ]
    assert clobbered == []
