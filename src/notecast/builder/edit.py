"""A build in which nothing changed but the text of a few notes.

All that other pages may know of a note is its Post. Where an edit leaves that as it
was, every page of last time stands, but those that hold the body itself: the note's
own, whole-content feeds, notes that embed it. Their jobs lie in the cache, so they are
rendered without loading a single other post, at 100,000 notes as at ten.

Whatever is not sure to be such an edit is left to a whole build. Entry points: `remember`
behind a whole build, `rebuild` in the next.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from notecast.builder.cache import Cache, OutputRow
from notecast.builder.collect import Collected, Looked
from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.finish import Finished, finish, without_made
from notecast.builder.inputs import is_ours
from notecast.builder.notes import Known, load_posts
from notecast.builder.output import Output
from notecast.builder.pages import Task, render_chunk
from notecast.builder.plan import of_body
from notecast.builder.receipt import Receipt, drop_receipt
from notecast.builder.timer import Timer
from notecast.builder.workers import Workers
from notecast.config import Config
from notecast.feature import Finisher
from notecast.interrupt import undisturbed
from notecast.loader.scan import read_file
from notecast.model import Digest, Embed, Filling, Hole, Job, Link, NotePath, Post
from notecast.problems import Problem, in_order

Placed = TypeVar("Placed", Hole, Link)

NAME = "standing"
MANY = 50
"""Edited notes beyond which a whole build is asked."""


class Standing(msgspec.Struct, frozen=True):
    """What a whole build leaves for the next, besides its receipt and its jobs."""

    frame: Digest
    """Of all inputs but the notes."""
    notes: list[tuple[str, str, str]]
    """Path, key of the Post and output of each note; no output where it is not published."""
    elsewhere: dict[str, list[str]]
    """Key of a Post → pages besides the note's own that hold its body."""
    whole: list[str]
    """Notes whose edit always asks for a whole build."""
    reads: dict[str, list[str]]
    """What the finishers read; see `finish.read_by`."""
    finished: list[Problem]
    """What finishers had to say."""


class Edited(msgspec.Struct, frozen=True):
    """What a build of an edit did."""

    standing: Standing
    problems: list[Problem]
    """All of the site, in order."""
    finished: Finished
    written: int
    slowest: list[tuple[str, float]]


def remember(
    frame: Digest,
    found: Collected,
    looked: Looked,
    reads: dict[str, list[str]],
    finished: Sequence[Problem],
    cache: Cache,
) -> None:
    """Keeps what `rebuild` needs, behind a whole build that went well."""
    outputs: dict[str, str] = {}
    elsewhere: dict[str, list[str]] = {}
    for planned in found.planned.pages:
        held: dict[str, None] = {}
        for filling in (*((planned.note,) if planned.note else ()), *planned.quotes):
            held.update(dict.fromkeys(filling.bodies()))
        if planned.note and planned.page.note:
            outputs[planned.page.note] = planned.output
            del held[planned.note.body]
        for key in held:
            elsewhere.setdefault(key, []).append(planned.output)
    entries = looked.inputs.scan.notes
    paths = {entry.source: entry.path for entry in entries}
    prefix = len(looked.notes_prefix)
    whole = {paths[copy.source] for copy in found.planned.copies if copy.source in paths}
    whole |= {path for path, post in found.loaded.posts.items() if post.spans}
    silenced = Counter(p.path for p in found.found)
    silenced.subtract(p.path for p in found.problems)
    whole |= {path[prefix:] for path, count in silenced.items() if count}
    rows = looked.known.rows
    standing = Standing(
        frame,
        [(path, row.post, outputs.get(path, "")) for path, row in rows.items()],
        elsewhere,
        sorted(whole),
        reads,
        list(finished),
    )
    write_standing(cache, standing)
    cache.forget_jobs()


_decode = msgspec.msgpack.Decoder(Standing).decode


def write_standing(cache: Cache, standing: Standing) -> None:
    cache.set_value(NAME, msgspec.msgpack.encode(standing))


