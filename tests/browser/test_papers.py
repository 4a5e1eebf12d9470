"""Lists of papers are narrowed, and references shown, by style sheets alone."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Served


@pytest.fixture
def page(chromium: Any, demo: Served) -> Any:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 1000, "height": 800}
    )
    page = context.new_page()
    yield page
    context.close()


def test_a_filter_keeps_its_works_and_their_years(page: Any, demo: Served) -> None:
    page.goto(demo.url + "/papers/")
    rows, years = page.locator(".works > li"), page.locator(".papers .year")
    shown = page.locator(".works > li:visible")
    everything = rows.count()
    assert shown.count() == everything > 10
    page.locator("#show-1").check()
    assert 0 < shown.count() < everything
    assert shown.count() == page.locator("li.show-1").count()
    assert 0 < page.locator(".papers .year:visible").count() < years.count()
    page.locator("#show-0").check()
    assert shown.count() == everything


def test_a_reference_stands_below_its_citation_while_one_points_at_it(
    page: Any, demo: Served
) -> None:
    page.goto(demo.url + "/notes/online-softmax/")
    link = page.locator(".body a[role=doc-biblioref]").first
    said = "getComputedStyle(document.querySelector('.body a[role=doc-biblioref]'), '::after')"
    box = link.bounding_box()
    assert page.evaluate(f"{said}.content") == "none"
    link.focus()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
    assert "Milakov" in page.evaluate(f"{said}.content")
    # What is pointed at stays in sight: its middle still belongs to the text, not to a panel.
    top = page.evaluate(f"parseFloat({said}.marginTop)")
    assert top >= box["height"] - 4
