"""A build from beginning to end; read `build_site` to know the program.

scan → identify → load → choose → assemble → make → plan → render → publish → finish.
Each step is timed by name. A step whose key is known is not done again.
"""

import gc
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from notecast.builder.cache import Cache, remove_cache
from notecast.builder.collect import Looked, collect, look
from notecast.builder.compress import compressor_stamp, with_compressed
from notecast.builder.digest import digest_of
from notecast.builder.disk import disk_refusals
from notecast.builder.edit import (
    Edited,
    drop_standing,
    read_standing,
    rebuild,
    remember,
    write_standing,
)
from notecast.builder.finish import Finished, finish, finishers_of, read_by, standing
from notecast.builder.lock import locked
from notecast.builder.make import forget_made
from notecast.builder.output import Output, check_target
from notecast.builder.pages import OnDisk
from notecast.builder.process import Process, setup
from notecast.builder.publish import Published, folder_key, publish, stage
from notecast.builder.receipt import Receipt, read_receipt, write_receipt
from notecast.builder.timer import Timer
from notecast.builder.workers import Workers, default_jobs
from notecast.config import Config, config_digest, with_severities
from notecast.feature import Feature
from notecast.model import Digest
from notecast.problems import Problem, in_order

CACHE_FILE = "cache.sqlite"


class BuildOptions(msgspec.Struct, frozen=True):
    """What a build is asked to do besides what the configuration says."""

    output: Path | None = None
    """Another output folder than the configured one."""
    drafts: bool = False
    future: bool = False
    jobs: int = 0
    """Worker processes at most; 0 for as many as there are processors."""
    use_cache: bool = True
    search: bool = True
    verbose: bool = False
    progress: Callable[[str, int, int], None] | None = None
    """Told the step, how much is done and how much there is: 0 of 0 when it begins."""
    now: float | None = None
    """Seconds since 1970 at which the site is built; by default `SOURCE_DATE_EPOCH` or now."""


class BuildResult(msgspec.Struct):
    """What a build did."""

    notes: int
    """Published notes."""
    pages: int
    """Files that the site has now."""
    written: int
    unchanged: int
    removed: int
    seconds: dict[str, float]
    """By step, in the order of steps."""
    problems: list[Problem]
    output: Path
    slowest: list[tuple[str, float]]
    """Notes that took longest to parse, as problems name them, and their seconds."""
    parsed: int = 0
    """How many notes were parsed: those that no earlier build knew."""


def build_site(config: Config, features: Sequence[Feature], options: BuildOptions) -> BuildResult:
    """Builds the site into its output folder.

    Args:
        config: The site's configuration.
        features: In the order in which they are asked.
        options: What is asked of this build.

    Returns:
        What was done, with all problems. Errors in notes never stop the rest; an
        error in a template leaves the site that stands as it is.

    Raises:
        OutputRefused: The output folder is not one to write to, or the disk failed.
        Locked: Another build of this site is running.
    """
    output = options.output or config.output_dir
    inputs_of_build = [config.templates_dir, config.static_dir, config.cache_dir]
    check_target(output, config.root, config.notes_dir, inputs_of_build)
    with disk_refusals(config.cache_dir), locked(config.lock_file), without_collector():
        try:
            with open_cache(config, options) as cache:
                return _build(config, features, options, output, cache)
        except (sqlite3.DatabaseError, msgspec.MsgspecError) as error:
            if isinstance(error, sqlite3.OperationalError) or not options.use_cache:
                raise  # a full disk, another process: no fault of what is in the file
            # A cache that opens and cannot be read costs time, never a build.
            remove_cache(config.cache_dir / CACHE_FILE)
            with open_cache(config, options) as cache:
                return _build(config, features, options, output, cache)


