"""Builds that are killed, hindered and disturbed, and lost bytes; see `changes.py`."""

import errno
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from notecast.builder.output import OutputRefused

from .changes import CHANGES, change
from .world import CACHE, World

TOUCHING = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"})
"""What Python reports of a process that touches a file."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
MEANWHILE = (
    *("rewrite", "edit_body", "edit_text", "edit_header", "rename", "swap", "remove", "respell"),
    *("break_note", "write_notebook", "write_document", "data_file", "folder_defaults"),
    *("bibliographies", "own_bibliographies", "citation_style", "static_file"),
    *("same_size_and_time", "other_times", "same_time_for_all", "template"),
)
"""What somebody does to a site while it is built."""


def each_time(events: frozenset[str], do: Callable[[int, str, tuple[Any, ...]], None]) -> None:
    """Calls `do` with a number from 1, for this process and all that it forks, until it ends."""
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event in events:
            count += 1
            do(count, event, arguments)

    sys.addaudithook(hook)


def at_some(world: World, highest: float = 3.3) -> int:
    """One of the first few times as often as one of the first hundreds, up to a power of ten."""
    return int(10 ** world.rng.uniform(0, highest))


# A build that does not come to its end ---------------------------------------------


@change(3)
def killed(world: World) -> None:
    """It is killed when it touches a file or the cache for the n-th time."""
    moves = world.rng.random() < 0.3  # while pages come into their places
    after = at_some(world, 2 if moves else 3.3)
    world.done[-1] += f" after {after} {'moves' * moves}"

    def build() -> None:
        def die(count: int, event: str, arguments: tuple[Any, ...]) -> None:
            if count == after:
                os.kill(os.getpid(), signal.SIGKILL)

        each_time(frozenset({"os.rename"}) if moves else TOUCHING, die)
        world.build(world.output)

    world.torn(build)


@change(2)
def power_cut(world: World) -> None:
    """It is killed at some moment, with workers; of what it wrote last only a part is there."""
    seconds = world.rng.expovariate(4)
    world.done[-1] += f" after {seconds:.3f} s"
    world.torn(lambda: world.build(world.output, jobs=world.rng.choice((1, 2))), seconds)
    if world.rng.random() < 0.3:
        # The names are there, and the bytes are not: it was not only the program that ended.
        made = world.files(world.root / ".notecast" / "made")
        for file in world.rng.sample(made, min(2, len(made))):
            os.truncate(file, file.stat().st_size // 2)
        for file in lately_written(world):
            if world.rng.random() < 0.3:
                os.truncate(file, 0)
        world.stopped = None


def lately_written(world: World) -> list[Any]:
    return [
        file
        for file in world.files(world.output)
        if time.time() - file.stat().st_mtime < 1
        and not file.name.startswith(".notecast")
        and file.relative_to(world.output).as_posix() not in world.foreign
    ]


@change(3)
def refused(world: World) -> None:
    """The disk takes nothing more, or may not be written to, for a while or from now on."""
    number = world.rng.choice((errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO))
    after = at_some(world, 2)
    lasting = world.rng.random() < 0.7
    folder = str(world.rng.choice((world.output, world.root / ".notecast", world.folder)))
    world.done[-1] += f" {errno.errorcode[number]} at {after}{'+' * lasting} {folder}"

    def refuse(count: int, event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal met
        path = arguments[0] if arguments else None
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
            return
        if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(folder):
            met += 1
            if met == after or (lasting and met > after):
                raise OSError(number, os.strerror(number), os.fsdecode(path))

    def build() -> None:
        each_time(TOUCHING - {"sqlite3.connect"}, refuse)
        world.build(world.output)

    met = 0
    world.torn(build, allowed=(OutputRefused,))


@change(2)
def full_disk(world: World) -> None:
    """No file may grow beyond some size: the cache and large pages come to an end amid a write."""
    import resource

    limit = int(100 * 2 ** world.rng.uniform(0, 14))
    world.done[-1] += f" of {limit}"

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        world.build(world.output)

    world.torn(build, allowed=(OutputRefused,))


# A site that does not stand still ----------------------------------------------


@change(3)
def meanwhile(world: World) -> None:
    """Somebody works on the site while it is built."""
    after = at_some(world)
    names = world.rng.choices(MEANWHILE, k=world.rng.choice((1, 1, 3)))
    world.done[-1] += f" at {after} {names}"

    def disturb(count: int, event: str, arguments: tuple[Any, ...]) -> None:
        if count == after:
            for name in names:
                CHANGES[name][1](world)

    def build() -> None:
        world.rng = random.Random(after)
        each_time(TOUCHING, disturb)
        world.build(world.output)

    world.in_child(build)


# What lies beside the cache ---------------------------------------------------------


@change(2)
def damage_made(world: World) -> None:
    """Pictures and drawings that were made are cut off, or gone, or somebody else's."""
    for file in world.files(world.root / ".notecast" / "made"):
        if world.rng.random() < 0.3:
            what = world.rng.choice(("cut", "gone", "grown", "folder"))
            if what == "cut":
                os.truncate(file, file.stat().st_size // 2)
            elif what == "gone":
                file.unlink()
            elif what == "grown":
                file.write_bytes(file.read_bytes() + b"x")
            else:
                file.unlink()
                file.mkdir()


@change(1)
def junk_beside_the_cache(world: World) -> None:
    """Something stands where the cache wants to write."""
    place = world.root / CACHE
    what = world.rng.choice(("folder", "journal", "made", "staging"))
    world.done[-1] += f" {what}"
    if what == "folder" and place.is_file():
        place.unlink()
    elif what == "journal":
        for end in ("-wal", "-shm", "-journal"):
            world.write(place.with_name(place.name + end), b"\0junk" * 100)
    elif what == "made":
        shutil.rmtree(place.parent / "made", ignore_errors=True)
    elif what == "staging" and world.output.is_dir():
        world.write(world.output / ".notecast-staging" / "made.1" / "x", b"left")
