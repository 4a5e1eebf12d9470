"""What is wrong with citations, once all works are known.

Entry point: `check`.
"""

from collections.abc import Iterable

from notecast.features.citations.setting import setter
from notecast.model import Post
from notecast.problems import Problem
from notecast.site import View
from notecast.works.citing import cited, cites_of, library, missing_beside, scopes_of
from notecast.works.files import LOCK_FILE

FETCH = "run notecast papers fetch, which stores what arXiv and Crossref know of it"


def check(view: View) -> Iterable[Problem]:
    """Problems of bibliographies, of the style, and of each citation."""
    known = library(view)
    yield from known.problems
    citing = [post for post in view.posts if post.facts.get("citations")]
    if not citing and not any("bibliographies" in post.facts for post in view.posts):
        return
    if citing:
        unusable = setter(view).processor.unusable
        if unusable:
            yield Problem(
                "citation-style-is-usable",
                "error",
                "site.yaml",
                0,
                0,
                unusable.message,
                unusable.hint,
            )
    told: set[str] = set()
    fetched = (view.config.root / LOCK_FILE).exists()
    for post in view.posts:
        for name in missing_beside(post, view):
            yield Problem(
                "bibliography-file-exists",
                "error",
                view.shown(post.path),
                1,
                0,
                f'the notes folder has no bibliography "{name}"',
                "name a .bib or .json file by its path from the note or from the notes folder",
            )
    for post in citing:
        yield from _cites(post, view, told, fetched)
    yield from _incomplete(view)


def _cites(post: Post, view: View, told: set[str], fetched: bool) -> Iterable[Problem]:
    known = library(view)
    scopes = scopes_of(post)
    for cite in cites_of(post):
        place = (view.shown(post.path), cite.line, cite.column)
        for written in cite.keys:
            key = known.find(written, scopes)
            if key is None:
                if cite.kind == "cite":
                    yield _unknown(written, place, view, scopes)
                elif cite.kind == "wiki":
                    target = view.targets.of_name(post.path, f"@{written}")
                    if target.kind == "missing":
                        yield _unknown(written, place, view, scopes)
            elif not known.works[key].known and key not in told:
                # Links to arXiv are everywhere; who never fetched did not ask for records.
                if cite.kind in ("link", "text") and not fetched:
                    continue
                told.add(key)
                yield Problem(
                    "paper-is-known",
                    "warning",
                    *place,
                    f"nothing is known of {key} but its identifier",
                    FETCH,
                )


def _unknown(
    written: str, place: tuple[str, int, int], view: View, scopes: Iterable[str]
) -> Problem:
    known = library(view)
    near = known.near(written, tuple(scopes))
    hint = "did you mean " + " or ".join(f"@{name}" for name in near) + "?" if near else ""
    if not hint and not known.names:
        hint = "the site has no bibliography: put references.bib beside site.yaml"
    return Problem(
        "citation-key-exists",
        "warning",
        *place,
        f'no bibliography has the key "{written}"',
        hint or "add the work to a bibliography, or write arXiv:… or doi:… instead",
    )


def _incomplete(view: View) -> Iterable[Problem]:
    """Works that notes cite and that lack what every reference needs."""
    known = library(view)
    for key in cited(view).mentions:
        work = known.works[key]
        if not work.known:
            continue
        lacks = [name for name, has in (("title", work.title), ("year", work.year)) if not has]
        if lacks and key in known.places:
            path, line = known.places[key]
            yield Problem(
                "bibliography-entry-is-complete",
                "warning",
                path,
                line,
                0,
                f"{key}, which notes cite, has no {' and no '.join(lacks)}",
                "add it; a missing comma also hides the fields behind it",
            )
