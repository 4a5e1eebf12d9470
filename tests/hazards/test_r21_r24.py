"""R21-R24: names that are one on some disks, doubled addresses, Unicode forms, bad names."""

import os
import unicodedata

import pytest

from notecast.urls import address_key

from ..conftest import PNG, SiteFolder
from .tools import Page

NFD = unicodedata.normalize("NFD", "é-größe-が")
NFC = unicodedata.normalize("NFC", NFD)


def keys(site: SiteFolder) -> list[str]:
    return [address_key(path) for path in site.tree()]


@pytest.mark.parametrize("kind", ["tags", "categories"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LLM", "llm"),
        ("Straße", "STRASSE"),
        ("\u212a", "k"),
        ("ＬＬＭ", "LLM"),
        ("machine learning", "Machine  Learning"),
        (unicodedata.normalize("NFD", "café"), "café"),
        ("ﬁne", "fine"),
        ("Ⅷ", "viii"),
    ],
)
def test_spellings_of_a_term_are_one_page(
    site: SiteFolder, kind: str, first: str, second: str
) -> None:
    """R21: merged by a written rule (`docs`), said to the author once."""
    site.note("a.md", title="A", **{kind: f'["{first}"]'})
    site.note("b.md", title="B", **{kind: f'["{second}"]'})
    site.build()
    assert [rule for rule in site.rules() if rule != "term-has-one-spelling"] == []
    pages = [path for path in site.tree() if path.startswith(f"{kind}/") and path.endswith("html")]
    assert len(pages) == 2  # the index and one term
    assert len(keys(site)) == len(set(keys(site)))


@pytest.mark.parametrize(
    ("first", "second"), [("İ", "i"), ("C", "C++"), ("a b", "a-b"), ("x", "x.")]
)
def test_different_terms_with_one_slug_stay_two(site: SiteFolder, first: str, second: str) -> None:
    site.note("a.md", title="A", tags=f'["{first}"]')
    site.note("b.md", title="B", tags=f'["{second}"]')
    site.build()
    assert (
        len([path for path in site.tree() if path.startswith("tags/") and "feed" not in path]) >= 3
    )
    assert len(keys(site)) == len(set(keys(site)))


def test_notes_that_differ_in_case_are_named(site: SiteFolder) -> None:
    site.note("Note.md", title="A")
    site.note("note.md", title="B")
    site.build()
    assert sorted(set(site.rules())) == ["address-is-unique", "file-name-is-unique"]
    assert len(keys(site)) == len(set(keys(site)))


def test_addresses_are_taken_once(site: SiteFolder) -> None:
    """R22: whoever comes first has the address; the other is told who."""
    site.note("a.md", "One.\n", title="A")
    site.note("b.md", "Text.\n", title="B", slug="a")
    site.note("c.md", "Text.\n", title="C", permalink="/tags/x/")
    site.note("d.md", "Text.\n", title="D", tags="[x]")
    site.note("e.md", "Text.\n", title="E", aliases="[/notes/a/]")
    site.note("f.md", "Text.\n", title="F", permalink="/feed.xml")
    site.note("g.md", "Text.\n", title="G", permalink="/404.html")
    site.note("h.md", "Text.\n", title="H", permalink="/sitemap.xml")
    site.note("i.md", "Text.\n", title="I", permalink="/")
    site.note("j.md", "Text.\n", title="J", permalink="/archive/")
    site.note("k.md", "Text.\n", title="K", permalink="/page/2/")
    site.note("l.md", "Text.\n", title="L", aliases="[/old/]")
    site.note("m.md", "Text.\n", title="M", aliases="[/OLD/]")
    site.note("n.md", "Text.\n", title="N", permalink="/own.txt/")
    site.write("static/notes/a/index.html", "mine")
    site.write("static/own.txt", "mine")
    site.note("o.md", "Text.\n", title="O", permalink="/data.v1/deep/")
    site.write("static/data.v1", "mine")
    site.write("static/robots.txt", "mine")
    result = site.build()
    assert result.notes == 15
    assert len(keys(site)) == len(set(keys(site)))
    assert "One." in site.page("/notes/a/")
    assert (site.output / "robots.txt").read_text() == "mine"
    text = "\n".join(map(str, result.problems))
    for named in (
        'notes/b.md: error: the address "/notes/a/" is that of notes/a.md',
        "notes/c.md",
        "notes/f.md",
        "notes/h.md",
        "notes/j.md",
        "static/notes/a/index.html",
        'static/own.txt and notes/n.md have the same address "/own.txt"',
        "static/data.v1 and notes/o.md",
    ):
        assert named in text, named
    assert all(problem.rule == "address-is-unique" for problem in result.problems), text
    assert all(problem.hint for problem in result.problems)


