"""A build from notes to pages: what is written, what is not written again."""

import os
import shutil
from pathlib import Path

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES

from .conftest import NOW, SiteFolder


def fill(site: SiteFolder) -> None:
    site.note("a.md", "First **bold** text.\n", title="Alpha", date="2025-01-02", tags="[x, y]")
    site.note("b.md", "See [alpha](a.md).\n", title="Beta", date="2025-01-03", category="LLM")
    site.note("cv/c.md", "Text.\n", title="Gamma", date="2025-02-01", category="Vision/Video")


def test_a_folder_of_notes_becomes_a_site(site: SiteFolder) -> None:
    fill(site)
    result = site.build()
    assert result.problems == []
    assert result.notes == 3
    assert "<strong>bold</strong>" in site.page("/notes/a/")
    assert 'href="/notes/a/"' in site.page("/notes/b/")
    home = site.page("/")
    assert home.index("Gamma") < home.index("Beta") < home.index("Alpha")
    for address in ("/categories/llm/", "/categories/vision/", "/categories/vision/video/"):
        assert "<html" in site.page(address)
    for file in ("404.html", "feed.xml", "rss.xml", "feed.json", "sitemap.xml", "robots.txt"):
        assert (site.output / file).is_file(), file


def test_second_build_writes_nothing_and_parses_nothing(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(site)
    first = site.build()
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*")}

    def refuse(*_: object) -> None:
        raise AssertionError("an unchanged note was parsed")

    monkeypatch.setattr("notecast.builder.notes.load_chunk", refuse)
    second = site.build()
    assert (second.written, second.removed) == (0, 0)
    assert second.unchanged == second.pages == first.pages
    assert {path: path.stat().st_mtime_ns for path in site.output.rglob("*")} == before


def test_an_edited_body_rewrites_its_page_and_what_quotes_it(site: SiteFolder) -> None:
    fill(site)
    site.note("long.md", "Start. " * 200 + "\n\nEnd.\n", title="Long", date="2024-01-01")
    site.build(config={"feeds.content": "excerpt"})
    before = site.tree()
    site.note("long.md", "Start. " * 200 + "\n\nAnother end.\n", title="Long", date="2024-01-01")
    result = site.build(config={"feeds.content": "excerpt"})
    after = site.tree()
    assert [path for path in after if after[path] != before.get(path)] == ["notes/long/index.html"]
    assert result.written == 1


def test_one_bad_note_never_stops_the_rest(site: SiteFolder) -> None:
    fill(site)
    site.write("notes/bad.md", "---\ntitle: A: B\n---\nText.\n")
    result = site.build()
    assert result.notes == 3
    (problem,) = result.problems
    assert (problem.severity, problem.path, problem.line) == ("error", "notes/bad.md", 2)
    assert "quote" in problem.hint
    assert not (site.output / "notes" / "bad").exists()


def test_a_broken_template_leaves_the_old_site(site: SiteFolder) -> None:
    fill(site)
    site.build()
    before = site.tree()
    site.write("templates/note.html", '{% extends "base.html" %}\n\n{{ nothing }}\n{% block')
    site.note("a.md", "Changed.\n", title="Alpha")
    site.build()
    assert site.tree() == before
    (problem,) = [p for p in site.problems if p.rule.startswith("template")]
    assert (problem.path, problem.line) == ("templates/note.html", 4)


def test_a_template_that_fails_while_rendering_names_its_line(site: SiteFolder) -> None:
    fill(site)
    site.build()
    before = site.tree()
    site.write(
        "templates/archive.html",
        '{% extends "base.html" %}\n{% block main %}\n{{ nope }}\n{% endblock %}\n',
    )
    site.build()
    assert site.tree() == before
    (problem,) = [p for p in site.problems if p.rule.startswith("template")]
    assert (problem.path, problem.line) == ("templates/archive.html", 3)
    assert "nope" in problem.message


def test_removed_notes_take_their_pages_along(site: SiteFolder) -> None:
    fill(site)
    site.build()
    (site.root / "notes/cv/c.md").unlink()
    result = site.build()
    assert result.removed >= 3
    assert not (site.output / "notes/cv").exists()
    assert not (site.output / "categories/vision").exists()


def test_damaged_and_missing_pages_are_repaired(site: SiteFolder) -> None:
    fill(site)
    site.build()
    before = site.tree()
    (site.output / "notes/a/index.html").write_text("half")
    (site.output / "index.html").unlink()
    result = site.build()
    assert site.tree() == before
    assert result.written == 2


def test_foreign_files_are_never_touched(site: SiteFolder) -> None:
    fill(site)
    site.build()
    site.write("public/CNAME", "example.org\n")
    site.write("public/tags/z/index.html", "mine")
    site.note("d.md", title="Delta", tags="[z]")
    site.build()
    assert site.rules() == ["output-is-ours"]
    assert (site.output / "tags/z/index.html").read_text() == "mine"
    assert (site.output / "CNAME").read_text() == "example.org\n"
    (site.root / "notes/d.md").unlink()
    site.build()
    assert (site.output / "tags/z/index.html").read_text() == "mine"


def test_a_folder_of_others_where_a_file_of_ours_was(site: SiteFolder) -> None:
    site.write("static/notes/x", "a file")
    site.build()
    (site.output / "notes/x").unlink()
    site.write("public/notes/x/mine.txt", "mine")
    site.build()
    assert site.rules() == ["output-is-ours"]
    assert (site.output / "notes/x/mine.txt").read_text() == "mine"
    site.build()
    assert site.rules() == ["output-is-ours"]
    shutil.rmtree(site.output / "notes/x")
    site.build()
    assert site.page("/notes/x") == "a file"
    assert site.rules() == []


def test_two_notes_for_one_address_are_an_error_that_names_both(site: SiteFolder) -> None:
    site.note("a.md", "One.\n", title="A")
    site.note("b.md", "Two.\n", title="B", slug="a")
    result = site.build()
    (problem,) = result.problems
    assert problem.rule == "address-is-unique"
    assert "notes/a.md" in problem.message and problem.path == "notes/b.md"
    assert "One." in site.page("/notes/a/")
    assert "Two." in site.page("/notes/b/")


def test_a_note_whose_own_name_is_taken_too_is_found_by_another(site: SiteFolder) -> None:
    site.note("a.md", "One.\n", title="A")
    site.note("a/index.md", "Two.\n", title="B")
    result = site.build()
    assert [problem.rule for problem in result.problems] == ["address-is-unique"]
    assert result.notes == 2
    assert b"Two." in site.tree()["notes/a/index/index.html"]


def test_a_note_none_of_whose_names_is_left_stays_out(site: SiteFolder) -> None:
    site.note("1.md", "One.\n", title="A", permalink="/notes/z/")
    site.note("2.md", "Two.\n", title="B", permalink="/notes/z/z/")
    site.note("z.md", "Three.\n", title="C")
    result = site.build()
    assert [problem.rule for problem in result.problems] == ["address-is-unique"]
    assert "is not published" in result.problems[0].message
    assert result.notes == 2


def test_drafts_future_and_expired_notes_stay_out_unless_asked(site: SiteFolder) -> None:
    site.note("draft.md", title="Sketch", draft="true")
    site.note("future.md", title="Tomorrow", date="2999-01-01")
    site.note("past.md", title="Gone", expires="2020-01-01")
    site.note("plain.md", title="Plain")
    assert site.build().notes == 1
    text = b"".join(site.tree().values())
    assert b"Sketch" not in text and b"Tomorrow" not in text and b"Gone" not in text
    assert site.build(drafts=True).notes == 2
    assert site.build(drafts=True, future=True).notes == 3
    assert site.build().notes == 1


def test_a_future_note_appears_when_its_time_comes(site: SiteFolder) -> None:
    site.note("soon.md", title="Soon", date="2027-06-01")
    assert site.build(now=NOW).notes == 0
    assert site.build(now=NOW).notes == 0
    assert site.build(now=NOW + 200 * 86400).notes == 1
    # A clock that goes back takes it away again.
    assert site.build(now=NOW).notes == 0


def test_an_edit_of_the_same_size_in_the_same_second_is_seen(site: SiteFolder) -> None:
    file = site.note("a.md", "Text one.\n", title="A")
    state = file.stat()
    site.build()
    site.note("a.md", "Text two.\n", title="A")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    site.build()
    assert "Text two." in site.page("/notes/a/")


def test_a_corrupt_cache_costs_time_only(site: SiteFolder) -> None:
    fill(site)
    site.build()
    before = site.tree()
    cache = site.root / ".notecast" / "cache.sqlite"
    cache.write_bytes(b"this is no database" * 1000)
    site.build()
    assert site.tree() == before
    assert site.build().written == 0


def test_many_workers_give_the_same_site_as_one(site: SiteFolder) -> None:
    for number in range(120):
        site.note(
            f"n{number}.md",
            f"Text {number} with $x_{number}$ and [next](n{(number + 1) % 120}.md).\n",
            title=f"Note {number}",
            date=f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
            tags=f"[t{number % 7}]",
        )
    site.build(jobs=1)
    one = site.tree()
    problems = site.problems
    site.build(jobs=2, use_cache=False, output=site.root / "other")
    other = {
        path.relative_to(site.root / "other").as_posix(): path.read_bytes()
        for path in (site.root / "other").rglob("*")
        if path.is_file() and not path.name.startswith(".notecast")
    }
    assert other == one
    assert site.problems == problems


def test_hash_seed_and_zone_do_not_matter(site: SiteFolder, tmp_path: Path) -> None:
    import subprocess
    import sys

    fill(site)
    site.build(search=True)
    before = site.tree()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        target = tmp_path / f"out{seed}"
        subprocess.run(
            [sys.executable, "-m", "notecast", "build", str(site.root), "--output", str(target)],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "SOURCE_DATE_EPOCH": str(int(NOW)),
            },
            check=True,
            capture_output=True,
        )
        assert {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in target.rglob("*")
            if path.is_file() and not path.name.startswith(".notecast")
        } == before


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration site, apart from the output and cache of the author's own."""
    folder = tmp_path_factory.mktemp("demonstration")
    root = Path(__file__).parent.parent
    for name in ("notes", "static"):
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
    shutil.copy(root / "site.yaml", folder)
    return folder


