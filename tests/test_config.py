"""`site.yaml`, the environment and the command line → typed values and problems."""

import dataclasses
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
import yaml

from notecast.config import Config, with_severities
from notecast.config_reader import load_config, read_site
from notecast.config_schema import (
    plain,
    schema,
)
from notecast.config_sections import about
from notecast.feature import Feature
from notecast.folder_defaults import read_defaults
from notecast.problems import Problem

DATA = Path(__file__).parent / "data" / "config"
DOCS = Path(__file__).parents[1] / "docs"


@dataclasses.dataclass(frozen=True)
class GlossaryOptions:
    """Words and what they mean."""

    depth: int = dataclasses.field(default=3, metadata=about("How deep.", 5, low=1, high=9))
    words: dict[str, str] = dataclasses.field(default_factory=dict, metadata=about("Words."))
    mode: bool | Literal["auto"] = dataclasses.field(default=True, metadata=about("How."))


class Glossary(Feature):
    name: ClassVar[str] = "glossary"
    options: ClassVar[type | None] = GlossaryOptions


FEATURES = (Glossary(),)


def site_folder(parent: Path) -> Path:
    """An empty site."""
    folder = parent / "site"
    (folder / "notes").mkdir(parents=True)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site_folder(tmp_path)


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


def value_at(config: Config, key: str) -> Any:
    first, *rest = key.split(".")
    value = config.options.get(first, getattr(config, first, None))
    for name in rest:
        value = getattr(value, name)
    return plain(value)


# What site.yaml says


@pytest.mark.parametrize("case", cases("problems.yaml"))
def test_problems_are_told_with_their_place(case: dict[str, Any], root: Path) -> None:
    text = case["site"].replace("{digits}", "9" * 5000)
    (root / "site.yaml").write_text(text, encoding="utf-8")
    _, problems = load_config(root, FEATURES)
    assert [str(problem) for problem in problems] == case["problems"]


@pytest.mark.parametrize("case", cases("values.yaml"))
def test_values_are_read(case: dict[str, Any], root: Path) -> None:
    (root / "site.yaml").write_text(case["site"], encoding="utf-8")
    config, problems = load_config(root, FEATURES)
    assert problems == []
    assert {key: value_at(config, key) for key in case["values"]} == case["values"]


def test_a_wrong_value_leaves_the_default_and_the_others(root: Path) -> None:
    (root / "site.yaml").write_text("title: A\npaginate: many\nlanguage: de\n")
    config, problems = load_config(root, FEATURES)
    assert (config.title, config.paginate, config.language) == ("A", 12, "de")
    assert len(problems) == 1


def test_a_folder_without_a_file_is_a_site(tmp_path: Path) -> None:
    vault = tmp_path / "My Vault"
    vault.mkdir()
    config, problems = load_config(vault, FEATURES)
    assert problems == []
    assert config.title == "My Vault"
    assert config.notes_dir == vault
    assert config.notes_prefix == ""
    (vault / "notes").mkdir()
    config, _ = load_config(vault, FEATURES)
    assert config.notes_dir == vault / "notes"
    assert config.notes_prefix == "notes/"


def test_a_folder_called_notes_does_not_hide_the_others(tmp_path: Path) -> None:
    for path in ("_posts/a.md", "notes/b.md", "README.md", "CHANGELOG.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("text\n")
    assert load_config(tmp_path, FEATURES)[0].notes_dir == tmp_path / "notes"
    (tmp_path / "_posts/d.md").write_text("text\n")
    assert load_config(tmp_path, FEATURES)[0].notes_dir == tmp_path
    (tmp_path / "site.yaml").write_text("title: A\n")
    assert load_config(tmp_path, FEATURES)[0].notes_dir == tmp_path / "notes"


def test_the_other_ending_is_read_too(root: Path) -> None:
    (root / "site.yml").write_text("titel: A\n")
    _, problems = load_config(root, FEATURES)
    assert problems[0].path == "site.yml"
    (root / "site.yaml").write_text("title: B\n")
    config, problems = load_config(root, FEATURES)
    assert config.title == "B"
    assert [problem.rule for problem in problems] == ["site-has-one-config"]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"title: \xff\n", 1, "is not UTF-8 text"),
        (b"title: x\nlogo: a\x07b\n", 2, "holds the control character U+0007"),
        (b"title: " + b"[" * 400_000 + b"]" * 400_000, 1, "is nested more than 50 deep"),
        (b"#" * 1_000_001, 0, "is larger than 1 MB"),
    ],
)
def test_bytes_that_are_no_yaml_are_a_problem(
    root: Path, data: bytes, line: int, said: str
) -> None:
    (root / "site.yaml").write_bytes(data)
    _, problems = load_config(root, FEATURES)
    assert [(problem.rule, problem.line) for problem in problems] == [("config-is-yaml", line)]
    assert said in problems[0].message


