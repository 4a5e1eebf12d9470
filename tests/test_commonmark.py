"""The CommonMark suite: all of it in the bare dialect, and what the note dialect changes."""

import json
from pathlib import Path

import pytest

from notecast.feature import NoteContext
from notecast.loader.markdown import ExcerptWords, bare_parser, build_parser, parse_body
from notecast.model import NotePath

DATA = Path(__file__).parent / "data" / "commonmark-0.31.2.json"
CASES = json.loads(DATA.read_text(encoding="utf-8"))


def comparable(html: str) -> str:
    """The suite's own comparison ignores line ends inside an empty quote."""
    return html.replace("<blockquote></blockquote>", "<blockquote>\n</blockquote>")


@pytest.fixture(scope="module")
def bare() -> object:
    return bare_parser()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["example"]))
def test_bare_dialect(bare: object, case: dict[str, str]) -> None:
    html = bare.render(case["markdown"], {})  # type: ignore[attr-defined]
    assert comparable(html) == comparable(case["html"])


def test_suite_is_complete() -> None:
    assert [case["example"] for case in CASES] == list(range(1, 653))


def test_note_dialect_loses_no_text() -> None:
    """In the note dialect the words of every example are still on the page."""
    import re
    from html import unescape

    md = build_parser((), {}, "own")
    for case in CASES:
        if case["section"] in ("HTML blocks", "Raw HTML"):
            continue  # pseudo-tags and comments are treated on purpose
        text = case["markdown"]
        context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, "en", {})
        parsed = parse_body(md, text, context, ExcerptWords())
        title = parsed.title[0] if parsed.title and parsed.title_removed else ""
        data = " ".join("".join(hole.data) for hole in context.holes)
        shown = set(
            re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", "", parsed.html)) + title + data)
        )
        wanted = set(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", "", case["html"]))))
        missing = wanted - shown
        assert not missing, (case["example"], missing)