@pytest.mark.parametrize("left_out", [feature.name for feature in FEATURES])
def test_the_demonstration_site_is_built_without_any_one_feature(
    demonstration: Path, left_out: str
) -> None:
    config, problems = load_config(
        demonstration, FEATURES, overrides={"features.disable": [left_out]}
    )
    assert [problem for problem in problems if problem.severity == "error"] == []
    features = [feature for feature in FEATURES if feature.name != left_out]
    output = demonstration / "out" / left_out
    options = BuildOptions(now=NOW, jobs=1, use_cache=False, output=output, search=False)
    result = build_site(config, features, options)
    errors = [problem for problem in result.problems if problem.severity == "error"]
    if left_out == "math":  # equations have no labels then
        errors = [problem for problem in errors if "label eq:" not in problem.message]
    assert errors == []
    suffixes = ("*.md",) if left_out == "notebooks" else ("*.md", "*.ipynb")
    assert result.notes == sum(
        len(list((demonstration / "notes").rglob(suffix))) for suffix in suffixes
    )
    page = (output / "notes/flash-attention/index.html").read_text(encoding="utf-8")
    assert page.count("<h2") > 3
    shutil.rmtree(output)


def test_formulas_in_headings_and_excerpts_are_named_once(site: SiteFolder) -> None:
    site.note("a.md", "## Loss $L_2$ here\n\nText $a_b$ and $\\frac{a}{b}$.\n", title="A")
    site.build()
    assert '<h2 id="loss-l_2-here">' in site.page("/notes/a/")
    assert "Loss L_2 here Text a_b and [Math]." in site.page("/")


