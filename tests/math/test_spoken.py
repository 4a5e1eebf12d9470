"""Short formulas as text: `spoken.yaml` says what becomes of them."""

from pathlib import Path

import pytest
import yaml

from notecast.features.math.engine import set_formula
from notecast.features.math.macros import Macros
from notecast.features.math.spoken import spoken

CASES = yaml.safe_load((Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("tex", "text"), CASES, ids=[tex for tex, _ in CASES])
def test_formula_as_text(tex: str, text: str) -> None:
    formula = set_formula(tex, False, Macros.of({"R": r"\mathbb{R}"}))
    assert spoken(formula.html) == text


def test_what_is_no_formula_gives_nothing() -> None:
    assert spoken('<span class="math-error"><code>x</code></span>') == ""
    assert spoken("<math>\0") == spoken("") == ""
