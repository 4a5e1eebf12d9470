"""Every control by keyboard, and what readers ask of browsers: print, less motion, colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import Served

NOTE = "/notes/flash-attention/"
FOCUSED = "document.activeElement"


@pytest.fixture
def page(chromium: Any, demo: Served) -> Iterator[Any]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900},
        base_url=demo.url,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == []


def test_skip_link_comes_first_and_leads_to_the_text(page: Any) -> None:
    page.goto(NOTE)
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(f"!!{FOCUSED}.closest('main')")


@pytest.mark.parametrize(
    ("address", "least"),
    [
        (NOTE, 25),
        ("/", 20),
        ("/categories/llm/", 15),
        ("/tags/", 40),
        ("/archive/", 40),
        ("/papers/", 40),
        ("/graph/", 40),
        ("/404.html", 8),
    ],
)
def test_every_stop_of_the_tab_key_shows_and_is_named(page: Any, address: str, least: int) -> None:
    page.goto(address)
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const at = document.activeElement;
              if (at === document.body) return null;
              const box = at.getBoundingClientRect();
              const ringed = (one) => one && getComputedStyle(one).outlineStyle !== "none" &&
                parseFloat(getComputedStyle(one).outlineWidth) > 0;
              // The ring of a card's title is around the card.
              const rings = ringed(at) || ringed(at.closest(".card"));
              return { what: at.outerHTML.slice(0, 120), rings, size: box.width * box.height,
                named: !!(at.innerText || at.ariaLabel || at.value || "").trim() };
            }"""
        )
        if seen is None:
            break
        stops += 1
        assert seen["rings"], seen
        assert seen["size"] > 0, seen
        assert seen["named"], seen
    assert stops >= least


def test_theme_switch_lasts_and_is_forgotten_when_it_is_the_systems(page: Any) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("[data-ui=theme]").focus()
    page.keyboard.press("Enter")
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(NOTE)
    assert page.evaluate(paper) == dark
    page.locator("[data-ui=theme]").click()
    assert page.evaluate(paper) == light
    assert page.evaluate("localStorage.getItem('theme')") is None


