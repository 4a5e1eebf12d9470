"""Counting words of mixed text, and reading time."""

import pytest

from notecast.feature import NoteContext
from notecast.loader.markdown import ExcerptWords, build_parser, parse_body
from notecast.loader.markdown.words import count, minutes
from notecast.model import NotePath


@pytest.mark.parametrize(
    ("text", "characters", "words"),
    [
        ("", 0, 0),
        ("one two three", 0, 3),
        ("state-of-the-art don't", 0, 2),
        ("扩散模型", 4, 0),
        ("扩散模型 Diffusion 入门。", 6, 1),
        ("用PyTorch训练3个epoch", 4, 3),
        ("ひらがなとカタカナ", 9, 0),
        ("한국어 띄어쓰기", 0, 2),
        ("𠮷野家", 3, 0),
        ("３ 个 １２", 1, 2),
        ("，。！……——", 0, 0),
        ("a_b snake_case", 0, 4),
        ("3.14 1,000", 0, 4),
        ("naïve Ωμέγα привет", 0, 3),
        ("🚀 ok", 0, 1),
        ("ㄅㄆㄇ 々〇", 5, 0),
    ],
)
def test_count(text: str, characters: int, words: int) -> None:
    assert count(text) == (characters, words)


@pytest.mark.parametrize(
    ("characters", "words", "expected"),
    [(0, 0, 0), (1, 0, 1), (400, 0, 1), (401, 0, 2), (0, 238, 1), (0, 239, 2), (4000, 2380, 20)],
)
def test_minutes(characters: int, words: int, expected: int) -> None:
    assert minutes(characters, words) == expected


def test_code_formulas_and_markup_do_not_count() -> None:
    text = (
        "# 标题\n\n中文 `code here` **bold**\nnext\n\n```\nnot these words\n```\n\n"
        "<div>nor these</div>\n\n- 一\n- [two](x.md)\n\n| 三 | four |\n|---|---|\n| 五 | six |\n"
    )
    context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, "zh", {})
    parsed = parse_body(build_parser((), {}, "own"), text, context, ExcerptWords())
    # 中文一三五 and bold, next, two, four, six; the title has left the body.
    assert parsed.words == 5 + 5
    assert parsed.minutes == 1
