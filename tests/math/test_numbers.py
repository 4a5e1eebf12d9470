"""Equation numbers, labels and references, in one note and across notes."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from notecast.feature import NoteContext
from notecast.features.math import FEATURE
from notecast.model import BASE, HOLE, Post

from .conftest import make_note, make_parser
from .test_delimiters import Render


def numbers(html: str) -> list[str]:
    return re.findall(r'class="math-number"[^>]*>([^<]*)<', html)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{equation} a \end{equation}", ["(1)"]),
        (r"\begin{equation*} a \end{equation*}", []),
        (r"\begin{align} a &= b \\ c &= d \end{align}", ["(1)", "(2)"]),
        (r"\begin{align} a &= b \notag \\ c &= d \end{align}", ["(1)"]),
        (r"\begin{align} a &= b \nonumber \\ c &= d \\ \end{align}", ["(1)"]),
        (r"\begin{align*} a &= b \tag{A} \\ c &= d \end{align*}", ["(A)"]),
        (r"\begin{gather} a \\ b \tag*{B} \\ c \end{gather}", ["(1)", "B", "(2)"]),
        (r"\begin{alignat}{2} a &= b & c &= d \\ e &= f & g &= h \end{alignat}", ["(1)", "(2)"]),
        (r"\begin{multline} a \\ b \\ c \end{multline}", ["(1)"]),
        (r"\begin{multline*} a \\ b \end{multline*}", []),
        (r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}", ["(1)", "(2)"]),
        (r"\begin{flalign} a &= b \end{flalign}", ["(1)"]),
        (r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}", ["(1)"]),
        (r"\begin{align} \begin{aligned} a \\ b \end{aligned} \\ c \end{align}", ["(1)", "(2)"]),
        (r"$$ a \tag{3.1} $$", ["(3.1)"]),
        (r"$$ \begin{aligned} a &= b \\ &= c \end{aligned} \tag{1} $$", ["(1)"]),
        (r"$$ a \label{eq:a} $$", ["(1)"]),
        (r"$$ a $$", []),
        (r"$$ \begin{equation} a \end{equation}. $$", ["(1)"]),
        (r"text $$ a \tag{x} $$ text", ["(x)"]),
        (r"$$ a \tag{$\ast$} $$", ["("]),
    ],
)
def test_numbers(render: Render, text: str, expected: list[str]) -> None:
    html, note = render(text)
    assert numbers(html) == expected
    assert [p for p in note.problems if p.severity == "error"] == []


def test_rows_of_a_table_keep_their_columns(render: Render) -> None:
    html, _ = render(r"\begin{align} a &= b & c &= d \\ e &= f \end{align}")
    rows = re.findall("<mtr>(.*?)</mtr>", html)
    assert [row.count("<mtd") for row in rows] == [6, 6]


def test_a_gap_stays_with_its_row(render: Render) -> None:
    html, _ = render(r"\begin{align} a &= b \\[6pt] c &= d \end{align}")
    assert numbers(html) == ["(1)", "(2)"] and "6pt" not in html.partition("<annotation")[0]


def test_a_tag_inside_a_line_is_dropped_with_a_hint(render: Render) -> None:
    html, note = render(r"a $x \tag{1} \label{y}$ b")
    assert "<math>" in html and numbers(html) == []
    assert [(p.severity, p.column) for p in note.problems] == [("warning", 6), ("warning", 14)]


def test_references_in_one_note(render: Render) -> None:
    html, note = render(
        "See \\eqref{eq:b} and $x \\ref{eq:a}$ and \\ref{two words} \\ref{eq:b}.\n\n"
        "\\begin{align}\na \\label{eq:a} \\\\\nb \\label{eq:b}\n\\end{align}"
    )
    assert '<a class="math-ref" href="#eq-b">(2)</a>' in html
    # Inside a formula a link would be hidden from assistive technology.
    assert '<mtext><span class="math-ref">1</span></mtext>' in html
    assert '<a class="math-ref" href="#eq-b">2</a>' in html
    assert '<span class="math-number" id="eq-a">(1)</span>' in html
    assert list(note.anchors) == ["eq-a", "eq-b"] and note.problems == []


def test_one_number_names_the_whole_formula(render: Render) -> None:
    html, _ = render("$$ x \\label{eq:损失 1} $$")
    assert html.startswith('<div class="math-display" id="eq-损失-1"')
    assert '<span class="math-number">(1)</span>' in html


def test_reference_in_prose_is_an_ordinary_link(render: Render) -> None:
    text = "$$ x \\label{a} $$\n\n\\eqref{a}"
    tokens = make_parser().parse(text, {"note": make_note(text)})
    assert [token.type for token in tokens[-2].children or []] == [
        "link_open",
        "text",
        "link_close",
    ]


def test_reference_in_the_text_of_a_link_is_no_link(render: Render) -> None:
    html, note = render("$$ x \\label{a} $$\n\n[by \\eqref{a}](b.md) \\ref{a} [*\\ref{n#b}*](c)")
    assert '<a href="b.md">by <span class="math-ref">(1)</span></a>' in html
    assert '<a class="math-ref" href="#eq-a">1</a>' in html
    assert [hole.kind for hole in note.holes] == ["ref-text"]


def test_unknown_label(render: Render) -> None:
    html, note = render("$$ x \\label{eq:loss} $$\n\nby \\eqref{eq:los} and $\\ref{b}$")
    assert html.count("math-missing") == 2
    assert [(p.rule, p.line, p.column) for p in note.problems] == [
        ("equation-label-exists", 3, 24),
        ("equation-label-exists", 3, 4),
    ]
    assert note.problems[1].hint == "did you mean eq:loss?"


def test_duplicate_label(render: Render) -> None:
    _, note = render("$$ x \\label{a} $$\n\n\\begin{align}\nx \\\\\ny \\label{a}\n\\end{align}")
    (problem,) = note.problems
    assert (problem.rule, problem.line, problem.column) == ("equation-label-is-unique", 5, 3)


def test_a_refused_formula_takes_no_number(render: Render) -> None:
    html, _ = render("$$ \\foo \\tag{1} $$\n\n\\begin{equation} a \\end{equation}")
    assert numbers(html) == ["(1)"]


def post(note: NoteContext, **more: Any) -> Post:
    lists = ("categories", "tags", "authors", "redirects", "names")
    values: dict[str, Any] = {
        **dict.fromkeys(Post.__struct_fields__, ""),
        **dict.fromkeys(lists, ()),
        "path": note.path,
        "url": f"/notes/{note.path.removesuffix('.md')}/",
        "title": "A Title",
        "weight": 0.0,
        "words": 0,
        "minutes": 0,
        "pin": False,
        "draft": False,
        "has_more": False,
        "anchors": tuple(note.anchors),
        "links": (),
        "holes": tuple(note.holes),
        "facts": note.facts,
        "problems": tuple(note.problems),
    }
    return Post(**{**values, **more})


class Site:
    """The part of a View that the feature reads."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self.families = FEATURE.facts(posts, None)

    def get(self, family: str, key: str) -> Any:
        return self.families.get(family, {}).get(key)

    def post(self, path: str) -> Post | None:
        return next((post for post in self.posts if post.path == path), None)


