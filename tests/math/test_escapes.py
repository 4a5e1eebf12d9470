"""Formulas that were escaped for a Markdown processor."""

from typing import Any

import pytest

from notecast.features.math.escapes import unescaped

from .conftest import cases


@pytest.mark.parametrize("case", cases("escaped"), ids=lambda case: case["tex"])
def test_what_the_processor_took(case: dict[str, Any]) -> None:
    found = unescaped(case["tex"], case["markup"])
    assert found == case["means"]
    assert len(found) == len(case["tex"])
