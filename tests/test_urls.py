"""Slugs, ids and addresses: safe, stable, and never out of the site.

Cases are data: `tests/headers/addresses.yaml`.
"""

import posixpath
import unicodedata
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notecast.loader.header import read_header
from notecast.urls import (
    BadAddress,
    address_key,
    check_address,
    check_pattern,
    check_slug,
    heading_id,
    is_external,
    join,
    note_url,
    output_path,
    quote,
    safe_part,
    slugify,
    split_dated_name,
    split_fragment,
    unquote,
)

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "headers" / "addresses.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("style", ["unicode", "ascii"])
def test_slugs(style: str) -> None:
    assert {text: slugify(text, style) for text in DATA[style]} == {
        text: unicodedata.normalize("NFC", slug) for text, slug in DATA[style].items()
    }


def test_heading_ids() -> None:
    assert {text: heading_id(text) for text in DATA["heading"]} == DATA["heading"]


@pytest.mark.parametrize(("written", "address"), DATA["demanded"].items())
def test_demanded_addresses(written: str, address: str) -> None:
    checked = check_address(written)
    assert str(checked).lower() == address.lower()
    assert isinstance(checked, str)
    assert check_address(checked) == checked
    output_path(checked)


@pytest.mark.parametrize(("written", "why"), DATA["refused"].items())
def test_refused_addresses(written: str, why: str) -> None:
    checked = check_address(written)
    assert isinstance(checked, BadAddress), checked
    assert why in checked.message
    assert checked.hint
    assert checked.message.isprintable()


@pytest.mark.parametrize("case", DATA["notes"], ids=lambda case: case["path"])
def test_addresses_of_notes(case: dict[str, Any]) -> None:
    options = {key: value for key, value in case.items() if key not in ("path", "url")}
    assert note_url(case["path"], **options) == (case["url"], [])


@pytest.mark.parametrize(("base", "relative", "joined"), DATA["joined"])
def test_join(base: str, relative: str, joined: str) -> None:
    assert join(base, relative) == joined


TRAVERSALS = [
    *("../x", "../../../../etc/passwd", "/etc/../../x", "a/../../b", ".", "..", "./..", "/.."),
    *(".git/config", "index.html/x", "a\0b", "x" * 300, "..\\x", "C:\\x", "\\\\host\\x"),
    *("file:///x", "~/x", "%2e%2e/x", "%252e%252e%252fx", "．．/x"),
]


@pytest.mark.parametrize("value", TRAVERSALS)
@pytest.mark.parametrize("key", ["slug", "permalink", "url", "aliases", "redirect_from"])
def test_no_header_leads_out_of_the_site(key: str, value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("\0", "\\0")
    header = read_header(f'---\n{key}: "{escaped}"\n---\n', "n.md")
    values = header.values
    url, _ = note_url("n.md", slug=values.get("slug", ""), permalink=values.get("permalink", ""))
    for address in (url, *values.get("redirects", ())):
        path = output_path(address)
        assert not path.startswith(("/", "."))
        assert posixpath.normpath(path) == path
        assert ".." not in path.split("/")
        assert all(len(part.encode()) <= 200 for part in path.split("/"))
    # A word without a slash is a fine name of a note; `url` of another host is a link.
    fine = (key == "aliases" and "/" not in value) or (key == "url" and is_external(value))
    fine = fine or (key == "slug" and value == "%2e%2e/x")
    assert header.problems or fine or values.get("slug")


def test_a_name_too_long_for_an_address_is_cut_and_said() -> None:
    name = "扩" * 86
    url, problems = note_url(f"cv/{name}.md", shown_path=f"notes/cv/{name}.md")
    part = unquote(url).split("/")[-2]
    assert 190 < len(part.encode()) <= 200
    assert part.startswith("扩扩")
    assert [(p.rule, p.severity) for p in problems] == [("address-is-short", "warning")]
    assert note_url(f"cv/{name}甲.md")[0] != url
    assert slugify("a" * 300) != slugify("a" * 301)
    assert len(heading_id("b" * 300)) == 200


def test_dated_names() -> None:
    assert split_dated_name("cv/2024-01-05-two-streams.md") == ("2024-01-05", "two-streams")
    assert split_dated_name("2024-01-05T10:00:00Z-x.md") == ("2024-01-05", "x")
    assert split_dated_name("2024-01-05 扩散.md") == ("2024-01-05", "扩散")
    assert split_dated_name("journals/2024_01_05.md") == ("2024-01-05", "2024_01_05")
    assert split_dated_name("2024_01_05_x.md") == ("", "2024_01_05_x")
    assert split_dated_name("2024-13-05-x.md") == ("", "2024-13-05-x")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("figure 1.png", "figure 1.png"),
        ("图.png", "图.png"),
        ("Cafe\u0301.png", "Café.png"),
        ("a:b?.png", "a-b-.png"),
        ("CON.png", "CON_.png"),
        ("com1", "com1_"),
        ("a. ", "a"),
        (".env", "env"),
        ("-x.png", "_x.png"),
        ("a\u202eb.png", "ab.png"),
        ("...", "file"),
        ("", "file"),
        ("console.png", "console.png"),
    ],
)
def test_names_of_published_files(name: str, safe: str) -> None:
    assert safe_part(name) == safe
    assert safe_part(safe) == safe


