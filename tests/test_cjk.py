"""Chinese, Japanese and Korean: emphasis, sentences around links, and counts over real shapes.

More cases stand in `tests/syntax/emphasis.md` and `breaks.md`.
"""

import re
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from notecast.feature import NoteContext
from notecast.loader.markdown import ExcerptWords, bare_parser, build_parser, parse_body
from notecast.loader.markdown.cjk import CJK, IDEOGRAPHIC_VARIANT, PUNCTUATION, SPACE, kind_of
from notecast.loader.markdown.cjk_breaks import leaves_no_space
from notecast.loader.markdown.sentences import sentence_around
from notecast.model import Link, NotePath

# Inputs of the CJK-friendly specification's public tests, with what its rules demand.
SPECIFICATION = Path(__file__).parent / "data" / "cjk-friendly.md"
MD = build_parser((), {}, "own")


def links_of(text: str) -> list[Link]:
    context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, "zh", {})
    parse_body(MD, text, context, ExcerptWords())
    return context.links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(text, expected, id=title)
        for _, title, text, expected in read_fixture_file(SPECIFICATION)
    ],
)
def test_specification(text: str, expected: str) -> None:
    md = bare_parser().enable("strikethrough")
    assert md.render(text, {}) == expected


@pytest.mark.parametrize("closing", list("，。、；：？！）】》”’」』…—～·"))
def test_bold_closes_behind_any_mark(closing: str) -> None:
    html = bare_parser().render(f"前**真{closing}**后", {})
    assert html == f"<p>前<strong>真{closing}</strong>后</p>\n"


@pytest.mark.parametrize("opening", list("（【《“‘「『—～"))
def test_bold_opens_before_any_mark(opening: str) -> None:
    html = bare_parser().render(f"前**{opening}真**后", {})
    assert html == f"<p>前<strong>{opening}真</strong>后</p>\n"


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("中", CJK),
        ("，", CJK | PUNCTUATION),
        ("한", CJK),
        ("ㄱ", CJK),
        ("\u1160", CJK),
        ("あ", CJK),
        ("ｱ", CJK),
        ("𠮷", CJK),
        ("￥", CJK | PUNCTUATION),
        ("₩", CJK | PUNCTUATION),
        ("“", PUNCTUATION),
        ("a", 0),
        ("*", PUNCTUATION),
        ("\u3000", SPACE),
        ("😀", PUNCTUATION),
        ("⌚", PUNCTUATION),
        ("〰", CJK | PUNCTUATION),
        ("\U000e0100", IDEOGRAPHIC_VARIANT),
        ("é", 0),
    ],
)
def test_kind_of_character(character: str, kind: int) -> None:
    assert kind_of(character) == kind


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("中", "文", True),
        ("中", "a", False),
        ("a", "中", False),
        ("a", "b", False),
        ("，", "a", True),
        ("a", "（", True),
        ("中", "“", True),
        ("”", "文", True),
        ("”", "a", False),
        ("가", "나", False),
        ("中", "가", False),
        ("あ", "ア", True),
        ("ー", "ん", True),
        ("1", "年", False),
    ],
)
def test_line_break(before: str, after: str, joined: bool) -> None:
    assert leaves_no_space(before, after) is joined


@pytest.mark.parametrize(
    ("text", "link", "expected"),
    [
        ("前句。这里有[链接](b.md)的话！后句。", "链接", "这里有链接的话！"),
        ("First one. Here is [a link](b.md) to it. Last.", "a link", "Here is a link to it."),
        ("见 v1.2 的[链接](b.md)", "链接", "见 v1.2 的链接"),
        ("[开头](b.md)。后", "开头", "开头。"),
        ("- 项[一](b.md)\n- 二", "一", "项一"),
        ("**粗[链](b.md)**\n后文。尾", "链", "粗链后文。"),
        ("> 引“[链](b.md)。”后", "链", "引“链。”"),
    ],
)
def test_sentence_around_a_link(text: str, link: str, expected: str) -> None:
    (found,) = links_of(text)
    assert found.sentence == expected
    assert link in found.sentence


def test_long_sentence_is_cut_around_the_link() -> None:
    (found,) = links_of("字" * 500 + "[链接](b.md)" + "字" * 500)
    assert len(found.sentence) <= 202
    assert found.sentence.startswith("…字")
    assert found.sentence.endswith("字…")
    assert "链接" in found.sentence


def test_words_at_the_cuts_stay_whole() -> None:
    text = "word " * 100 + "LINK " + "word " * 100
    start = text.index("LINK")
    sentence = sentence_around(text, start, start + 4)
    assert set(re.findall(r"\w+", sentence)) == {"word", "LINK"}


def test_links_and_places() -> None:
    text = "前\n\n> 见 [甲](../x/甲.md#节) 与 [乙](<b c>)，[图](a.png) [外](https://a.example)"
    found = [(link.target, link.fragment, link.line, link.column) for link in links_of(text)]
    assert found == [("../x/甲.md", "节", 3, 5), ("b c", "", 3, 24)]
