"""The search index: when it is made, whose files it owns, that it is the same twice."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from notecast.features.search import canonical, pagefind
from notecast.features.search.characters import set_apart

from ..conftest import SiteFolder

ENTRY = "pagefind/pagefind-entry.json"


def fill(site: SiteFolder) -> None:
    site.note("a.md", "量子纠缠。\n", title="甲", date="2025-01-02", category="物理", lang="zh-CN")
    site.note("b.md", "Running text.\n", title="B", date="2024-01-03", tags="[x, y, z]", lang="en")
    site.note("c.md", "More text.\n", title="C", date="2023-01-03", category="LLM", lang="en")


def index(site: SiteFolder) -> dict[str, bytes]:
    return {path: data for path, data in site.tree().items() if path.startswith("pagefind/")}


def count_runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    runs: list[Any] = []
    run = pagefind.run_program

    def counted(*arguments: Any, **options: Any) -> Any:
        runs.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(pagefind, "run_program", counted)
    return runs


def test_index_is_part_of_the_site_and_made_only_when_text_changes(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site)
    runs = count_runs(monkeypatch)
    result = site.build(search=True)
    assert result.problems == []
    assert len(runs) == 1
    assert ENTRY in index(site)
    assert not any("ui" in path for path in index(site))
    assert "/search/" in site.page("/")
    owned = (site.output / ".notecast-files").read_text(encoding="utf-8").split("\n")
    assert set(index(site)) <= set(owned)

    before = site.tree()
    again = site.build(search=True)
    assert (again.written, again.removed, len(runs)) == (0, 0, 1)
    # A page that is not searched: rendered anew, and the index stands.
    site.build(search=True, config={"hero.title": "OTHER"})
    assert len(runs) == 1
    assert index(site) == {path: before[path] for path in index(site)}

    site.note("b.md", "Other words.\n", title="B", date="2024-01-03", lang="en")
    site.build(search=True, config={"hero.title": "OTHER"})
    assert len(runs) == 2
    assert index(site).keys() != {path for path in before if path.startswith("pagefind/")}


def test_index_has_the_same_bytes_whenever_it_is_made(site: SiteFolder) -> None:
    for number in range(12):
        site.note(
            f"n{number}.md",
            f"Text number {number} 中文。\n",
            date=f"20{10 + number}-01-01",
            category=f"Cat{number}",
            tags=f"[t{number}, 标签{number % 5}]",
            lang=("zh-CN", "en", "ja")[number % 3],
        )
    site.build(search=True)
    first = index(site)
    assert sum(path.startswith("pagefind/filter/") for path in first) == 9
    for _ in range(3):
        site.build(search=True, use_cache=False)
        assert index(site) == first


def test_without_search_there_is_none_of_it(site: SiteFolder) -> None:
    fill(site)
    site.build(search=True)
    site.build(search=False)
    assert index(site) == {}
    assert not (site.output / "pagefind").exists()
    assert not (site.output / "search").exists()
    assert "/search/" not in site.page("/")
    site.build(search=True)
    assert ENTRY in index(site)


def test_files_of_others_in_the_folder_stay(site: SiteFolder) -> None:
    fill(site)
    site.build(search=False)
    site.write("public/pagefind/mine.txt", "mine")
    site.write("public/pagefind/pagefind.js", "mine too")
    result = site.build(search=True)
    assert [problem.rule for problem in result.problems] == ["output-is-ours"]
    assert index(site)["pagefind/pagefind.js"] == b"mine too"
    site.build(search=False)
    assert index(site) == {
        "pagefind/mine.txt": b"mine",
        "pagefind/pagefind.js": b"mine too",
    }


def test_pagefind_may_be_missing(site: SiteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(site)
    monkeypatch.setattr(pagefind, "find_spec", lambda name: None)
    result = site.build(search=True)
    assert [(p.severity, p.rule) for p in result.problems] == [("warning", "search-is-installed")]
    assert index(site) == {}
    assert "/search/" not in site.page("/")
    # And once it is there, it is used.
    monkeypatch.undo()
    assert site.build(search=True).problems == []
    assert ENTRY in index(site)


def test_a_failure_leaves_the_index_that_stands_and_is_tried_again(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site)
    site.build(search=True)
    before = index(site)
    site.note("b.md", "Other words.\n", title="B", date="2024-01-03", lang="en")

    def fail(*_: Any, **__: Any) -> Any:
        return (2, b"", b"the disk is full\n")

    monkeypatch.setattr(pagefind, "run_program", fail)
    result = site.build(search=True)
    assert [(p.rule, p.message) for p in result.problems] == [
        ("search-index-is-made", "Pagefind could not index the site: the disk is full")
    ]
    assert "Other words" in site.page("/notes/b/")
    assert index(site) == before
    monkeypatch.undo()
    assert site.build(search=True).problems == []
    assert index(site) != before


def test_a_file_that_was_lost_comes_back(site: SiteFolder) -> None:
    fill(site)
    site.build(search=True)
    before = index(site)
    (site.output / ENTRY).unlink()
    site.build(search=True)
    assert index(site) == before


def test_a_site_without_notes_has_no_index(site: SiteFolder) -> None:
    assert site.build(search=True).problems == []
    assert index(site) == {}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>plain text</p>", "<p>plain text</p>"),
        ("<p>用GPU训练。好</p>", "<p> 用 GPU 训  练  。  好 </p>"),
        ('<h2 id="二-方法">二</h2>', '<h2 id="二-方法"> 二 </h2>'),
        ('<a title="a > 中" href="/中/">x</a>', '<a title="a > 中" href="/中/">x</a>'),
        ("<a data-pagefind-filter=tag>标签</a>后", "<a data-pagefind-filter=tag>标签</a> 后 "),
        ('<img src="/图.png" alt="图">', '<img src="/图.png" alt=" 图 ">'),
        (
            "<annotation encoding=x>\\frac{ab}{c}&lt;\\text{中}</annotation>",
            "<annotation encoding=x>\\ frac { ab }{c} &lt; \\ text { 中 }</annotation>",
        ),
        ("<script>'中'</script><!-- 中 -->", "<script>'中'</script><!-- 中 -->"),
    ],
)
def test_characters_are_set_apart(html: str, expected: str) -> None:
    assert set_apart(html) == expected


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65535, 65536, 2**32, 2**40])
def test_cbor_there_and_back(size: int) -> None:
    value = [size, ["中", [], "x" * min(size, 70_000)]]
    data = canonical.encode(value)
    assert canonical.decode(data) == (value, len(data))


def test_an_unknown_format_is_left_alone(tmp_path: Any) -> None:
    (tmp_path / "filter").mkdir()
    entry = tmp_path / canonical.ENTRY
    entry.write_text('{"version":"1.5.2","languages":{"en":{"hash":"en_1"}}}')
    meta = tmp_path / "pagefind.en_1.pf_meta"
    meta.write_bytes(gzip.compress(b"pagefind_dcd\xfb\x00"))
    assert not canonical.canonical(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [entry.name, meta.name, "filter"]
    )
