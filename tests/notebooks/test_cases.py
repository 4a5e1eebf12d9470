"""Notebooks and what becomes of them: `cases/<name>.ipynb` beside `cases/<name>.txt`.

`pytest tests/notebooks --update-golden` writes what becomes of them now. A hole is
shown as `⟦feature.kind data⟧`, a problem as it is printed, at its place in the file.
"""

import re
from pathlib import Path

import pytest

from notecast.builder.lines import in_files
from notecast.features import FEATURES
from notecast.loader.load import NoteLoader
from notecast.loader.settings import LoadSettings, NoteInput
from notecast.model import HOLE, PEEK, PEEK_END, Body, Digest, Hole, NotePath, Post
from notecast.problems import in_order

CASES = sorted((Path(__file__).parent / "cases").glob("*.ipynb"))
_HOLE = re.compile(f"{HOLE}(\\d+){HOLE}")


def load(data: bytes, path: str = "a.ipynb", html: str = "own") -> tuple[Post, Body]:
    """One notebook, parsed with all features."""
    settings = LoadSettings(
        language="en",
        timezone="UTC",
        permalink="/notes/:path/",
        slugs="unicode",
        html=html,  # type: ignore[arg-type]
        excerpt_length=350,
        excerpt_words=("", "", ""),
        notes_prefix="notes/",
        options={feature.name: feature.options() for feature in FEATURES if feature.options},
    )
    note = NoteInput(NotePath(path), "", Digest("k"), Digest("d"), Digest("s"), {}, ("", ""))
    return NoteLoader(FEATURES, settings).load(note, data)


def shown(post: Post, body: Body) -> str:
    def marked(text: str, holes: tuple[Hole, ...]) -> str:
        def hole(match: re.Match[str]) -> str:
            found = holes[int(match[1])]
            return f"⟦{' '.join([f'{found.feature}.{found.kind}', *found.data]).strip()}⟧"

        return _HOLE.sub(hole, text)

    facts = {
        name: value
        for name in ("title", "date", "authors", "tags", "excerpt", "minutes", "readable")
        if (value := getattr(post, name)) or name == "readable"
    }
    if post.excerpt:
        facts["excerpt"] = marked(post.excerpt, post.text_holes)
    html = marked(body.html.replace(PEEK, "⟨").replace(PEEK_END, "⟩"), post.holes)
    headings = "".join(f"h{one.level} {one.text}\n" for one in body.headings)
    problems = in_order(in_files(post.problems, [post], "notes/"))
    said = "".join(f"{problem}\n" for problem in problems)
    lines = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"{lines}--- headings\n{headings}--- body\n{html}--- problems\n{said}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, request: pytest.FixtureRequest) -> None:
    found = shown(*load(case.read_bytes()))
    expected = case.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(found, encoding="utf-8")
        return
    assert found == expected.read_text(encoding="utf-8")


def test_every_expectation_has_its_notebook() -> None:
    texts = {file.stem for file in (Path(__file__).parent / "cases").glob("*.txt")}
    assert texts == {case.stem for case in CASES}