def test_long_names_of_files_keep_their_suffix() -> None:
    safe = safe_part("图" * 100 + ".png")
    assert safe.endswith(".png")
    assert len(safe.encode()) <= 200


def test_quote_and_output_path() -> None:
    assert quote("/notes/cv/") == "/notes/cv/"
    assert quote("/笔记/a b&c'\"<.png") == "/%E7%AC%94%E8%AE%B0/a%20b%26c%27%22%3C.png"
    assert output_path("/") == "index.html"
    assert output_path("/x/") == "x/index.html"
    assert output_path("/feed.xml") == "feed.xml"
    assert output_path("/%E7%AC%94%E8%AE%B0/") == "笔记/index.html"
    assert output_path(quote("/Cafe\u0301/")) == "Café/index.html"
    bad = ("x", "", "//x", "/../x", "/%2e%2e/x", "/a/..", "/a//b", "/a%00", "/a%5cb", "/./x")
    for url in bad:
        with pytest.raises(ValueError, match="not an address"):
            output_path(url)


def test_what_one_disk_would_take_for_one_address() -> None:
    same = ("/Notes/Caf%C3%A9/", "/notes/cafe%CC%81/", "/NOTES/CAFÉ/index.html")
    assert len({address_key(url) for url in same}) == 1
    pairs = [("LLM", "llm"), ("Straße", "STRASSE"), ("\u212a", "k"), ("ΣΑΣ", "σας")]
    for one, other in pairs:
        assert address_key(f"/{one}/") == address_key(f"/{other}/")
    assert address_key("/c-sharp/") != address_key("/c/")


def test_patterns() -> None:
    assert check_pattern("/:year/:slug/") is None
    assert check_pattern("/:category/:path") is None
    bad = check_pattern("/:years/:slug/")
    assert bad is not None
    assert bad.message == "there is no placeholder :years"
    assert ":year" in bad.hint
    assert check_pattern("/../:slug/") is not None


def test_external_and_fragment() -> None:
    assert all(map(is_external, ("https://x", "//x", "mailto:a@b", "obsidian://x", "C:\\x")))
    assert not any(map(is_external, ("x", "/x", "../x:y", "#a:b", "?a:b", "", "扩散:x")))
    assert split_fragment("x/#top") == ("x/", "top")
    assert split_fragment("x/") == ("x/", "")


@given(st.text(max_size=100), st.sampled_from(["unicode", "ascii"]))
def test_any_slug_is_a_safe_part(text: str, style: str) -> None:
    slug = slugify(text, style)
    assert slug
    assert slug.strip("-") == slug
    assert unicodedata.is_normalized("NFC", slug)
    assert not set(slug) & set('/\\<>:"|?*%# .\0')
    assert len(slug.encode()) <= 200
    assert style == "unicode" or slug.isascii()
    assert slugify(slug, style) == slug
    assert output_path(quote(f"/{slug}/")) == f"{slug}/index.html"


@given(st.text(max_size=60))
def test_any_heading_has_an_id(text: str) -> None:
    found = heading_id(text)
    assert found
    assert not any(char.isspace() for char in found)


@given(st.text(max_size=40))
def test_what_is_accepted_stays_inside(text: str) -> None:
    checked = check_address(text)
    if not isinstance(checked, BadAddress):
        assert checked.isascii()
        path = output_path(checked)
        assert posixpath.normpath(path) == path
        assert not path.startswith((".", "/"))
    bad = check_slug(text)
    assert bad is not None or slugify(text)


@given(st.text(alphabet="ab./?#%", max_size=20))
def test_join_agrees_with_the_standard(relative: str) -> None:
    if "//" in relative.split("?")[0].split("#")[0] or "?#" in relative:
        return  # we fold empty parts, the standard library drops an empty query
    wanted = urllib.parse.urljoin("http://h/notes/cv/tsn/", relative)
    mine = join("/notes/cv/tsn/", relative)
    assert mine.rstrip("?#") == wanted.removeprefix("http://h").rstrip("?#")
