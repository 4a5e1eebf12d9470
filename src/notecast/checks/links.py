"""Links: notes that none leads to, and names that none uses."""

from notecast.checks.subject import Problems, Rule, Subject
from notecast.targets import fold_path

LINKED = Rule("note-is-linked", "a note has a link from another, a category, a tag or a series")
ALIAS = Rule("alias-is-used", "some link uses each further name of a note", asked=True)

RULES = (LINKED, ALIAS)


def check(subject: Subject) -> Problems:
    """Follows every link of every published note once."""
    view = subject.view
    linked: set[str] = set()
    used: set[tuple[str, str]] = set()
    for post in view.posts:
        for link in post.links:
            target = view.targets.of_link(post.path, link)
            if target.path != post.path:
                linked.add(target.path)
            used.add((target.path, fold_path(link.target)))
    for note in subject.published:
        post = note.post
        if post.path not in linked and not (post.categories or post.tags or post.series):
            yield note.problem(
                LINKED,
                (0, 0),
                "no note leads here, and it has no category, tag or series",
                "link to it, or give it a tag",
            )
        for name in post.names:
            if (post.path, fold_path(name)) not in used:
                yield note.problem(ALIAS, note.place(name), f'no link uses the name "{name}"')
