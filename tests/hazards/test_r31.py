"""R31: the same notes give the same bytes, wherever, whenever and however they are built."""

import os
import shutil
from pathlib import Path

import pytest

from ..conftest import SiteFolder
from .tools import run_build


def fill(site: SiteFolder) -> None:
    site.write(
        "site.yaml",
        "title: 实验室\nbase_url: https://example.org/repo/\nlanguage: zh-CN\n"
        "timezone: Asia/Shanghai\nauthor: Ada\n",
    )
    for number in range(14):
        site.note(
            f"{'cv/' if number % 2 else ''}n{number:02}.md",
            f"公式 $x_{number}^2$ 与代码。[next](/n{(number + 2) % 14:02}.md)\n\n"
            '```python title="a"\nprint(1)\n```\n\n> [!note]\n> x\n\n[^1]\n\n[^1]: foot\n',
            title=f"笔记 {number}",
            date=f"2025-0{number % 3 + 1}-{number + 1:02} 23:30",
            tags=f"[标签{number % 4}, t{number % 3}, T{number % 5}]",
            category="视觉/检测" if number % 2 else "LLM",
        )
    site.write("notes/cv/x.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>')
    site.note("cv/b/index.md", "![x](../x.svg)\n", title="Bundle", date="2024-12-31")


def built(site: SiteFolder, *arguments: str, **env: str) -> dict[str, bytes]:
    target = site.root.parent / f"out{len(list(site.root.parent.glob('out*')))}"
    done = run_build(site.root, "--output", str(target), "--no-cache", *arguments, env=env)
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(target).as_posix(): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }


def test_variants_of_machine_and_moment(site: SiteFolder) -> None:
    fill(site)
    first = built(site, "--jobs", "1")
    assert len(first) > 40
    seed = built(site, "--jobs", "1", PYTHONHASHSEED="1", TZ="Asia/Shanghai", LANG="C", LC_ALL="C")
    assert seed == first
    other = SiteFolder(site.root.parent / "another place é")
    shutil.copytree(site.root, other.root)
    for number, file in enumerate(sorted(other.root.rglob("*"), reverse=True)):
        if file.is_file():
            os.utime(file, (1_000_000_000 + number, 1_000_000_000 + number))
    mask = os.umask(0o077)
    try:
        moved = built(
            other,
            *("--jobs", "2"),
            PYTHONHASHSEED="random",
            TZ="America/New_York",
            LANG="zh_CN.UTF-8",
            USER="nobody",
        )
    finally:
        os.umask(mask)
    assert moved == first


def test_order_of_folders_does_not_matter(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site)
    site.build(use_cache=False)
    before = site.tree()
    problems = site.problems
    real = os.scandir

    class Backwards:
        def __init__(self, path: "str | Path") -> None:
            with real(path) as entries:
                self.entries = sorted(entries, key=lambda entry: entry.name, reverse=True)

        def __enter__(self) -> "list[os.DirEntry[str]]":
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("notecast.loader.scan.os.scandir", Backwards)
    site.build(use_cache=False)
    assert site.tree() == before
    assert site.problems == problems


def test_incremental_is_as_clean(site: SiteFolder) -> None:
    """Notes come, change, move and go; after each step a clean build says the same."""
    fill(site)
    site.build()

    def edit_text() -> None:
        site.note("n02.md", "Another text.\n", title="笔记 2", date="2025-03-03")

    def rename_term() -> None:
        site.note("n04.md", "Text.\n", title="N4", tags="[标签0, New]", category="llm")

    def move() -> None:
        (site.root / "notes/n06.md").rename(site.root / "notes/moved.md")

    def remove() -> None:
        (site.root / "notes/cv/n01.md").unlink()

    def make_draft() -> None:
        site.note("n08.md", "Text.\n", title="N8", draft="true")

    def add() -> None:
        site.note("new.md", "See [[笔记 2]] and ![[x.svg]].\n", title="New", date="2025-04-04")

    def defaults() -> None:
        site.write("notes/cv/_defaults.yaml", "tags: [folder]\n")

    def template() -> None:
        site.write("templates/macros/signal.html", "<p>{{ site.title }}</p>\n")

    def image() -> None:
        site.write(
            "notes/cv/x.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"/>'
        )

    for change in (
        edit_text,
        rename_term,
        move,
        remove,
        make_draft,
        add,
        defaults,
        template,
        image,
    ):
        change()
        site.build()
        incremental, problems = site.tree(), site.problems
        clean = site.root.parent / f"clean-{change.__name__}"
        site.build(use_cache=False, output=clean)
        assert {
            path.relative_to(clean).as_posix(): path.read_bytes()
            for path in clean.rglob("*")
            if path.is_file() and not path.name.startswith(".notecast")
        } == incremental, change.__name__
        assert site.problems == problems, change.__name__
