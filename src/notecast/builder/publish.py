"""From a plan to the output folder: everything new is staged, then moved into place.

Entry points: `stage`, then `publish`.
"""

import os
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path

import msgspec

from notecast.builder.cache import Cache
from notecast.builder.output import Output, Staged
from notecast.builder.pages import Asset, OnDisk, stage_assets, stage_copies, stage_pages
from notecast.builder.plan import Plan
from notecast.builder.workers import Workers
from notecast.interrupt import undisturbed
from notecast.plain_files import real_path
from notecast.problems import Problem


class Staging(msgspec.Struct, frozen=True):
    """A whole site: what is new in it, what stays, and whether it may be published."""

    staged: list[Staged]
    kept: int
    outputs: frozenset[str]
    """Every file of the site."""
    problems: list[Problem]
    failed: bool
    """Whether a page could not be rendered: then the site that stands has to stay."""


class Published(msgspec.Struct, frozen=True):
    """What came of it."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


def stage(
    planned: Plan,
    assets: Sequence[Asset],
    stamps: Mapping[str, str],
    disk: OnDisk,
    target: Output,
    workers: Workers,
    progress: Callable[[int, int], None],
    cache: Cache,
) -> Staging:
    """Makes every file that does not stand on disk as it should.

    Files at whose place somebody else's file stands are left out, with a problem.
    """
    outputs = {
        *(page.output for page in planned.pages),
        *(copy.output for copy in planned.copies),
        *(asset.output for asset in assets),
    }
    foreign = set(target.foreign(sorted(outputs)))
    problems = [foreign_problem(path, target) for path in sorted(foreign)]
    kept = [page for page in planned.pages if page.output not in foreign]
    copies = [copy for copy in planned.copies if copy.output not in foreign]
    pages = stage_pages(kept, stamps, disk, workers, progress, cache)
    files = stage_copies(copies, disk, target.staging)
    others = stage_assets(
        [asset for asset in assets if asset.output not in foreign], disk, target.staging
    )
    parts = (pages, files, others)
    unreadable = {problem.path for problem in files.problems}
    staged = [file for part in parts for file in part.staged]
    blocked = set(target.blocked(file.output for file in staged))
    problems += [foreign_problem(path, target) for path in sorted(blocked)]
    return Staging(
        staged=[file for file in staged if file.output not in blocked],
        kept=sum(part.kept for part in parts),
        outputs=frozenset(
            outputs
            - foreign
            - blocked
            - {copy.output for copy in copies if copy.source in unreadable}
        ),
        problems=[*problems, *(problem for part in parts for problem in part.problems)],
        failed=bool(pages.problems),
    )


def publish(
    staging: Staging, target: Output, cache: Cache, folder: bytes, others: Set[str] = frozenset()
) -> Published:
    """Moves what is new into place and removes what no page makes any more.

    Args:
        staging: The whole site.
        target: The output folder.
        cache: Is told what stands now.
        folder: The key of the output folder.
        others: Files of ours besides those of `staging`, which stay.

    Raises:
        OutputFailed: The disk refused.
    """
    kept = staging.outputs | others
    # Moving is soon done, and half of it would be a site of old and new pages.
    with undisturbed():
        rows, removed = target.publish(staging.staged, set(kept))
        cache.begin()
        known = cache.outputs() if cache.value("output") == folder else {}
        if not known:
            cache.forget_outputs()
        cache.put_outputs(rows, [path for path in known if path not in kept])
        cache.set_value("output", folder)
        cache.commit()
    written = sum(1 for file in staging.staged if file.staged)
    return Published(
        written=written,
        unchanged=staging.kept + len(staging.staged) - written,
        removed=len(removed),
    )


def folder_key(output: Path, root: Path) -> bytes:
    """What tells one output folder of a site from another in the cache.

    One inside the site folder goes with it, wherever both are put.
    """
    place, top = real_path(output), real_path(root)
    return os.fsencode(place.relative_to(top) if place.is_relative_to(top) else place)


def foreign_problem(path: str, target: Output) -> Problem:
    """Somebody else's file stands at the place of one of ours."""
    return Problem(
        "output-is-ours",
        "error",
        path,
        0,
        0,
        f"{target.folder.name}/{path} was not written by Notecast and is left as it is; "
        "the page for that address is not published",
        "move that file away, or into static/ if it belongs to the site",
    )
