"""Previews of references: shown by pointer and focus, the sixth as the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..conftest import SiteFolder
from .conftest import Served


def test_every_reference_shows_what_it_refers_to(chromium: Any, tmp_path: Path) -> None:
    site = SiteFolder(tmp_path)
    site.write("site.yaml", "title: T\nbase_url: https://example.org\n")
    statement = ":::theorem {#thm:a}\nA statement.\n:::\n\n"
    site.note("a.md", statement + "By @thm:a here.\n\n" * 8, title="A")
    site.build()
    served = Served(site.output)
    for scripts in (True, False):
        context = chromium.new_context(base_url=served.url, java_script_enabled=scripts)
        page = context.new_page()
        page.goto("/notes/a/")
        references = page.locator(".body .ref")
        assert references.count() == 8
        for number in (0, 4, *((5, 7) if scripts else ())):
            references.nth(number).locator("a").hover()
            assert references.nth(number).locator(".peek").is_visible()
            page.mouse.move(1, 1)
            assert not references.nth(number).locator(".peek").is_visible()
            references.nth(number).locator("a").focus()
            assert "A statement." in references.nth(number).locator(".peek").inner_text()
            page.mouse.click(1, 1)  # else the preview stays over the lines below
        context.close()
    served.close()
