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
    "note with figures, tables and notes beside": "/notes/segmentation-metrics/",
    "note in a series with a question": "/notes/tanet/",
    "papers": "/papers/",
    "paper": "/papers/dao2022flashattention/",
    "series": "/series/",
    "one series": "/series/%E6%B5%81%E6%A8%A1%E5%9E%8B/",
    "graph": "/graph/",
    "questions": "/questions/",
    "settled claims": "/claims/settled/",
}
WIDTHS = (390, 834, 1440)
# What is in a formula is looked at once: its thousands of elements are the same at every width.
RUN = """(whole) => axe
  .run(whole ? document : { exclude: ["math"] }, { resultTypes: ["violations"] })
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
    answer = page.goto(demo.url + KINDS[kind])
    assert answer.ok
    page.evaluate(axe_source())
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found |= violations(page, width, whole=theme == "light" and width == WIDTHS[0])
    context.close()
    assert found == {}


def violations(page: Any, width: int, *, whole: bool) -> dict[str, list[str]]:
    """Elements by the rule that they break; formulas are looked into if `whole`."""
    return {
        f"{width} {violation['id']} ({violation['impact']})": [
            node["html"][:160] for node in violation["nodes"][:3]
        ]
        for violation in page.evaluate(RUN, whole)
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violation_in_dialogs(chromium: Any, demo_below: Served, theme: str) -> None:
    context = chromium.new_context(color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(demo_below.url + "/")
    page.evaluate(axe_source())
    page.keyboard.press("?")
    page.wait_for_selector("dialog.help[open]")
    found = violations(page, 0, whole=True)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.activeElement.closest('dialog')")
    page.keyboard.press("/")
    page.wait_for_selector("dialog.search-dialog[open]")
    page.keyboard.type("softmax")
    page.wait_for_selector(".results a")
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 900})
        found |= violations(page, width, whole=True)
    context.close()
    assert found == {}


def test_axe_does_object(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content("<img src='x.png'><button></button>")
    page.evaluate(axe_source())
    found = {violation["id"] for violation in page.evaluate(RUN, True)}
    page.close()
    assert {"image-alt", "button-name", "html-has-lang"} <= found
