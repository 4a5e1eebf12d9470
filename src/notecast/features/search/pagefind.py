"""Runs Pagefind over the pages of the notes.

Entry point: `Indexer`. Pagefind comes as a program inside the package
`pagefind-bin`, with the extra `notecast[search]`. The ten times larger extended
program is not needed: it cuts Chinese into words, which `characters.py` says
why we do not want.
"""

import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from notecast.features.search.canonical import canonical
from notecast.features.search.characters import set_apart
from notecast.model import Page
from notecast.problems import Problem
from notecast.programs import run_program

PACKAGE = "pagefind_bin"
# Of a formula its TeX is indexed, which words can be typed for; the rest of
# MathML repeats it in signs. Anchors of headings and the like hold no text.
EXCLUDED = "semantics > :not(annotation)"
# Pagefind's own interfaces, which the theme does not use.
UNUSED = ("pagefind-ui", "pagefind-modular-ui", "pagefind-component-ui", "pagefind-highlight")
PATIENCE = 900
"""Seconds after which indexing is given up; ten thousand notes take less than one minute."""


def installed() -> bool:
    """Whether Pagefind is there; does not import it."""
    return find_spec(PACKAGE) is not None


class Indexer:
    """The search index of a site; a `Finisher`."""

    folder = "pagefind"
    entry = "pagefind-entry.json"

    def reads(self, page: Page) -> bool:
        """Notes are searched; lists and indexes only repeat them."""
        return page.note is not None and page.template == "note.html"

    def stamp(self) -> str:
        from importlib.metadata import version

        return f"1 {version(PACKAGE.replace('_', '-'))} {EXCLUDED}"

    def run(self, site: Path, pages: Sequence[str], into: Path) -> list[Problem]:
        """Indexes the pages; see `Finisher.run`."""
        from importlib import import_module

        texts = into.with_name("texts")
        for page in pages:
            text = texts / page
            text.parent.mkdir(parents=True, exist_ok=True)
            html = (site / page).read_text(encoding="utf-8")
            text.write_text(set_apart(html), encoding="utf-8")
        program = import_module(PACKAGE).get_executable()
        try:
            status, out, complaint = run_program(
                [
                    str(program),
                    *("--site", str(texts), "--output-path", str(into)),
                    *("--exclude-selectors", EXCLUDED, "--quiet"),
                ],
                patience=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return [_failed(f"it was not ready after {PATIENCE // 60} minutes")]
        except OSError as error:
            return [_failed(error.strerror or str(error))]
        if status:
            said = (complaint or out).decode("utf-8", "replace").splitlines()
            lines = (line.strip() for line in said)
            return [_failed(next((line for line in lines if line), f"status {status}"))]
        for path in sorted(into.iterdir()):
            if path.name.startswith(UNUSED):
                path.unlink()
        canonical(into)
        return []


def _failed(why: str) -> Problem:
    return Problem(
        "search-index-is-made",
        "error",
        "site.yaml",
        0,
        0,
        f"Pagefind could not index the site: {why}",
        "the index of the last build stays; --no-search builds without one",
    )
