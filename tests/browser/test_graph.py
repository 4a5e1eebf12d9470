"""The graph by hand: what a note is linked to stands out, names are found, the picture moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..conftest import SiteFolder
from .conftest import Served


@pytest.fixture
def graph(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """The graph of a site of 120 notes, drawn in islands."""
    site = SiteFolder(tmp_path)
    site.write("site.yaml", "title: Many\nbase_url: https://example.org\n")
    for number in range(120):
        site.note(
            f"n{number}.md",
            f"[[n{(number + 1) % 120}]] [[n{number // 2}]]\n",
            title=f"Note {number}",
            category=f"C{number % 4}",
        )
    site.build()
    served = Served(site.output)
    context = chromium.new_context(viewport={"width": 1000, "height": 900}, base_url=served.url)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text))
    page.goto("/graph/")
    page.wait_for_selector(".graph-tools:not([hidden])")
    yield page
    context.close()
    served.close()
    assert problems == []


def box(page: Any) -> list[float]:
    return [float(part) for part in page.locator(".graph svg").get_attribute("viewBox").split()]


def test_a_note_under_the_pointer_shows_its_links(graph: Any) -> None:
    node = graph.locator('.node[href="/notes/n7/"]')
    node.hover()
    marked = graph.eval_on_selector_all(".node.marked", "all => all.map((one) => one.href.baseVal)")
    assert set(marked) == {f"/notes/n{other}/" for other in (7, 8, 3, 6, 14, 15)}
    assert graph.locator(".over path").count() == 5
    assert "Note 15" in graph.locator(".over text").all_text_contents()
    graph.mouse.move(2, 2)
    assert graph.locator(".chosen, .node.marked").count() == 0


def test_a_note_is_found_by_name_and_opened(graph: Any) -> None:
    graph.locator(".graph-tools input").fill("note 11")
    assert graph.locator(".node.marked").count() == 11  # 11, 110 … 119
    graph.locator(".graph-tools input").fill("Note 119")
    graph.keyboard.press("Enter")
    graph.wait_for_url("**/notes/n119/")


def test_the_picture_grows_and_moves_and_comes_back(graph: Any) -> None:
    whole = box(graph)
    graph.get_by_role("button", name="Nearer").click()
    nearer = box(graph)
    assert nearer[2] < whole[2]
    graph.locator(".graph svg").scroll_into_view_if_needed()
    shape = graph.locator(".graph svg").bounding_box()
    x, y = shape["x"] + shape["width"] / 2, shape["y"] + 60
    graph.mouse.move(x, y)
    graph.mouse.down()
    graph.mouse.move(x + 80, y + 30, steps=4)
    graph.mouse.up()
    assert box(graph)[0] < nearer[0]
    assert graph.url.endswith("/graph/")
    graph.get_by_role("button", name="All").click()
    assert box(graph) == whole
    for _ in range(30):
        graph.get_by_role("button", name="Nearer").click()
    assert whole[2] / 13 < box(graph)[2] < whole[2] / 11
    for _ in range(30):
        graph.get_by_role("button", name="Farther").click()
    assert box(graph) == whole


def test_the_list_points_at_the_picture(graph: Any) -> None:
    graph.locator(".graph .tree a").first.focus()
    assert graph.locator(".node.marked").count() > 1
