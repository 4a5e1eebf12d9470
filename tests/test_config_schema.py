"""The JSON Schema of `site.yaml` and the documented table say what the reader does."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.config_reader import load_config
from notecast.config_schema import (
    PUBLISHED,
    flat_keys,
    plain,
    schema,
    schema_text,
    shown,
    shown_in_list,
    with_table,
)
from notecast.features import FEATURES as BUILT_IN
from tests.test_config import FEATURES, cases, site_folder

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site_folder(tmp_path)


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(BUILT_IN), (
        "run: python -m notecast.config_schema"
    )


def test_the_documented_keys_are_current() -> None:
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert page == with_table(page, BUILT_IN), "run: python -m notecast.config_schema"


def test_every_key_says_what_it_is_for_and_its_example_is_accepted(root: Path) -> None:
    for key, entry, _ in flat_keys(BUILT_IN):
        assert entry.rules.get("help"), key
        example = entry.rules.get("example")
        if example is not None:
            if key.startswith(("features", "notes")):  # they must exist
                continue
            _, problems = load_config(root, BUILT_IN, overrides={key: example})
            assert problems == [], key


def test_the_defaults_are_accepted(root: Path) -> None:
    for key, _, default in flat_keys(BUILT_IN):
        if key != "base_url" and default is not None:
            _, problems = load_config(root, BUILT_IN, overrides={key: plain(default)})
            assert problems == [], key


@pytest.mark.parametrize("case", cases("values.yaml"))
def test_the_schema_accepts_what_the_reader_accepts(case: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    said = yaml.safe_load(case["site"].replace("2024-02-30", '"2024-02-30"')) or {}
    if case["name"].startswith(("a severity", "a merge key")):
        return  # off is text in YAML 1.2, which editors read; nor do they know merge keys
    jsonschema.validate(json.loads(json.dumps(said, default=str)), schema(FEATURES))


def test_the_schema_refuses_unknown_keys_and_wrong_types() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    checker = jsonschema.Draft7Validator(schema(FEATURES))
    for said in ({"titel": "x"}, {"feeds": {"lmit": 3}}, {"paginate": "12"}, {"html": "unsafe"}):
        assert not checker.is_valid(said), said


@pytest.mark.parametrize("text", ["a", "a: b", "yes", "12", "*x", "", " a", "题", "a #b", "-", "'"])
def test_text_is_shown_as_yaml_that_reads_the_same(text: str) -> None:
    assert yaml.safe_load(f"k: {shown(text)}") == {"k": text}
    assert yaml.safe_load(f"k: [{shown_in_list(text)}, b]") == {"k": [text, "b"]}
