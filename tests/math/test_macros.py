"""Macros of authors: definitions, expansion, limits."""

from itertools import pairwise

import pytest

from notecast.features.math.engine import set_formula
from notecast.features.math.macros import NO_MACROS, MacroFault, Macros, expand
from notecast.features.math.tokens import plain, scan

from .test_delimiters import Render


def expanded(tex: str, macros: Macros = NO_MACROS) -> str:
    return plain(expand(scan(tex), macros)[0])


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\newcommand{\R}{\mathbb{R}}\R^n", r"\mathbb{R}^n"),
        (r"\newcommand\R{\mathbb{R}}\R", r"\mathbb{R}"),
        (r"\newcommand*{\R}{x}\R", "x"),
        (r"\newcommand{\n}[1]{\|#1\|}\n{a}\n b", r"\|a\|\|b\|"),
        (r"\newcommand{\f}[2]{\frac{#2}{#1}}\f{a}{b}", r"\frac{b}{a}"),
        (r"\newcommand{\e}[2][p]{E_{#1}[#2]}\e{x}\e[q]{y}", "E_{p}[x]E_{q}[y]"),
        (r"\def\x#1#2{#2#1}\x ab", "ba"),
        (r"\def\x{a}\x\x", "aa"),
        (r"\let\old\alpha\renewcommand{\alpha}{\old_1}\alpha", r"\alpha_1"),
        (r"\let\y=\x\def\x{1}\y", r"\x"),
        (r"\newcommand{\a}{\b c}\newcommand{\b}{d}\a", "d c"),
        (r"\providecommand{\x}{a}\providecommand{\x}{b}\x", "a"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}\vec{x}", r"\mathbf{x}"),
        (r"\DeclareMathOperator{\rank}{rank}\rank A", r"\operatorname{rank} A"),
        (r"\DeclareMathOperator*{\am}{arg\,max}\am_x", r"\operatorname*{arg\,max}_x"),
        (r"\newcommand{\s}[1]{\sqrt{#1}}\s{\s{x}}", r"\sqrt{\sqrt{x}}"),
        (r"\newcommand{\hash}{\#}\hash", r"\#"),
        (r"\definecolor{loss}{RGB}{255, 0, 16}\color{loss} x", r"\color{#ff0010} x"),
        (r"\definecolor{a}{rgb}{1,0,.5}\textcolor{ a }{x}", r"\textcolor{#ff0080}{x}"),
        (
            r"\definecolor{b}{HTML}{1F6FEB}\textcolor{b}{\textcolor{red}{x}}",
            r"\textcolor{#1f6feb}{\textcolor{red}{x}}",
        ),
        (r"\definecolor{c}{gray}{0.5}\def\y#1{\color{c}#1}\y z", r"\color{#808080}z"),
        (r"\newcommand{iid}{\sim}x \iid p", r"x \sim p"),
    ],
)
def test_expansion(tex: str, expected: str) -> None:
    assert expanded(tex) == expected


def test_macros_of_the_site() -> None:
    macros = Macros.of({"R": r"\mathbb{R}", "norm": r"\lVert #1 \rVert", "\\E": "E"})
    assert expanded(r"\norm{\R}\E\Re", macros) == r"\lVert \mathbb{R} \rVertE\Re"
    assert set_formula(r"\norm{x} \in \R", False, macros).fault is None
    assert set_formula(r"\Rx", False, macros).fault is not None


def test_a_letter_behind_a_macro_stays_apart() -> None:
    macros = Macros.of({"a": r"\alpha"})
    assert "<mi>x</mi>" in set_formula(r"{\a}x \a x", False, macros).html


@pytest.mark.parametrize(
    ("tex", "offset"),
    [
        (r"\def\a{\a}\a", 10),
        (r"x\def\a{\b}\def\b{\a}\a", 21),
        (r"\newcommand{\x}[2]{#1}\x{a}", 22),
        (r"\newcommand{\x}[0]{a}", 0),
        (r"\newcommand{\x}", 0),
        (r"\def\x#2{a}", 6),
        (r"a\let\x", 1),
    ],
)
def test_what_cannot_be_followed_is_refused_at_its_place(tex: str, offset: int) -> None:
    with pytest.raises(MacroFault) as refused:
        expanded(tex)
    assert refused.value.fault.offset == offset


def test_bombs_are_refused() -> None:
    names = "abcdefghijklmno"
    doubling = "".join(rf"\def\{one}{{\{two}\{two}}}" for one, two in pairwise(names))
    with pytest.raises(MacroFault):
        expanded(doubling + r"\def\o{x}\a")
    with pytest.raises(MacroFault):
        expanded(r"\def\x#1{#1#1}" + r"\x{" * 20 + "aaaaaaaaaa" + "}" * 20)


def test_definitions_hold_to_the_end_of_the_note(render: Render) -> None:
    html, note = render("$\\Rn$\n\n$$\\newcommand{\\Rn}{\\mathbb{R}}$$\n\n$\\Rn$ and $x \\in \\Rn$")
    assert html.count("<mi>ℝ</mi>") == 2
    assert [(p.rule, p.line, p.column) for p in note.problems] == [("formula-can-be-set", 1, 2)]
    assert "math-display" not in html


def test_definitions_of_one_note_do_not_reach_another(render: Render) -> None:
    render("$\\def\\Rn{x}$")
    _, note = render("$\\Rn$")
    assert len(note.problems) == 1


def test_macros_by_option(render: Render) -> None:
    html, note = render("$\\Rn$", macros={"Rn": "\\mathbb{R}"})
    assert "ℝ" in html and not note.problems


def test_an_error_inside_a_macro_stands_at_its_call() -> None:
    fault = set_formula(r"a + \x", False, Macros.of({"x": r"\nosuchcommand"})).fault
    assert fault is not None and fault.offset == 4


def test_the_key_of_macros_ignores_their_order() -> None:
    one, two = Macros.of({"a": "1", "b": "2"}), Macros.of({"b": "2", "a": "1"})
    assert one.key == two.key and one == two
    assert one.key != Macros.of({"a": "1"}).key
