"""Commits as changes, which `dates: git` reads; see `changes.py`."""

import os
import shutil
import subprocess
from datetime import UTC, datetime

from .changes import change
from .texts import DAY
from .world import World


def git(world: World, *arguments: str) -> bool:
    """Runs git in the site folder, at about the moment of the storm; says whether it went well."""
    shift = world.rng.randrange(-30, 3) * DAY + world.rng.randrange(DAY)
    zone = world.rng.choice(("+0000", "+0800", "-0500"))
    when = datetime.fromtimestamp(world.now + shift, UTC).strftime("%Y-%m-%dT%H:%M:%S") + zone
    environment = {
        **os.environ,
        **{f"GIT_{who}_NAME": "Ada" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_DATE": when for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_CONFIG_{which}": os.devnull for which in ("GLOBAL", "SYSTEM")},
        "GIT_CEILING_DIRECTORIES": str(world.folder),
    }
    done = subprocess.run(
        ["git", *arguments], cwd=world.root, env=environment, check=False, capture_output=True
    )
    return done.returncode == 0


@change(5)
def commit(world: World) -> None:
    """The notes as they are, or those that are known to git."""
    if not (world.root / ".git").is_dir():
        assert git(world, "init", "-q")
    git(world, "add", "-A" if world.rng.random() < 0.8 else "-u", world.folder_of("notes").name)
    git(world, "commit", "-qm", "x", *(["--allow-empty"] if world.rng.random() < 0.1 else []))


@change(1)
def rewrite_history(world: World) -> None:
    """Commits are dated anew, taken back, cut off or lost altogether."""
    if not (world.root / ".git").is_dir():
        return
    kind = world.rng.choice(("amend", "back", "shallow", "lost"))
    world.done[-1] += f" {kind}"
    if kind == "amend":
        git(world, "commit", "--amend", "-qm", "y", "--reset-author", "--allow-empty")
    elif kind == "back":
        git(world, "reset", "-q", "--soft", "HEAD~1")
    elif kind == "shallow":
        # As a clone with a depth leaves it.
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=world.root, check=False, capture_output=True
        )
        if head.returncode == 0:
            (world.root / ".git" / "shallow").write_bytes(head.stdout)
    else:
        shutil.rmtree(world.root / ".git")


@change(2)
def check_out(world: World) -> None:
    """The notes of an earlier commit."""
    back = f"HEAD~{world.rng.randrange(4)}"
    if (world.root / ".git").is_dir():
        git(world, "checkout", "-q", back, "--", world.folder_of("notes").name)
