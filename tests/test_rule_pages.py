"""Every rule has a page in `docs/rules/`, whose examples break it and mend it.

`pytest tests/test_rule_pages.py --update-golden` writes what Notecast says now.
"""

import os
import sys
from pathlib import Path

import pytest

from .conftest import NOW
from .rule_pages import PAGES, carried_out, examples
from .test_docs import documented

ELSEWHERE = {
    # What takes another process, another host or a program that fails.
    "external-link-works": "checks/test_external.py",
    "external-link-is-current": "checks/test_external.py",
    "one-build-at-once": "hazards/test_r18.py",
    "preview-follows": "server/test_session.py",
    "brotli-is-installed": "test_compress.py",
    "image-variants-can-be-made": "features/test_images.py",
    "social-card-font-fits": "features/test_social_cards.py",
    "social-cards-can-be-made": "features/test_social_cards.py",
    "search-index-is-made": "features/test_search.py",
    "search-is-installed": "features/test_search.py",
}
FOR_ROOT = {"file-is-readable", "note-is-readable"}
"""Root may read everything."""
OTHERS_WORDS = {"git-history-is-readable", "git-history-is-complete"}
"""What git says differs between versions."""
RULES = sorted(documented().keys() - ELSEWHERE.keys())


def test_every_rule_has_a_page_and_no_other() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == documented().keys()
    for page in PAGES.glob("*.md"):
        assert page.read_text(encoding="utf-8").startswith(f"# `{page.stem}`\n\n")
    for rule, file in ELSEWHERE.items():
        assert rule in (Path(__file__).parent / file).read_text(encoding="utf-8"), rule


@pytest.mark.skipif(sys.platform == "win32", reason="the examples are for a shell of Unix")
@pytest.mark.parametrize("rule", RULES)
def test_the_examples_of_a_page(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if rule in FOR_ROOT and os.geteuid() == 0:
        pytest.skip("root may read everything")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW)))
    page = PAGES / f"{rule}.md"
    parts = examples(page)
    assert list(parts) == ["Broken", "Mended"]
    said = []
    for name, example in parts.items():
        root = tmp_path / name / "site"
        root.mkdir(parents=True)
        said.append(carried_out(example, root, rule))
    broken, mended = said
    assert f"[{rule}]" in broken
    assert mended == ""
    if request.config.getoption("--update-golden"):
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(parts["Broken"].said, broken), encoding="utf-8")
    elif rule not in OTHERS_WORDS:
        assert broken == parts["Broken"].said
