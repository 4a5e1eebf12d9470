"""Runs a command and measures what it takes: wall, processor, and memory of all its processes.

    python benchmarks/measure.py [--every SECONDS] COMMAND …

Memory is the sum of the proportional set sizes (PSS) of the command and all
that it starts, so that pages shared by several of them count once. Linux only:
it reads `/proc`. The processor time is that of the whole tree, as the kernel
counts it for processes that were waited for.
"""

import argparse
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """What one run took."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all processes, user and system."""
    peak: int
    """Bytes of PSS of all processes together, at the moment that had most."""
    status: int
    """Exit status."""
    output: str
    """The end of what it printed, for when it failed."""


def measure(
    command: Sequence[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    every: float = 0.1,
) -> Measured:
    """Runs a command to its end.

    Args:
        command: Program and arguments.
        folder: Where it runs.
        environment: What is added to the environment.
        every: Seconds between two looks at the memory.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    sampler = _Sampler(process.pid, every)
    sampler.start()
    printed, _ = process.communicate()
    wall = time.perf_counter() - started
    peak = sampler.end()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    text = printed.decode("utf-8", "replace")
    return Measured(wall, cpu, peak, process.returncode, text[-2000:])


class _Sampler(threading.Thread):
    """Looks at the memory of a tree of processes until it is told to stop."""

    def __init__(self, root: int, every: float) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._every = every
        self._stop_now = threading.Event()
        self._peak = 0

    def run(self) -> None:
        while not self._stop_now.is_set():
            self._peak = max(self._peak, sum(map(pss, tree(self._root))))
            self._stop_now.wait(self._every)

    def end(self) -> int:
        self._stop_now.set()
        self.join()
        return self._peak


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:  # it has ended
                continue
            # The name, in brackets, may hold anything.
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def pss(process: int) -> int:
    """Proportional set size in bytes; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=float, default=0.1, help="seconds between two looks")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("say what to run")
    measured = measure(arguments.command, Path.cwd(), every=arguments.every)
    print(measured.output, end="")
    values = asdict(measured)
    print(
        f"wall {values['wall']:.2f} s, cpu {values['cpu']:.2f} s,"
        f" peak {values['peak'] / 1e6:.0f} MB, status {measured.status}",
        file=sys.stderr,
    )
    sys.exit(measured.status)


if __name__ == "__main__":
    main()
