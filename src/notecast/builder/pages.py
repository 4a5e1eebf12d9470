"""Pages whose key is not known yet are rendered and staged.

Entry point: `stage_pages`.
"""

import errno
import os
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import overload

import msgspec

from notecast.builder.cache import Cache, OutputRow
from notecast.builder.digest import code_stamp, digest_bytes, digest_of
from notecast.builder.disk import is_full
from notecast.builder.output import Staged, place_for, write_staged
from notecast.builder.process import current
from notecast.builder.trust import known_state
from notecast.builder.unpack import Unpacker
from notecast.builder.workers import Workers
from notecast.model import Copy, Job, Planned
from notecast.plain_files import open_plain
from notecast.problems import Problem

RENDER_CHUNK = 32
WORTH_PROCESSES = 150
"""Below this many pages one process is done before others have started."""
BLOCK = 1 << 20


class Asset(msgspec.Struct, frozen=True, array_like=True):
    """A file whose bytes are known: a stylesheet, a script."""

    output: str
    data: bytes


class Task(msgspec.Struct, frozen=True, array_like=True):
    """A page to render, for a worker."""

    job: Job
    key: str
    staged: str
    """Name that the new file gets in the staging folder, unless its folder is new as well."""
    known: str
    """Digest of what stands on disk, empty if nothing of ours does."""


class Rendered(msgspec.Struct, frozen=True, array_like=True):
    """What came of a chunk of tasks."""

    staged: list[Staged]
    problems: list[Problem]


class OnDisk:
    """What we wrote earlier and still stands as we wrote it."""

    def __init__(self, folder: Path, rows: Mapping[str, OutputRow], owned: set[str]) -> None:
        self._folder = str(folder)
        self._rows = rows
        self._owned = owned
        self._found: dict[str, OutputRow | None] = {}

    def row(self, output: str) -> OutputRow | None:
        """The row of a file, if the file is ours and nobody changed or removed it.

        Each file is looked at once: first to see whether anything is to be done at all.
        """
        if output not in self._found:
            self._found[output] = self._look_at(output)
        return self._found[output]

    def _look_at(self, output: str) -> OutputRow | None:
        row = self._rows.get(output)
        if row is None or output not in self._owned:
            return None
        try:
            state = os.stat(f"{self._folder}/{output}", follow_symlinks=False)
        except OSError:
            return None
        same = state.st_size == row.size and state.st_mtime_ns == row.mtime_ns
        return row if same else None


class Staging(msgspec.Struct):
    """What is new, and what can stay as it is."""

    staged: list[Staged]
    kept: int
    """Files that need not even a new row."""
    problems: list[Problem]


def stage_pages(
    pages: Sequence[Planned],
    stamps: Mapping[str, str],
    disk: OnDisk,
    workers: Workers,
    progress: Callable[[int, int], None],
    cache: Cache,
) -> Staging:
    """Renders what is not known to stand on disk already.

    Args:
        pages: Every page of the site.
        stamps: For each template a digest of all that it is made from.
        disk: What stands.
        workers: Who renders.
        progress: Told how many of how many are done.
        cache: Keeps the jobs of pages that hold bodies, for `edit.py`.

    Returns:
        What is new; problems stop the rendering, and then nothing may be published.
    """
    todo: list[tuple[Planned, str, str]] = []
    missing = sorted({planned.page.template for planned in pages} - stamps.keys())
    if missing:
        return Staging([], 0, [_no_template(name) for name in missing])
    for planned in pages:
        key = digest_of(planned.identity, stamps[planned.page.template])
        row = disk.row(planned.output)
        if row is None or row.key != key:
            todo.append((planned, key, row.digest if row else ""))
    tasks = Tasks(todo, cache)
    result = Staging([], len(pages) - len(tasks), [])
    done = 0
    cache.begin()
    for rendered in workers.map(render_chunk, tasks, chunk=RENDER_CHUNK, worth=WORTH_PROCESSES):
        result.staged += rendered.staged
        result.problems += rendered.problems
        if rendered.problems:
            # One broken template breaks all its pages: nobody needs that
            # sentence ten thousand times.
            break
        done += len(rendered.staged)
        progress(done, len(tasks))
    cache.commit()
    return result


