"""Every page of the demonstration site, on a phone, under the strictest policy."""

from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from .conftest import Served, once

# Before any script of the page: notes what the policy refuses and what moves.
WATCH = """
window.refused = [];
window.moved = 0;
document.addEventListener("securitypolicyviolation", (event) =>
  refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# Elements that stand out to the right of the window, but for those in a box that scrolls.
WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > room + 1)
    .slice(-3).map((element) => element.outerHTML.slice(0, 200));
}"""
# Addresses of the site that the page leads to once its scripts have run.
LINKS = """() => [...new Set([...document.links]
  .filter((link) => link.origin === location.origin).map((link) => link.pathname))]"""
BUDGET = 60_000
"""Bytes of a note with formulas on its way to a reader, but for pictures and the math font."""

Visits = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def visits(chromium: Any, demo: Served, shared: Path) -> Visits:
    """What a phone saw of every page; one visit serves all tests."""

    def visit(folder: Path) -> None:
        context = chromium.new_context(viewport={"width": 390, "height": 844})
        seen = visit_all(context, demo)
        context.close()
        (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")

    seen: Visits = json.loads((once(shared / "visits", visit) / "seen.json").read_bytes())
    return seen


def visit_all(context: Any, demo: Served) -> Visits:
    context.add_init_script(WATCH)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    seen = {}
    for address in demo.pages():
        said.clear()
        asked.clear()
        page.goto(demo.url + address, wait_until="load")
        # Two frames: what late scripts move has moved by then.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        seen[address] = {
            "said": list(said),
            "foreign": [url for url in asked if not url.startswith(demo.url + "/")],
            "asked": [url.removeprefix(demo.url) for url in asked],
            "links": page.evaluate(LINKS),
            "refused": page.evaluate("refused"),
            "moved": page.evaluate("moved"),
            "wider": page.evaluate(WIDER),
        }
    return seen


def bad(visits: Visits, what: str) -> dict[str, Any]:
    return {address: seen[what] for address, seen in visits.items() if seen[what]}


def test_there_are_pages_of_every_kind(visits: Visits) -> None:
    assert len(visits) > 80
    for address in ("/", "/page/2/", "/404.html", "/archive/", "/categories/", "/tags/"):
        assert address in visits


def test_policy_is_kept(visits: Visits) -> None:
    assert bad(visits, "refused") == {}


def test_console_is_silent(visits: Visits) -> None:
    assert bad(visits, "said") == {}


def test_nobody_else_is_asked(visits: Visits) -> None:
    assert bad(visits, "foreign") == {}


def test_nothing_is_wider_than_a_phone(visits: Visits) -> None:
    assert bad(visits, "wider") == {}


def test_nothing_moves_while_a_page_loads(visits: Visits) -> None:
    # To three places, as Lighthouse counts.
    moved = {address: round(seen["moved"], 3) for address, seen in visits.items()}
    assert {address: by for address, by in moved.items() if by} == {}


def test_nothing_moves_on_a_wide_window(chromium: Any, demo: Served, visits: Visits) -> None:
    # Footnotes go into the margin there, contents stand beside the text.
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    moved = {}
    for address in [*(one for one in visits if one.startswith("/notes/")), "/", "/tags/"]:
        page.goto(demo.url + address)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        if by := round(page.evaluate("moved"), 3):
            moved[address] = by
    context.close()
    assert moved == {}


def test_scripts_lead_nowhere_that_is_not_there(visits: Visits, demo: Served) -> None:
    wanted = {link for seen in visits.values() for link in seen["links"]}
    assert len(wanted) > 100
    lost = []
    for link in wanted:
        file = demo.folder / unquote(link)[1:]
        if not (file / "index.html" if link.endswith("/") else file).is_file():
            lost.append(link)
    assert lost == []


def test_notes_travel_light(visits: Visits, demo: Served) -> None:
    def travels(address: str) -> int:
        path = unquote(address)[1:]
        data = (demo.folder / (path + "index.html" if path.endswith("/") else path)).read_bytes()
        return len(gzip.compress(data, 6))

    weights = {
        address: sum(travels(file) for file in seen["asked"] if file.endswith(("/", ".css", ".js")))
        for address, seen in visits.items()
        if address.startswith("/notes/")
    }
    assert min(weights.values()) > 10_000
    assert {address: weight for address, weight in weights.items() if weight > BUDGET} == {}


class Inline(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.found.append("script")
        if tag == "style":
            self.found.append("style")
        self.found += [name for name in given if name.startswith("on") or name == "style"]
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in ("href", "src") and re.match(r"\s*javascript:", value or "", re.IGNORECASE)
        ]


def test_nothing_is_inline(demo: Served) -> None:
    found = {}
    for address in demo.pages():
        file = demo.folder / (address[1:] + "index.html" if address.endswith("/") else address[1:])
        parser = Inline()
        parser.feed(file.read_text(encoding="utf-8"))
        if parser.found:
            found[address] = parser.found
    assert found == {}
