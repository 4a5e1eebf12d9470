"""Footnotes and asides stand beside the text where there is room, below it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from ..conftest import SiteFolder
from .conftest import Served

WIDE = {"width": 1440, "height": 900}
BODY = """
First[^a], second[^b] and third[^c] in one line, so near that they would cover each other.

::: aside Beside
This belongs to the next paragraph.
:::

A paragraph[^d].

- an item[^code]

<details><summary>More</summary>

Hidden[^e].

</details>

[^a]: A note that is long enough to need several lines in a margin, however wide that may be.
[^b]: Two with $x^2$.
[^c]: Three, with a [link](https://example.org/).
[^d]: Four.
[^e]: Five.
[^code]: With code:

    ```python
    x = 1
    ```
"""
BOXES = """() => [...document.querySelectorAll(".body > :is(.sidenote, .aside)")]
  .map((side) => side.getBoundingClientRect()).filter((box) => box.height)
  .map(({ left, right, top, bottom }) => ({ left, right, top, bottom }))"""


@pytest.fixture
def served(site: SiteFolder) -> Iterator[Served]:
    site.note("a.md", BODY + "\n\nText.\n" * 40, title="A", lang="en")
    site.build()
    served = Served(site.output)
    yield served
    served.close()


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Any]:
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    page.goto(served.url + "/notes/a/")
    yield page
    context.close()
    assert said == []


def test_notes_stand_beside_their_text_and_do_not_cover_each_other(page: Any) -> None:
    boxes = page.evaluate(BOXES)
    assert len(boxes) == 5
    edge = page.locator(".body").evaluate("body => body.getBoundingClientRect().right")
    for box in boxes:
        assert box["left"] > edge
        assert box["right"] <= WIDE["width"]
    for above, below in pairwise(boxes):
        assert above["bottom"] <= below["top"]
    line = page.locator("#fnref-1").bounding_box()
    assert abs(boxes[0]["top"] - line["y"]) < 12


def test_the_same_elements_are_moved(page: Any) -> None:
    note = page.locator("#fn-1")
    assert note.count() == 1
    assert note.get_attribute("role") == "doc-footnote"
    # What has code in it is too wide; it keeps its number.
    rest = page.locator(".footnotes li:visible")
    assert rest.count() == 1
    assert rest.get_attribute("value") == "5"
    page.locator("#fnref-2").click()
    assert page.evaluate("location.hash") == "#fn-2"
    assert page.locator(":target").get_attribute("class") == "sidenote"


def test_on_a_narrower_window_they_are_at_the_end_again(page: Any) -> None:
    page.set_viewport_size({"width": 1100, "height": 900})
    page.wait_for_function("() => !document.querySelector('.sidenote')")
    assert page.locator(".footnotes li:visible").count() == 6
    assert page.locator("li#fn-1 .footnote-back").is_visible()
    assert page.locator(".aside").evaluate("aside => getComputedStyle(aside).position") == "static"
    page.set_viewport_size(WIDE)
    page.wait_for_selector(".sidenote")


def test_a_note_of_folded_text_comes_with_it(page: Any) -> None:
    assert page.locator(".sidenote:visible").count() == 4
    page.locator("summary", has_text="More").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.sidenote')].every((one) => !one.hidden)"
    )
    assert page.locator(".sidenote:visible").count() == 5


def test_paper_has_them_at_the_end(page: Any) -> None:
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
          window.printed = document.querySelectorAll(".footnotes li:not(.beside)").length;
        })"""
    )
    page.pdf(format="A4")
    assert page.evaluate("printed") == 6
    assert page.locator(".sidenote").count() == 5


def test_without_scripts_they_are_at_the_end(chromium: Any, served: Served) -> None:
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url + "/notes/a/")
    assert page.locator(".footnotes li:visible").count() == 6
    box = page.locator(".aside").bounding_box()
    body = page.locator(".body").bounding_box()
    assert box["x"] > body["x"] + body["width"]
    context.close()


def test_formulas_wider_than_paper_are_printed_smaller(chromium: Any, site: SiteFolder) -> None:
    terms = "+".join(f"a_{{{number}}}b_{{{number}}}" for number in range(40))
    site.note("wide.md", f"$$\n{terms}\n$$\n", title="Wide")
    site.build()
    served = Served(site.output)
    page = chromium.new_page(viewport=WIDE)
    page.goto(served.url + "/notes/wide/")
    # A4 less its margins, in CSS pixels.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) > 672
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(wide) <= 672
    page.close()
    served.close()
