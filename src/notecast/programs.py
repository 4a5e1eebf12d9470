"""Runs programs of others: what indexes, what draws.

Entry point: `run_program`.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from notecast.interrupt import undisturbed


def run_program(
    arguments: Sequence[str], *, given: bytes = b"", patience: float, folder: Path | None = None
) -> tuple[int, bytes, bytes]:
    """Runs a program and ends it, with all that it started, if it is not to go on.

    It ends with this process too, even when that is killed and can do nothing more.

    Args:
        arguments: The program and what it is called with.
        given: What it reads.
        patience: Seconds after which it is ended.
        folder: Where it runs.

    Returns:
        Its status, its output, and what it complained of.

    Raises:
        subprocess.TimeoutExpired: It was not ready in time.
        OSError: It cannot be started.
    """
    process = guard = None
    try:
        # An exception within the start would leave a program that nobody knows.
        with undisturbed():
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                start_new_session=True,
            )
            guard = _guard(process.pid)
        out, said = process.communicate(given, timeout=patience)
        return process.returncode, out, said
    finally:
        if process is not None:
            if process.poll() is None:
                _end(process)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        if guard is not None:
            guard.communicate(b"\n")


def _guard(program: int) -> "subprocess.Popen[bytes] | None":
    """A process that ends a program and its group when this one is gone.

    It waits for a line, or for the end of its input, which only the end of this process brings.
    """
    if not hasattr(os, "killpg"):
        return None
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", f"read line || kill -9 -{program}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None  # a machine without a shell


def _end(process: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