def test_a_byte_order_mark_is_no_part_of_the_first_key(root: Path) -> None:
    (root / "site.yaml").write_bytes(b"\xef\xbb\xbftitle: A\r\nlanguage: de\r\n")
    config, problems = load_config(root, FEATURES)
    assert (config.title, config.language, problems) == ("A", "de", [])


def bomb(levels: int) -> str:
    lines = ["a0: &a0 {x: y}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, levels)]
    return "\n".join([*lines, f"glossary: {{words: *a{levels - 1}}}", ""])


def test_aliases_cannot_make_a_small_file_huge(root: Path) -> None:
    (root / "site.yaml").write_text(bomb(30))
    started = time.perf_counter()
    _, problems = load_config(root, FEATURES)
    assert time.perf_counter() - started < 1
    assert "holds too much once aliases are followed" in {item.message for item in problems}


def test_a_mapping_that_holds_itself_is_a_problem(root: Path) -> None:
    (root / "notes" / "_defaults.yaml").write_text("params: &a {b: *a}\n")
    values, problems = read_defaults(root / "notes" / "_defaults.yaml")
    assert values == {}
    assert len(problems) == 1


# Environment and command line


def test_the_environment_wins_over_the_file_and_arguments_over_both(root: Path) -> None:
    (root / "site.yaml").write_text("title: A\nlanguage: de\nauthor: Ada\nfeeds: {limit: 3}\n")
    environ = {
        "NOTECAST_TITLE": "yes: B",
        "NOTECAST_LANGUAGE": "fr",
        "NOTECAST_FEEDS__LIMIT": "7",
        "NOTECAST_FEEDS__FORMATS": "[atom, json]",
        "NOTECAST_NAV": "{Home: /}",
        "NOTECAST_GLOSSARY__DEPTH": "5",
        "NOTECAST_AUTHOR__EMAIL": "ada@example.org",
        "HOME": "/nowhere",
    }
    overrides = {"language": "zh-CN", "drafts": True, "feeds.content": "excerpt"}
    reading = read_site(root, FEATURES, environ=environ, overrides=overrides)
    config = reading.config
    assert reading.problems == []
    assert (config.title, config.language, config.drafts) == ("yes: B", "zh-CN", True)
    assert (config.feeds.limit, config.feeds.content) == (7, "excerpt")
    assert config.feeds.formats == ("atom", "json")
    assert config.nav is not None and config.nav[0].name == "Home"
    assert config.options["glossary"].depth == 5
    assert (config.author.name, config.author.email) == ("Ada", "ada@example.org")
    assert reading.places["title"] == "NOTECAST_TITLE"
    assert reading.places["language"] == "command line (--language)"
    assert reading.places["author.name"] == "site.yaml:3"
    assert reading.places["author.email"] == "NOTECAST_AUTHOR__EMAIL"


def test_what_is_wrong_outside_the_file_names_its_source(root: Path) -> None:
    environ = {"NOTECAST_PAGINATE": "lots", "NOTECAST_BASEURL": "x", "NOTECAST_TITLE__X": "y"}
    overrides = {"base_url": "example.org"}
    config, problems = load_config(root, FEATURES, environ=environ, overrides=overrides)
    assert [str(problem) for problem in problems] == [
        "NOTECAST_BASEURL: warning: this environment variable is not used "
        '[environment-variable-is-known]\n    hint: did you mean "NOTECAST_BASE_URL"?',
        "NOTECAST_TITLE__X: warning: this environment variable is not used "
        '[environment-variable-is-known]\n    hint: did you mean "NOTECAST_TITLE"?',
        'NOTECAST_PAGINATE: error: `paginate` takes a whole number, not "lots" [config-value-fits]',
        '--base-url: error: `base_url`: "example.org" is not a web address with scheme and host '
        "[config-value-fits]\n    hint: write https://example.org",
    ]
    assert (config.paginate, config.base_url) == (12, "")


def test_text_from_the_environment_is_never_read_as_yaml(root: Path) -> None:
    for text in ("[a", "*x", "null", "1:30", "#x", ""):
        config, problems = load_config(root, FEATURES, environ={"NOTECAST_DESCRIPTION": text})
        assert (config.description, problems) == (text, [])


# Features


@pytest.fixture
def importing() -> Iterator[None]:
    """Leaves `sys.path` and `sys.modules` as they were."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        del sys.modules[name]


OWN_FEATURE = """\
from dataclasses import dataclass
from notecast.feature import Feature

@dataclass(frozen=True)
class Options:
    level: int = 2

class Margin(Feature):
    name = "margin"
    options = Options

class Glossary(Feature):
    name = "glossary"

NOT_ONE = 7
"""


@pytest.mark.usefixtures("importing")
def test_a_site_brings_features_of_its_own(root: Path) -> None:
    (root / "own_margin.py").write_text(OWN_FEATURE)
    text = 'features: {load: ["own_margin:Margin"], disable: [glossary]}\nmargin: {level: 4}\n'
    (root / "site.yaml").write_text(text)
    reading = read_site(root, FEATURES)
    assert reading.problems == []
    assert reading.config.options["margin"].level == 4
    assert [feature.name for feature in reading.features] == ["margin"]
    assert [feature.name for feature in reading.known] == ["glossary", "margin"]
    assert "margin" in schema(reading.known)["properties"]


@pytest.mark.usefixtures("importing")
@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("own_two:Missing", "own_two has no Missing"),
        ("own_two:NOT_ONE", "NOT_ONE is not a Feature"),
        ("own_two:Glossary", 'there is a feature "glossary" already'),
        ("own_broken:X", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_feature_that_cannot_be_used_is_a_problem(root: Path, name: str, cause: str) -> None:
    (root / "own_two.py").write_text(OWN_FEATURE)
    (root / "own_broken.py").write_text("1 / 0\n")
    (root / "site.yaml").write_text(f'features:\n  load: ["{name}"]\n')
    _, problems = load_config(root, FEATURES)
    assert [str(problem) for problem in problems] == [
        f"site.yaml:2: error: cannot load the feature {name}: {cause} [feature-loads]"
    ]


def test_a_section_may_not_take_the_name_of_a_key() -> None:
    class Title(Glossary):
        name = "title"

    with pytest.raises(ValueError, match="title"):
        load_config(Path("."), [Title()])


def test_severities_are_as_the_site_wants(root: Path) -> None:
    (root / "site.yaml").write_text("problems: {a-b: off, c-d: error, e-f: warning}\n")
    config, _ = load_config(root, FEATURES)
    found = [Problem(rule, "warning", "x.md", 1, 1, "m") for rule in ("a-b", "c-d", "e-f", "g-h")]
    assert [(item.rule, item.severity) for item in with_severities(found, config)] == [
        ("c-d", "error"),
        ("e-f", "warning"),
        ("g-h", "warning"),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("这是一个笔记，说明 attention 与学习。\n", "zh-CN"),
        ("這是一個筆記，說明 attention 與學習。\n", "zh-TW"),
        ("Notes on 注意力 and what it means in these models.\n", "en"),
        ("これはノートです。注意機構について説明します。\n", "en"),
        ("笔记\n\n```python\nfrom torch import nn and many other words in code\n```\n", "zh-CN"),
    ],
)
def test_a_folder_without_configuration_speaks_the_language_of_its_notes(
    tmp_path: Path, text: str, language: str
) -> None:
    (tmp_path / "cv").mkdir()
    (tmp_path / "cv/a.md").write_text(text, encoding="utf-8")
    assert load_config(tmp_path, FEATURES)[0].language == language
    assert load_config(tmp_path, FEATURES, overrides={"language": "de"})[0].language == "de"
    (tmp_path / "site.yaml").write_text("title: X\n", encoding="utf-8")
    assert load_config(tmp_path, FEATURES)[0].language == "en"