def read_standing(cache: Cache, frame: Digest, looked: Looked) -> Standing | None:
    """What the last whole build left, if all but the notes is as it was."""
    if looked.compress or any(not is_ours(feature) for feature in looked.features):
        # A feature of the site's own may count words or show lines. Compressed copies are
        # made where sites are published, not where they are written.
        return None
    stored = cache.value(NAME)
    if not stored:
        return None
    try:
        standing = _decode(stored)
    except msgspec.MsgspecError:
        return None
    return standing if standing.frame == frame else None


def drop_standing(cache: Cache) -> None:
    drop_receipt(cache)
    cache.set_value(NAME, b"")


def rebuild(
    config: Config,
    looked: Looked,
    standing: Standing,
    receipt: Receipt,
    rows: Mapping[str, OutputRow],
    target: Output,
    cache: Cache,
    workers: Workers,
    finishers: Sequence[Finisher],
    timer: Timer,
) -> Edited | None:
    """Builds the site anew if only texts of notes changed, else does nothing that shows.

    Args:
        config: The site's configuration.
        looked: What lies in the site folder.
        standing: What the last whole build left.
        receipt: Of the last build.
        rows: Every file of the site; the caller knows that they stand as written.
        target: The output folder.
        cache: No transaction is open.
        workers: Who parses; this process is set up to render.
        finishers: Steps on the written pages.
        timer: Told how long each step takes.

    Returns:
        `None` if a whole build has to look at it; notes that were parsed are in the cache.

    Raises:
        OutputFailed: The disk refused.
    """
    changed = _changed(standing, looked.known)
    if not changed:
        return None
    with timer.step("load"):
        pairs, slowest = _parsed(config, looked, changed, standing, cache, workers)
        found = _problems(pairs, looked, standing, receipt) if pairs else None
        jobs = _jobs(pairs, changed, standing, rows, cache)
    if found is None or jobs is None:
        return None
    cache.begin()
    drop_standing(cache)
    cache.put_sources(looked.known.changed, looked.known.gone)
    cache.commit()
    with target.staging_folder():
        with timer.step("render"):
            tasks = [
                Task(job, digest_of("edited", job), f"page-{number}", rows[job.output].digest)
                for number, job in enumerate(jobs)
            ]
            rendered = render_chunk(tasks)
        if rendered.problems:
            return None
        with timer.step("publish"), undisturbed():
            placed, _ = target.publish(rendered.staged, target.owned)
            cache.begin()
            cache.put_outputs(placed, ())
            cache.put_jobs((task.key, task.job) for task in tasks)
            cache.drop_posts(before.key for before, _ in pairs)
            cache.commit()
    with timer.step("finish"):
        site = without_made(finishers, rows, cache)
        finished = finish(finishers, standing.reads, site, target, cache)
    keys = {before.key: after.key for before, after in pairs}
    after = msgspec.structs.replace(
        standing,
        notes=[(path, keys.get(Digest(key), key), output) for path, key, output in standing.notes],
        elsewhere={keys.get(Digest(key), key): pages for key, pages in standing.elsewhere.items()},
        finished=finished.problems,
    )
    written = sum(1 for file in rendered.staged if file.staged)
    return Edited(after, in_order([*found, *finished.problems]), finished, written, slowest)


def _changed(standing: Standing, known: Known) -> dict[str, tuple[str, str]]:
    """Earlier key and output of each edited note; none where more has changed than texts."""
    if len(standing.notes) != len(known.rows):
        return {}
    changed = {}
    for path, key, output in standing.notes:
        row = known.rows.get(path)
        if row is None:
            return {}
        if row.post != key:
            changed[path] = (key, output)
    if len(changed) > MANY or not changed.keys().isdisjoint(standing.whole):
        return {}
    return changed


