"""Social cards: which notes have one, what is on it, and with which font."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from notecast.features.social_cards import card, fonts
from notecast.features.social_cards.card import SIZE, broken, lacking

from ..conftest import PNG, SiteFolder, age

ON = {"social_cards": True}
CJK = fonts.font_for("zh-CN")
needs_cjk = pytest.mark.skipif(
    not CJK or "DejaVu" in CJK, reason="no font with Han characters is installed"
)


def image_of(site: SiteFolder, address: str) -> str:
    """What a note says its picture is; the file is there."""
    match = re.search(r'<meta property="og:image" content="([^"]*)">', site.page(address))
    if match is None:
        return ""
    path = match[1].removeprefix("https://example.org/")
    assert path in site.tree()
    return path


def test_they_are_off_by_default(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    assert image_of(site, "/notes/a/") == ""
    assert 'name="twitter:card" content="summary"' in site.page("/notes/a/")


def test_each_note_has_one(site: SiteFolder) -> None:
    site.note("a.md", title="Activation functions", date="2025-01-01", category="Deep <Learning>")
    site.note("b.md", title="Activation functions", date="2025-01-02", category="Deep <Learning>")
    assert site.build(config=ON).problems == []
    path = image_of(site, "/notes/a/")
    image = Image.open(BytesIO(site.tree()[path]))
    assert (image.format, image.size) == ("PNG", SIZE)
    colours = {colour for _, colour in image.getcolors(1 << 20) or []}
    assert {(0x0D, 0x11, 0x16), (0xFF, 0x9F, 0x60), (0xD9, 0xE0, 0xE8)} <= colours
    page = site.page("/notes/a/")
    assert '<meta property="og:image:alt" content="Activation functions">' in page
    assert 'content="summary_large_image"' in page
    assert f'"image": "https://example.org/{path}"' in page
    # The date is on it.
    assert image_of(site, "/notes/b/") != path


def test_a_picture_of_its_own_goes_first(site: SiteFolder) -> None:
    site.write("notes/x.png", PNG)
    site.note("a.md", "![x](x.png)\n", title="A", image="x.png")
    site.build(config=ON)
    assert image_of(site, "/notes/a/") == "notes/x.png"
    assert not [path for path in site.tree() if "social_cards" in path]
    assert "og:image:width" not in site.page("/notes/a/")


def test_cards_are_drawn_once_and_go_with_their_note(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.note("a.md", title="A")
    site.note("b.md", title="B")
    age(site.root)
    site.build(config=ON)
    first = image_of(site, "/notes/a/")
    before = site.tree()
    drawn: list[str] = []
    real = card.draw

    def draw(one: card.Card, font: str, into: Path) -> object:
        drawn.append(one.title)
        return real(one, font, into)

    monkeypatch.setattr(card, "draw", draw)
    assert site.build(config=ON).written == 0
    site.note("a.md", "Another text.\n", title="A")
    site.build(config=ON)
    assert drawn == []
    assert image_of(site, "/notes/a/") == first
    site.note("a.md", title="Another title")
    site.build(config=ON)
    assert drawn == ["Another title"]
    assert first not in site.tree()
    shutil.rmtree(site.root / ".notecast")
    site.note("a.md", title="A")
    site.build(config=ON)
    assert site.tree() == before
    site.build(config={"social_cards": False})
    assert not [path for path in site.tree() if "social_cards" in path]


@needs_cjk
def test_chinese_titles_take_a_font_of_the_system(site: SiteFolder) -> None:
    site.note("a.md", title="量子纠缠与注意力机制", lang="zh-CN")
    site.note("b.md", title="骨", lang="zh-CN")
    site.note("c.md", title="骨", lang="zh-TW")
    assert site.build(config=ON).problems == []
    assert image_of(site, "/notes/a/")
    if CJK.endswith(".ttc"):  # the forms of the language
        assert site.tree()[image_of(site, "/notes/b/")] != site.tree()[image_of(site, "/notes/c/")]


def test_without_pillow_notes_are_published_without_cards(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notecast.features.social_cards.find_spec", lambda name: None)
    site.note("a.md", title="A")
    result = site.build(config=ON)
    assert [problem.rule for problem in result.problems] == ["social-cards-can-be-made"]
    assert result.notes == 1
    assert "og:image" not in site.page("/notes/a/")


def test_a_font_that_lacks_the_title_is_told_once(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notecast.features.social_cards.font_for", lambda lang: "")
    site.note("a.md", title="量子纠缠 and more")
    site.note("b.md", title="注意力")
    site.note("c.md", title="Latin 🎉 title")
    site.build(config=ON)
    (problem,) = site.problems
    assert (problem.rule, problem.severity) == ("social-card-font-fits", "warning")
    assert problem.path == "notes/a.md"
    assert 'has no "量子纠缠"' in problem.message and "nor have 1 others" in problem.message
    assert image_of(site, "/notes/a/") == ""
    # An emoji is left out.
    assert image_of(site, "/notes/c/")


@needs_cjk
def test_a_font_of_the_site(site: SiteFolder) -> None:
    config = {**ON, "social_cards": {"enabled": True, "font": "fonts/own.ttc"}}
    site.note("a.md", title="量子")
    site.build(config=config)
    assert site.rules() == ["social-card-font-exists"]
    assert image_of(site, "/notes/a/") == ""
    site.write("fonts/own.ttc", b"not a font")
    site.build(config=config)
    assert site.rules() == ["social-card-font-fits"]
    site.write("fonts/own.ttc", Path(CJK).read_bytes())
    assert site.build(config=config).problems == []
    assert image_of(site, "/notes/a/")


def font(size: int = 40) -> ImageFont.FreeTypeFont:
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def test_what_a_font_lacks() -> None:
    assert lacking(font(), "a量b子 量") == "量子"
    plain = "".join(map(chr, range(32, 127))) + "·«»‘’“”…"
    assert fonts.is_plain(plain) and lacking(font(), plain) == ""
    assert not fonts.is_plain("ö") and not fonts.is_plain("量")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("  one  ", ["one"]),
        ("", [""]),
        ("中文中文中文中文", ["中文中文中文", "中文"]),
        # Closing marks hang on, opening ones go on.
        ("中文中文中文，中文", ["中文中文中文，", "中文"]),
        ("中文中文中（文中）", ["中文中文中", "（文中）"]),
        ("unbreakableunbreakable x", ["unbreakableunbreakable", "x"]),
    ],
)
def test_lines(text: str, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Measure:
        """Han characters are two wide, everything else one."""

        def getlength(self, text: str) -> float:
            return sum(2 if sign >= "\u2e80" else 1 for sign in text)

    measure: Callable[[], object] = Measure
    assert broken(text, measure(), 12) == lines  # type: ignore[arg-type]
