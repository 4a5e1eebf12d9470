"""Changes of bibliographies, citation styles and fetched records; see `changes.py`."""

import json
from pathlib import Path

from .changes import change
from .texts import bibliography, csl_json, csl_style, csl_yaml
from .world import World

KINDS = {".bib": bibliography, ".json": csl_json, ".yaml": csl_yaml}


@change(4)
def bibliographies(world: World) -> None:
    """Those of the site."""
    names = ("references.bib", "other.bib", "works.json", "works.yaml")
    come_or_go(world, world.root / world.rng.choice(names))


@change(3)
def own_bibliographies(world: World) -> None:
    """Those in the folder of the notes."""
    names = ("references.bib", "own.bib", "own.json", "own.yaml", "cv/own.bib")
    come_or_go(world, world.folder_of("notes") / world.rng.choice(names))


def come_or_go(world: World, file: Path) -> None:
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
    else:
        world.write(file, KINDS[file.suffix](world.rng))


@change(3)
def citation_style(world: World) -> None:
    """A style of the author's own comes, goes or says something else."""
    file = world.root / world.rng.choice(("own.csl", "styles/other.csl"))
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
    else:
        world.write(file, csl_style(world.rng))


@change(2)
def papers_lock(world: World) -> None:
    file = world.root / "papers.lock.json"
    if file.is_file() and world.rng.random() < 0.4:
        file.unlink()
        return
    title = f"Fetched {world.rng.randrange(3)}"
    item = {"id": "x", "type": "article-journal", "title": title, "custom": {}}
    works = {f"arxiv:1412.{6900 + number}": item for number in range(world.rng.randrange(1, 4))}
    text = json.dumps({"works": works}) if world.rng.random() < 0.9 else "{"
    world.write(file, text)
