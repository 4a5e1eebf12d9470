"""Changes of files in other formats and of the program that draws; see `changes.py`."""

from .changes import change, write_painter
from .dialect_texts import DOCUMENTS, document
from .texts import PICTURES, piece
from .world import World


@change(4)
def write_document(world: World) -> None:
    """A file of Quarto or R Markdown comes, changes or goes."""
    file = world.folder_of("notes") / world.rng.choice(DOCUMENTS)
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
        return
    number = world.fresh()
    pieces = [piece(world.rng, number) for _ in range(world.rng.randrange(3))]
    world.write(file, document(world.rng, number, pieces, world.rng.choice(PICTURES)))


@change(2)
def painter(world: World) -> None:
    """Another version of the program that draws is installed, or none."""
    if world.rng.random() < 0.2:
        (world.programs / "painter").unlink(missing_ok=True)
    else:
        write_painter(world, world.rng.randrange(1, 4))


@change(2)
def draw(world: World) -> None:
    """Diagrams are drawn from now on."""
    world.settings |= {
        "diagrams.graphviz": "painter",
        "diagrams.mermaid": "painter",
        "diagrams.others": {"d2": "painter"},
    }
    world.configure()


@change(2)
def taken_in(world: World) -> None:
    """A file that notes take in, or one with commands of formulas, comes, changes or goes."""
    notes, number = world.folder_of("notes"), world.fresh()
    command = f"\\newcommand{{\\mine}}[1]{{#1_{{{number}}}}}\n"
    file, text = world.rng.choice(
        [
            (notes / "cv/taken.md", f"Taken in {number}, see [[alpha]] and $\\mine{{t}}$.\n"),
            (world.root / "macros.tex", command),
            (world.root / "more.sty", command),
            (world.root / "_includes/mathjax.html", f"macros: {{ mine: ['#1^{number}', 1] }}\n"),
        ]
    )
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
    else:
        world.write(file, text)
