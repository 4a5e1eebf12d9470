"""The search in a browser: real queries, both languages, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from ..conftest import SiteFolder
from .conftest import SEARCH, Served

TITLES = ".results > li > a"


@pytest.fixture
def page(chromium: Any, demo_below: Served) -> Iterator[Any]:
    """A page of the site below `/repo/`, under the policy of docs/search.md."""
    context = chromium.new_context(viewport={"width": 1100, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(demo_below.url + "/")
    yield page
    context.close()
    assert said == []


def opened(page: Any) -> None:
    # On a busy machine the focus may still be on its way out of a dialog that has closed.
    page.wait_for_function("() => !document.activeElement.closest('dialog')")
    page.keyboard.press("/")
    page.wait_for_selector("dialog.search-dialog[open]")


def found(page: Any, text: str) -> list[str]:
    """Titles of the notes that a query finds."""
    status = page.locator(".search .status")
    page.locator(".search input").fill("")
    page.wait_for_function("() => document.querySelector('.search .status').textContent === ''")
    page.locator(".search input").fill(text)
    page.wait_for_function(
        """() => {
          const box = document.querySelector(".search");
          const said = box.querySelector(".status").textContent;
          return said && said !== box.dataset.searching &&
            (said === box.dataset.none || box.querySelector(".results a"));
        }"""
    )
    assert status.inner_text()
    titles: list[str] = page.locator(TITLES).all_inner_texts()
    return titles


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("注意力", "给注意力装一道门"),
        ("注意力机制", "注意力"),  # no note has all of it: those with a part of it are nearest
        ("线性注意力", "线性注意力"),
        ("意力", "注意力"),  # a part that is no word
        ("FlashAttention 分块", "FlashAttention"),
        ("分块 FlashAttention", "FlashAttention"),
        ("重投影误差", "相机标定"),
        ("normalizing flow", "Normalizing flows"),
        ("normalize flows", "Normalizing flows"),  # another form of the same words
        ("online softmax", "softmax"),
        (r"\operatorname{softmax}", ""),
        ("mathbb", ""),
    ],
)
def test_queries(page: Any, query: str, first: str) -> None:
    opened(page)
    titles = found(page, query)
    assert titles
    assert first in titles[0]


def test_compounds_are_found_whole_and_by_their_parts(chromium: Any, site: SiteFolder) -> None:
    site.write("site.yaml", "title: 物理\nlanguage: zh-CN\n")
    site.note("a.md", "量子纠缠态不能分解为子系统态的张量积。\n", title="甲", tags="[量子]")
    site.note("b.md", "两个量子比特之间没有联系；绳子纠在一起。\n", title="乙")
    site.note("c.md", "Entangled qubits, $\\operatorname{Tr}\\rho^2 < 1$.\n", title="C", lang="en")
    site.build(search=True)
    served = Served(site.output, policy=SEARCH)
    page = chromium.new_page()
    page.goto(served.url + "/")
    opened(page)
    found_by = {
        query: found(page, query)
        for query in ("量子纠缠", "纠缠态", "子纠", "量子", "张量 纠缠", "qubit", "operatorname Tr")
    }
    page.close()
    served.close()
    assert found_by["量子纠缠"] == ["甲"]
    assert found_by["纠缠态"] == ["甲"]
    assert sorted(found_by["子纠"]) == ["乙", "甲"]
    assert sorted(found_by["量子"]) == ["乙", "甲"]
    assert found_by["张量 纠缠"] == ["甲"]
    assert found_by["qubit"] == ["C"]
    assert found_by["operatorname Tr"] == ["C"]


def test_what_is_nowhere_is_not_found(page: Any) -> None:
    opened(page)
    assert found(page, "量子纠缠") == []


def test_both_languages_are_searched_from_either(page: Any, demo_below: Served) -> None:
    page.goto(demo_below.url + "/notes/online-softmax/")
    assert page.evaluate("document.documentElement.lang") == "en"
    opened(page)
    assert any("注意力" in title for title in found(page, "注意力"))
    assert page.evaluate("document.documentElement.lang") == "en"


def test_excerpts_are_text_with_marks(page: Any) -> None:
    opened(page)
    found(page, "线性注意力")
    marks = page.locator(".results mark").all_inner_texts()
    assert "线性注意力" in marks
    text = page.locator(".results .excerpt").first.inner_text()
    assert "注 意" not in text


def test_by_keyboard_alone(page: Any) -> None:
    page.keyboard.press("/")
    page.wait_for_selector("dialog.search-dialog[open]")
    page.keyboard.type("softmax")
    page.wait_for_selector(TITLES)
    links = page.locator(".results a").all_inner_texts()
    focused = "document.activeElement.innerText"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == links[0]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == links[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search-dialog").is_visible()
    # It remembers, and Enter opens the first.
    opened(page)
    title = page.locator(TITLES).first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/repo/notes/**")
    assert page.locator("h1").inner_text() == title


def test_filters_narrow(page: Any) -> None:
    opened(page)
    found(page, "softmax")
    before = page.locator(".search .status").inner_text()
    page.locator("select[name=category]").select_option("Computer Vision")
    page.wait_for_function(
        """before => document.querySelector(".search .status").textContent !== before &&
          document.querySelector(".results a")""",
        arg=before,
    )
    categories = page.locator(".results > li > .meta span:last-child").all_inner_texts()
    assert categories
    # A note may be in several; the first is shown.
    assert "Computer Vision" in categories
    years = page.locator("select[name=year] option").all_inner_texts()[1:]
    assert years == sorted(years, reverse=True)


def test_the_page_has_an_address_for_what_was_looked_for(page: Any, demo_below: Served) -> None:
    page.goto(f"{demo_below.url}/search/?q={quote('注意力')}&category=LLM")
    page.wait_for_selector(TITLES)
    assert page.locator(".search input").input_value() == "注意力"
    assert page.locator("select[name=category]").input_value() == "LLM"
    page.locator(".search input").fill("softmax")
    page.wait_for_url("**/search/?q=softmax&category=LLM")


def test_under_a_policy_without_it_the_rest_works(chromium: Any, demo: Served) -> None:
    page = chromium.new_page()
    page.goto(demo.url + "/")
    opened(page)
    page.locator(".search input").fill("softmax")
    page.wait_for_function(
        """() => {
          const box = document.querySelector(".search");
          return box.querySelector(".status").textContent === box.dataset.failed;
        }"""
    )
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search-dialog").is_visible()
    page.close()


def test_keys_typed_into_the_field_are_text(page: Any) -> None:
    opened(page)
    page.locator(".search input").press_sequentially("j?k/")
    assert page.locator(".search input").input_value() == "j?k/"
    assert not page.locator("dialog.help").count()
