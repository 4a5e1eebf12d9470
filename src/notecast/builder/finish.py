"""Steps on the written pages, each with a key of its own; see `Finisher` in `feature.py`.

Entry points: `able_features` before a build, `standing` while it publishes its
pages, `finish` behind that.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from notecast.builder.cache import Cache, OutputRow
from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.output import Output, Staged
from notecast.builder.pages import OnDisk
from notecast.builder.plan import Plan
from notecast.builder.publish import foreign_problem
from notecast.feature import Feature, Finisher
from notecast.interrupt import undisturbed
from notecast.model import Digest
from notecast.problems import Problem

VALUE = "finished "
"""Before the folder of a step: name of its key in the cache."""


class Finished(msgspec.Struct):
    """What came of all steps."""

    files: int
    """Files of the site that they have made, now or earlier."""
    problems: list[Problem]

    @property
    def failed(self) -> bool:
        """Whether a step has to be tried again by the next build."""
        return any(problem.severity == "error" for problem in self.problems)


def able_features(
    features: Sequence[Feature], options: Mapping[str, Any], *, search: bool
) -> tuple[list[Feature], list[Problem]]:
    """The features that can do their work on this machine, and what the others lack.

    Args:
        features: All that the site wants.
        options: Their options by name.
        search: False leaves out the search.
    """
    able: list[Feature] = []
    problems: list[Problem] = []
    for feature in features:
        if feature.name == "search" and not search:
            continue
        lack = feature.lacks(options.get(feature.name))
        if lack is None:
            able.append(feature)
        else:
            problems.append(lack)
    return able, problems


def finishers_of(features: Sequence[Feature], options: Mapping[str, Any]) -> list[Finisher]:
    """The steps of these features, in their order."""
    found = (feature.finisher(options.get(feature.name)) for feature in features)
    return [finisher for finisher in found if finisher is not None]


def standing(finishers: Sequence[Finisher], target: Output, pages: Collection[str]) -> set[str]:
    """Files of earlier steps that stay until their step makes others."""
    taken = set(pages)
    return {
        path
        for finisher in finishers
        for path in target.owned
        if path.startswith(f"{finisher.folder}/") and path not in taken
    }


def read_by(finishers: Sequence[Finisher], planned: Plan) -> dict[str, list[str]]:
    """The pages that each step reads, by its folder."""
    return {
        finisher.folder: sorted(page.output for page in planned.pages if finisher.reads(page.page))
        for finisher in finishers
    }


def without_made(
    finishers: Sequence[Finisher], rows: Mapping[str, OutputRow], cache: Cache
) -> set[str]:
    """The files of a site that no step has made."""
    keys = [
        (
            f"{finisher.folder}/",
            (cache.value(VALUE + finisher.folder) or b"").decode().split(" ")[0],
        )
        for finisher in finishers
    ]
    return {
        path
        for path, row in rows.items()
        if not any(path.startswith(folder) and row.key == key for folder, key in keys)
    }


def finish(
    finishers: Sequence[Finisher],
    reads: Mapping[str, Sequence[str]],
    site: Collection[str],
    target: Output,
    cache: Cache,
) -> Finished:
    """Runs the steps whose key is not that of the files that stand.

    Args:
        finishers: The steps.
        reads: What each of them reads, by its folder; see `read_by`.
        site: Every file of the site that is no step's.
        target: The output folder.
        cache: Holds the keys.

    Raises:
        OutputFailed: The disk refused.
    """
    finished = Finished(0, [])
    for finisher in finishers:
        known = cache.outputs()
        pages = [known[path] for path in reads[finisher.folder] if path in known]
        key = digest_of(finisher.stamp(), [(row.path, row.digest) for row in pages])
        own = sorted(standing([finisher], target, site))
        disk = OnDisk(target.folder, known, target.owned)
        stored = cache.value(VALUE + finisher.folder)
        if stored == _stamp(key, len(own)) and all(disk.row(path) for path in own):
            finished.files += len(own)
            continue
        made, problems = _run(finisher, key, pages, set(own), disk, target, cache)
        finished.files += made
        finished.problems += problems
    return finished


def _stamp(key: Digest, files: int) -> bytes:
    """What the cache keeps of a step; the number tells that all its files are there."""
    return f"{key} {files}".encode()


def _run(
    finisher: Finisher,
    key: Digest,
    pages: Sequence[OutputRow],
    own: set[str],
    disk: OnDisk,
    target: Output,
    cache: Cache,
) -> tuple[int, list[Problem]]:
    """Makes the files of one step, puts them into place and removes those of last time."""
    with target.staging_folder():
        # The program of a build that was killed may still be writing: not among these files.
        into = target.staging / f"made.{os.getpid()}"
        into.mkdir()
        problems: list[Problem] = []
        if pages:
            problems = finisher.run(target.folder, [row.path for row in pages], into)
        if any(problem.severity == "error" for problem in problems):
            return len(own), problems
        staged = _staged(finisher, key, into, disk)
        names = [file.output for file in staged]
        foreign = {*target.foreign(names), *target.blocked(names)}
        problems += [foreign_problem(path, target) for path in sorted(foreign)]
        staged = [file for file in staged if file.output not in foreign]
        keep = (target.owned - own) | {file.output for file in staged}
        with undisturbed():
            rows, _ = target.publish(staged, keep)
            cache.begin()
            cache.put_outputs(rows, own - keep)
            cache.set_value(VALUE + finisher.folder, _stamp(key, len(rows)))
            cache.commit()
    return len(staged), problems


def _staged(finisher: Finisher, key: Digest, into: Path, disk: OnDisk) -> list[Staged]:
    """The files that a step has made, its entry last."""
    names = sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file())
    names.sort(key=lambda name: name == finisher.entry)
    staged = []
    for name in names:
        output = f"{finisher.folder}/{name}"
        digest = digest_bytes((into / name).read_bytes())
        row = disk.row(output)
        same = row is not None and row.digest == digest
        staged.append(Staged(output, "" if same else f"{into.name}/{name}", key, digest))
    return staged
