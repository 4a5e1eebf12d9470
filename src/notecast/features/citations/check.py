"""What is wrong with citations, once all works are known.

Entry point: `check`.
"""

from collections.abc import Iterable

import msgspec

from notecast.features.citations.setting import setter
from notecast.model import NotePath, Post
from notecast.problems import Problem
from notecast.site import View
from notecast.works.citing import Cite, cite_of, cited, library, missing_beside, scopes_of
from notecast.works.files import LOCK_FILE

FETCH = "run notecast papers fetch, which stores what arXiv and Crossref know of it"


def check(view: View) -> Iterable[Problem]:
    """Problems of bibliographies, of the style, and of each citation."""
    known = library(view)
    yield from known.problems
    found = cited(view)
    if found.by_note:
        unusable = setter(view).processor.unusable
        if unusable:
            place = ("site.yaml", 0, 0)
            message, hint = unusable.message, unusable.hint
            yield Problem("citation-style-is-usable", "error", *place, message, hint)
    for post in view.posts:
        if "bibliographies" in post.facts:
            yield from _missing_files(post, view)
    hints: _Hints = {}
    if not (known.names or known.scopes):
        yield from _no_bibliography(found.unknown, view)
        found = found._replace(unknown=[])
    for path, row, written in found.unknown:
        yield from _unknown_key(path, row, written, view, hints)
    yield from _unresolved(view)
    yield from _incomplete(view)


def _missing_files(post: Post, view: View) -> Iterable[Problem]:
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


def _no_bibliography(unknown: Iterable[tuple[NotePath, int, str]], view: View) -> Iterable[Problem]:
    """Citations of a site that has no bibliography at all: one thing is to be done for all."""
    hints: _Hints = {}
    problems = [
        problem
        for path, row, written in unknown
        for problem in _unknown_key(path, row, written, view, hints)
    ]
    if not problems:
        return
    files = sorted(path for path in view.files() if path.lower().endswith((".bib", ".bibtex")))
    if files:
        found = view.config.notes_prefix + files[0]
        hint = f"write in site.yaml: citations: {{bibliography: [{found}]}}"
    else:
        hint = "the site has no bibliography: put references.bib beside site.yaml"
    first = problems[0]
    more = f", nor {len(problems) - 1} more that notes cite" if len(problems) > 1 else ""
    yield msgspec.structs.replace(first, message=f"{first.message}{more}", hint=hint)


_Hints = dict[tuple[str, tuple[str, ...]], str]
"""What is said of a key that nothing has, by the key and where else it is looked for."""


def _unknown_key(
    path: NotePath, row: int, written: str, view: View, hints: _Hints
) -> Iterable[Problem]:
    post = view.post(path)
    assert post is not None
    cite = cite_of(post, row)
    if cite.kind not in ("cite", "wiki"):
        return  # `@name` in a sentence is a person as often as a paper
    if cite.kind == "wiki" and view.targets.of_name(path, f"@{written}").kind != "missing":
        return
    scopes = tuple(scopes_of(post))
    if (written, scopes) not in hints:
        hints[written, scopes] = _hint(written, scopes, view)
    yield Problem(
        "citation-key-exists",
        "warning",
        view.shown(path),
        *_place(post, cite, written),
        f'no bibliography has the key "{written}"',
        hints[written, scopes],
    )


def _hint(written: str, scopes: tuple[str, ...], view: View) -> str:
    known = library(view)
    near = known.near(written, scopes)
    if near:
        return "did you mean " + " or ".join(f"@{name}" for name in near) + "?"
    return "add the work to a bibliography, or write arXiv:… or doi:… instead"


def _place(post: Post, cite: Cite, written: str) -> tuple[int, int]:
    """Line and column of one key among several."""
    if len(cite.keys) == 1:
        return cite.line, cite.column
    holes = (hole for hole in post.holes if hole.feature == "citations" and len(hole.data) > 2)
    raw = next((hole.data[2] for hole in holes if hole.data[0] == cite.anchor), "")
    before = raw.partition(f"@{written}")[0] if f"@{written}" in raw else ""
    # How far a further line is indented is not known.
    return cite.line + before.count("\n"), 0 if "\n" in before else cite.column + len(before)


def _unresolved(view: View) -> Iterable[Problem]:
    """Works of which nothing is known but the identifier, each at its first place."""
    known = library(view)
    fetched = (view.config.root / LOCK_FILE).exists()
    for key, mentions in cited(view).mentions.items():
        work = known.works[key]
        if work.known or not (work.arxiv or work.doi):
            continue
        for path, row in mentions:
            post = view.post(path)
            assert post is not None
            cite = cite_of(post, row)
            # Links to arXiv are everywhere; who never fetched did not ask for records.
            if fetched or cite.kind in ("cite", "id", "wiki"):
                yield Problem(
                    "paper-is-known",
                    "warning",
                    view.shown(path),
                    cite.line,
                    cite.column,
                    f"nothing is known of {key} but its identifier",
                    FETCH,
                    # Before anything was fetched there is one thing to do for all of them.
                    same="" if fetched else FETCH,
                )
                break


def _incomplete(view: View) -> Iterable[Problem]:
    """Works that notes cite and that lack what every reference needs."""
    known = library(view)
    for key in cited(view).mentions:
        work = known.works[key]
        if not work.known and (work.arxiv or work.doi):
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
