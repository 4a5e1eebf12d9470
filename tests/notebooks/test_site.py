"""Notebooks among other notes: links both ways, pictures as files, builds, checks, the preview."""

import re
from pathlib import Path

import pytest

from notecast.__main__ import main
from notecast.builder.build import BuildOptions, build_site
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.features.notebooks.pictures import address

from ..conftest import NOW, SiteFolder
from ..server.test_session import opened, pages_of, settle
from .write import code, display, markdown, notebook, picture, png, stream

RED, BLUE = png(), png(5, 5, b"\x0a\x58\xa6")


def write(site: SiteFolder, path: str, data: bytes) -> Path:
    return site.write(f"notes/{path}", data)


@pytest.fixture
def site(site: SiteFolder) -> SiteFolder:
    site.note("theory.md", "See [the run](run.ipynb#Results) and [[run]].\n", title="Theory")
    write(
        site,
        "run.ipynb",
        notebook(
            markdown("# A run\n\nWhat [the theory](theory.md) says.\n"),
            markdown("## Results\n"),
            code("plot()", picture(RED)),
            tags=["runs"],
            date="2026-01-02",
        ),
    )
    return site


def test_notebook_is_a_note_like_any_other(site: SiteFolder) -> None:
    site.build()
    assert site.problems == []
    page = site.page("/notes/run/")
    assert '<a href="/notes/theory/">the theory</a>' in page
    assert 'href="/notes/theory/"' in page[page.index("backlinks") :], "both ways"
    theory = site.page("/notes/theory/")
    assert '<a href="/notes/run/#results">the run</a>' in theory
    assert '<a href="/notes/run/">run</a>' in theory or 'href="/notes/run/"' in theory
    assert "A run" in site.page("/tags/runs/")
    assert "A run" in site.page("/archive/")
    assert "A run" in site.page("/feed.xml")
    assert "/notes/run/" in site.page("/sitemap.xml")


def test_pictures_are_files_beside_the_page(site: SiteFolder) -> None:
    site.build()
    (name,) = re.findall(r'src="/notes/run/(figure-[0-9a-f]{16}\.png)"', site.page("/notes/run/"))
    assert site.tree()[f"notes/run/{name}"] == RED
    feed = site.page("/feed.xml")
    assert re.search(rf"https?://[^\"'&]+/notes/run/{name}", feed), "absolute in feeds"
    assert "base64" not in feed


def test_other_pictures_of_an_edited_notebook(site: SiteFolder) -> None:
    site.build()
    before = {path for path in site.tree() if "figure-" in path}
    write(site, "run.ipynb", notebook(markdown("# A run"), code("plot()", picture(BLUE))))
    site.build()
    after = {path: data for path, data in site.tree().items() if "figure-" in path}
    assert list(after.values()) == [BLUE]
    assert not before & after.keys()
    assert site.build().written == 0


def test_incremental_builds_are_clean_builds(site: SiteFolder, tmp_path: Path) -> None:
    states = [
        notebook(markdown("# One\n\n[[theory]]"), code("a", stream("1\n"), picture(RED))),
        notebook(markdown("# Two\n\n[[nothing]]"), code("a", picture(BLUE), picture(RED))),
        b'{"cells": [}',
        notebook(markdown("# Two\n\n[[theory]]", attachments={}), code("a", picture(BLUE))),
    ]
    for state in states:
        write(site, "run.ipynb", state)
        site.build()
        said = site.problems
        found = site.tree()
        clean = SiteFolder(site.root)
        clean.build(output=tmp_path / "clean", use_cache=False)
        expected = {
            path.relative_to(tmp_path / "clean").as_posix(): path.read_bytes()
            for path in (tmp_path / "clean").rglob("*")
            if path.is_file() and not path.name.startswith(".notecast")
        }
        assert found == expected
        assert said == clean.problems


def test_two_workers_make_what_one_makes(site: SiteFolder) -> None:
    for number in range(60):
        cells = [markdown(f"# N {number}"), code("x", picture(png(2 + number, 3)))]
        write(site, f"many/n{number}.ipynb", notebook(*cells))
    site.build(jobs=1, use_cache=False)
    one = site.tree()
    site.build(jobs=2, use_cache=False)
    assert site.tree() == one


