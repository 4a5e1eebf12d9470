"""The storm for as long as one likes: `python -m tests.incremental --steps 5000`."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import changes
from .world import Differs, World

STEPS_OF_A_SITE = 40
TOLD = 500
"""Steps after which it says how far it is."""


def main() -> int:
    """Runs sites of forty changes each until the steps are done; 1 if something differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.incremental", description=__doc__)
    parser.add_argument("--steps", type=int, default=1000, help="changes with two builds each")
    parser.add_argument("--seed", type=int, default=0, help="of the first site")
    parser.add_argument("--keep-going", action="store_true", help="report all, not the first only")
    arguments = parser.parse_args()
    steps, seed, failures = 0, arguments.seed, 0
    started = time.process_time()
    while steps < arguments.steps:
        folder = Path(tempfile.mkdtemp(prefix="notecast-storm-"))
        world = World(folder, seed)
        began = steps
        try:
            changes.begin(world)
            for _ in range(STEPS_OF_A_SITE):
                changes.apply(world)
                world.check()
                steps += 1
        except Exception as error:
            failures += 1
            what = error if isinstance(error, Differs) else repr(error)
            print(
                f"seed {seed}, step {steps - began} ({folder}): {world.story()}\n{what}\n",
                flush=True,
            )
            if not arguments.keep_going:
                if not isinstance(error, Differs):
                    raise
                return 1
        else:
            shutil.rmtree(folder)
        seed += 1
        if steps // TOLD > began // TOLD:
            print(f"... {steps} steps, {failures} failures", flush=True)
    spent = time.process_time() - started
    print(f"{steps} steps, {failures} failures, {spent:.0f} s of processor time")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
