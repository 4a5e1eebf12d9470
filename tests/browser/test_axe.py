"""axe-core finds nothing to object to, on every kind of page, in both themes, at three widths."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from .conftest import Served

KINDS = {
    "home": "/",
    "second page": "/page/2/",
    "category": "/categories/llm/",
    "categories": "/categories/",
    "tags": "/tags/",
    "archive": "/archive/",
    "not found": "/404.html",
    "search": "/search/",
    "long note in Chinese": "/notes/flash-attention/",
    "note in English": "/notes/online-softmax/",
    "note with figures and tables": "/notes/segmentation-metrics/",
}
WIDTHS = (390, 834, 1440)
# What is in a formula is looked at once: its thousands of elements are the same at every width.
RUN = """(width) => axe
  .run(width === 390 ? document : { exclude: ["math"] }, { resultTypes: ["violations"] })
  .then((found) => found.violations)"""


def axe_source() -> str:
    """axe-core as the package that carries it has it; loaded by no page of ours."""
    spec = find_spec("axe_playwright_python")
    assert spec and spec.origin
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_violation(chromium: Any, demo: Served, kind: str, theme: str) -> None:
    context = chromium.new_context(color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(demo.url + KINDS[kind])
    page.evaluate(axe_source())
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for violation in page.evaluate(RUN, width):
            places = [node["html"][:160] for node in violation["nodes"][:3]]
            found[f"{width} {violation['id']} ({violation['impact']})"] = places
    context.close()
    assert found == {}


def test_axe_does_object(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content("<img src='x.png'><button></button>")
    page.evaluate(axe_source())
    found = {violation["id"] for violation in page.evaluate(RUN, WIDTHS[0])}
    page.close()
    assert {"image-alt", "button-name", "html-has-lang"} <= found
