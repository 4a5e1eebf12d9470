"""What `notecast check` looks for beyond what a build reports; one file for each idea.

A module has `RULES`, which lists its rules, and `check`, which takes a `Subject`
and yields problems. None knows of another. Rules are cheap: they read what the
build has parsed. `external` is apart, since it uses the network.
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from notecast.checks.subject import Problems, Rule, Subject
from notecast.problems import Problem

MODULES = (
    *("addresses", "bibliography", "dates", "emphasis", "headings"),
    *("images", "leaks", "links", "titles"),
)


class Check(NamedTuple):
    """One module of rules."""

    rules: tuple[Rule, ...]
    check: Callable[[Subject], Problems]


def checks() -> list[Check]:
    """All modules, imported when they are asked for."""
    found = (import_module(f"notecast.checks.{name}") for name in MODULES)
    return [Check(module.RULES, module.check) for module in found]


def run_checks(subject: Subject) -> list[Problem]:
    """What all rules say that the site wants to hear, in no order."""
    all_checks = checks()
    wanted = {rule.id for check in all_checks for rule in check.rules if subject.wants(rule)}
    return [
        problem
        for check in all_checks
        for problem in check.check(subject)
        if problem.rule in wanted
    ]