def test_a_file_takes_the_place_of_the_only_page_of_its_folder(site: SiteFolder) -> None:
    site.note("a.md")
    site.build()
    (site.root / "notes" / "a.md").unlink()
    site.write("static/notes/a", "a file")
    site.build()
    assert site.page("/notes/a") == "a file"


def test_a_file_takes_the_place_of_a_folder_of_pages(site: SiteFolder) -> None:
    site.note("a.md")
    site.note("b/c.md")
    site.build()
    (site.root / "notes" / "a.md").unlink()
    site.write("static/notes/a", "a file")
    site.build()
    assert site.page("/notes/a") == "a file"
    assert site.rules() == []
    # Not where somebody else's file stands below it.
    (site.output / "notes" / "b" / "mine.txt").write_text("mine")
    (site.root / "notes" / "b" / "c.md").unlink()
    site.write("static/notes/b", "a file")
    site.build()
    assert site.rules() == ["output-is-ours"]
    assert (site.output / "notes" / "b" / "mine.txt").read_text() == "mine"


def test_of_index_and_readme_the_index_is_the_page_of_the_folder(site: SiteFolder) -> None:
    site.note("cv/README.md", "About this folder.\n", title="Readme")
    site.note("cv/index.md", "The notes.\n", title="Index")
    assert site.build().problems == []
    assert "The notes." in site.page("/notes/cv/")
    assert "About this folder." in site.page("/notes/cv/readme/")


def test_whole_new_folders_and_single_files_are_placed_together(site: SiteFolder) -> None:
    """Folders that are new are moved at once, beside files that go into old ones."""
    site.note("a.md", title="A")
    site.note("deep/x/b.md", title="B")
    site.build()
    site.note("a.md", "Changed.\n", title="A", tags="[new]")
    site.note("deep/y/c.md", title="C")
    site.note("deep/x/d.md", title="D")
    site.note("other/e/f/g.md", title="G")
    site.build()
    assert "Changed." in site.page("/notes/a/")
    tree = site.tree()
    assert {f"notes/{name}/index.html" for name in ("deep/x/b", "deep/y/c", "deep/x/d")} <= set(
        tree
    )
    assert {"notes/other/e/f/g/index.html", "tags/new/index.html"} <= set(tree)
    shutil.rmtree(site.output)
    site.build()
    assert site.tree() == tree


def test_a_file_of_somebody_where_a_new_folder_should_be(site: SiteFolder) -> None:
    site.note("a.md", title="A")
    site.build()
    stranger = site.output / "notes/deep"
    stranger.write_text("mine")
    site.note("deep/b.md", title="B")
    site.note("c.md", title="C")
    (problem,) = site.build().problems
    assert (problem.rule, problem.path) == ("output-is-ours", "notes/deep/b/index.html")
    assert stranger.read_text() == "mine"
    assert "C" in site.page("/notes/c/")
    stranger.unlink()
    assert not site.build().problems
    assert "B" in site.page("/notes/deep/b/")
