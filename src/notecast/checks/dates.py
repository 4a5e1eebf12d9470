"""Dates: those still to come, and an update before the beginning."""

from notecast.checks.subject import Problems, Rule, Subject
from notecast.loader.dates import instant

FUTURE = Rule("date-is-past", "a note that is no draft has a date that has come")
ORDER = Rule("update-follows-date", "a note is updated after its date, and expires after it")

RULES = (FUTURE, ORDER)


def check(subject: Subject) -> Problems:
    """Compares every note's dates with now and with one another."""
    zone = subject.config.timezone
    for note in subject.notes:
        post = note.post
        if post.date and not post.draft and instant(post.date, zone) > subject.now:
            yield note.problem(
                FUTURE,
                note.place(post.date[:10]),
                f"the note is dated {post.date[:10]} and is not published until then",
                "correct the date, or set draft: true",
            )
        for later, what in ((post.updated, "updated"), (post.expires, "expires")):
            if later and post.date and later[:10] < post.date[:10]:
                yield note.problem(
                    ORDER,
                    note.place(later[:10]),
                    f"{what} ({later[:10]}) lies before date ({post.date[:10]})",
                    "one of the two is wrong",
                )