def test_places_of_problems(site: SiteFolder) -> None:
    data = notebook(markdown("# T\n\nText.\n\n[[Nobody]] and more"), code("x"))
    file = write(site, "run.ipynb", data)
    site.build()
    (problem,) = [one for one in site.problems if one.path.endswith(".ipynb")]
    lines = file.read_text().split("\n")
    assert "Nobody" in lines[problem.line - 1]
    assert problem.column == 0
    assert problem.where == "cell 1, line 5"
    assert str(problem).split("\n")[0].endswith("(cell 1, line 5) [link-target-exists]")


def test_places_where_a_cell_is_one_string(site: SiteFolder) -> None:
    cell = markdown("x") | {"source": "# T\n\n[[Nobody]]\n\n[[No one]]"}
    write(site, "run.ipynb", notebook(cell))
    site.build()
    found = [one for one in site.problems if one.path.endswith(".ipynb")]
    assert len({one.line for one in found}) == 1
    assert {one.where for one in found} == {"cell 1, line 3", "cell 1, line 5"}


def test_comments_silence_problems(site: SiteFolder) -> None:
    comment = "<!-- notecast-ignore link-target-exists -->"
    write(site, "run.ipynb", notebook(markdown(f"# T\n\n{comment}\n[[No]]"), markdown("[[No]]")))
    site.build()
    assert [one.where for one in site.problems if "ipynb" in one.path] == ["cell 2, line 1"]