@contextmanager
def without_collector() -> Iterator[None]:
    """Spares the search for cycles: a build makes a million values and hardly a cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def open_cache(config: Config, options: BuildOptions) -> Iterator[Cache]:
    if options.use_cache:
        with Cache(config.cache_dir / CACHE_FILE) as cache:
            yield cache
    else:
        with (
            tempfile.TemporaryDirectory(prefix="notecast-") as folder,
            Cache(Path(folder) / CACHE_FILE) as cache,
        ):
            yield cache


def _build(
    config: Config,
    features: Sequence[Feature],
    options: BuildOptions,
    output: Path,
    cache: Cache,
) -> BuildResult:
    timer = Timer(options.progress)
    target = Output(output)
    target.clear_away()
    now = moment(options)

    with timer.step("scan"):
        looked = look(config, features, output, cache, search=options.search)
        features, kinds = looked.features, looked.compress
        inputs, known = looked.inputs, looked.known
        finishers = finishers_of(features, config.options)
        folder = folder_key(output, config.root)
        frame = _frame(config, options, folder, looked)
        signature = digest_of(frame, [(row.path, row.post) for row in known.rows.values()])
        rows = cache.outputs() if cache.value("output") == folder else {}
        disk = OnDisk(output, rows, target.owned)
        receipt = read_receipt(cache, now)
        if receipt and (len(rows) != receipt.files or not all(disk.row(path) for path in rows)):
            receipt = None
        if receipt and receipt.signature == signature:
            if known.changed:  # times that can be trusted by now
                cache.put_sources(known.changed, known.gone)
            return _unchanged(receipt, timer, config, output)

    process = Process(
        features,
        inputs.load_settings,
        inputs.render_settings,
        cache.path,
        target.staging,
    )
    setup(process)
    with closing(process), Workers(options.jobs or default_jobs(), process) as workers:
        earlier = read_standing(cache, frame, looked) if receipt else None
        if receipt and earlier:
            edited = rebuild(
                config,
                looked,
                earlier,
                receipt,
                rows,
                target,
                cache,
                workers,
                finishers,
                timer,
            )
            if edited:
                return _edited(receipt, edited, signature, now, timer, config, output, cache)
        cache.begin()
        drop_standing(cache)
        found = collect(
            config,
            looked,
            cache,
            workers,
            timer,
            now=now,
            drafts=options.drafts or config.drafts,
            future=options.future or config.future,
            progress=options.progress or (lambda step, done, total: None),
        )
        planned, stamps = found.planned, found.stamps
        problems = list(found.problems)
        outcome, finished, beside = Published(), Finished(0, []), 0
        reads: dict[str, list[str]] = {}
        failed = bool(stamps.problems)
        if not failed:
            with target.staging_folder(), workers.ended_on_error():
                with timer.step("render"):
                    staging = stage(
                        planned,
                        inputs.assets,
                        stamps.by_template,
                        disk,
                        target,
                        workers,
                        _reporter(options, "render"),
                        cache,
                    )
                    failed = staging.failed
                if kinds and not failed:
                    with timer.step("compress"):
                        plain = len(staging.outputs)
                        staging = with_compressed(kinds, staging, disk, target, workers)
                        beside = len(staging.outputs) - plain
                problems += [_in_site(problem, config.root) for problem in staging.problems]
                if not failed:
                    with timer.step("publish"):
                        others = standing(finishers, target, staging.outputs)
                        outcome = publish(staging, target, cache, folder, others)
            if not failed:
                with timer.step("finish"):
                    reads = read_by(finishers, planned)
                    finished = finish(finishers, reads, staging.outputs, target, cache)
                    problems += finished.problems

    pages = len(planned.pages) + len(planned.copies) + len(inputs.assets)
    if not failed:
        cache.begin()
        forget_made(cache, found.made.keys)
        if not finished.failed:
            files = pages + beside + finished.files
            until, notes = found.choice.until, len(found.view.posts)
            write_receipt(
                cache, Receipt(signature, now, until, notes, pages, files, in_order(problems))
            )
            remember(frame, found, looked, reads, finished.problems, cache)
        cache.commit()
        cache.shrink()
    return BuildResult(
        notes=len(found.view.posts),
        pages=pages,
        written=outcome.written,
        unchanged=outcome.unchanged,
        removed=outcome.removed,
        seconds=timer.seconds,
        problems=in_order(with_severities(problems, config)),
        output=output,
        slowest=[(config.notes_prefix + path, took) for path, took in found.loaded.slowest],
        parsed=found.loaded.parsed,
    )


def moment(options: BuildOptions) -> float:
    """The moment at which the site is built; see reproducible-builds.org for the variable."""
    if options.now is not None:
        return options.now
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(epoch) if epoch.isascii() and epoch.isdigit() else time.time()


def _frame(config: Config, options: BuildOptions, folder: bytes, looked: Looked) -> Digest:
    """Digest of everything that the site is made from, but the notes and the clock."""
    inputs, known = looked.inputs, looked.known
    return digest_of(
        inputs.stamp,
        config_digest(config),
        folder,
        options.drafts or config.drafts,
        options.future or config.future,
        known.problems,
        inputs.problems,
        looked.lacking,
        compressor_stamp(looked.compress),
    )


def _unchanged(receipt: Receipt, timer: Timer, config: Config, output: Path) -> BuildResult:
    return BuildResult(
        notes=receipt.notes,
        pages=receipt.pages,
        written=0,
        unchanged=receipt.pages,
        removed=0,
        seconds=timer.seconds,
        problems=in_order(with_severities(receipt.problems, config)),
        output=output,
        slowest=[],
    )


def _edited(
    receipt: Receipt,
    edited: Edited,
    signature: Digest,
    now: float,
    timer: Timer,
    config: Config,
    output: Path,
    cache: Cache,
) -> BuildResult:
    if not edited.finished.failed:
        cache.begin()
        write_receipt(
            cache,
            msgspec.structs.replace(
                receipt,
                signature=signature,
                built=now,
                files=receipt.pages + edited.finished.files,
                problems=edited.problems,
            ),
        )
        write_standing(cache, edited.standing)
        cache.commit()
    return BuildResult(
        notes=receipt.notes,
        pages=receipt.pages,
        written=edited.written,
        unchanged=receipt.pages - edited.written,
        removed=0,
        seconds=timer.seconds,
        problems=in_order(with_severities(edited.problems, config)),
        output=output,
        slowest=[(config.notes_prefix + path, took) for path, took in edited.slowest],
        parsed=len(edited.slowest),
    )


def _in_site(problem: Problem, root: Path) -> Problem:
    """A problem of a file, which has no name but its path on this machine, as the site sees it."""
    try:
        path = Path(problem.path).relative_to(root).as_posix()
    except ValueError:
        return problem
    return msgspec.structs.replace(problem, path=path)


def _reporter(options: BuildOptions, step: str) -> Callable[[int, int], None]:
    """A progress function for one step."""

    def report(done: int, total: int) -> None:
        if options.progress is not None:
            options.progress(step, done, total)

    return report
