"""Headers of notes: what is read, what is refused and what the author is told.

Cases are data: `tests/headers/*.yaml`.
"""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notecast.loader import header_yaml
from notecast.loader.header import Header, check_defaults, read_header
from notecast.loader.header_keys import (
    ELSEWHERE,
    KEYS,
    SPECIAL,
    canonical,
    squash,
    suggestion,
)

DATA = Path(__file__).parent / "headers"
DOCS = Path(__file__).parent.parent / "docs" / "front-matter.md"
ZONE = "Asia/Shanghai"


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in found]


def read(header: str, **options: Any) -> Header:
    return read_header(f"---\n{header.rstrip()}\n---\nText.\n", "n.md", timezone=ZONE, **options)


def printed(header: Header) -> str:
    return "".join(f"{problem}\n" for problem in header.problems)


@pytest.mark.parametrize("case", cases("values"))
def test_values(case: dict[str, Any]) -> None:
    header = read(case["header"])
    assert header.values == case["values"]
    assert header.extra == case.get("extra", header.extra if case["values"] else {})
    assert printed(header) == case.get("problems", "")
    assert header.publishable is case.get("published", True)


@pytest.mark.parametrize("case", cases("malformed"))
def test_malformed(case: dict[str, Any]) -> None:
    header = read(case["header"])
    assert printed(header) == case["problems"]
    assert header.publishable is case["published"]
    assert header.values == case.get("values", {})
    assert header.body == "Text.\n"


@pytest.mark.parametrize("case", cases("files"))
def test_where_a_header_begins_and_ends(case: dict[str, Any]) -> None:
    header = read_header(case["file"], "n.md", timezone=ZONE)
    assert header.body == case.get("body", case["file"])
    assert header.first_line == case.get("line", 1)
    assert header.values == case.get("values", {})
    assert printed(header) == case.get("problems", "")
    assert header.publishable is case.get("published", True)
    lines = case["file"].split("\n")
    assert header.body.split("\n") == lines[header.first_line - 1 :] or header.body == ""


def laughs() -> str:
    lines = ["a: &a [" + "lol, " * 9 + "]"]
    for last, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [" + f"*{last}, " * 9 + "]")
    return "\n".join(lines)


def merges() -> str:
    lines = ["title: x", "a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n}\n  <<: [*a{n - 1}, *a{n - 1}]" for n in range(1, 26)]
    return "\n".join(lines)


BOMBS = {
    "billion laughs": (laughs(), "header-is-small"),
    "merge keys doubling": (merges(), "header-is-plain"),
    "2,000 brackets": ("title: " + "[" * 2000, "header-is-small"),
    "60,000 brackets": ("title: " + "[" * 60_000, "header-is-small"),
    "3,000 flow mappings": ("title: " + "{a: " * 3000, "header-is-small"),
    "nested block mappings": (
        "title: x\n" + "\n".join(" " * n + "a:" for n in range(300)),
        "header-is-small",
    ),
    "nested block lists": ("tags:\n  " + "- " * 3000, "header-is-small"),
    "explicit keys": ("title:\n  " + "? " * 3000, "header-is-small"),
    "64 KB": ("title: " + "x" * 65_536, "header-is-small"),
    "2,000 tags": ("tags: [" + "a, " * 2000 + "]", "header-is-small"),
    "an integer of 5,000 digits": ("weight: " + "9" * 5000, "header-value-fits"),
    "a date of 5,000 digits": ("date: " + "9" * 5000, "date-exists"),
    "a binary of 10 KB": ("title: !!binary " + "A" * 10_000, "header-is-plain"),
    "10,000 dashes in a date": ("date: " + "2024-" * 2000, "date-exists"),
    "a long key": ("title: x\n? " + "k" * 2000 + "\nb: [", "header-is-yaml"),
}


