"""R18: two builds of one site at once end as one does."""

import os
import signal
import subprocess
import sys

from notecast.builder.lock import locked

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
