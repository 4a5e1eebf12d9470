"""One formula: what is set, what is put right, what is refused and where."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from notecast.features.math.commands import KNOWN, nearest
from notecast.features.math.engine import set_formula
from notecast.features.math.limits import MAX_DEPTH, MAX_LENGTH, excess
from notecast.features.math.tokens import scan

from .conftest import cases
from .linear import linear

SHEET = Path(__file__).parents[2] / "notes" / "formula-sheet.md"
COMMANDS = [
    pytest.param(tex, id=f"{part}: {name}")
    for part, listed in cases("commands").items()
    for name, tex in listed.items()
]


def well_formed(html: str) -> ElementTree.Element:
    """The formula as a tree; raises for markup that feeds could not hold."""
    return ElementTree.fromstring(html)


@pytest.mark.parametrize("tex", COMMANDS)
@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_every_common_command_is_set(tex: str, display: bool) -> None:
    formula = set_formula(tex, display)
    assert formula.fault is None
    root = well_formed(formula.html)
    assert root.tag == "math" and root.get("display") == ("block" if display else None)
    (semantics,) = root
    assert semantics[1].text == tex.strip()
    # Strict policies for styles, and browsers that know MathML Core only.
    known = {"columnalign", "columnlines", "rowlines", "notation", "columnspacing", "style"}
    for element in root.iter():
        assert not known & set(element.attrib), element.attrib
        assert element.tag not in ("menclose", "mfenced", "mglyph", "maction")
        assert element.get("mathvariant") in (None, "normal")
        assert "\\" not in (element.text or "") or element.tag == "annotation"


@pytest.mark.parametrize("name", cases("shown"))
def test_every_common_command_shows_what_it_means(name: str) -> None:
    (tex,) = (part[name] for part in cases("commands").values() if name in part)
    assert linear(well_formed(set_formula(tex, True).html)) == cases("shown")[name]


def test_all_of_the_list_is_there() -> None:
    listed = cases("commands")
    assert len(listed["commands"]) == 150 and len(listed["environments"]) == 19
    assert [name for part in listed.values() for name in part] == list(cases("shown"))
    for name, tex in listed["commands"].items():
        assert name in tex or name == "\\"
    for name, tex in listed["environments"].items():
        assert f"\\begin{{{name}}}" in tex


def test_the_sheet_of_the_demonstration_site_shows_them_all() -> None:
    sheet = SHEET.read_text("utf-8")
    listed = cases("commands")
    missing = [name for name in listed["commands"] if name not in sheet]
    missing += [name for name in listed["environments"] if f"\\begin{{{name}}}" not in sheet]
    # No colour has enough contrast on light and on dark paper; `eqnarray` is set with a warning.
    assert missing == ["\\color", "eqnarray", "eqnarray*"]


@pytest.mark.parametrize("case", cases("repairs"), ids=lambda case: case["tex"])
def test_repairs(case: dict[str, Any]) -> None:
    formula = set_formula(case["tex"], True)
    assert formula.fault is None
    well_formed(formula.html)
    shown = formula.html.partition("<annotation")[0]
    assert case["holds"] in shown
    assert case.get("skips", "\0") not in shown
    if "says" not in case:
        assert formula.hints == ()
        return
    assert case["says"] in formula.hints[0].message
    assert formula.hints[0].offset == case["at"]
    assert formula.hints[0].hint


@pytest.mark.parametrize("case", cases("refused"), ids=lambda case: case["tex"])
@pytest.mark.parametrize("display", [True, False], ids=["display", "inline"])
def test_refused_at_the_very_character(case: dict[str, Any], display: bool) -> None:
    formula = set_formula(case["tex"], display)
    assert formula.fault is not None and formula.html == ""
    assert (formula.fault.offset, case["says"] in formula.fault.message) == (case["at"], True), (
        formula.fault
    )
    assert formula.fault.hint and case["hint"] in formula.fault.hint


@pytest.mark.parametrize("name", KNOWN)
def test_suggestions_can_be_set(name: str) -> None:
    arguments = {
        "begin": r"\begin{matrix}a\end{matrix}",
        "end": r"\begin{matrix}a\end{matrix}",
        "hline": r"\begin{array}{c}\hline a\end{array}",
        "left": r"\left(a\right)",
        "right": r"\left(a\right)",
        "middle": r"\left(a\middle|b\right)",
        "limits": r"\sum\limits_a",
        "nolimits": r"\sum\nolimits_a",
        "color": r"\color{red}a",
        "textcolor": r"\textcolor{red}{a}",
        "hspace": r"\hspace{1em}",
        "sqrt": r"\sqrt{a}",
        "not": r"\not=",
        "tag": r"a\tag{1}",
    }
    argument = "(" if re.fullmatch("[bB]igg?[lr]?", name) else "{a}{b}"
    tex = arguments.get(name, f"\\{name}{argument}")
    assert set_formula(tex, True).fault is None


def test_did_you_mean() -> None:
    assert nearest(r"\lamdba") == r"\lambda"
    assert nearest(r"\mathbff") == r"\mathbf"
    assert nearest(r"\zzzzzz") == ""


ABUSE = {
    "braces": "{" * 5_000 + "}" * 5_000,
    "roots": r"\sqrt{" * 5_000 + "x" + "}" * 5_000,
    "roots without braces": r"\sqrt" * 5_000 + "x",
    "options": r"\sqrt[" * 5_000 + "x" + "]x" * 5_000,
    "scripts": "x^{" * 5_000 + "x" + "}" * 5_000,
    "fractions": r"\frac{" * 500 + "x" + "}{y}" * 500,
    "brackets": r"\left(" * 1_000 + r"\right)" * 1_000,
    "environments": r"\begin{matrix}" * 1_000 + r"\end{matrix}" * 1_000,
    "accents": r"\hat" * 5_000 + "x",
    "accents in groups": (r"\hat" * 150 + "{") * 50 + "x" + "}" * 50,
    "colours": r"\color{red} x" * 5_000,
    "styles": r"\displaystyle x" * 5_000,
    "macro": r"\def\a#1{\sqrt{#1}}" + r"\a{" * 3_000 + "x" + "}" * 3_000,
    "macro bomb": r"\def\a{\b\b}\def\b{\c\c}\def\c{\d\d}\def\d{\e\e}\def\e{\f\f}\def\f{\g\g}"
    r"\def\g{\h\h}\def\h{\i\i}\def\i{\j\j}\def\j{\k\k}\def\k{xxxxxxxxxx}\a",
    "long": "a+" * 50_000,
    "matrix": r"\begin{matrix}" + r"\\".join(["&".join(["1"] * 200)] * 200) + r"\end{matrix}",
    "unknown in a long one": "a+" * 4_000 + r"\foo",
    "text": r"\text{$" * 500 + "$}" * 500,
}


@pytest.mark.parametrize("name", ABUSE)
def test_no_formula_ends_the_process_or_takes_long(name: str) -> None:
    # In a process of its own, and there in a thread with a small stack: a crash of an
    # engine is no exception that a test could catch.
    code = (
        "import sys, threading, time\n"
        "from notecast.features.math.engine import set_formula\n"
        "tex = sys.stdin.read()\n"
        "def run():\n"
        "    begin = time.perf_counter()\n"
        "    formula = set_formula(tex, True)\n"
        "    assert (formula.fault is None) == bool(formula.html)\n"
        "    print(time.perf_counter() - begin, len(formula.html))\n"
        "threading.stack_size(512 * 1024)\n"
        "thread = threading.Thread(target=run)\n"
        "thread.start()\n"
        "thread.join()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=ABUSE[name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    seconds, size = done.stdout.split()
    assert float(seconds) < 2 and int(size) < 5_000_000


def test_limits_are_far_from_real_formulas() -> None:
    assert excess(scan(r"\frac{" * 20 + "x" + "}{y}" * 20)) is None
    assert excess(scan("[0, 1) + " * 300)) is None
    assert excess(scan(r"\alpha\beta" * (MAX_DEPTH // 3))) is None
    assert excess(scan("a" * (MAX_LENGTH + 1))) is not None


def test_source_is_escaped_in_the_annotation() -> None:
    html = set_formula(r"a < b \text{<script>} & c", True).html
    assert "<script>" not in html and html.count("<annotation") == 1


def test_copying_gives_the_source() -> None:
    html = set_formula(" \\alpha\n+ 1 ", False).html
    found = re.search(r"<annotation encoding=\"application/x-tex\">(.*)</annotation>", html, re.S)
    assert found is not None and found[1] == "\\alpha\n+ 1"
