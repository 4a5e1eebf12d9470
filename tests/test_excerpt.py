"""Excerpts for cards: what they hold, and where they are cut."""

from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.graphemes import is_boundary
from notecast.loader.markdown import ExcerptWords, Parsed, build_parser, parse_body
from notecast.model import NotePath
from notecast.short_texts import cut_text, shortened

CASES = Path(__file__).parent / "data" / "excerpts.md"
ACTIVE = [feature for feature in FEATURES if feature.name in ("math", "callouts", "code")]
MD = build_parser(
    ACTIVE,
    {feature.name: feature.options() for feature in ACTIVE if feature.options},
    "own",
)


def parsed(text: str, lang: str = "zh-CN", length: int = 350) -> Parsed:
    context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, lang, {})
    return parse_body(MD, text, context, ExcerptWords.of(lang), length)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(text, expected.rstrip("\n"), id=title)
        for _, title, text, expected in read_fixture_file(CASES)
    ],
)
def test_case(text: str, expected: str) -> None:
    found = parsed(text)
    assert found.excerpt + (" →" if found.has_more else "") == expected


def test_words_by_language_and_by_choice() -> None:
    text = "a $\\alpha$\n\n$$\nx\n$$\n\n```\nx\n```\n"
    assert parsed(text, "en").excerpt == "a [Math] [Formula] [Code]"
    assert ExcerptWords.of("zh", ("<代码>", "", "")) == ExcerptWords("<代码>", "[公式]", "[Math]")


def test_at_most_350_characters_and_three_dots() -> None:
    excerpt = parsed("字" * 400).excerpt
    assert excerpt == "字" * 350 + "..."
    assert parsed("字" * 350).excerpt == "字" * 350
    assert not parsed("字" * 350).has_more


def test_long_note_costs_no_more_than_its_beginning() -> None:
    excerpt = parsed("段落。\n\n" * 5000).excerpt
    assert len(excerpt) <= 353


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("an unbelievable word", 9, "an..."),
        # A first word that does not fit is cut: an empty card says nothing.
        ("state-of-the-art results", 8, "state-of..."),
        ("see state-of-the-art results", 10, "see..."),
        ("中文mixedtext中文", 5, "中文..."),
        ("中文字符", 3, "中文字..."),
        ("https://arxiv.org/abs/1706", 10, "https://ar..."),
        ("见 https://arxiv.org/abs/1706", 12, "见..."),
        ("ab👩‍👩‍👧‍👦cd", 4, "ab..."),
        ("国🇨🇳🇯🇵旗", 4, "国🇨🇳..."),
        ("e\u0301e\u0301e\u0301 x", 3, "e\u0301..."),
        ("好👍🏽的啊", 2, "好..."),
        ("가각ᄀ\u1161\u11a8나", 4, "가각..."),
        ("naïve café", 7, "naïve..."),
        ("山葛\U000e0100城市", 2, "山..."),
    ],
)
def test_cut_tears_nothing_apart(text: str, length: int, expected: str) -> None:
    assert shortened(text, length) == expected


def test_description_is_no_longer_than_asked() -> None:
    assert cut_text("字" * 200, 160) == "字" * 159 + "…"
    assert cut_text("short", 160) == "short"


def test_boundaries_of_graphemes() -> None:
    family = "👩‍👩‍👧‍👦"
    assert [index for index in range(len(family) + 1) if is_boundary(family, index)] == [0, 7]
    flags = "🇨🇳🇯🇵"
    assert [index for index in range(5) if is_boundary(flags, index)] == [0, 2, 4]
    assert not is_boundary("\r\n", 1)
    assert not is_boundary("♥\ufe0f", 1)
    assert not is_boundary("각\u11a8", 1)
    assert is_boundary("가나", 1)
