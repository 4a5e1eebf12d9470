"""Addresses: what some file systems cannot hold, and old ones that lead to themselves."""

from notecast.checks.subject import Problems, Rule, Subject
from notecast.loader.scan_names import not_portable
from notecast.problems import Problem

PORTABLE = Rule("address-is-portable", "every page has a file name that Windows can hold, too")
MOVED = Rule("alias-is-old", "an old address of a note is not its address of today")

RULES = (PORTABLE, MOVED)


def check(subject: Subject) -> Problems:
    """Looks at every file of the output and every old address."""
    for output, source in subject.outputs:
        for part in output.split("/"):
            # The length of a name is another rule's.
            reason = "" if "bytes" in (why := not_portable(part)) else why
            if reason:
                yield Problem(
                    PORTABLE.id,
                    PORTABLE.severity,
                    source or output,
                    0,
                    0,
                    f'the site gets a file "{output}": {reason.replace("the name", part)}',
                    "choose another slug, or another name for the category or tag",
                )
                break
    for note in subject.notes:
        for old in note.post.redirects:
            if old.rstrip("/") == note.post.url.rstrip("/"):
                yield note.problem(
                    MOVED,
                    note.place(old.strip("/")),
                    f'the old address "{old}" is the address of the note itself',
                    "take it out of aliases",
                )
