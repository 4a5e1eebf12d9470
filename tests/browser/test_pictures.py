"""Pictures as Chromium fetches and shows them: variants, pairs, those in a line of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..conftest import SiteFolder
from ..features.test_images import jpeg
from .conftest import Served

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def served(site: SiteFolder) -> Iterator[Served]:
    site.write("notes/photo.jpg", jpeg())
    site.write("notes/day.svg", SVG)
    site.write("notes/night.svg", SVG)
    site.note(
        "a.md",
        "![A photo](photo.jpg)\n\nSmall ![p|60](photo.jpg) here, and a single one.\n\n"
        "![Pair](day.svg#only-light) ![](night.svg#only-dark)\n\n"
        ":::aside Remark\nIn the margin.\n:::\n\nText.\n",
        title="A",
    )
    site.build()
    served = Served(site.output)
    yield served
    served.close()


def opened(chromium: Any, served: Served, width: int, **options: Any) -> Any:
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto(f"{served.url}/notes/a/", wait_until="networkidle")
    return page


@pytest.mark.parametrize(
    ("width", "ratio", "variant"), [(390, 1, "480"), (390, 3, "1200"), (1280, 1, "800")]
)
def test_the_variant_that_fits_is_fetched(
    chromium: Any, served: Served, width: int, ratio: int, variant: str
) -> None:
    page = opened(chromium, served, width, device_scale_factor=ratio)
    shown = page.evaluate("document.querySelector('figure img').currentSrc")
    assert shown.endswith(f"-{variant}.webp")
    assert not [url for url in page.requested if url.endswith("photo.jpg")]
    box = page.locator("figure img").first.bounding_box()
    assert abs(box["width"] / box["height"] - 4) < 0.05
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.context.close()


def test_a_picture_in_a_line_stays_in_it(chromium: Any, served: Served) -> None:
    page = opened(chromium, served, 1280)
    image = page.locator("p > picture > img").first
    paragraph = image.locator("xpath=../..").bounding_box()
    assert image.bounding_box()["width"] == 60
    assert paragraph["height"] < 60
    page.context.close()


@pytest.mark.parametrize(("scheme", "other"), [("light", "night"), ("dark", "day")])
def test_of_a_pair_one_is_seen_and_fetched(
    chromium: Any, served: Served, scheme: str, other: str
) -> None:
    page = opened(chromium, served, 1280, color_scheme=scheme)
    assert page.locator("img.only-light").is_visible() == (scheme == "light")
    assert page.locator("img.only-dark").is_visible() == (scheme == "dark")
    assert not [url for url in page.requested if url.endswith(f"{other}.svg")]
    # What the reader chose goes before what the system says.
    chosen = "dark" if scheme == "light" else "light"
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", chosen)
    assert page.locator("img.only-light").is_visible() == (scheme == "dark")
    page.context.close()


def test_asides_stand_in_the_margin_of_wide_windows(chromium: Any, served: Served) -> None:
    for width, beside in ((1280, True), (390, False)):
        page = opened(chromium, served, width)
        aside = page.locator(".body > .aside").bounding_box()
        body = page.locator(".body").bounding_box()
        assert (aside["x"] >= body["x"] + body["width"]) == beside
        assert aside["x"] + aside["width"] <= width
        page.context.close()
