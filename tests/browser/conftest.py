"""Chromium, and the demonstration site as a host serves it: at `/` and below `/repo/`.

Everything here is made once in a test run, whatever the number of its processes.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES

from ..conftest import NOW

ROOT = Path(__file__).parents[2]
STRICT = "default-src 'self'; object-src 'none'; base-uri 'none'"
# What docs/search.md asks for where a site has the search.
SEARCH = f"{STRICT}; script-src 'self' 'wasm-unsafe-eval'"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium. Where there is none tests are skipped; in CI they fail."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        message = "there is no Chromium: install the package chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Served:
    """A folder behind HTTP, with a content security policy on every answer."""

    def __init__(self, folder: Path, prefix: str = "", policy: str = STRICT) -> None:
        self.folder = folder
        self.prefix = prefix
        handler = partial(_Handler, prefix=prefix, policy=policy, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.host = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.host + prefix
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def pages(self) -> list[str]:
        """Addresses of all HTML pages, but those that only send on."""
        found = []
        for file in sorted(self.folder.rglob("*.html")):
            if 'http-equiv="refresh"' not in file.read_text(encoding="utf-8"):
                path = file.relative_to(self.folder).as_posix()
                found.append("/" + path.removesuffix("index.html"))
        return found


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }

    def __init__(self, *args: Any, prefix: str, policy: str, directory: str) -> None:
        self._prefix = prefix
        self._policy = policy
        super().__init__(*args, directory=directory)

    def do_GET(self) -> None:
        if not self.path.startswith(f"{self._prefix}/"):
            self.send_error(404)
            return
        self.path = self.path.removeprefix(self._prefix)
        with suppress(ConnectionError):  # browsers leave when they have seen enough
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self._policy)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Has a folder made by the process that comes first; the others wait for it."""
    done = folder / ".done"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(1200):
            if done.exists():
                return folder
            time.sleep(0.1)
        pytest.fail("the demonstration site was not built")
    make(folder)
    done.touch()
    return folder


def build_demo(folder: Path, base_url: str) -> None:
    """Builds the site of this repository into `folder/public`, apart from the author's own."""
    for name in ("notes", "static"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.yaml", folder)
    config, problems = load_config(folder, FEATURES, overrides={"base_url": base_url})
    assert not problems
    result = build_site(config, FEATURES, BuildOptions(now=NOW, jobs=1))
    assert [problem for problem in result.problems if problem.severity == "error"] == []


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder


@pytest.fixture(scope="session")
def built(shared: Path) -> dict[str, Path]:
    """The output of the demonstration site by the prefix of its addresses."""
    return {
        prefix: once(
            shared / f"demo{prefix.replace('/', '-')}",
            partial(build_demo, base_url=f"https://example.org{prefix}"),
        )
        / "public"
        for prefix in ("", "/repo")
    }


@pytest.fixture(scope="session")
def demo(built: dict[str, Path]) -> Iterator[Served]:
    """The demonstration site at the root of a host, under the strict policy."""
    served = Served(built[""])
    yield served
    served.close()


@pytest.fixture(scope="session")
def demo_below(built: dict[str, Path]) -> Iterator[Served]:
    """The same below `/repo/`, under the policy that the search needs."""
    served = Served(built["/repo"], "/repo", SEARCH)
    yield served
    served.close()
