"""A preview in a process of its own, as an author starts it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ..conftest import SiteFolder

PATIENCE = 30.0


class Preview:
    """`notecast serve` on a site folder."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.root = root
        command = [sys.executable, "-m", "notecast", "serve", str(root), *arguments]
        if "--port" not in arguments:
            command += ["--port", "0"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=environment,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self.wait_for(r"is at (http://\S+?)/  \(Ctrl-C")[1]
        self.port = int(re.findall(r":(\d+)", self.address)[-1])

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as printed:
            for line in printed:
                self.lines.append(line.rstrip("\n"))

    @property
    def printed(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Waits until the preview has printed something."""
        return wait(lambda: re.search(pattern, self.printed), lambda: self.printed)

    def get(self, path: str, **fields: str) -> tuple[int, str]:
        """Status and text at an address."""
        request = urllib.request.Request(self.address + path, headers=fields)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode("utf-8", "replace")

    def shows(self, path: str, text: str, status: int = 200) -> None:
        """Waits until the page at an address holds a text."""
        wait(
            lambda: (found := self.get(path))[0] == status and text in found[1],
            lambda: f"{self.get(path)}\n{self.printed}",
        )

    def raw(self, data: bytes, timeout: float = 5.0) -> bytes:
        """All that comes back for these bytes; the connection is then closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as one:
            one.settimeout(timeout)
            parts = []
            with suppress(OSError):  # refused before all was sent: the answer is there
                one.sendall(data)
            with suppress(ConnectionResetError):
                while part := one.recv(65536):
                    parts.append(part)
            return b"".join(parts)

    @property
    def rebuilds(self) -> int:
        """How often changes were taken in."""
        return len(re.findall(r"(?m)^\d\d:\d\d:\d\d  .* ms$", self.printed))

    def stop(self) -> float:
        """Ctrl-C; returns the seconds until the process has ended."""
        started = time.monotonic()
        if self.process.poll() is not None:
            return 0.0
        if hasattr(os, "killpg"):
            # As a terminal does it: to the processes that read notes, too.
            os.killpg(self.process.pid, signal.SIGINT)
        else:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self._reader.join(5)
        return time.monotonic() - started


def wait(
    condition: Callable[[], object], explain: Callable[[], str], timeout: float = PATIENCE
) -> re.Match[str]:
    """Waits until something is true and returns it."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        found = condition()
        if found:
            return found  # type: ignore[return-value]
        time.sleep(0.02)
    raise AssertionError(f"waited for {timeout} s in vain:\n{explain()[-3000:]}")


@pytest.fixture
def preview(site: SiteFolder) -> Iterator[Callable[..., Preview]]:
    """Starts previews of the test's site, and ends them."""
    started: list[Preview] = []

    def start(*arguments: str) -> Preview:
        started.append(Preview(site.root, *arguments))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """One preview for all tests of a module, which do not change the site."""
    folder = SiteFolder(tmp_path_factory.mktemp("lasting") / "site")
    folder.write("site.yaml", "title: Lasting\n")
    folder.note("a.md", "Text of a.\n", title="Alpha", date="2025-01-01")
    folder.note("中文.md", "正文。\n", title="中文")
    folder.write("static/data.txt", bytes(range(48, 58)) * 100)
    folder.write("static/.env", "canary-canary")
    folder.write("secret.txt", "canary-canary")
    folder.write(".git/config", "canary-canary")
    folder.root.parent.joinpath("outside.txt").write_text("canary-canary")
    one = Preview(folder.root)
    yield one
    one.stop()
