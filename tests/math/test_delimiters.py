"""What is a formula in Markdown and what is not."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from markdown_it.token import Token

from notecast.feature import NoteContext
from notecast.features.math import FEATURE, MathOptions
from notecast.loader.markdown import build_parser

from ..conftest import SiteFolder
from .conftest import cases, make_note, make_parser

KIND = {"math_inline": "i", "math_display": "d", "math_block": "b"}

Render = Callable[..., tuple[str, NoteContext]]


def flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.type != "image":
            yield from flat(token.children or ())


def formulas(text: str, **options: Any) -> list[str]:
    tokens = make_parser(**options).parse(text, {"note": make_note(text)})
    return [f"{KIND[token.type]} {token.content}" for token in flat(tokens) if token.type in KIND]


@pytest.mark.parametrize("case", cases("delimiters"), ids=lambda case: case["name"])
def test_formulas(case: dict[str, Any]) -> None:
    assert formulas(case["text"]) == case["formulas"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`$x$`", ["i x"]),
        ("a `$$x$$` b", ["d x"]),
        ("`\\(x\\)`", ["i x"]),
        ("`\\begin{align}a\\end{align}`", ["d \\begin{align}a\\end{align}"]),
        ("`$$ x\n\\begin{matrix}a\\end{matrix}\n$$`", ["d  x\n\\begin{matrix}a\\end{matrix}\n"]),
        ("`$HOME` `code` `$a:$b`", []),
    ],
)
def test_code_spans_by_option(text: str, expected: list[str]) -> None:
    assert formulas(text, code_spans=True) == expected


def test_code_span_that_looks_meant_is_reported(render: Render) -> None:
    html, note = render("ab `$x_1$` and `$HOME` and `x`")
    assert "<math" not in html
    assert [(p.rule, p.severity, p.line, p.column) for p in note.problems] == [
        ("math-in-code-span", "warning", 1, 5)
    ]


def test_unpaired_marks_stay_text_with_a_problem(render: Render) -> None:
    html, note = render("one\n\n> $$ two\n\nthree $x$ four")
    assert "<p>$$ two</p>" in html and "three <math>" in html
    (problem,) = note.problems
    assert (problem.rule, problem.line, problem.column) == ("formula-is-closed", 3, 3)


def test_words_for_a_picture_keep_their_source(render: Render) -> None:
    html, _ = render("![of $x_1$](y.png)")
    assert 'alt="of x_1"' in html


def test_a_caption_is_set() -> None:
    md = build_parser([FEATURE], {"math": MathOptions()}, "own")
    text = "![of $x_1$ by \\eqref{a} and $\\foo$](https://a.example/y.png)\n\n$$y \\label{a}$$"
    note = make_note(text)
    html = md.render(text, {"note": note})
    assert 'alt="of x_1 by a and \\foo"' in html
    caption = html.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert "<msub>" in caption and 'href="#eq-a">(1)</a>' in caption
    assert [(p.rule, p.line, p.column) for p in note.problems] == [("formula-can-be-set", 1, 30)]


def test_one_bad_formula_never_costs_another(render: Render) -> None:
    html, note = render("$\\foo$ and $x$\n\n$$\\frac{a}$$\n\n$y$")
    assert html.count("<math") == 2
    assert html.count('class="math-error"') == 2
    assert [(p.line, p.column) for p in note.problems] == [(1, 2), (3, 10)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("ab $x + \\foo$", 1, 9),
        ("> - a\n>   $\\foo$", 2, 6),
        ("> $$\n> x\n>\n>   \\foo\n> $$", 4, 5),
        ("1. a\n\n   $$ x \\foo $$", 3, 9),
        ("# On *$\\foo$*", 1, 8),
        ("| a | b |\n|---|---|\n| $x|y$ | $\\|x\\|\\foo$ |", 3, 17),
        ("a\nb $x\ny \\foo$", 3, 3),
        ("```math\n\n\\foo\n```", 3, 1),
        ("\\begin{align}\na\\\\\n  \\foo\n\\end{align}", 3, 3),
        ("[a $\\foo$](b)", 1, 5),
    ],
)
def test_the_place_is_that_of_the_very_character(
    render: Render, text: str, line: int, column: int
) -> None:
    _, note = render(text)
    assert [(p.rule, p.line, p.column) for p in note.problems] == [
        ("formula-can-be-set", line, column)
    ]


def test_a_bare_parser_needs_no_note() -> None:
    html = make_parser().render("$x$ $\\foo$ $$\n\n\\eqref{a} $$x \\label{a}$$")
    assert html.count("<math") == 2


def test_displays_can_be_reached_and_read(render: Render) -> None:
    block, _ = render("$$x$$", lang="zh-CN")
    group = 'tabindex="0" role="group" aria-label="公式"'
    assert block.startswith(f'<div class="math-display" {group}><math display="block">')
    inline, _ = render("a $$x$$ b")
    assert '<p>a <span class="math-display"' in inline and "<div" not in inline


@pytest.mark.parametrize(
    "text",
    [
        "$" * 50_000,
        "$ " * 50_000,
        "$$\n" * 5_000,
        "$$ a\n\n" * 5_000,
        "\\(" * 50_000,
        "\\[x^2\n" * 5_000,
        "\\begin{align}\n" * 3_000,
        "\\begin{align} " * 5_000,
        "`$" * 20_000,
        "| a | b |\n|---|---|\n" + "| $a | $b |\n" * 2_000,
        "$\\text{" * 10_000,
        "a $$\n" * 3_000,
    ],
    ids=lambda text: text[:12],
)
def test_pathological_text_is_read_in_time(text: str) -> None:
    import time

    begin = time.process_time()
    formulas(text)
    assert time.process_time() - begin < 5


def test_formulas_in_html_keep_what_is_around_them_and_their_lines(render: Render) -> None:
    html, note = render("text\n\n<center>\n<b>A</b> $x$,\n$\\nope$ </center>\n")
    assert "<center>\n<b>A</b> <math>" in html
    assert html.endswith(" </center>\n")
    assert [(p.rule, p.line) for p in note.problems] == [("formula-can-be-set", 5)]


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("so $$x$$ is", 0),
        ("so $$x$$.", 0),
        ("$$x$$ is", 0),
        ("$$x$$", 1),
        ("$$x$$, $$y$$", 0),
        ("so\n$$x$$,\nis", 1),
        ("so $$\nx\n$$ is", 1),
        ("- $$x$$", 1),
        ("| a |\n| - |\n| b $$x$$ |", 0),
    ],
)
def test_double_dollars_of_kramdown(site: SiteFolder, text: str, display: int) -> None:
    site.write("site.yaml", "title: T\n")
    site.note("a.md", f"{text}\n", title="A")
    site.build()
    usual = site.page("/notes/a/")
    assert usual.count('display="block"') == usual.count("<math")
    site.write("_config.yml", "title: x\n")
    site.write("_layouts/post.html", "")
    site.build()
    found = site.page("/notes/a/")
    assert found.count("<math") == usual.count("<math")
    assert found.count('display="block"') == display
    site.build(config={"math": {"double_dollars": "display"}})
    assert site.page("/notes/a/") == usual
    site.write("_config.yml", "markdown: commonmark\n")
    site.build()
    assert site.page("/notes/a/") == usual
