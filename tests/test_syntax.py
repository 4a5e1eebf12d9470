"""Cases of the Markdown dialect: `tests/syntax/*.md`, input and expected output.

A file is named after a feature, which is then switched on, or after a part of
the core. The last word of a title may be `(zh)` for a Chinese note, `(untrusted)`
for untrusted HTML. In the output a hole is shown as `⟦feature.kind data⟧`, a
problem as a line `!! line:column rule`, a preview between `⟨` and `⟩`.
"""

import re
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.loader.markdown import ExcerptWords, build_parser, parse_body
from notecast.model import HOLE, PEEK, PEEK_END, NotePath
from notecast.problems import in_order

FOLDER = Path(__file__).parent / "syntax"
CASES = [
    pytest.param(file.stem, title, text, expected, id=f"{file.stem}: {title}")
    for file in sorted(FOLDER.glob("*.md"))
    for _, title, text, expected in read_fixture_file(file)
]


def shown(stem: str, title: str, text: str) -> str:
    """The body of a case with its holes and problems made visible."""
    features = [feature for feature in FEATURES if feature.name == stem]
    options = {feature.name: feature.options() for feature in features if feature.options}
    md = build_parser(features, options, "untrusted" if "(untrusted)" in title else "own")
    lang = "zh-CN" if "(zh)" in title else "en"
    context = NoteContext(NotePath("a.md"), "notes/a.md", text.split("\n"), 1, lang, {})
    html = parse_body(md, text, context, ExcerptWords.of(lang)).html

    def hole(match: re.Match[str]) -> str:
        found = context.holes[int(match[1])]
        return f"⟦{' '.join([f'{found.feature}.{found.kind}', *found.data]).strip()}⟧"

    problems = "".join(
        f"!! {problem.line}:{problem.column} {problem.rule}\n"
        for problem in in_order(context.problems)
    )
    html = html.replace(PEEK, "⟨").replace(PEEK_END, "⟩")
    return re.sub(f"{HOLE}(\\d+){HOLE}", hole, html) + problems


@pytest.mark.parametrize(("stem", "title", "text", "expected"), CASES)
def test_case(stem: str, title: str, text: str, expected: str) -> None:
    assert shown(stem, title, text).rstrip("\n") == expected.rstrip("\n")


def test_every_syntax_feature_has_cases() -> None:
    named = {file.stem for file in FOLDER.glob("*.md")}
    assert {"callouts", "code"} <= named