def test_check_looks_into_cells_and_outputs(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3"
    write(
        site,
        "run.ipynb",
        notebook(
            markdown("# T"),
            code(f"token = '{key}'", stream("/home/zhangsan/data/x.csv\n")),
            code("x", display(text_html="<b>bold</b>", text_plain="/Users/lisi/y")),
        ),
    )
    assert main(["check", str(site.root), "--verbose"]) == 1
    said = capsys.readouterr().err
    assert re.search(r"run\.ipynb:\d+: error: .*GitHub.*\(cell 2, line 1\)", said)
    assert re.search(r'"/home/zhangsan/".*\(output of cell 2\)', said)
    assert re.search(r'"/Users/lisi/".*\(output of cell 3\)', said)


def test_a_baseline_knows_problems_whose_cell_moved(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, "run.ipynb", notebook(markdown("# T\n\n[[Nobody]]")))
    known = ["check", str(site.root), "--strict", "--baseline", str(site.root / "known.json")]
    assert main([*known, "--write-baseline"]) == 0
    write(site, "run.ipynb", notebook(markdown("# T"), code("x"), markdown("[[Nobody]]")))
    assert main(known) == 0, capsys.readouterr().err


def test_fix_leaves_notebooks_alone(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    data = notebook(markdown("##No space\n\n$$ x $$"))
    file = write(site, "run.ipynb", data)
    main(["check", str(site.root), "--fix", "--write"])
    assert file.read_bytes() == data


def test_sources_are_markdown_and_the_notebook(site: SiteFolder) -> None:
    site.build(config={"sources": {"markdown": True}})
    tree = site.tree()
    assert tree["notes/run/index.ipynb"] == (site.root / "notes/run.ipynb").read_bytes()
    text = tree["notes/run/index.md"].decode()
    assert text.startswith("# A run\n\nWhat [the theory](theory.md) says.\n\n## Results\n")
    assert "```python\nplot()\n```" in text
    (name,) = re.findall(r"!\[\]\((figure-[0-9a-f]+\.png)\)", text)
    assert f"notes/run/{name}" in tree
    assert 'href="/notes/run/index.ipynb"' in site.page("/notes/run/")
    assert "index.ipynb" not in site.page("/notes/theory/")


def test_notebooks_are_files_without_the_feature(site: SiteFolder) -> None:
    others = [feature for feature in FEATURES if feature.name != "notebooks"]
    config, _ = load_config(site.root, others)
    build_site(config, others, BuildOptions(now=NOW, jobs=1, search=False))
    tree = site.tree()
    assert "notes/run/index.html" not in tree
    assert tree["notes/run.ipynb"] == (site.root / "notes/run.ipynb").read_bytes()


def test_checkpoints_and_ignored_ones_are_no_notes(site: SiteFolder) -> None:
    write(site, ".ipynb_checkpoints/run-checkpoint.ipynb", notebook(markdown("# Old")))
    write(site, "draft.ipynb", b"broken")
    site.build(config={"ignore": ["draft.*"]})
    assert site.result and site.result.notes == 2
    assert site.problems == []


def test_a_notebook_may_be_the_note_of_its_folder(site: SiteFolder) -> None:
    write(site, "flow/index.ipynb", notebook(markdown("# Flow")))
    site.write("notes/flow/data.csv", "a,b\n")
    site.note("b.md", "[the folder](flow/), [[flow]], [old address](run.html).\n", title="B")
    site.build()
    assert site.problems == []
    page = site.page("/notes/b/")
    assert page.count('href="/notes/flow/"') >= 2 and 'href="/notes/run/"' in page
    assert site.tree()["notes/flow/data.csv"] == b"a,b\n"


def test_folder_defaults_come_after_the_metadata(site: SiteFolder) -> None:
    site.write("notes/_defaults.yaml", "tags: [default]\ncategories: [Runs]\n")
    site.build()
    page = site.page("/notes/run/")
    assert "/tags/runs/" in page and "/tags/default/" not in page
    assert "/categories/runs/" in page.lower()


def test_broken_notebook_stops_nothing(site: SiteFolder) -> None:
    write(site, "run.ipynb", b'{\n "cells": [\n  {"cell_type": "markdown",}\n ]\n}')
    site.build()
    assert ("notebook-is-json", "notes/run.ipynb", 3, 28) in [
        (one.rule, one.path, one.line, one.column) for one in site.problems
    ]
    assert "Theory" in site.page("/notes/theory/")


def test_embeds_and_references_reach_into_notebooks(site: SiteFolder) -> None:
    write(
        site,
        "run.ipynb",
        notebook(
            markdown("# A run\n\n## Results\n\nThey are good."),
            code("#| label: fig-a\n#| fig-cap: Curve\nx", picture(RED)),
        ),
    )
    site.note("b.md", "![[run#Results]]\n\nSee @run#fig:a.\n", title="B")
    site.build()
    assert site.problems == []
    page = site.page("/notes/b/")
    assert "They are good." in page and "/notes/run/figure-" in page
    assert '<a href="/notes/run/#fig:a">' in page


def test_address_of_a_page_that_is_a_file() -> None:
    assert address("/a/b/", "figure-1.png") == "/a/b/figure-1.png"
    assert address("/a/b.html", "figure-1.png") == "/a/b-figure-1.png"


def test_every_hole_is_filled_with_an_address_that_is_served(site: SiteFolder) -> None:
    session = opened(site.root)
    try:
        (name,) = re.findall(
            r"figure-[0-9a-f]+\.png", pages_of(session)["notes/run/index.html"].decode()
        )[:1]
        copy = session.pages.file(f"/notes/run/{name}")
        assert copy and session.unpacked(copy) == RED
        file = write(site, "run.ipynb", notebook(markdown("# A run"), code("p", picture(BLUE))))
        session.refresh([str(file)])
        page = session.render("/notes/run/")
        assert page
        (new,) = re.findall(rb"figure-[0-9a-f]+\.png", page.data)
        assert new.decode() != name
        copy = session.pages.file(f"/notes/run/{new.decode()}")
        assert copy and session.unpacked(copy) == BLUE
        added = write(site, "new.ipynb", notebook(markdown("# New\n\n[[run]]")))
        session.refresh([str(added)])
        assert session.render("/notes/new/")
        file.write_bytes(b"{")
        session.refresh([str(file)])
        settle(session)
        assert "notebook-is-json" in {problem.rule for problem in session.problems()}
        assert session.render("/notes/run/"), "the last good page stays"
    finally:
        session.close()


def test_features_that_read_files_of_other_formats() -> None:
    assert [feature.name for feature in FEATURES if feature.suffixes] == ["notebooks", "quarto"]


def test_a_pair_of_jupytext_is_one_note(site: SiteFolder) -> None:
    text = "---\nkernelspec:\n  name: x\njupytext:\n  formats: ipynb,md\n---\n\n# A run\n"
    site.write("notes/run.md", text)
    site.note("more.md", "[text](run.md) and [[run]]\n", title="More")
    assert not site.build().problems
    assert "Results" in site.page("/notes/run/")
    assert '<a href="/notes/run/">text</a>' in site.page("/notes/more/")
    assert 'class="wikilink" href="/notes/run/"' in site.page("/notes/more/")
    assert not (site.output / "notes" / "run.md").exists()
    # Two notes that only have one name stay two.
    site.write("notes/run.md", "# Another\n\njupytext: x\n")
    assert "address-is-unique" in {p.rule for p in site.build().problems}
