"""Bibliographies: entries that no note cites."""

from notecast.checks.subject import Problems, Rule, Subject
from notecast.problems import Problem
from notecast.works.citing import cited, library

USED = Rule(
    "bibliography-entry-is-used", "some note cites each entry of a bibliography", asked=True
)

RULES = (USED,)


def check(subject: Subject) -> Problems:
    """Compares the entries with what is cited and with papers that have notes of their own.

    Silent unless asked for: the whole library of a reference manager is a good bibliography.
    """
    known, found = library(subject.view), cited(subject.view)
    for key, (path, line) in known.places.items():
        if not found.mentions.get(key) and not found.own.get(key):
            yield Problem(
                USED.id,
                USED.severity,
                path,
                line,
                0,
                f'no note cites "{key}"',
                "cite it, or take it out",
            )
