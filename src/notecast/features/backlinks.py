"""Backlinks: at the end of a note, the notes that link to it with the sentence around each link."""

from collections.abc import Mapping
from typing import Any, ClassVar

from notecast.feature import Feature
from notecast.model import NotePath, Post
from notecast.site import View

MAX_SENTENCES = 3
"""Of one note that links several times."""


class Backlinks(Feature):
    """Lists who links here, latest note first."""

    name = "backlinks"
    slots: ClassVar[Mapping[str, str]] = {"note_end": "backlinks/note_end.html"}

    def note_context(self, post: Post, view: View) -> Any:
        found = view.once("backlinks", links_by_target).get(post.path)
        if found is None:
            return None
        rows = []
        for path, sentences in found.items():
            origin = view.post(path)
            assert origin is not None
            rows.append(
                {
                    "url": origin.url,
                    "title_html": origin.title_html,
                    "lang": origin.lang,
                    "sentences": [view.short_text(origin, text) for text in sentences],
                }
            )
        return rows


def links_by_target(view: View) -> dict[NotePath, dict[NotePath, list[str]]]:
    """For each note the notes that link to it, latest first, and the sentences in which they do.

    The sentences have holes still, so that nothing here hangs on bibliographies or labels.
    The order goes by date and path, never by `updated`, so that an edit
    elsewhere does not move anything.
    """
    by_path = sorted(view.posts, key=lambda post: post.path)
    ordered = sorted(by_path, key=lambda post: post.date, reverse=True)
    found: dict[NotePath, dict[NotePath, list[str]]] = {}
    for post in ordered:
        for link, target in view.linked(post):
            sentences = found.setdefault(target, {}).setdefault(post.path, [])
            if link.sentence and len(sentences) < MAX_SENTENCES and link.sentence not in sentences:
                sentences.append(link.sentence)
    return found


FEATURE = Backlinks()
