"""Compressed copies beside text files: whole, the same every time, gone with their file."""

import gzip
import shutil
from typing import Any

import brotli
import pytest

from notecast.builder import compress
from notecast.builder.compress import SMALLEST, compressed
from notecast.deploy.publish import order
from notecast.deploy.target import without_compressed

from .conftest import PNG, SiteFolder, age

BOTH = {"precompress": ["gzip", "brotli"]}
LONG = "A sentence of many words. " * 100


def beside(site: SiteFolder) -> dict[str, bytes]:
    return {path: data for path, data in site.tree().items() if path.endswith((".gz", ".br"))}


def check_whole(site: SiteFolder) -> None:
    """Every copy is that of its file."""
    tree = site.tree()
    for path, data in beside(site).items():
        unpack = gzip.decompress if path.endswith(".gz") else brotli.decompress
        assert unpack(data) == tree[path[:-3]], path
        assert path in (site.output / ".notecast-files").read_text().split("\n")


def test_there_are_none_by_default(site: SiteFolder) -> None:
    site.note("a.md", LONG, title="A")
    site.build()
    assert beside(site) == {}


def test_text_has_copies(site: SiteFolder) -> None:
    site.note("a.md", f"{LONG}\n\n![x](x.png)\n", title="A")
    site.write("notes/x.png", PNG + b"x" * 5000)
    site.write("static/data.csv", "1,2,3\n" * 1000)
    site.write("static/small.txt", "x" * (SMALLEST - 1))
    site.build(config={**BOTH, "images": "off"})
    tree = site.tree()
    assert {"notes/a/index.html", "index.html", "data.csv", "404.html"} <= {
        path[:-3] for path in beside(site)
    }
    for path in ("notes/x.png", "small.txt"):
        assert path in tree and f"{path}.gz" not in tree and f"{path}.br" not in tree
    check_whole(site)
    assert len(tree["notes/a/index.html.gz"]) < len(tree["notes/a/index.html"]) / 2


def test_one_kind(site: SiteFolder) -> None:
    site.note("a.md", LONG, title="A")
    site.build(config={"precompress": ["gzip"]})
    assert {path[-3:] for path in beside(site)} == {".gz"}


def test_bytes_are_the_same_every_time(site: SiteFolder) -> None:
    data = compressed(LONG.encode(), "gzip")
    assert data[4:8] == b"\0\0\0\0" and data[9] == 255  # RFC 1952: no time, no system
    site.note("a.md", LONG, title="A")
    site.build(config=BOTH)
    before = site.tree()
    shutil.rmtree(site.output)
    shutil.rmtree(site.root / ".notecast")
    site.build(config=BOTH, jobs=2)
    assert site.tree() == before


def test_nothing_is_compressed_twice(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    site.note("a.md", LONG, title="A")
    site.note("b.md", LONG, title="B")
    age(site.root)
    site.build(config=BOTH)
    done: list[str] = []
    real = compress.compress_chunk

    def count(tasks: Any) -> Any:
        done.extend(task.source for task in tasks)
        return real(tasks)

    monkeypatch.setattr(compress, "compress_chunk", count)
    assert site.build(config=BOTH).written == 0
    assert done == []
    site.note("a.md", LONG + "And more.\n", title="A", summary="The same")
    site.build(config=BOTH)
    assert 2 <= len(done) < len(beside(site)) / 2
    check_whole(site)


def test_copies_come_and_go(site: SiteFolder) -> None:
    site.note("a.md", LONG, title="A")
    site.note("b.md", LONG, title="B")
    site.build()
    plain = site.tree()
    # Of files that stand already, too.
    site.build(config=BOTH)
    check_whole(site)
    assert {path: data for path, data in site.tree().items() if path in plain} == plain
    (site.output / "index.html.gz").unlink()
    (site.root / "notes/b.md").unlink()
    site.build(config=BOTH)
    check_whole(site)
    assert "index.html.gz" in site.tree()
    assert not [path for path in site.tree() if path.startswith("notes/b/")]
    site.build()
    assert beside(site) == {}


def test_files_of_others_are_left_alone(site: SiteFolder) -> None:
    site.note("a.md", LONG, title="A")
    site.write("static/own.csv", "1,2\n" * 1000)
    site.write("static/own.csv.gz", b"mine")
    site.build()
    site.write("public/notes/a/index.html.gz", b"theirs")
    site.build(config=BOTH)
    assert site.rules() == ["output-is-ours"]
    tree = site.tree()
    assert tree["own.csv.gz"] == b"mine" and tree["notes/a/index.html.gz"] == b"theirs"
    assert brotli.decompress(tree["own.csv.br"]) == tree["own.csv"]


def test_without_brotli(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compress, "find_spec", lambda name: None)
    site.note("a.md", LONG, title="A")
    site.build(config=BOTH)
    assert site.rules() == ["brotli-is-installed"]
    assert {path[-3:] for path in beside(site)} == {".gz"}
    monkeypatch.undo()
    assert site.build(config=BOTH).problems == []
    assert {path[-3:] for path in beside(site)} == {".gz", ".br"}


def test_targets_that_cannot_use_them_do_not_get_them() -> None:
    files = dict.fromkeys(("a.html", "a.html.gz", "a.html.br", "data.gz", "x.br"), "digest")
    assert list(without_compressed(files)) == ["a.html", "data.gz", "x.br"]


def test_they_are_published_with_their_files() -> None:
    paths = [
        "feed.xml",
        "feed.xml.gz",
        "index.html",
        "index.html.br",
        "static/site.css",
        "x.svg.gz",
    ]
    assert sorted(paths, key=order) == [
        "static/site.css",
        "x.svg.gz",
        "index.html",
        "index.html.br",
        "feed.xml",
        "feed.xml.gz",
    ]
