"""Compressed copies of text files beside them, for servers that send those: `precompress`.

Entry point: `with_compressed`. They are staged with the files that they are made
from, so that both come into place together, and are the same bytes on every machine
with the same libraries. What the search has made is compressed already.
"""

import posixpath
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec

from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.output import Output, Staged
from notecast.builder.pages import OnDisk
from notecast.builder.publish import Staging, foreign_problem
from notecast.builder.workers import Workers
from notecast.problems import Problem

SUFFIXES = {"gzip": ".gz", "brotli": ".br"}
TEXT = frozenset(
    {
        *(".css", ".htm", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".xml"),
        *(".bib", ".csv", ".ics", ".md", ".tsv", ".webmanifest", ".ipynb", ".ttf", ".otf"),
    }
)
SMALLEST = 860
"""Bytes below which a file fits into one packet anyhow."""
GZIP_LEVEL = 9
BROTLI_QUALITY = 9
"""11 takes ten times as long for three parts in a hundred."""
CHUNK = 32
WORTH_PROCESSES = 150


class Task(msgspec.Struct, frozen=True, array_like=True):
    """One file to compress, for a worker."""

    kind: str
    source: str
    """Where its bytes are."""
    target: str
    """Where the compressed ones go."""


def usable(kinds: Sequence[str]) -> tuple[list[str], list[Problem]]:
    """The ways of compressing that this machine knows, and what it lacks for the others."""
    if "brotli" not in kinds or find_spec("brotli") is not None:
        return list(dict.fromkeys(kinds)), []
    lack = Problem(
        "brotli-is-installed",
        "warning",
        "site.yaml",
        0,
        0,
        "there are no .br files, since the package brotli is not installed",
        "pip install 'notecast[brotli]', or leave it out of `precompress`",
    )
    return [kind for kind in dict.fromkeys(kinds) if kind != "brotli"], [lack]


def compressor_stamp(kinds: Sequence[str]) -> list[str]:
    """The libraries that decide the bytes."""
    import zlib
    from importlib.metadata import version

    versions = {"gzip": zlib.ZLIB_RUNTIME_VERSION}
    if "brotli" in kinds:
        versions["brotli"] = version("brotli")
    return [f"{kind} {versions[kind]}" for kind in kinds]


def with_compressed(
    kinds: Sequence[str], staging: Staging, disk: OnDisk, target: Output, workers: Workers
) -> Staging:
    """The site with a compressed copy of each text file that is worth one.

    Args:
        kinds: Of `SUFFIXES`, as `usable` gave them.
        staging: The site; its new files lie in the staging folder.
        disk: What stands.
        target: The output folder.
        workers: Who compresses.

    Raises:
        OSError: The disk failed.
    """
    stamps = dict(zip(kinds, compressor_stamp(kinds), strict=True))
    new = {file.output: file for file in staging.staged}
    names: dict[str, tuple[str, str]] = {}
    for output in sorted(staging.outputs):
        if posixpath.splitext(output)[1].lower() in TEXT:
            for kind in kinds:
                # A file of that name that the site brings along is its own affair.
                if output + SUFFIXES[kind] not in staging.outputs:
                    names[output + SUFFIXES[kind]] = (output, kind)
    foreign = {*target.foreign(names), *target.blocked(names)}
    tasks: list[Task] = []
    todo: list[tuple[str, str]] = []
    beside: dict[str, None] = {}
    kept = 0
    for number, (name, (output, kind)) in enumerate(names.items()):
        staged = new.get(output)
        row = disk.row(output)
        source = target.staging / staged.staged if staged and staged.staged else None
        size = source.stat().st_size if source else row.size if row else 0
        digest = staged.digest if staged else row.digest if row else ""
        if size < SMALLEST or name in foreign:
            continue
        beside[name] = None
        key = digest_of(stamps[kind], digest)
        known = disk.row(name)
        if known and known.key == key:
            kept += 1
            continue
        place = str(target.staging / f"small-{number}")
        tasks.append(Task(kind, str(source or target.folder / output), place))
        todo.append((name, key))
    digests = [
        digest
        for part in workers.map(compress_chunk, tasks, chunk=CHUNK, worth=WORTH_PROCESSES)
        for digest in part
    ]
    made: dict[str, Staged] = {}
    for task, (name, made_from), fresh in zip(tasks, todo, digests, strict=True):
        known = disk.row(name)
        same = known is not None and known.digest == fresh
        made[name] = Staged(name, "" if same else Path(task.target).name, made_from, fresh)
    together: list[Staged] = []
    for file in staging.staged:
        together.append(file)
        together += [made.pop(name) for name in _beside(file.output, kinds) if name in made]
    return Staging(
        staged=[*together, *made.values()],
        kept=staging.kept + kept,
        outputs=staging.outputs | beside.keys(),
        problems=[*staging.problems, *(foreign_problem(name, target) for name in sorted(foreign))],
        failed=staging.failed,
    )


def _beside(output: str, kinds: Sequence[str]) -> list[str]:
    return [output + SUFFIXES[kind] for kind in kinds]


def compress_chunk(tasks: Sequence[Task]) -> list[str]:
    """Compresses files; runs in a worker. Returns the digests of what it wrote."""
    digests: list[str] = []
    for task in tasks:
        data = compressed(Path(task.source).read_bytes(), task.kind)
        Path(task.target).write_bytes(data)
        digests.append(digest_bytes(data))
    return digests


def compressed(data: bytes, kind: str) -> bytes:
    """The data as RFC 1952 (gzip) or RFC 7932 (brotli) has it, the same every time."""
    if kind == "brotli":
        import brotli

        return bytes(brotli.compress(data, quality=BROTLI_QUALITY))
    import gzip

    packed = bytearray(gzip.compress(data, GZIP_LEVEL, mtime=0))
    packed[9] = 255  # the system on which it was made is nobody's business
    return bytes(packed)
