"""What can happen to a site between two builds, each as a function of the world.

Entry points: `begin`, then `apply`, which makes one or several at random in
proportion to their weights. What there is stands in the modules called `…_changes.py`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from .dialect_texts import PAINTER
from .texts import NAMES, PICTURES, bibliography, body, header, note, picture
from .world import World

Change = Callable[[World], None]
CHANGES: dict[str, tuple[int, Change]] = {}
"""By name, with how often it happens."""


def change(weight: int = 2) -> Callable[[Change], Change]:
    """Adds a function to `CHANGES`."""

    def add(function: Change) -> Change:
        CHANGES[function.__name__] = (weight, function)
        return function

    return add


def begin(world: World) -> None:
    """A site to start from."""
    world.configure()
    for name in NAMES:
        write_note(world, name)
    for name in PICTURES:
        world.write(world.folder_of("notes") / name, picture(world.rng, name))
    world.write(world.root / "references.bib", bibliography(world.rng))
    world.write(world.root / "templates" / "counted.txt", "{{ text }}\n")
    write_painter(world, 1)


def apply(world: World, among: Sequence[str] = ()) -> None:
    """Makes one change, or several before the next build; `among` leaves all others out."""
    names = list(among or CHANGES)
    weights = [CHANGES[name][0] for name in names]
    for name in world.rng.choices(names, weights, k=world.rng.choice((1, 1, 1, 2, 4))):
        world.say(name)
        world.stopped = None
        CHANGES[name][1](world)


def notes(world: World) -> list[Path]:
    """The note files."""
    return world.files(world.folder_of("notes"), "*.md")


def one_of(world: World, files: list[Path]) -> list[Path]:
    """One of the files, or none if there are none."""
    return [world.rng.choice(files)] if files else []


def write_note(world: World, name: str) -> None:
    lines = header(world.rng, world.now)
    text = body(world.rng, world.fresh() * 10)
    world.write(world.folder_of("notes") / f"{name}.md", note(lines, text))


def write_painter(world: World, version: int) -> None:
    """The program that draws diagrams."""
    world.write(world.programs / "painter", PAINTER.replace("VERSION", "1" * version))
    (world.programs / "painter").chmod(0o755)


def files_of_notes(world: World) -> list[Path]:
    """Files of the notes folder that are no notes."""
    folder = world.folder_of("notes")
    return [file for file in world.files(folder) if file.suffix not in {".md", ".yaml"}]


def others(world: World) -> list[Path]:
    """Static files and templates."""
    folders = (world.folder_of("static"), world.folder_of("templates"))
    return [file for folder in folders for file in world.files(folder)]
