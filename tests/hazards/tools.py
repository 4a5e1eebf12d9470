"""What the tests of hazards look with: file trees, parsed pages, builds in other processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path

from ..conftest import NOW, SiteFolder

CANARY = "canary-7f3a9c41"
"""Stands in files that nobody may see."""

OWN_SCRIPTS = ("/static/", "/repo/static/")


def files_of(folder: Path) -> dict[str, str]:
    """What is in a folder, links not followed: path → digest of the bytes, or where it leads."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_file():
            found[name] = blake2b(path.read_bytes(), digest_size=8).hexdigest()
        elif path.is_dir():
            found[name] = "folder"
    return found


def run_build(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """`notecast build` in a process of its own, at the moment of all fixtures."""
    return subprocess.run(
        [sys.executable, "-m", "notecast", "build", str(folder), "--no-search", *arguments],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW)), **(env or {})},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def texts(site: SiteFolder) -> Iterable[tuple[str, str]]:
    """Path and text of every file of the output that is text."""
    for path, data in site.tree().items():
        if path.endswith((".html", ".xml", ".json", ".txt")):
            yield path, data.decode()


class Page(HTMLParser):
    """A page as a browser takes it apart: elements, ids, addresses, scripts, text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text_parts: list[str] = []
        self.data: dict[str, list[str]] = {}
        """Text of elements whose content is no markup or is asked for: script, style, title."""
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style", "title"):
            self._inside.append(tag)
            self.data.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.data[self._inside[-1]][-1] += data
        else:
            self.text_parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.text_parts)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.elements if name == tag]


ADDRESSES = ("href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcdoc")
RUNNING = ("javascript:", "vbscript:", "data:text", "data:image/svg", "data:application")


def can_run(html: str) -> list[str]:
    """What in a page could run or load that the theme did not put there."""
    page = Page(html)
    found = []
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            plain = "".join(value.split()).lower()
            if name.startswith("on"):
                found.append(f"<{tag} {name}={value!r}>")
            if name in ADDRESSES and plain.startswith(RUNNING):
                found.append(f"<{tag} {name}={value!r}>")
            if name == "style" and ("expression(" in plain or "url(" in plain):
                found.append(f"<{tag} {name}={value!r}>")
        if tag == "script":
            own = attributes.get("src", "").startswith(OWN_SCRIPTS)
            if not own and attributes.get("type") != "application/ld+json":
                found.append(f"<script {attributes}>")
        if tag in ("iframe", "object", "embed", "base", "applet", "frame"):
            found.append(f"<{tag} {attributes}>")
        if tag == "meta" and attributes.get("http-equiv", "").lower() not in ("", "refresh"):
            found.append(f"<meta {attributes}>")
    return found
