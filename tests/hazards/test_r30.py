"""R30: feeds and sitemap are valid whatever the titles, dates and links of notes are."""

import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from ..conftest import SiteFolder

feedparser = pytest.importorskip("feedparser")

TITLES = [
    "A & B",
    "a < b > c",
    "]]>",
    "<![CDATA[x]]>",
    "&amp;",
    "&nbsp;&copy;",
    "&#0;",
    "<b>bold</b>",
    "</title>",
    "$x^2$ & `code`",
    "emoji 🎉👨‍👩‍👧",
    "\u202eright to left",
    "شريط",
    "\ufeffbom",
    "\ufffe\uffff",
    "\x00\x000\x00\x01\x03\x04\x1b",
    "a\u0085b",
    "a\u2028b",
    "tab\there",
    "quote\"quote'",
    "back\\slash",
    "%00%2e",
    "𝕏 \U0010ffff",
    "x" * 500,
    "  spaces  ",
    "-",
    "?",
    "*",
    "[link](x)",
    "![image](x)",
    "\\",
]
DATES = ["2025-01-02", "2025-01-02 10:00", "2025-01-02T10:00:00Z", "1969-12-31", "0001-01-01", ""]
BODIES = [
    "[rel](../b/) ![i](x.png) [root](/y/) [frag](#a)\n\n## a\n",
    'Raw <a href="x.html">x</a> <img src="y.png"> & < > ]]>\n',
    "\x00\x01\x08\x0b\x0c\x1f\x7f control\n",
    "```xml\n<![CDATA[x]]>\n```\n",
    "",
]


def write(site: SiteFolder, suffix: str = "") -> None:
    for number in range(40):
        title = (TITLES[number] if number < len(TITLES) else f"N{number}") + suffix
        date = DATES[number % len(DATES)]
        header = f"title: {json.dumps(title)}\ntags: [{json.dumps('t&' + str(number % 3))}]\n"
        header += f"date: {date}\n" if date else ""
        header += "draft: true\n" if number == 39 else ""
        header += 'authors: ["A & <B>"]\n' if number % 2 else ""
        site.write(f"notes/n{number:02}.md", f"---\n{header}---\n\n{BODIES[number % len(BODIES)]}")
    site.write("notes/surrogate.md", '---\ntitle: "a\\ud800b"\ndate: 2025-01-02\n---\nText.\n')
    site.write("notes/late.md", "---\ntitle: Far\ndate: 12024-01-01\n---\nText.\n")
    site.note("future.md", "Later.\n", title="Future", date="2999-01-01")


CONFIG = {"feeds.limit": 50, "title": "Lab & <Notes> ]]>", "description": 'x "&" y'}


def test_feeds_are_valid(site: SiteFolder) -> None:
    write(site)
    site.build(config=CONFIG)
    files = sorted(site.output.rglob("*.xml"))
    assert len(files) > 6
    done = subprocess.run(
        ["xmllint", "--noout", *map(str, files)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for file in [path for path in files if path.name in ("feed.xml", "rss.xml")]:
        feed = feedparser.parse(file.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
        assert not feed.bozo, (file, feed.get("bozo_exception"))
        assert feed.feed.title.startswith(("Lab &", "t&"))
        ids = [entry.id for entry in feed.entries]
        assert len(ids) == len(set(ids)) > 0
        assert "https://example.org/notes/future/" not in ids
        assert "https://example.org/notes/n39/" not in ids
        for entry in feed.entries:
            assert entry.link.startswith("https://example.org/notes/")
            assert "updated_parsed" in entry or "published_parsed" in entry, entry.title
            for content in entry.get("content", ()):
                for bad in ('href="/', 'src="/', 'href="#', 'href="x', 'href="..', "\x00", "\x01"):
                    assert bad not in content.value, (entry.id, bad)
    for file in site.output.rglob("feed.json"):
        found = json.loads(file.read_text(encoding="utf-8"))
        assert found["version"] == "https://jsonfeed.org/version/1.1"
        assert all(item["id"].startswith("https://example.org/") for item in found["items"])


def test_titles_arrive(site: SiteFolder) -> None:
    write(site)
    site.build(config=CONFIG)
    found = json.loads((site.output / "feed.json").read_text(encoding="utf-8"))
    by_id = {item["id"].split("/")[-2]: item["title"] for item in found["items"]}
    for number in (0, 1, 2, 19):
        assert by_id[f"n{number:02}"] == TITLES[number]
    assert not any(ord(char) < 32 for title in by_id.values() for char in title)


def test_the_sitemap_names_every_page_once(site: SiteFolder) -> None:
    write(site)
    site.build(config=CONFIG)
    tree = ElementTree.parse(site.output / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [place.text or "" for place in tree.iter(f"{space}loc")]
    assert len(places) == len(set(places))
    assert all(place.startswith("https://example.org/") for place in places)
    for place in places:
        from notecast.urls import output_path

        assert (site.output / output_path(place.removeprefix("https://example.org"))).is_file()
    assert not any("n39" in place or "future" in place for place in places)
    dates = [place.text or "" for place in tree.iter(f"{space}lastmod")]
    assert all(len(date) == 10 and date[4] == "-" for date in dates)


def test_ids_stay_when_titles_change(site: SiteFolder) -> None:
    write(site)
    site.build(config=CONFIG)
    before = {
        entry.id for entry in feedparser.parse((site.output / "feed.xml").read_bytes()).entries
    }
    write(site, " changed")
    site.build(config=CONFIG)
    after = {
        entry.id for entry in feedparser.parse((site.output / "feed.xml").read_bytes()).entries
    }
    assert after == before


def test_an_empty_site_has_valid_feeds(site: SiteFolder) -> None:
    site.build()
    for name in ("feed.xml", "rss.xml"):
        assert not feedparser.parse((site.output / name).read_bytes()).bozo
    assert json.loads((site.output / "feed.json").read_text())["items"] == []


def test_without_an_address_links_still_work(site: SiteFolder) -> None:
    write(site)
    site.build(config={"base_url": ""})
    assert not feedparser.parse((site.output / "feed.xml").read_bytes()).bozo
    assert 'href="/notes/n00/"' in site.page("/archive/")


def test_a_large_site_has_a_sitemap_of_sitemaps(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notecast.features.sitemap.LIMIT", 10)
    for number in range(15):
        site.note(f"n{number}.md", title=f"N{number}")
    site.build()
    index = ElementTree.parse(site.output / "sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    named = [place.text or "" for place in index.iter(f"{space}loc")]
    assert named == ["https://example.org/sitemap-1.xml", "https://example.org/sitemap-2.xml"]
    pages = [
        place.text
        for name in named
        for place in ElementTree.parse(site.output / name.rpartition("/")[2]).iter(f"{space}loc")
    ]
    assert len(pages) == len(set(pages)) == 16