class Tasks(Sequence[Task]):
    """Tasks that are made when they are sliced off: few contexts are in memory at a time."""

    def __init__(self, todo: Sequence[tuple[Planned, str, str]], cache: Cache) -> None:
        """`todo` holds pages, each with its key and the digest of what stands on disk."""
        self._todo = todo
        self._cache = cache

    def __len__(self) -> int:
        return len(self._todo)

    @overload
    def __getitem__(self, index: int) -> Task: ...

    @overload
    def __getitem__(self, index: slice) -> list[Task]: ...

    def __getitem__(self, index: int | slice) -> Task | list[Task]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        numbers = range(len(self))[index]
        tasks = [
            Task(planned.job(), key, f"page-{number}", known)
            for number, (planned, key, known) in zip(numbers, self._todo[index], strict=True)
        ]
        self._cache.put_jobs(
            (task.key, task.job) for task in tasks if task.job.note or task.job.quotes
        )
        return tasks


def _no_template(name: str) -> Problem:
    return Problem(
        "template-exists",
        "error",
        f"templates/{name}",
        0,
        0,
        f'a page needs the template "{name}", which is neither in the site nor in the theme',
        "write it, or leave out the feature that needs it",
    )


def render_chunk(tasks: Sequence[Task]) -> Rendered:
    """Renders pages into the staging folder; runs in a worker."""
    from notecast.renderer.render import TemplateFailed

    process = current()
    wanted = [
        body
        for task in tasks
        for filling in (*((task.job.note,) if task.job.note else ()), *task.job.quotes)
        for body in filling.bodies()
    ]
    bodies = process.bodies.bodies(list(dict.fromkeys(wanted)))
    staged: list[Staged] = []
    problems: list[Problem] = []
    for task in tasks:
        try:
            data = process.renderer.render(task.job, bodies)
        except TemplateFailed as failure:
            problems.append(failure.problem)
            continue
        digest = digest_bytes(data)
        if digest == task.known:
            staged.append(Staged(task.job.output, "", task.key, digest))
        else:
            name = place_for(process.staging, task.job.output, task.staged)
            write_staged(process.staging, name, data)
            staged.append(Staged(task.job.output, name, task.key, digest))
    return Rendered(staged, problems)


def stage_assets(assets: Sequence[Asset], disk: OnDisk, staging: Path) -> Staging:
    """Stages files whose bytes are known."""
    result = Staging([], 0, [])
    for number, asset in enumerate(assets):
        digest = digest_bytes(asset.data)
        row = disk.row(asset.output)
        if row and row.digest == digest:
            result.kept += 1
            continue
        name = f"asset-{number}"
        (staging / name).write_bytes(asset.data)
        result.staged.append(Staged(asset.output, name, digest, digest))
    return result


def stage_copies(copies: Sequence[Copy], disk: OnDisk, staging: Path) -> Staging:
    """Stages files that are published as they are, by blocks: they may be large.

    What is a part of a file is made by our own code, which its key has to name.
    """
    result = Staging([], 0, [])
    unpacker = Unpacker(current().features)
    for number, copy in enumerate(copies):
        try:
            state = Path(copy.source).stat()
            made_by = code_stamp() if copy.part else ""
            key = digest_of(copy, known_state(state, time.time_ns()), made_by)
            row = disk.row(copy.output)
            if row and row.key == key:
                result.kept += 1
                continue
            name = f"file-{number}"
            if copy.part:
                digest = _write_part(unpacker, copy, staging / name)
            else:
                digest = _copy(Path(copy.source), staging / name)
        except OSError as error:
            if is_full(error):
                raise  # it is our disk that fails, not the author's file
            result.problems.append(
                Problem(
                    "file-is-readable",
                    "error",
                    copy.source,
                    0,
                    0,
                    f"the file cannot be copied: {error.strerror or error}",
                    "check its permissions",
                )
            )
            continue
        if row and row.digest == digest:
            (staging / name).unlink()
            name = ""
        result.staged.append(Staged(copy.output, name, key, digest))
    return result


def _write_part(unpacker: Unpacker, copy: Copy, target: Path) -> str:
    data = unpacker.part(copy)
    if data is None:
        raise OSError(errno.ENOENT, "it changed while the site was built", copy.source)
    target.write_bytes(data)
    return digest_bytes(data)


def _copy(source: Path, target: Path) -> str:
    state = blake2b(digest_size=16)
    with open_plain(source) as read, target.open("wb") as write:
        while block := read.read(BLOCK):
            state.update(block)
            write.write(block)
    return state.hexdigest()
