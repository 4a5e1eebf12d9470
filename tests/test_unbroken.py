"""Formulas and the punctuation at them stay together: cases in `data/unbroken.md`.

In the output `[…]` stands for `<span class="nb">`, `$…$` for the formula.
"""

import re
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.loader.markdown import ExcerptWords, build_parser, parse_body
from notecast.model import NotePath

CASES = [
    pytest.param(text, expected, id=title)
    for _, title, text, expected in read_fixture_file(Path(__file__).parent / "data/unbroken.md")
]


def parsed(text: str) -> str:
    features = [feature for feature in FEATURES if feature.name == "math"]
    options = {feature.name: feature.options() for feature in features if feature.options}
    context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, "zh-CN", {})
    md = build_parser(features, options, "own")
    return parse_body(md, text, context, ExcerptWords.of("zh-CN")).html


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text: str, expected: str) -> None:
    html = parsed(text)
    html = re.sub(r"<math\b.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", r"$\1$", html)
    html = re.sub(r'<span class="nb">(.*?)</span>', r"[\1]", html)
    html = re.sub(r"</?strong>", "**", re.sub(r"</?em>", "*", html))
    assert re.sub(r"</?p>", "", html).strip() == expected.strip()


def test_text_is_that_of_the_author() -> None:
    html = parsed("（$x$），$n$-gram")
    text = re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", html)
    assert text.strip() == "（x），n-gram"
