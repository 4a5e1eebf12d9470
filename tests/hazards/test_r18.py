"""R18: two builds of one site at once end as one does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from notecast.builder import lock
from notecast.builder.lock import Locked, locked

from ..conftest import NOW, SiteFolder
from .tools import run_build


def fill(site: SiteFolder, word: str) -> None:
    for number in range(10):
        site.note(f"n{number}.md", f"{word} {number}.\n", title=f"N{number}", tags=f"[{word}]")


def start(site: SiteFolder) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "notecast", "build", str(site.root), "--no-search"],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_double_starts(site: SiteFolder) -> None:
    for attempt in range(4):
        fill(site, f"word{attempt}")
        both = [start(site), start(site)]
        said = [process.communicate(timeout=60) for process in both]
        codes = sorted(process.returncode for process in both)
        assert codes in ([0, 0], [0, 2]), said
        for process, (_, errors) in zip(both, said, strict=True):
            if process.returncode:
                assert "another build of this site is running" in errors
                assert "[one-build-at-once]" in errors
        assert f"word{attempt} 3." in site.page("/notes/n3/")
    double = site.tree()
    site.build(use_cache=False, output=site.root / "once")
    once = {
        path.relative_to(site.root / "once").as_posix(): path.read_bytes()
        for path in (site.root / "once").rglob("*")
        if path.is_file() and not path.name.startswith(".notecast")
    }
    assert double == once


def test_the_loser_says_who_holds_the_lock(site: SiteFolder) -> None:
    fill(site, "word")
    with locked(site.root / ".notecast" / "lock"):
        done = run_build(site.root)
    assert done.returncode == 2
    assert f"(process {os.getpid()})" in done.stderr
    assert not site.output.exists()
    assert run_build(site.root).returncode == 0


def test_a_lock_that_is_left_blocks_nobody(site: SiteFolder) -> None:
    fill(site, "word")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from notecast.builder.lock import locked\n"
            "with locked(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)",
            str(site.root / ".notecast" / "lock"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert run_build(site.root).returncode == 2
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert (site.root / ".notecast" / "lock").read_text() == str(holder.pid)
    assert run_build(site.root).returncode == 0


HOLDER = """
import os, sys, time
from pathlib import Path
from notecast.builder.lock import locked

with locked(Path(sys.argv[1])):
    worker = os.fork()
    if worker:
        print(worker, flush=True)
    time.sleep(float(sys.argv[2]) if not worker else 60)
    os._exit(0)
"""


def killed_with_a_worker(
    place: Path, seconds: float, *, reaped: bool = True
) -> tuple["subprocess.Popen[str]", int]:
    """Kills a process that holds the lock; its worker, whose number is given, goes on for a while.

    Args:
        place: The lock file.
        seconds: How long the worker goes on.
        reaped: Whether somebody has waited for the end of the killed process.
    """
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(place), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    worker = int(holder.stdout.readline())
    holder.stdout.close()
    holder.kill()
    os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)
    if reaped:
        holder.wait()
    return holder, worker


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers inherit the lock by a fork")
def test_a_build_waits_for_the_workers_of_a_killed_one(site: SiteFolder) -> None:
    fill(site, "word")
    killed_with_a_worker(site.root / ".notecast" / "lock", 2)
    done = run_build(site.root)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="tells a dead process by /proc")
def test_a_killed_build_that_nobody_has_waited_for(tmp_path: Path) -> None:
    holder, _ = killed_with_a_worker(tmp_path / "lock", 1, reaped=False)
    with locked(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == str(os.getpid())
    holder.wait()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers inherit the lock by a fork")
def test_workers_that_do_not_end_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.3)
    _, worker = killed_with_a_worker(tmp_path / "lock", 60)
    began = time.monotonic()
    with (
        pytest.raises(Locked, match=r"workers of a build .* was killed .* still running"),
        locked(tmp_path / "lock"),
    ):
        pass
    assert time.monotonic() - began < 10
    os.kill(worker, signal.SIGKILL)
