"""The preview as a reader sees it, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ..conftest import SiteFolder
from ..server import conftest as server
from ..server.conftest import Preview

preview = server.preview


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page in a profile of its own; a script that fails on it fails the test."""
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


LONG = "\n\n".join(f"Paragraph number {number} with some words." for number in range(200))


def open_at(tab: Any, one: Preview, path: str) -> None:
    tab.goto(one.address + path)
    # The stream is open once the preview has told its state.
    tab.wait_for_selector("#notecast-preview", state="attached")


def test_an_edit_is_shown_and_the_place_is_kept(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", f"{LONG}\n\n<details><summary>More</summary>Hidden.</details>\n", title="A")
    one = preview()
    open_at(page, one, "/notes/a/")
    page.evaluate("document.querySelector('details:last-of-type').open = true")
    page.evaluate("scrollTo({top: 3000, behavior: 'instant'}); window.same = true")
    page.evaluate(
        """() => { const p = [...document.querySelectorAll('.body p')].find(
             (one) => one.textContent.includes('number 120'));
           window.kept = p; getSelection().selectAllChildren(p); }"""
    )
    top = page.evaluate("window.kept.getBoundingClientRect().top")
    edited = LONG.replace("number 3 with", "number 3, changed, with").replace(
        "number 9 ", "number 9\n\nAn added paragraph.\n\n"
    )
    site.note("a.md", f"{edited}\n\n<details><summary>More</summary>Hidden.</details>\n", title="A")
    page.wait_for_function("document.body.textContent.includes('number 3, changed')")
    page.wait_for_function("document.body.textContent.includes('An added paragraph')")
    assert page.evaluate("window.same"), "the page was loaded anew"
    assert abs(page.evaluate("window.kept.getBoundingClientRect().top") - top) < 2
    assert page.evaluate("document.querySelector('details:last-of-type').open")
    assert "number 120" in page.evaluate("String(getSelection())")


def test_the_place_is_kept_wherever_the_page_is_scrolled_to(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", LONG, title="A")
    one = preview()
    open_at(page, one, "/notes/a/")
    # On a paragraph, between two, and near the end.
    for number, top in enumerate([3000, 3013, 3026, 3039, 9000]):
        page.evaluate(f"scrollTo({{top: {top}, behavior: 'instant'}})")
        page.evaluate(
            """() => { window.kept = [...document.querySelectorAll('.body p')]
                 .find((one) => one.getBoundingClientRect().top > 300); }"""
        )
        before = page.evaluate("window.kept.getBoundingClientRect().top")
        added = "\n\n".join(f"Added {number}." for _ in range(10 - 2 * number))
        site.note("a.md", f"{added}\n\n{LONG}", title="A")
        page.wait_for_function(f"document.body.textContent.includes('Added {number}.')")
        page.wait_for_timeout(100)
        assert abs(page.evaluate("window.kept.getBoundingClientRect().top") - before) < 2


def test_the_live_page_equals_a_fresh_load_after_many_edits(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    bodies = [
        "One.\n\nTwo.\n\n- a\n- b\n",
        "Zero.\n\nTwo.\n\n- b\n- c\n- d\n\n```python\nx = 1\n```\n",
        "# Head\n\nTwo *more*.\n\n```python\nx = 2\ny = 3\n```\n\n| a | b |\n| - | - |\n| 1 | 2 |",
        "| a | b |\n| - | - |\n| 2 | 2 |\n\n$$x^2$$\n\nTwo **more**.\n",
        "$$x^3$$\n\n> quoted\n\nOne.\n\nTwo.\n\n- a\n- b\n",
    ]
    site.note("a.md", bodies[0], title="A")
    one = preview()
    open_at(page, one, "/notes/a/")
    page.evaluate("window.same = true")
    shown = """() => { const copy = document.querySelector('main').cloneNode(true);
      copy.querySelectorAll('button').forEach((one) => one.remove());
      copy.querySelectorAll('.code-frame').forEach((one) => one.replaceWith(...one.childNodes));
      copy.querySelectorAll('[tabindex]').forEach((one) => one.removeAttribute('tabindex'));
      return copy.innerHTML; }"""
    for number, body in enumerate([*bodies[1:], *reversed(bodies)]):
        site.note("a.md", f"{body}\n\nEdit {number}.\n", title=f"A {number}")
        page.wait_for_function(f"document.body.textContent.includes('Edit {number}.')")
        live = page.evaluate(shown)
        assert page.evaluate("window.same")
        assert page.title() == f"A {number} · Test site"
        fresh = page.context.new_page()
        fresh.goto(one.address + "/notes/a/")
        assert fresh.evaluate(shown) == live
        fresh.close()


def test_an_error_is_shown_over_the_last_good_page_and_goes_when_it_is_mended(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.write("site.yaml", "title: Test site\neditor: vscode\n")
    site.note("a.md", "Good text.\n", title="A")
    one = preview()
    open_at(page, one, "/notes/a/")
    site.write("notes/a.md", "---\ntitle: A: B\ndate: never\n---\n\nGood text.\n")
    overlay = page.locator(".overlay")
    overlay.wait_for()
    text = overlay.inner_text()
    assert "notes/a.md:2" in text
    assert "title: A: B" in text
    assert "quote" in text
    link = overlay.locator("a.place").first.get_attribute("href")
    assert link.startswith("vscode://file/")
    assert ":2:" in link
    assert "Good text." in page.inner_text("main")
    assert "notes/a.md:2" in one.printed or one.wait_for("notes/a.md:2")
    page.keyboard.press("Escape")
    overlay.wait_for(state="detached")
    site.note("a.md", "Better text.\n", title="A")
    page.wait_for_function("document.body.textContent.includes('Better text.')")
    assert page.locator(".overlay").count() == 0


def test_a_broken_template_and_a_broken_configuration_recover(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "Good text.\n", title="A")
    site.write("templates/macros/own.html", "own")
    one = preview()
    open_at(page, one, "/notes/a/")
    site.write(
        "templates/note.html",
        '{% extends "base.html" %}\n{% block main %}\n{{ nothing.here }}\n{% endblock %}\n',
    )
    page.locator(".overlay").wait_for()
    text = page.locator(".overlay").inner_text()
    assert "templates/note.html:3" in text
    assert "nothing" in text
    site.write(
        "templates/note.html",
        '{% extends "base.html" %}\n{% block main %}\nmine {{ note.body }}\n{% endblock %}\n',
    )
    page.locator(".overlay").wait_for(state="detached")
    page.wait_for_function("document.querySelector('main').textContent.includes('mine')")
    site.write("site.yaml", "title: [\nlanguage: 7x\n")
    page.locator(".overlay").wait_for()
    assert "site.yaml" in page.locator(".overlay").inner_text()
    assert one.get("/notes/a/")[0] == 200
    site.write("site.yaml", "title: Renamed\n")
    page.locator(".overlay").wait_for(state="detached")
    page.wait_for_function("document.title.includes('Renamed')")


def test_stylesheets_are_exchanged_without_loading_the_page(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "Text.\n", title="A")
    site.write("templates/static/site.css.d/own.css", "h1 { outline: 1px solid red }")
    one = preview()
    open_at(page, one, "/notes/a/")
    style = "getComputedStyle(document.querySelector('h1')).outlineStyle"
    assert page.evaluate(style) == "solid"
    page.evaluate("window.same = true")
    site.write("templates/static/site.css.d/own.css", "h1 { outline: 1px dotted red }")
    page.wait_for_function(f"{style} === 'dotted'")
    assert page.evaluate("window.same")
    page.wait_for_function("document.querySelectorAll('link[rel=stylesheet]').length === 1")


def test_lists_follow_new_and_deleted_notes(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "Text.\n", title="Alpha", date="2025-01-01")
    one = preview()
    open_at(page, one, "/")
    site.note("b.md", "Text.\n", title="Beta", date="2025-01-02", draft="true")
    page.wait_for_function("document.querySelector('main').textContent.includes('Beta')")
    assert page.locator(".badge").count() == 1, "a draft bears a badge"
    (site.root / "notes/b.md").unlink()
    page.wait_for_function("!document.querySelector('main').textContent.includes('Beta')")


def test_a_deleted_page_says_so_and_comes_back(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "Text.\n", title="Alpha")
    site.note("alp.md", "Text.\n", title="Alp")
    one = preview()
    open_at(page, one, "/notes/a/")
    (site.root / "notes/a.md").unlink()
    page.wait_for_selector("a[href='/notes/alp/']")
    site.note("a.md", "Again.\n", title="Alpha")
    page.wait_for_function("document.body.textContent.includes('Again.')")


def test_warnings_of_the_open_note_are_in_a_panel(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "See [nothing](nowhere.md).\n", title="A")
    site.note("b.md", "Text.\n", title="B")
    one = preview()
    open_at(page, one, "/notes/a/")
    button = page.locator(".panel button").first
    button.wait_for()
    page.wait_for_function(
        "document.querySelector('#notecast-preview').shadowRoot.textContent.includes('1 warning')"
    )
    button.click()
    assert "nowhere.md" in page.locator(".panel").inner_text()
    site.note("a.md", "See [b](b.md).\n", title="A")
    page.locator(".panel").wait_for(state="detached")


IN_PANEL = "document.querySelector('#notecast-preview').shadowRoot"


def test_the_overlay_stays_where_it_is_read_while_something_else_changes(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "".join(f"A $\\frac{{{n}$ formula.\n\n" for n in range(30)), title="A")
    site.note("b.md", "Text.\n", title="B")
    one = preview()
    open_at(page, one, "/notes/a/")
    page.locator(".overlay").wait_for()
    assert "30 errors" in page.locator(".overlay h1").inner_text()
    assert page.locator(".overlay li").last.inner_text() == "and 10 more"
    page.locator(".overlay button").focus()
    page.evaluate(f"{IN_PANEL}.querySelector('.overlay').scrollTo(0, 700)")
    site.note("b.md", "See [x](nowhere.md).\n", title="B")
    page.wait_for_function(f"{IN_PANEL}.textContent.includes('1 warning elsewhere')")
    assert page.evaluate(f"{IN_PANEL}.querySelector('.overlay').scrollTop") == 700
    assert page.evaluate(f"{IN_PANEL}.activeElement.textContent") == "Hide (Esc)"
    site.write("notes/b.md", "---\ntitle: [\n---\n")
    page.wait_for_function(f"{IN_PANEL}.textContent.includes('1 error elsewhere')")


@pytest.mark.parametrize("width", [1000, 390])
def test_the_place_is_in_sight_on_a_line_of_any_length(
    site: SiteFolder, preview: Callable[..., Preview], page: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    site.note(
        "a.md", f"{'word ' * 400}$\\frac{{x$ {'word ' * 400}\n\n中文很长。$\\frac{{y$\n", title="A"
    )
    one = preview()
    open_at(page, one, "/notes/a/")
    page.locator(".overlay").wait_for()
    found = page.evaluate(
        f"""[...{IN_PANEL}.querySelectorAll('mark')].map((mark) => {{
          const [a, b] = [mark, mark.closest('pre')].map((one) => one.getBoundingClientRect());
          return [mark.textContent, a.left >= b.left && a.right <= b.right]; }})"""
    )
    assert found == [["x", True], ["y", True]]


def test_an_error_in_the_defaults_of_a_folder_is_shown_on_its_notes(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("sub/a.md", "Text.\n", title="A")
    site.note("b.md", "Text.\n", title="B")
    one = preview()
    open_at(page, one, "/notes/sub/a/")
    site.write("notes/sub/_defaults.yaml", "tags: [x\n")
    page.locator(".overlay").wait_for()
    assert "notes/sub/_defaults.yaml:" in page.locator(".overlay").inner_text()
    open_at(page, one, "/notes/b/")
    page.wait_for_function(f"{IN_PANEL}.textContent.includes('1 error elsewhere')")
    assert page.locator(".overlay").count() == 0


def test_the_overlay_is_dark_where_the_reader_has_chosen_dark(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.write("notes/a.md", "---\ntitle: A\n---\n\n$\\frac{x$\n")
    one = preview()
    open_at(page, one, "/notes/a/")
    page.locator(".overlay").wait_for()
    color = f"getComputedStyle({IN_PANEL}.querySelector('.box')).color"
    light = page.evaluate(color)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(color) != light


def test_a_page_catches_up_after_the_preview_was_started_again(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.note("a.md", "Text.\n", title="A")
    one = preview()
    open_at(page, one, "/notes/a/")
    one.stop()
    page.wait_for_function(
        "document.querySelector('#notecast-preview').shadowRoot.textContent.includes('stopped')"
    )
    site.note("a.md", "Later text.\n", title="A")
    preview("--port", str(one.port))
    page.wait_for_function("document.body.textContent.includes('Later text.')")


def test_the_script_runs_under_a_strict_policy(
    site: SiteFolder,
    preview: Callable[..., Preview],
    page: Any,
) -> None:
    site.write(
        "templates/note.html",
        '<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'\">"
        "<title>x</title></head><body><main>{{ note.body }}</main></body></html>\n",
    )
    site.note("a.md", "Text.\n", title="A")
    one = preview()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    open_at(page, one, "/notes/a/")
    site.note("a.md", "Other text.\n", title="A")
    page.get_by_text("Other text.").wait_for()
    time.sleep(0.1)
    assert not [text for text in said if "Content Security Policy" in text]
