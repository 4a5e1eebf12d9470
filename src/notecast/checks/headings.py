"""Headings: levels that skip, and such without text.

WCAG 2.2, technique G141: a section inside a section is one level deeper.
"""

from notecast.checks.subject import Problems, Rule, Subject

NEXT = Rule("heading-level-is-next", "a heading is at most one level below the one before it")
TEXT = Rule("heading-has-text", "a heading has text")

RULES = (NEXT, TEXT)


def check(subject: Subject) -> Problems:
    """Goes through the headings of every published note."""
    for note in subject.published:
        before = 0
        for heading in note.body.headings:
            if not heading.text.strip() and not heading.html.strip():
                yield note.problem(TEXT, (heading.line, 0), "the heading is empty")
            if before and heading.level > before + 1:
                yield note.problem(
                    NEXT,
                    (heading.line, 0),
                    f'the heading "{heading.text}" is of level {heading.level} on the page, '
                    f"the one before it of level {before}",
                    f"take {heading.level - before - 1} of its # away",
                )
            before = heading.level
