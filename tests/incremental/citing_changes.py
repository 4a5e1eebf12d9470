"""Changes of bibliographies, citation styles and fetched records; see `changes.py`."""

import json

from .changes import change
from .texts import bibliography, csl_json, csl_style, csl_yaml
from .world import World


@change(6)
def bibliographies(world: World) -> None:
    inside = world.folder_of("notes")
    file = world.rng.choice(
        [
            world.root / "references.bib",
            world.root / "other.bib",
            world.root / "works.json",
            world.root / "works.yaml",
            inside / "references.bib",
            inside / "own.bib",
            inside / "own.json",
            inside / "own.yaml",
            inside / "cv" / "own.bib",
        ]
    )
    kinds = {".bib": bibliography, ".json": csl_json, ".yaml": csl_yaml}
    if file.is_file() and world.rng.random() < 0.3:
        file.unlink()
    else:
        world.write(file, kinds[file.suffix](world.rng))


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