@pytest.mark.parametrize(("text", "rule"), BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "python"])
def test_bombs_cost_little(
    text: str, rule: str, pure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pure:
        monkeypatch.setattr(header_yaml, "_Loader", yaml.SafeLoader)
    start = time.perf_counter()
    header = read(text)
    seconds = time.perf_counter() - start
    assert rule in {problem.rule for problem in header.problems}
    assert all(problem.line for problem in header.problems)
    assert all(problem.hint for problem in header.problems)
    assert all(len(str(problem)) < 500 for problem in header.problems)
    assert seconds < (2 if pure else 0.2)


@pytest.mark.parametrize(
    "text",
    [
        *("\n" * 3_000_000, " " * 3_000_000, "---\n" + "\n" * 3_000_000),
        *("---\n" + "- " * 1_500_000, "---\n" + "title: a\n" * 300_000 + "---\n"),
        "---\n" + "x" * 3_000_000 + "\n---\n",
    ],
    ids=["blank lines", "spaces", "open rule", "dashes", "long header", "long line"],
)
def test_large_files_cost_little(text: str) -> None:
    start = time.perf_counter()
    read_header(text, "n.md")
    assert time.perf_counter() - start < 0.5


def test_limits_are_what_the_documentation_says() -> None:
    assert read("a:\n" + "\n".join(" " * n + "a:" for n in range(1, 30))).publishable
    assert read("x: [" + "a, " * 990 + "]").publishable
    assert not read("x: [" + "a, " * 1000 + "]").publishable
    for limit in ("65,536", "32", "1,000"):
        assert limit in DOCS.read_text(encoding="utf-8")


def test_no_object_is_made_from_a_tag(tmp_path: Path) -> None:
    marker = tmp_path / "made"
    for tag in ("!!python/object/apply:os.mkdir", "!!python/object/new:os.mkdir"):
        header = read(f"title: {tag} [{marker}]\ndate: 2024-01-05")
        assert [problem.rule for problem in header.problems] == ["header-is-plain"]
        assert header.values == {"date": "2024-01-05"}
    assert not marker.exists()


def test_the_python_reader_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [case.values[0]["header"] for case in cases("values")]
    by_c = [read(text) for text in texts]
    monkeypatch.setattr(header_yaml, "_Loader", yaml.SafeLoader)
    assert [read(text) for text in texts] == by_c


def test_places_of_keys_are_lines_of_the_file() -> None:
    header = read_header("\n---\ntitle: a\n\nLastmod: 2024-01-05\nx: 1\n---\n", "n.md")
    assert header.lines == {"title": (3, 1), "updated": (5, 1), "x": (6, 1)}


def test_the_note_wins_over_its_folder() -> None:
    defaults = {"category": "A", "Tags": ["x"], "math": True, "rating": 3, "draft": True}
    header = read("tags: [y]\ndraft: false", defaults=defaults)
    assert header.values == {"categories": ["A"], "tags": ["y"], "math": True, "draft": False}
    assert header.extra == {"rating": 3}
    assert read_header("Text.\n", "n.md", defaults=defaults).values["categories"] == ["A"]


def test_defaults_are_checked_once() -> None:
    defaults = {"weight": "heavy"}
    assert read("title: a", defaults=defaults).problems == ()
    problems = check_defaults(defaults, "notes/_defaults.yaml", ZONE)
    assert [problem.rule for problem in problems] == ["header-value-fits"]
    assert not read("title: a", defaults={"draft": "perhaps"}).publishable


@given(st.text(alphabet="-:[]{}#&*!|>'\"%@`,? \n\tab0é中\ufeff\x85\u2028~<.=", max_size=60))
def test_no_header_raises(text: str) -> None:
    for fence in ("---", "+++"):
        header = read_header(f"{fence}\n{text}\n{fence}\nText.\n", "n.md")
        json.dumps([header.values, header.extra], allow_nan=False)
        assert header.publishable or header.problems
        assert header.body.endswith("Text.\n")


@given(st.text(max_size=200))
def test_no_file_raises(text: str) -> None:
    header = read_header(text, "n.md")
    assert text.endswith(header.body)


def test_no_synonym_means_two_things() -> None:
    synonyms = [synonym for key in KEYS for synonym in key.synonyms]
    assert len(synonyms) == len(set(synonyms))
    assert not set(synonyms) & (ELSEWHERE | SPECIAL)
    assert canonical("lastmod") == ("updated", 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("titel", "title"),
        ("tgas", "tags"),
        ("categoires", "categories"),
        ("drfat", "draft"),
        ("alises", "aliases"),
        ("cssclasses", ""),
        ("rating", ""),
        ("author_id", ""),
        ("dg-pinned", ""),
        ("x", ""),
    ],
)
def test_suggestions(written: str, meant: str) -> None:
    assert suggestion(written) == meant


def test_every_rule_and_key_is_documented() -> None:
    docs = DOCS.read_text(encoding="utf-8")
    sources = Path(header_yaml.__file__).parent
    for key in KEYS:
        shown = {"names": "aliases", "redirects": "aliases"}.get(key.name, key.name)
        assert f"| `{shown}` |" in docs
    rows = "\n".join(line for line in docs.split("\n") if line.startswith("| `"))
    words = {squash(word.split(":")[0]) for word in re.findall(r"`([^`]+)`", rows)}
    assert {synonym for key in KEYS for synonym in key.synonyms} <= words
    files = [*sources.glob("header*.py"), *sources.glob("scan*.py"), sources / "git_dates.py"]
    files += [sources / "decode.py", sources.parent / "urls.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    pattern = r'"((?:file|text|header|date|address|link|git)(?:-[a-z]+){2,}(?:-8)?)"'
    used = set(re.findall(pattern, text))
    documented = set(
        re.findall(r"^\| `([a-z0-9-]+-[a-z0-9-]+)` \| (?:error|warning)", docs, re.MULTILINE)
    )
    assert used | {"date-exists"} == documented


@pytest.mark.parametrize(
    "path", ["scaffolds/post.md", "blog/archetypes/a.md", "x/1 Templates/a.md"]
)
def test_a_template_for_notes_is_no_error(path: str) -> None:
    header = read_header("---\ntitle: {{ title }}\n---\n", path)
    assert not header.publishable
    (problem,) = header.problems
    assert (problem.rule, problem.severity, problem.line) == ("header-is-yaml", "warning", 2)
    assert path.split("/")[-2] + "/" in problem.hint
    (problem,) = read_header("---\ntitle: {{ title }}\n---\n", "notes/a.md").problems
    assert problem.severity == "error"