def load(text: str, path: str, **more: Any) -> tuple[str, Post]:
    note = make_note(text, path=path)
    html = make_parser().render(text, {"note": note})
    return html, post(note, **more)


@pytest.mark.parametrize(
    "target", ["flow", "cv/flow", "flow.md", "../cv/flow.md", "cv/flow.md", "Glow Model", "glow"]
)
def test_reference_to_another_note(target: str) -> None:
    _, flow = load(
        "$$ x \\label{eq:a} \\tag{$\\ast$} $$", "cv/flow.md", title="Glow Model", names=("glow",)
    )
    html, here = load(f"$$ y $$ by \\eqref{{{target}#eq:a}}", "llm/here.md")
    assert html.endswith(f"by {HOLE}0{HOLE}</p>\n")
    view: Any = Site([flow, here])
    (hole,) = here.holes
    filled = FEATURE.fill(hole, here, view)
    assert filled.startswith(f'<a class="math-ref" href="{BASE}/notes/cv/flow/#eq-a">(<math>')
    assert list(FEATURE.check(view)) == []


def test_reference_in_prose_to_another_note() -> None:
    _, flow = load("$$ x \\label{eq:a} $$", "flow.md")
    html, here = load("by \\ref{flow#eq:a} and $x \\eqref{flow#eq:a}$", "here.md")
    view: Any = Site([flow, here])
    # Those of formulas are filled first.
    assert f"by {HOLE}1{HOLE} and" in html and f"<mtext>{HOLE}0{HOLE}</mtext>" in html
    fills = [FEATURE.fill(hole, here, view) for hole in here.holes]
    assert fills[0] == '<span class="math-ref">(1)</span>'
    assert fills[1].endswith('#eq-a">1</a>')


@pytest.mark.parametrize(
    ("reference", "message", "hint"),
    [
        ("flow#eq:b", "no equation of flow.md has the label eq:b", "did you mean eq:a?"),
        ("flwo#eq:a", "no note with labelled equations is called flwo", "did you mean flow?"),
        ("zzz#eq:a", "no note with labelled equations is called zzz", "name it by its path"),
    ],
)
def test_missing_equation_of_another_note(reference: str, message: str, hint: str) -> None:
    _, flow = load("$$ x \\label{eq:a} $$", "flow.md", title="Flow")
    _, here = load(f"one\n\nby \\eqref{{{reference}}}", "here.md")
    view: Any = Site([flow, here])
    assert "math-missing" in FEATURE.fill(here.holes[0], here, view)
    (problem,) = FEATURE.check(view)
    assert (problem.rule, problem.path, problem.line, problem.column, problem.message) == (
        "equation-label-exists",
        "notes/here.md",
        3,
        4,
        message,
    )
    assert hint in problem.hint


def test_a_name_of_several_notes_leads_nowhere() -> None:
    _, one = load("$$ x \\label{a} $$", "a/flow.md")
    _, two = load("$$ x \\label{a} $$", "b/flow.md", title="Other")
    _, here = load("\\eqref{flow#a} \\eqref{a/flow#a}", "here.md")
    view: Any = Site([one, two, here])
    assert [problem.column for problem in FEATURE.check(view)] == [1]


def test_the_stamp_names_both_engines() -> None:
    assert re.fullmatch(r"math-core [\d.]+ PyKaTeX [\d.]+", FEATURE.stamp(None))
