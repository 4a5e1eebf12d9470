"""Labels over the whole site: references to other notes, and what is wrong with references.

Entry points: `facts`, `fill`, `check`, and `reference`, the HTML of one reference.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from html import escape
from typing import NamedTuple

from notecast.features.crossrefs.kinds import named
from notecast.model import BASE, PEEK, PEEK_END, Hole, NotePath, Post, Url
from notecast.problems import Problem, Severity
from notecast.short_texts import text_of_html
from notecast.site import View

LABELS = "labels"
"""Family: `path#label` → the note's address and what its `Label` holds. In the facts of one
note: a list of labels."""


OWNERS = "label-owners"
"""Family: label → path of the one note that has it, and the label; nothing where several do.
`any:x` stands for the label whose part behind the colon is `x`."""
ANY = "any"
"""Prefix of references whose author names no kind, as in other programs."""

PREVIEWS = 5
"""Times that a page holds the preview of one label: a formula weighs as much as the text around
it. Further references show the first one's, by the theme's script."""


class Label(NamedTuple):
    """Something that can be referred to."""

    label: str
    """`thm:main`."""
    anchor: str
    """Its id on the page."""
    kind: str
    number: str
    """As text or HTML, without parentheses; empty where nothing is counted."""
    statement: str
    """Inline HTML that shows what it says; may be empty."""


def facts(posts: Sequence[Post]) -> Mapping[str, Mapping[str, object]]:
    """The labels of all notes."""
    labels: dict[str, object] = {}
    owners: dict[str, tuple[str, str] | None] = {}
    for post in posts:
        for row in post.facts.get(LABELS, ()):
            labels[f"{post.path}#{row[0]}"] = (post.url, row)
            for name in (row[0], f"{ANY}:{row[0].partition(':')[2]}"):
                owner = (post.path, row[0])
                owners[name] = owner if owners.get(name, owner) == owner else None
    return {LABELS: labels, OWNERS: owners}


def reference(found: Label, url: str, lang: str, bare: bool, shown: bool = True) -> str:
    """A reference with its preview.

    Args:
        found: What it leads to.
        url: Address of the page; empty on the page itself.
        lang: Language of the note that refers.
        bare: Whether to show the number alone.
        shown: Whether the preview comes along; the page has it already where it does not.
    """
    text = shown_text(found, lang, bare)
    address = (BASE + url if url else "") + f"#{found.anchor}"
    link = f'<a href="{escape(address)}">{text}</a>'
    return f'<span class="ref">{link}{preview(found, lang) if shown else ""}</span>'


def shown_text(found: Label, lang: str, bare: bool) -> str:
    """`Theorem 1`, or `1` where `bare`."""
    return found.number if bare else named(found.kind, found.number, lang)


def preview(found: Label, lang: str) -> str:
    """What shows while the pointer or the focus is on a reference; feeds leave it out."""
    if not found.statement:
        return ""
    return (
        f'{PEEK}<span class="peek" data-pagefind-ignore>'
        f"<b>{named(found.kind, found.number, lang)}</b> {found.statement}</span>{PEEK_END}"
    )


def _look_up(hole: Hole, post: Post, view: View) -> tuple[Post | None, Label | None, Url]:
    name, label = hole.data[:2]
    other: Post | None = post
    if not name:
        if label.startswith(f"{ANY}:"):
            own = (row[0] for row in post.facts.get(LABELS, ()))
            label = next(
                (one for one in own if one.partition(":")[2] == label[len(ANY) + 1 :]), label
            )
        found = view.get(LABELS, f"{post.path}#{label}")
        owner = view.get(OWNERS, label) if found is None else None
        if owner is not None:
            # Labels of a book hold for all of it.
            other = view.post(NotePath(owner[0])) or post
            found = view.get(LABELS, f"{owner[0]}#{owner[1]}")
        return (other, Label(*found[1]), found[0]) if found else (other, None, Url(""))
    target = view.targets.of_name(post.path, name)
    if target.kind != "note":
        target = view.targets.of_path(post.path, name)
    other = view.post(target.path) if target.kind == "note" else None
    found = view.get(LABELS, f"{other.path}#{label}") if other else None
    if found is None:
        return other, None, Url("")
    return other, Label(*found[1]), found[0]


def fill(hole: Hole, post: Post, view: View) -> str:
    """A reference to another note, or to a label that only another one has."""
    name, label = hole.data
    other, found, url = _look_up(hole, post, view)
    if found is None or other is None:
        return f'<span class="missing-link">{escape(f"{name}#{label}" if name else label)}</span>'
    if hole.kind == "text":
        return shown_text(found, post.lang, False)
    shown = _is_among_the_first(hole, post)
    if shown:
        found = found._replace(statement=view.short_html(other, found.statement))
    return reference(
        found, url if other.path != post.path else "", post.lang, hole.kind == "bare", shown
    )


def text(hole: Hole, post: Post, view: View) -> str:
    """The same as plain text: no preview, which may hold references in its turn, and so on."""
    _, found, _ = _look_up(hole, post, view)
    if found is None:
        return "#".join(part for part in hole.data if part)
    return text_of_html(shown_text(found, post.lang, hole.kind == "bare"))


def _is_among_the_first(hole: Hole, post: Post) -> bool:
    before = 0
    for other in post.holes:
        if other == hole:
            break
        before += other.feature == hole.feature and other.data == hole.data
        if before >= PREVIEWS:
            return False
    return True


def check(view: View) -> Iterable[Problem]:
    """References that lead nowhere."""
    for post in view.posts:
        for hole in post.holes:
            if hole.feature != "crossrefs":
                continue
            other, found, _ = _look_up(hole, post, view)
            if found is None:
                message, hint = _what_is_missing(hole, post, other, view)
                place = (view.shown(post.path), hole.line, hole.column)
                # Other programs find more: pictures that code draws, headings.
                severity: Severity = "warning" if _kind(hole) == ANY else "error"
                yield Problem("label-exists", severity, *place, message, hint)


def _kind(hole: Hole) -> str:
    """What the label of a reference begins with."""
    return hole.data[1].partition(":")[0]


def _what_is_missing(hole: Hole, post: Post, other: Post | None, view: View) -> tuple[str, str]:
    name, label = hole.data[:2]
    if other is None:
        near = view.targets.name_suggestion(name)
        return f'no published note is called "{name}"', f'did you mean "{near}"?' if near else ""
    if _kind(hole) == ANY:
        return f"nothing has the label {label[len(ANY) + 1 :]}", ""
    labels = [row[0] for row in other.facts.get(LABELS, ())]
    close = get_close_matches(label, labels, n=1)
    if close:
        hint = f"did you mean {close[0]}?"
    else:
        elsewhere = [
            key.rpartition("#")[0] for key in view.family(LABELS) if key.endswith(f"#{label}")
        ]
        hint = (
            f"{min(elsewhere)} has it: write @{min(elsewhere).rsplit('.', 1)[0]}#{label}"
            if elsewhere
            else f"give it to something: {{#{label}}}"
        )
    where = "this note" if other.path == post.path else other.path
    return f"nothing in {where} has the label {label}", hint
