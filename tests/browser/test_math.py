"""The sheet of formulas in Chromium: room, gaps, paper, phone and copying."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Served

SHEET = "/notes/formula-sheet/"
# The font may come too late for its page (`font-display: optional`); then it is asked for again,
# and the formulas are laid out anew.
WITH_FONT = """async () => {
  const link = document.querySelector('link[as="font"][href*="math"]');
  const face = new FontFace("Notecast Math", `url(${link.href})`);
  document.fonts.add(await face.load());
  for (const math of document.querySelectorAll("math")) math.replaceWith(math.cloneNode(true));
}"""
# In em: what stands between the end of the last element inside and the end of the root.
ROOTS = """() => [...document.querySelectorAll("msqrt, mroot")].map((root) => {
  const inside = root.tagName == "mroot" ? root.firstElementChild : root.lastElementChild;
  const gap = root.getBoundingClientRect().right - inside.getBoundingClientRect().right;
  return gap / parseFloat(getComputedStyle(root).fontSize);
})"""
BRACKETS = """() => [...document.querySelectorAll("mo")]
  .filter((mo) => "()[]{}|‖⟨⟩⌊⌋⌈⌉".includes(mo.textContent) && mo.textContent)
  .map((mo) => [mo.textContent,
    mo.getBoundingClientRect().width / parseFloat(getComputedStyle(mo).fontSize)])"""
SELECT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return getSelection().toString();
}"""


@pytest.fixture(scope="module")
def sheet(chromium: Any, demo: Served) -> Iterator[Any]:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(demo.url + SHEET)
    page.evaluate(WITH_FONT)
    yield page
    page.close()


def test_nothing_stands_behind_a_root(sheet: Any) -> None:
    gaps = sheet.evaluate(ROOTS)
    assert len(gaps) > 5 and max(map(abs, gaps)) < 0.1


def test_brackets_take_no_more_room_than_they_need(sheet: Any) -> None:
    widths = sheet.evaluate(BRACKETS)
    assert len(widths) > 50
    assert {sign: width for sign, width in widths if width > 0.52} == {}


def test_wide_formulas_scroll_alone(sheet: Any) -> None:
    assert sheet.evaluate("document.documentElement.scrollWidth") <= 390
    last = sheet.locator(".math-display").last
    assert last.evaluate("(element) => element.scrollWidth - element.clientWidth") > 100


def test_strokes_are_printed(sheet: Any) -> None:
    stroke = sheet.locator(".m-up").first
    said = stroke.evaluate("(element) => getComputedStyle(element).printColorAdjust")
    assert said == "exact"


def test_a_selection_is_tex(sheet: Any) -> None:
    formula = sheet.locator("li .math-display, li math").first
    assert formula.evaluate(SELECT).strip() == r"\mathbf{x}^\top \mathbf{W}_1"