# Before any script of the page: the ground of every frame from the first, and what paints.
FRAMES = """
window.grounds = new Set();
const look = () => {
  if (document.body) grounds.add(getComputedStyle(document.body).backgroundColor);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_chosen_theme_never_flashes(chromium: Any, demo: Served, system: str) -> None:
    context = chromium.new_context(color_scheme=system, base_url=demo.url)
    page = context.new_page()
    page.goto("/")
    page.locator("[data-ui=theme]").click()
    chosen = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.add_init_script(FRAMES)
    for address in (NOTE, "/archive/", "/"):
        page.goto(address)
        page.wait_for_function("() => window.grounds.size")
        assert page.evaluate("[...grounds]") == [chosen]
    context.close()


def test_previews_show_by_pointer_and_by_keyboard(page: Any) -> None:
    shown = "one => getComputedStyle(one, '::after').content !== 'none'"
    page.goto(NOTE)
    cited = page.locator(".body [data-ref]:not([data-ref=''])").first
    assert not cited.evaluate(shown)
    cited.hover()
    assert cited.evaluate(shown)
    page.keyboard.press("Escape")
    assert cited.evaluate("one => getComputedStyle(one, '::after').display") == "none"
    page.mouse.move(0, 0)
    cited.focus()
    assert cited.evaluate(shown)
    assert cited.evaluate("one => getComputedStyle(one, '::after').display") != "none"


def test_a_preview_stays_while_the_pointer_is_on_it(page: Any) -> None:
    page.goto("/notes/autograd/")
    link = page.locator(".ref:has(.peek)").first
    peek = link.locator(".peek")
    assert not peek.is_visible()
    link.locator("a").first.hover()
    assert peek.is_visible()
    line, box = link.locator("a").first.bounding_box(), peek.bounding_box()
    # Below the line of the link, so near that the pointer finds the way.
    assert box["y"] >= line["y"] + line["height"] / 2
    for step in range(1, 30):
        page.mouse.move(line["x"] + 5, line["y"] + line["height"] / 2 + step)
    assert peek.is_visible()
    page.keyboard.press("Escape")
    assert not peek.is_visible()


def test_help_opens_and_gives_the_focus_back(page: Any) -> None:
    page.goto("/")
    page.locator("[data-ui=help]").focus()
    page.keyboard.press("?")
    dialog = page.locator("dialog.help")
    assert dialog.is_visible()
    assert page.evaluate(f"!!{FOCUSED}.closest('dialog')")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate(f"{FOCUSED}.dataset.ui") == "help"


def test_j_and_k_walk_through_notes(page: Any) -> None:
    page.goto("/")
    links = page.locator(".card :is(h2, h3) a")
    titles = links.all_inner_texts()
    for key, nth in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(f"{FOCUSED}.innerText") == titles[nth]
    page.keyboard.press("Enter")
    page.wait_for_url("**/notes/**")
    assert page.locator("h1").inner_text() == titles[1]


def test_j_goes_to_the_next_section_without_motion_where_less_is_asked(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(NOTE)
    page.keyboard.press("j")
    assert page.evaluate("scrollY") > 0
    top = page.locator(".body h2").first.bounding_box()["y"]
    assert 0 <= top < 60
    moving = page.evaluate(
        """() => document.getAnimations().filter((one) =>
          one.timeline instanceof DocumentTimeline && one.playState === "running").length"""
    )
    assert moving == 0


def test_keys_with_control_are_left_alone(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("Control+j")
    assert page.evaluate(f"{FOCUSED} === document.body")


def test_code_is_copied_without_line_numbers(page: Any) -> None:
    page.goto(NOTE)
    code = page.locator(".body pre > code").first
    button = page.locator(".code-frame .copy").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.copy').textContent !== ''")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == code.evaluate("code => code.textContent").removesuffix("\n")
    assert button.inner_text() == button.get_attribute("data-done")


def test_a_copied_formula_is_its_tex(page: Any) -> None:
    page.goto(NOTE)
    page.evaluate(
        """() => {
          const formula = document.querySelector(".body p math");
          getSelection().selectAllChildren(formula.closest("p"));
        }"""
    )
    page.keyboard.press("Control+c")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "$" in copied
    source = page.evaluate("document.querySelector('.body p math annotation').textContent")
    assert source in copied


def test_contents_mark_the_section_that_is_read(page: Any) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    page.goto(NOTE)
    link = page.locator(".outline a").nth(2)
    link.click()
    page.wait_for_function("() => document.querySelector('.outline [aria-current]')")
    assert page.locator(".outline [aria-current]").get_attribute("href") == link.get_attribute(
        "href"
    )


def test_everything_is_there_without_scripts(chromium: Any, demo: Served) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=demo.url)
    page = context.new_page()
    page.goto(NOTE)
    assert page.locator("h1").is_visible()
    assert page.locator(".body math").first.is_visible()
    assert page.locator("button:visible").count() == 0
    page.goto("/search/")
    assert page.locator("noscript a[href='/archive/']").count() == 1
    assert not page.locator(".search").is_visible()
    context.close()


def test_print_has_the_text_and_no_navigation(page: Any) -> None:
    page.goto(NOTE)
    page.emulate_media(media="print")
    for selector in (".bar nav", ".outline", ".around", ".copy", ".pager"):
        for element in page.locator(selector).all():
            assert not element.is_visible(), selector
    # A4 less its margins, in CSS pixels: what is wider would be cut off.
    page.set_viewport_size({"width": 672, "height": 900})
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".body :is(p, pre, table, figure)")]
          .filter((box) => box.getBoundingClientRect().right > 674)
          .map((box) => box.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    # Formulas stand out of their boxes where they are too wide.
    assert page.evaluate("document.documentElement.scrollWidth") <= 672
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 50_000


def test_forced_colours_keep_what_is_marked_apart(page: Any) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(NOTE)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    page.keyboard.press("Tab")
    assert page.evaluate(f"getComputedStyle({FOCUSED}).outlineStyle") != "none"
    assert page.locator("h1").is_visible()


def test_text_twice_as_large_still_fits(page: Any) -> None:
    # 200 % zoom of a window 1280 pixels wide leaves 640 (WCAG 1.4.4), 400 % leaves 320 (1.4.10).
    addresses = ("/", NOTE, "/archive/", "/search/", "/tags/", "/papers/", "/graph/", "/404.html")
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 450})
        for address in addresses:
            page.goto(address)
            room, wide = page.evaluate(
                "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
            )
            assert wide <= room, (address, width)
