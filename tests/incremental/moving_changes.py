"""Caches, outputs and whole sites that are lost, put aside, put back, moved; see `changes.py`."""

import os
import shutil

from .changes import change
from .world import World

CACHE = ".notecast"


@change(1)
def lose_cache(world: World) -> None:
    shutil.rmtree(world.root / CACHE, ignore_errors=True)


@change(2)
def keep_cache(world: World) -> None:
    """Puts a copy of the cache aside: it may come back in another state of the site."""
    place = world.root / CACHE
    aside = world.folder / f"cache-{world.rng.randrange(2)}"
    if place.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(place, aside)


@change(2)
def restore_cache(world: World) -> None:
    """Puts back an old one, with times of its own or those of now."""
    aside = world.folder / f"cache-{world.rng.randrange(2)}"
    if aside.is_dir():
        place = world.root / CACHE
        shutil.rmtree(place, ignore_errors=True)
        copy = world.rng.choice((shutil.copy2, shutil.copyfile))
        shutil.copytree(aside, place, copy_function=copy)


@change(2)
def keep_output(world: World) -> None:
    """Puts a copy of the output aside, or an old one in place of what stands."""
    aside = world.folder / "output-aside"
    if aside.is_dir() and world.rng.random() < 0.7:
        shutil.rmtree(world.output, ignore_errors=True)
        shutil.copytree(aside, world.output, copy_function=shutil.copy2)
        world.foreign_in[world.output] = dict(world.foreign_aside)
    elif world.output.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(world.output, aside, copy_function=shutil.copy2)
        world.foreign_aside = dict(world.foreign)


@change(1)
def move_site(world: World) -> None:
    """The site folder gets another name."""
    other = world.folder / ("moved" if world.root.name == "site" else "site")
    world.root.rename(other)
    world.root = other


@change(2)
def check_out_anew(world: World) -> None:
    """A service fetches the sources again, restores the cache and has no output."""
    time = world.rng.choice((None, (1_600_000_000, 1_600_000_000)))
    for file in world.own_files():
        data = file.read_bytes()
        file.unlink()
        file.write_bytes(data)
        if time:
            os.utime(file, time)
    shutil.rmtree(world.output, ignore_errors=True)
    world.foreign.clear()
