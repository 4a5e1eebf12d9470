"""A site to build in tests: write files, build, look at what came out."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from notecast.builder.build import BuildOptions, BuildResult, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.problems import Problem

# A moment later than all dates of the fixtures, unless a test says another.
NOW = 1_800_000_000.0

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what comes of the fixture sites now in place of what is expected",
    )


class SiteFolder:
    """A site in a folder of its own; every method returns what a test wants to look at."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.result: BuildResult | None = None

    def write(self, path: str, text: str | bytes) -> Path:
        """Writes a file below the site folder."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(text, encoding="utf-8")
        return file

    def note(self, path: str, body: str = "Text.\n", **header: Any) -> Path:
        """Writes `notes/<path>` with a header."""
        lines = "".join(f"{key}: {value}\n" for key, value in header.items())
        return self.write(f"notes/{path}", f"---\n{lines}---\n\n{body}" if lines else body)

    def build(self, *, config: Mapping[str, Any] | None = None, **options: Any) -> BuildResult:
        """Builds the site; `options` are those of `BuildOptions`."""
        loaded, problems = load_config(self.root, FEATURES, overrides=config or {})
        assert not problems, problems
        # Indexing takes longer than all else; tests that want it say so.
        settings = {"now": NOW, "jobs": 1, "search": False, **options}
        self.result = build_site(loaded, FEATURES, BuildOptions(**settings))
        return self.result

    @property
    def output(self) -> Path:
        return self.root / "public"

    def page(self, address: str) -> str:
        """The HTML at an address such as `/notes/a/`."""
        path = address.strip("/")
        file = self.output / path
        if address.endswith("/"):
            file = file / "index.html"
        return file.read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        """Every file of the output by path, but our own list."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file() and not path.name.startswith(".notecast")
        }

    def rules(self) -> list[str]:
        """The rule of every problem of the last build, in order."""
        return [problem.rule for problem in self.problems]

    @property
    def problems(self) -> list[Problem]:
        assert self.result is not None
        return self.result.problems


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """An empty site whose `site.yaml` names it and nothing else."""
    folder = SiteFolder(tmp_path / "site")
    folder.write("site.yaml", "title: Test site\nbase_url: https://example.org\n")
    (folder.root / "notes").mkdir()
    return folder


@pytest.fixture
def site_at(tmp_path: Path) -> Callable[[str], SiteFolder]:
    """Makes further site folders, by name."""

    def make(name: str) -> SiteFolder:
        folder = SiteFolder(tmp_path / name)
        folder.root.mkdir()
        return folder

    return make


def age(root: Path, seconds: float = 10) -> None:
    """Makes all files older, so that their times are trusted at once."""
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            state = path.stat()
            os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns - int(seconds * 1e9)))
