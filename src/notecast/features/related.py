"""Related notes: those that share tags, categories, links or papers with a note.

What two notes share counts more the rarer it is. Of a term that many notes have
only the nearest in time are looked at, so that the work grows with the number
of notes and a new note changes the lists of a few neighbours and no others.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from notecast.feature import Feature
from notecast.model import NotePath, Post
from notecast.site import View
from notecast.terms import levels
from notecast.works.citing import cited, own_works

SHOWN = 5
WINDOW = 12
"""Notes before and behind a note in the list of a term that are looked at."""
COMMON = 64
"""A term that more notes have says little: only a third of the window is looked at."""
SHARED = "shared-terms"
"""Family of facts that any feature may draw: note → what it shares with others, as text
such as `method:lasso`. Notes with the same text are related."""
WEIGHTS = {"link": 6, "paper": 5, "tag": 4, "category": 2}
"""By the kind of what is shared."""
LINKED = 10
"""Added where one note links to the other."""
LEAST = 2
"""Notes with less in common are not related: a category that many notes have says nothing."""


class Related(Feature):
    """Lists the notes that have most in common with a note."""

    name = "related"
    slots: ClassVar[Mapping[str, str]] = {"note_end": "related/note_end.html"}

    def note_context(self, post: Post, view: View) -> Any:
        return [
            {
                "url": other.url,
                "title_html": other.title_html,
                "lang": other.lang,
                "date": other.date,
            }
            for path in view.once("related", related).get(post.path, ())
            if (other := view.post(path))
        ] or None


def related(view: View) -> dict[NotePath, list[NotePath]]:
    """For each note the notes that have most in common with it, the nearest in time first."""
    by_path = sorted(view.posts, key=lambda post: post.path)
    posts = sorted(by_path, key=lambda post: post.date)
    place = {post.path: number for number, post in enumerate(posts)}
    members: dict[str, list[int]] = {}
    linked: dict[int, dict[int, None]] = {}
    for number, post in enumerate(posts):
        for term in dict.fromkeys(_terms(post, view)):
            members.setdefault(term, []).append(number)
        for target in dict.fromkeys(target for _, target in view.linked(post)):
            other = place[target]
            # A note belongs to those that link to it, too.
            own = members.setdefault(f"link:{target}", [])
            if not own or own[-1] != number:
                own.append(number)
            linked.setdefault(number, {})[other] = None
            linked.setdefault(other, {})[number] = None
    scores: list[dict[int, int]] = [{} for _ in posts]
    for term, numbers in members.items():
        _count(term, numbers, scores)
    for number, others in linked.items():
        for other in others:
            scores[number][other] = scores[number].get(other, 0) + LINKED
    return {
        post.path: [posts[other].path for other in _best(number, scores[number])]
        for number, post in enumerate(posts)
        if scores[number]
    }


def _terms(post: Post, view: View) -> Iterator[str]:
    for tag in post.tags:
        for key, _ in levels(tag):
            yield f"tag:{key}"
    for category in post.categories:
        for key, _ in levels(category):
            yield f"category:{key}"
    own = own_works(view).get(post.path)
    for key in dict.fromkeys([*([own] if own else []), *cited(view).by_note.get(post.path, ())]):
        yield f"paper:{key}"
    yield from view.get(SHARED, post.path) or ()


def _count(term: str, numbers: list[int], scores: list[dict[int, int]]) -> None:
    """Adds what a term says to the scores of the notes that have it."""
    count = len(numbers)
    if count < 2:
        return
    # Halved each time that four times as many notes have the term: a weight that
    # changed with every note would reorder lists all over the site.
    kind = term.partition(":")[0]
    weight = max(1, 2 * WEIGHTS.get(kind, 4) >> (count.bit_length() // 2))
    window = WINDOW if count <= COMMON else WINDOW // 3
    for place, number in enumerate(numbers):
        own = scores[number]
        for other in numbers[max(0, place - window) : place]:
            own[other] = own.get(other, 0) + weight
            theirs = scores[other]
            theirs[number] = theirs.get(number, 0) + weight


def _best(number: int, scores: dict[int, int]) -> list[int]:
    """The notes with the highest scores; of equal ones the nearest in the order of dates."""
    ranked = sorted(
        (-score, abs(other - number), -other) for other, score in scores.items() if score >= LEAST
    )
    return [-minus for _, _, minus in ranked[:SHOWN]]


FEATURE = Related()
