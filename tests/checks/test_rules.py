"""The rules of `notecast check`: each with a site that breaks it and one that does not."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast.builder.build import BuildOptions
from notecast.builder.examine import examined
from notecast.checks import checks, run_checks
from notecast.checks.external import RULES as EXTERNAL
from notecast.checks.images import LIMIT
from notecast.commands.check import subject_of
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.problems import Problem

from ..conftest import NOW, SiteFolder

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8")
)
DOCS = Path(__file__).parents[2] / "docs" / "checks.md"


def found(site: SiteFolder, files: dict[str, Any], config: dict[str, Any]) -> list[Problem]:
    for path, text in files.items():
        site.write(f"notes/{path}", text)
    sections: dict[str, Any] = {}
    for key, value in config.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = value
    loaded, problems = load_config(site.root, FEATURES, overrides=sections)
    assert not problems
    with examined(loaded, FEATURES, BuildOptions(now=NOW, jobs=1)) as known:
        return run_checks(subject_of(loaded, known))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_is_broken(site: SiteFolder, rule: str) -> None:
    case = CASES[rule]
    (problem,) = [p for p in found(site, case["bad"], case.get("config", {})) if p.rule == rule]
    assert str(problem).startswith(f"{case['at']}: {problem.severity}: ")


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_is_kept(site: SiteFolder, rule: str) -> None:
    case = CASES[rule]
    assert [p for p in found(site, case["good"], case.get("config", {})) if p.rule == rule] == []


def test_every_rule_has_a_case_and_a_place_in_the_documentation() -> None:
    rules = [rule for check in checks() for rule in check.rules]
    assert {rule.id for rule in rules} - {"image-is-small"} == set(CASES)
    text = DOCS.read_text(encoding="utf-8")
    for rule in [*rules, *EXTERNAL]:
        row = re.search(
            rf"^\| \[`{rule.id}`\]\(rules/{rule.id}\.md\) \| (\w+) \|", text, re.MULTILINE
        )
        assert row, f"docs/checks.md does not list {rule.id}"
        assert row[1] == ("off" if rule.asked else rule.severity)


def test_a_rule_that_is_off_by_default_is_silent(site: SiteFolder) -> None:
    files = CASES["alias-is-used"]["bad"]
    assert [p.rule for p in found(site, files, {})] == []


def test_large_images_are_told_if_they_are_published(site: SiteFolder) -> None:
    site.write("notes/big.png", b"x" * (LIMIT + 1))
    site.write("notes/unused.png", b"x" * (LIMIT + 1))
    site.write("notes/fits.png", b"x" * LIMIT)
    note = "---\ntags: x\n---\n![a](big.png) ![b](fits.png)\n"
    (problem,) = found(site, {"a.md": note}, {})
    assert (problem.rule, problem.path) == ("image-is-small", "notes/big.png")
    assert "2.0 MB" in problem.message


def test_html_images_may_say_that_they_are_decoration(site: SiteFolder) -> None:
    site.write("notes/x.png", b"x")
    note = (
        '---\ntags: x\n---\n<img src="https://a.test/1.png">\n\n'
        '<img src="https://a.test/2.png" alt="">\n\n![](https://a.test/3.png)\n'
    )
    problems = found(site, {"a.md": note}, {})
    assert [(p.rule, p.line) for p in problems] == [("image-has-alt", 4), ("image-has-alt", 8)]


def test_asterisks_are_found_where_they_are_shown(site: SiteFolder) -> None:
    note = (
        "---\ntags: x\n---\n会导致计算冗余。**动态** 是一种更高效的处理方式。\n\n"
        "\\*\\*Packing\\*\\* 是一种更高效的处理方式。\n\n"
        "计算 `a` 冗余。**填充** 和 [链接](https://host.example/x) 里的 **静态的 是一种。\n"
    )
    problems = found(site, {"a.md": note}, {})
    assert [(p.rule, p.line, p.column) for p in problems] == [("emphasis-is-paired", 8, 52)]


def test_drafts_are_not_judged_by_rules_for_readers(site: SiteFolder) -> None:
    note = "---\ndraft: true\n---\n/Users/wang.li/secret ** x**\n"
    assert found(site, {"a.md": note}, {}) == []