def _parsed(
    config: Config,
    looked: Looked,
    changed: Mapping[str, tuple[str, str]],
    standing: Standing,
    cache: Cache,
    workers: Workers,
) -> tuple[list[tuple[Post, Post]], list[tuple[str, float]]]:
    """Each edited note as it was and as it is; none where they differ in more than the text."""
    rows = {path: looked.known.rows[path] for path in changed}
    entries = [entry for entry in looked.inputs.scan.notes if entry.path in changed]
    before = cache.posts({key for key, _ in changed.values()})
    cache.begin()
    loaded = load_posts(
        Known(rows, (), (), ()),
        entries,
        looked.inputs.notes,
        cache,
        workers,
        lambda done, total: None,
        config.notes_prefix,
    )
    cache.commit()
    if loaded.rows or loaded.problems or len(before) < len(changed):
        return [], []
    places = {
        family: indexes for feature in looked.features for family, indexes in feature.places.items()
    }
    pairs = []
    for entry in entries:
        old, new = before[changed[entry.path][0]], loaded.posts.get(NotePath(entry.path))
        if new is None or not same_to_others(old, new, places):
            return [], []
        data = read_file(entry.source)
        if digest_bytes(data) != rows[entry.path].digest or b"notecast-ignore" in data:
            return [], []
        pairs.append((old, new))
    return pairs, loaded.slowest


def same_to_others(before: Post, after: Post, places: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether no page but those that hold the body can tell an edit.

    Args:
        before: The note.
        after: The note with other text.
        places: Of the features; see `Feature.places`.
    """
    return _placeless(before, places) == _placeless(after, places)


def _placeless(post: Post, places: Mapping[str, tuple[int, ...]]) -> Post:
    """A note without what its own page alone shows, and without places in the file."""
    return msgspec.structs.replace(
        post,
        key=Digest(""),
        problems=(),
        links=_unplaced(post.links),
        holes=_unplaced(post.holes),
        text_holes=_unplaced(post.text_holes),
        facts={
            family: [_blank(row, places[family]) for row in rows] if family in places else rows
            for family, rows in post.facts.items()
        },
        **dict.fromkeys(of_body(post), 0),
    )


def _unplaced(found: "tuple[Placed, ...]") -> "tuple[Placed, ...]":
    return tuple(msgspec.structs.replace(one, line=0, column=0) for one in found)


def _blank(row: Sequence[Any], indexes: Iterable[int]) -> list[Any]:
    return [None if index in indexes else value for index, value in enumerate(row)]


def _problems(
    pairs: Sequence[tuple[Post, Post]], looked: Looked, standing: Standing, receipt: Receipt
) -> list[Problem] | None:
    """The problems of the site; `None` where some may have moved that parsing does not find."""
    problems = set(receipt.problems).difference(standing.finished)
    for before, after in pairs:
        own = set(before.problems)
        if not own <= problems:
            return None
        problems -= own
        shown = looked.notes_prefix + before.path
        places_differ = (before.links, before.holes, before.facts) != (
            after.links,
            after.holes,
            after.facts,
        )
        if places_differ and any(
            problem.path == shown or shown in problem.message or shown in problem.hint
            for problem in problems
        ):
            return None
        problems |= set(after.problems)
    return list(problems)


def _jobs(
    pairs: Sequence[tuple[Post, Post]],
    changed: Mapping[str, tuple[str, str]],
    standing: Standing,
    rows: Mapping[str, OutputRow],
    cache: Cache,
) -> list[Job] | None:
    """Every page that holds an edited body, with the new one."""
    own = {output: after for _, after in pairs if (output := changed[after.path][1])}
    keys = {before.key: after.key for before, after in pairs}
    wanted = {*own, *(page for key in keys for page in standing.elsewhere.get(key, ()))}
    known = cache.jobs(sorted(wanted))
    jobs = []
    for output in sorted(wanted):
        row = rows.get(output)
        key, job = known.get(output, ("", None))
        if row is None or job is None or key != row.key:
            return None
        context = job.context
        if output in own:
            context = {**context, "note": {**context["note"], **of_body(own[output])}}
        jobs.append(
            msgspec.structs.replace(
                job,
                context=context,
                note=job.note and _refilled(job.note, keys),
                quotes=tuple(_refilled(filling, keys) for filling in job.quotes),
            )
        )
    return jobs


def _refilled(filling: Filling, keys: Mapping[Digest, Digest]) -> Filling:
    """The same with the new bodies."""
    return Filling(
        keys.get(filling.body, filling.body),
        tuple(
            msgspec.structs.replace(fill, filling=_refilled(fill.filling, keys))
            if isinstance(fill, Embed) and fill.filling
            else fill
            for fill in filling.fills
        ),
    )
