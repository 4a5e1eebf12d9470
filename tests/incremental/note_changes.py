"""Changes of notes and of times; see `changes.py`."""

import os

from .changes import change, files_of_notes, notes, one_of, others, write_note
from .texts import DAY, NAMES, NOTEBOOKS, header_line, notebook, piece, recoloured
from .world import World

# Notes ------------------------------------------------------------------------


@change(8)
def rewrite(world: World) -> None:
    write_note(world, world.rng.choice(NAMES))


@change(8)
def edit_body(world: World) -> None:
    for file in one_of(world, notes(world)):
        text = file.read_text(errors="replace") + f"\n{piece(world.rng, world.fresh())}\n"
        world.write(file, text[:12_000])


@change(8)
def edit_text(world: World) -> None:
    """Plain words somewhere in a note, or a line more: other notes mostly cannot tell.

    The notes are short, so that only a summary keeps an excerpt as it was.
    """
    for file in one_of(world, notes(world)):
        lines = file.read_text(errors="replace").split("\n")
        if lines[0] == "---" and not any(line.startswith("summary:") for line in lines):
            lines[1:1] = ["summary: Short", "description: Shorter"]
        at = world.rng.randrange(len(lines) // 2, len(lines))
        if world.rng.random() < 0.3:
            lines[at:at] = ["", f"A line {world.fresh()}.", ""]
        else:
            lines[at] += f" word {world.fresh()}"
        world.write(file, "\n".join(lines)[:12_000])


@change(8)
def edit_header(world: World) -> None:
    for file in one_of(world, notes(world)):
        text = file.read_text(errors="replace")
        key, value = header_line(world.rng, world.now)
        if text.startswith("---\n"):
            head, _, rest = text[4:].partition("---\n")
            lines = [line for line in head.splitlines() if not line.startswith(f"{key}:")]
            text = "\n".join(["---", *lines, f"{key}: {value}", "---", rest])
        else:
            text = f"---\n{key}: {value}\n---\n{text}"
        world.write(file, text)


@change(3)
def respell(world: World) -> None:
    """A note writes its tags and categories in other letters, by which others may be named."""
    for file in one_of(world, notes(world)):
        lines = file.read_text(errors="replace").split("\n")
        for at, line in enumerate(lines):
            if line.startswith(("tags:", "categories:")):
                key, colon, value = line.partition(":")
                lines[at] = key + colon + value.swapcase()
        world.write(file, "\n".join(lines))


@change(4)
def rename(world: World) -> None:
    for file in one_of(world, notes(world)):
        target = world.folder_of("notes") / f"{world.rng.choice(NAMES)}.md"
        data = file.read_bytes()
        file.unlink()
        world.write(target, data)


@change(4)
def swap(world: World) -> None:
    """Two notes, or two pictures, change places with their times and inodes."""
    there = notes(world) if world.rng.random() < 0.5 else files_of_notes(world)
    if len(there) > 1:
        first, second = world.rng.sample(there, 2)
        beside = world.root / "beside"
        first.replace(beside)
        second.replace(first)
        beside.replace(second)


@change(3)
def remove(world: World) -> None:
    there = notes(world)
    if len(there) > 2:
        world.rng.choice(there).unlink()


@change(1)
def break_note(world: World) -> None:
    bad = [b"---\ntitle: a: b\n---\n", b"\xff\xfe\x00", b"---\ntags: [a\n---\n\nText.\n", b""]
    name = world.rng.choice(NAMES)
    world.write(world.folder_of("notes") / f"{name}.md", world.rng.choice(bad))


@change(3)
def write_notebook(world: World) -> None:
    file = world.folder_of("notes") / world.rng.choice(NOTEBOOKS)
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
    else:
        world.write(file, notebook(world.rng, world.fresh()))


@change(1)
def copy_note(world: World) -> None:
    for file in one_of(world, notes(world)):
        world.write(world.folder_of("notes") / f"{world.rng.choice(NAMES)}.md", file.read_bytes())


# Times ------------------------------------------------------------------------


@change(4)
def same_size_and_time(world: World) -> None:
    """Other bytes in as many, and the time of before."""
    for file in [*notes(world), *files_of_notes(world), *others(world)]:
        if world.rng.random() < 0.3:
            state, data = file.stat(), bytearray(file.read_bytes())
            places = [at for at, byte in enumerate(data) if byte in b"0123456789"]
            if file.suffix == ".png" and len(data) > 24:
                data[:] = recoloured(bytes(data))
            elif places:
                at = world.rng.choice(places)
                data[at] = ord("1") + (data[at] - ord("0")) % 9
            file.write_bytes(data)
            os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


@change(3)
def other_times(world: World) -> None:
    """Files are touched, or seem older or younger than they are."""
    for file in world.own_files():
        if world.rng.random() < 0.5:
            shift = world.rng.choice((0, -100 * DAY, 5 * DAY, -10))
            moment = file.stat().st_mtime_ns + shift * 10**9
            os.utime(file, ns=(moment, moment))


@change(3)
def same_time_for_all(world: World) -> None:
    """As an archive or a checkout sets it."""
    for file in world.own_files():
        os.utime(file, (1_600_000_000, 1_600_000_000))


@change(4)
def clock(world: World) -> None:
    """Time passes the dates of notes, now and then backwards."""
    world.now += world.rng.choice((3600, DAY, 5 * DAY, 40 * DAY, -DAY, -60 * DAY))
