"""The documentation names every rule and every key, and its links lead somewhere."""

import ast
import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from notecast.config import Config
from notecast.features import FEATURES
from notecast.urls import heading_id

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "notecast"
NAME = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
# A rule states what should hold, so that a verb is in it.
STATEMENT = re.compile(
    r"-(?:is|are|has|have|exists?|stays?|fits?|can|follows?|ends|uses?|stands|loads|renders|"
    r"names|works)(?:-|$)"
)
NO_RULES = {"in-none", "shared-terms", "cited-works", "heading-names"}
"""Strings that look like rules and are none."""
REPORTING = {"Problem", "problem", "report", "warn", "wrong", "refuse", "complain"}


def rules_in_code() -> dict[str, str]:
    """Every rule id, with the file that it stands in."""
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        shown = file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func
                name = (
                    called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                )
                first = node.args[0]
                if name in REPORTING and isinstance(first, ast.Constant):
                    if isinstance(first.value, str) and NAME.fullmatch(first.value):
                        found[first.value] = shown
                elif name in REPORTING and isinstance(first, ast.JoinedStr):
                    # `f"{what}-target-exists"`: links and images share the code.
                    tail = ast.unparse(first).rpartition("}")[2].strip("'\"")
                    found[f"link{tail}"] = found[f"image{tail}"] = shown
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                value = node.value
                if NAME.fullmatch(value) and STATEMENT.search(value) and value not in NO_RULES:
                    found[value] = shown
    # An example in the configuration's own documentation is no rule of its own.
    return {rule: file for rule, file in found.items() if file != "config.py"}


def documented() -> dict[str, list[str]]:
    """The rows of `docs/problems.md`: rule → cells."""
    rows = {}
    for line in (DOCS / "problems.md").read_text(encoding="utf-8").split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if match := re.match(r"\| \[`([\w-]+)`\]\(rules/\1\.md\) \|", line):
            assert match[1] not in rows, f"{match[1]} stands there twice"
            rows[match[1]] = cells
    return rows


def test_every_rule_is_documented() -> None:
    rules = rules_in_code()
    assert len(rules) > 80
    missing = {rule: file for rule, file in rules.items() if rule not in documented()}
    assert missing == {}


def test_no_rule_is_documented_that_does_not_exist() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in sorted(SOURCE.rglob("*.py")))
    rules = rules_in_code()
    gone = [rule for rule in documented() if rule not in rules and f'"{rule}"' not in text]
    assert gone == []


def test_every_row_says_what_to_do() -> None:
    for rule, cells in documented().items():
        assert len(cells) == 3 and all(cells), rule


def keys_of(kind: type, before: str = "") -> list[str]:
    return [before + item.name for item in fields(kind) if item.metadata.get("key", True)]


def test_every_key_is_documented() -> None:
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    keys = keys_of(Config)
    for feature in FEATURES:
        if feature.options is not None and is_dataclass(feature.options):
            keys += keys_of(feature.options, f"{feature.name}.")
    missing = [
        key for key in keys if f"`{key}`" not in text and f"`{key.rpartition('.')[2]}`" not in text
    ]
    assert missing == []
    assert len(keys) > 30


LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


def anchors(file: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#{1,6}\s+(.*?)\s*$", text, flags=re.M)
    return {heading_id(re.sub(r"[`*]", "", heading)) for heading in headings}


@pytest.mark.parametrize(
    "file",
    [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"],
    ids=lambda file: file.name,
)
def test_links_lead_somewhere(file: Path) -> None:
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        other = (file.parent / path) if path else file
        assert other.exists(), f"{file.name} links to {target}"
        if fragment and other.suffix == ".md":
            assert fragment in anchors(other), f"{file.name} links to {target}"