def test_unicode_forms_meet(site: SiteFolder) -> None:
    """R23: what one writes composed and the other decomposed is the same."""
    site.note(f"{NFD}.md", f"## {NFD}\n\nText.\n", title="A", tags=f'["{NFD}"]')
    site.note("b.md", title="B", tags=f'["{NFC}"]')
    site.write(f"notes/{NFD}.png", PNG)
    lines = [
        f"[c]({NFC}.md)",
        f"[d]({NFD}.md)",
        f"[[{NFC}]]",
        f"[[{NFD}]]",
        f"![x]({NFC}.png)",
        f"![x]({NFD}.png)",
        f"[h]({NFC}.md#{NFC})",
        f"[h]({NFD}.md#{NFD})",
        f"[h](<{NFC}.md#{NFD}>)",
    ]
    site.note("links.md", "\n\n".join(lines) + "\n", title="L")
    site.build()
    assert site.rules() == []
    page = Page(site.page("/notes/links/"))
    assert len([image for image in page.all("img") if "notes/%C3%A9" in image["src"]]) == 2
    for path in site.tree():
        assert path == unicodedata.normalize("NFC", path)
    assert f"notes/{NFC}/index.html" in site.tree()
    assert f"tags/{NFC}/index.html" in site.tree()


def test_two_files_that_are_one_composed(site: SiteFolder) -> None:
    site.note(f"{NFD}.md", title="A")
    site.note(f"{NFC}.md", title="B")
    result = site.build()
    assert result.notes == 1
    (problem,) = result.problems
    assert (problem.rule, problem.path) == ("file-name-is-unique", f"notes/{NFC}.md")


NAMES = {
    "CON.md": True,
    "aux.md": True,
    "com1.md": True,
    "a..md": False,
    "ab .md": False,
    "a1:b.md": True,
    "a2?b.md": True,
    "a3*b.md": True,
    'a4"b.md': True,
    "a5<b>.md": True,
    "汉" * 80 + ".md": True,
    "x" * 240 + ".md": False,
    "🎉.md": False,
    "a6\u200fb.md": True,
    "-a7.md": True,
    "a8\\b.md": True,
    "sub./n.md": True,
    "sup /n.md": True,
    "a9\nb.md": True,
    "%2e%2e.md": False,
}


def test_names_that_other_systems_cannot_hold(site: SiteFolder) -> None:
    """R24: published at an address that every disk can hold, and the author is warned."""
    for name in NAMES:
        site.note(name, "Text.\n", title="T")
    site.note(".hidden.md", "Secret.\n")
    result = site.build()
    assert result.notes == len(NAMES)
    assert len(keys(site)) == len(set(keys(site)))
    for path in site.tree():
        for part in path.split("/"):
            assert len(part.encode()) <= 210, part
            assert not set(part) & set('<>:"|?*\\\n'), part
            assert part == part.strip(" .") or part.startswith("."), part
            assert part.split(".")[0].lower() not in ("con", "aux", "com1"), part
            assert not part.startswith("-"), part
    named = {problem.path for problem in result.problems}
    for name, warned in NAMES.items():
        folder = name.split("/")[0]
        if warned:
            assert f"notes/{name}" in named or f"notes/{folder}" in named, name


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    try:
        with open(os.fsencode(site.root / "notes") + b"/\xff\xfe.md", "wb") as file:
            file.write(b"Text.\n")
    except OSError:
        pytest.skip("this file system holds only UTF-8")
    result = site.build()
    assert result.notes == 1
    assert site.rules() == ["file-name-is-portable"]
