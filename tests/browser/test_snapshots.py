"""Key pages look as they did: pictures of 48 by 36 cells, kept as text.

A cell is its mean lightness in one of sixteen steps. That is fine enough to see
a column that has moved, a part that is missing or a theme that is wrong, and so
coarse that another version of a font or of the browser makes no difference. Where
the fonts are others altogether, text breaks elsewhere, and nothing is compared.
`pytest --update-golden` writes what pages look like now.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from .conftest import Served

FOLDER = Path(__file__).parent / "snapshots"
PAGES = {
    "home": "/",
    "category": "/categories/llm/",
    "tags": "/tags/",
    "archive": "/archive/",
    "note-chinese": "/notes/segmentation-metrics/",
    "note-english": "/notes/online-softmax/",
    "paper": "/papers/dao2022flashattention/",
    "search": "/search/",
    "not-found": "/404.html",
}
VIEWS = {"wide-light": (1440, 1080, "light"), "phone-dark": (390, 844, "dark")}
COLUMNS, ROWS = 48, 36
TOLERATED = 4
"""Steps by which a cell may differ."""
SHARE = 0.1
"""Share of the cells that may differ by more: other fonts, a word in another line."""

# Scales a picture down and gives the lightness of its cells, row by row.
CELLS = """async ([picture, columns, rows]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(columns, rows);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, columns, rows);
  const { data } = pen.getImageData(0, 0, columns, rows);
  return Array.from({ length: columns * rows }, (_, nth) =>
    Math.round((data[4 * nth] * 2 + data[4 * nth + 1] * 5 + data[4 * nth + 2]) / 8));
}"""

# Widths of words in the fonts of text and of code, Latin and Chinese.
FONTS = """() => ["body", ".brand"].map((place) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.font = `100px ${getComputedStyle(document.querySelector(place)).fontFamily}`;
  return Math.round(pen.measureText("INCOMING transmission 注意力，分块").width / 10);
}).join(" ")"""


def look(chromium: Any, url: str, view: str) -> list[str]:
    """The page as rows of hexadecimal digits; text shows as what differs from the ground."""
    width, height, theme = VIEWS[view]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(150)
    fonts = page.evaluate(FONTS)
    picture = base64.b64encode(page.screenshot()).decode()
    # Pictures are made smaller on a page without our policy, which allows no data addresses.
    page.goto("about:blank")
    cells = page.evaluate(CELLS, [picture, COLUMNS, ROWS])
    context.close()
    ground = max(set(cells), key=cells.count)
    # Text covers a tenth of its cells at most: differences are shown four times as large.
    steps = [min(15, abs(cell - ground) * 4 // 16) for cell in cells]
    head = f"{'light' if ground > 127 else 'dark'}, fonts {fonts}"
    return [head] + [
        "".join(f"{step:x}" for step in steps[row * COLUMNS : (row + 1) * COLUMNS]).replace(
            "0", "."
        )
        for row in range(ROWS)
    ]


def differing(now: list[str], then: list[str]) -> float:
    """Share of the cells that differ by more than is tolerated."""
    pairs = [
        (int(a.replace(".", "0"), 16), int(b.replace(".", "0"), 16))
        for here, there in zip(now[1:], then[1:], strict=True)
        for a, b in zip(here, there, strict=True)
    ]
    return sum(abs(a - b) > TOLERATED for a, b in pairs) / len(pairs)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page_looks_as_before(
    chromium: Any, demo: Served, name: str, view: str, request: pytest.FixtureRequest
) -> None:
    now = look(chromium, demo.url + PAGES[name], view)
    file = FOLDER / f"{name}-{view}.txt"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text("\n".join(now) + "\n", encoding="utf-8")
        return
    then = file.read_text(encoding="utf-8").splitlines()
    if now[0].partition(",")[2] != then[0].partition(",")[2]:
        pytest.skip("the fonts here are not those of the snapshots")
    assert now[0] == then[0]
    share = differing(now, then)
    shown = "\n".join(f"{a}  {b}" for a, b in zip(then, now, strict=True))
    assert share <= SHARE, f"{share:.0%} of {name} differ; before and now:\n{shown}"


def test_what_has_moved_is_seen(chromium: Any, demo: Served) -> None:
    there = (FOLDER / "category-wide-light.txt").read_text(encoding="utf-8").splitlines()
    other = look(chromium, demo.url + PAGES["archive"], "wide-light")
    assert differing(other, there) > SHARE
