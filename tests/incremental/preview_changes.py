"""A preview that somebody writes with: it shows what a build makes, and leaves a cache behind it.

See `changes.py`.
"""

import os
import random
import shutil
import time
from difflib import unified_diff
from typing import Any

from notecast.config_reader import read_site
from notecast.features import FEATURES
from notecast.server.session import Session

from .changes import CHANGES, change
from .hard_changes import MEANWHILE
from .world import Differs, World

NOT_SHOWN = {
    "images.variants": "off",
    "social_cards.enabled": False,
    "diagrams.graphviz": "",
    "diagrams.mermaid": "",
    "diagrams.others": {},
}
"""Only builds make such files."""


@change(3)
def preview(world: World) -> None:
    """Some changes, each taken in by a preview, which is then compared with a build."""
    seed, changes = world.rng.randrange(1 << 30), world.rng.choice((1, 2, 4))

    def show() -> None:
        world.rng, kept = random.Random(seed), dict(world.settings)
        world.settings |= NOT_SHOWN
        world.configure()
        os.environ["SOURCE_DATE_EPOCH"] = str(int(world.now))
        os.environ["PATH"] = f"{world.programs}{os.pathsep}{os.environ['PATH']}"
        reading = read_site(world.root, FEATURES)
        session = Session(
            lambda: reading,
            drafts=world.options["drafts"] or reading.config.drafts,
            future=world.options["future"] or reading.config.future,
        )
        session.open()
        settle(session)
        for _ in range(changes):
            before = states(world)
            name = world.rng.choice(MEANWHILE)
            world.done[-1] += f" {name}"
            CHANGES[name][1](world)
            after = states(world)
            changed = {path for path in before | after if before.get(path) != after.get(path)}
            session.refresh(sorted(changed))
            if world.rng.random() < 0.5:
                session.render("/")
                settle(session)
        settle(session)
        if world.rng.random() < 0.5:
            compare(world, session)
        session.close()
        world.settings = kept
        world.configure()

    world.in_child(show)


def settle(session: Session) -> None:
    for _ in session.work():
        pass


def states(world: World) -> dict[str, Any]:
    """By path what a watcher sees of each file."""
    found = {}
    for file in world.own_files():
        state = file.stat()
        found[str(file)] = (state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return found


def compare(world: World, session: Session) -> None:
    """Holds the pages of a preview to those of a build that knows nothing.

    Raises:
        Differs: A page or the problems are not the same.
    """
    place = world.folder / "shown" / "public"
    shutil.rmtree(place, ignore_errors=True)
    # A preview shows what is public now, whatever else is built for another moment.
    built = world.build(place, use_cache=False, jobs=1, search=False, now=time.time())
    if any(problem.rule.startswith("template-") for problem in built.problems):
        return
    for url in session.pages.addresses():
        if session.pages.asset(url):
            continue  # a file of the author's own stands before our page
        rendered = session.render(url)
        planned = session.pages.planned(url)
        assert rendered
        assert planned
        file = place / planned.output
        if not file.is_file() or file.read_bytes() != rendered.data:
            wanted = file.read_bytes() if file.is_file() else b""
            lines = unified_diff(
                wanted.decode().splitlines(), rendered.data.decode().splitlines(), n=0, lineterm=""
            )
            said = "\n".join(line[:300] for line in list(lines)[:12])
            raise Differs(f"{world.story()}\nthe preview shows another {planned.output}\n{said}")
    if session.problems() != built.problems:
        shown = session.problems()
        more = [one for one in shown if one not in built.problems]
        less = [one for one in built.problems if one not in shown]
        raise Differs(
            f"{world.story()}\nthe preview tells too many: {more[:4]}\ntoo few: {less[:4]}"
        )
