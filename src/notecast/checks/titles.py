"""Titles: two notes with one title cannot be told apart in lists and search."""

from notecast.checks.subject import Note, Problems, Rule, Subject

UNIQUE = Rule("title-is-unique", "no two published notes have the same title")

RULES = (UNIQUE,)


def check(subject: Subject) -> Problems:
    """Compares titles without regard to case and spaces; by path, the first is right."""
    first: dict[tuple[str, str], Note] = {}
    for note in subject.published:
        key = (note.post.lang, " ".join(note.post.title.casefold().split()))
        other = first.setdefault(key, note)
        if key[1] and other is not note:
            yield note.problem(
                UNIQUE,
                note.place(note.post.title),
                f'the title "{note.post.title}" is that of {other.shown}, too',
                "say in one of them what tells them apart",
            )
