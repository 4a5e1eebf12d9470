"""`init`, `new`, `clean`, `config` and `build` on real folders."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from notecast.cli import main
from notecast.commands.init import local_timezone
from notecast.config_reader import load_config
from notecast.config_schema import PUBLISHED
from notecast.features import FEATURES


def enter(parent: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working folder, in a home of its own."""
    monkeypatch.setenv("HOME", str(parent))
    for name in list(os.environ):
        if name.startswith("NOTECAST_"):
            monkeypatch.delenv(name)
    folder = parent / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter(tmp_path, monkeypatch)


def files_of(folder: Path) -> dict[str, str]:
    """Digest of each file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


# init


def test_init_starts_a_site_that_builds_without_a_problem(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "my-notes"]) == 0
    shown = capsys.readouterr().out
    assert "created  my-notes/site.yaml" in shown
    assert "  cd my-notes\n" in shown
    root = here / "my-notes"
    assert (root / ".gitignore").read_text() == "public/\n.notecast/\n"
    config, problems = load_config(root, FEATURES)
    assert (config.title, problems) == ("my-notes", [])
    assert main(["build", "my-notes", "--strict", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["problems"], said["notes"]) == ([], 3)
    page = (root / "public" / "notes" / "attention" / "index.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert 'href="/notes/softmax/"' in page
    assert "注意力里的 softmax" in page
    assert main(["build", "my-notes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 0


def test_init_leads_editors_to_the_schema_beside_it(here: Path) -> None:
    assert main(["init"]) == 0
    first = (here / "site.yaml").read_text().split("\n")[0]
    assert first == "# yaml-language-server: $schema=./.notecast.schema.json"
    assert (here / ".notecast.schema.json").read_bytes() == PUBLISHED.read_bytes()


def test_init_never_overwrites(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "site.yaml").write_text("title: mine\n")
    (here / ".gitignore").write_text("*.log\n/public")
    (here / ".notecast.schema.json").write_text("{}")
    (here / "notes").mkdir()
    (here / "notes" / "softmax.md").write_text("mine\n")
    before = files_of(here)
    assert main(["init"]) == 0
    shown = capsys.readouterr().out
    assert "left     site.yaml" in shown
    assert "added to .gitignore" in shown
    after = files_of(here)
    assert after.pop(".gitignore") != before.pop(".gitignore")
    assert after == before
    assert (here / ".gitignore").read_text() == "*.log\n/public\n.notecast/\n"


def test_init_twice_changes_nothing(here: Path) -> None:
    assert main(["init"]) == 0
    before = files_of(here)
    assert main(["init"]) == 0
    assert files_of(here) == before


def test_init_brings_its_own_schema_up_to_date(here: Path) -> None:
    assert main(["init"]) == 0
    schema = here / ".notecast.schema.json"
    schema.write_text(schema.read_text().replace("Cards on", "Old words on"))
    assert main(["init"]) == 0
    assert schema.read_bytes() == PUBLISHED.read_bytes()


def test_init_takes_the_notes_that_lie_there(here: Path) -> None:
    (here / "flow.md").write_text("# Flow\n")
    (here / "README.md").write_text("# Read me\n")
    assert main(["init"]) == 0
    assert not (here / "notes").exists()
    config, problems = load_config(here, FEATURES)
    assert (problems, config.notes_dir, config.notes_prefix) == ([], here, "")


def test_init_adds_no_notes_to_those_of_the_author(here: Path) -> None:
    (here / "notes" / "cv").mkdir(parents=True)
    (here / "notes" / "cv" / "a.md").write_text("# A\n")
    assert main(["init"]) == 0
    assert [path.name for path in (here / "notes").rglob("*.md")] == ["a.md"]


def test_init_into_a_file_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "x").write_text("")
    assert main(["init", "x"]) == 2
    assert "x is a file, not a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("zone", "known"),
    [("Asia/Shanghai", "Asia/Shanghai"), (":Europe/Berlin", "Europe/Berlin"), ("CST-8", "UTC")],
)
def test_the_time_zone_is_that_of_the_machine(
    zone: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    assert local_timezone() == known


@pytest.mark.parametrize("name", ["12", "yes", "a: b", "笔记 #1", "TIMEZONE"])
def test_any_folder_name_is_a_title(here: Path, name: str) -> None:
    assert main(["init", name]) == 0
    config, problems = load_config(here / name, FEATURES)
    assert (config.title, problems) == (name, [])


# clean


def test_clean_removes_what_the_build_wrote_and_nothing_else(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"]) == 0
    before = files_of(here)
    assert main(["build"]) == 0
    foreign = {"public/CNAME": "a.org", "public/notes/mine.txt": "mine", "public/x/y.html": "z"}
    for path, text in foreign.items():
        (here / path).parent.mkdir(exist_ok=True)
        (here / path).write_text(text)
    capsys.readouterr()
    assert main(["clean"]) == 0
    shown = capsys.readouterr().out
    assert "from public/ and the cache .notecast/." in shown
    assert "3 files there that Notecast did not write stayed." in shown
    kept = {*foreign, "public/.notecast-files"}  # empty: the folder stays ours
    assert files_of(here).keys() == before.keys() | kept
    assert not (here / ".notecast").exists()
    for path in foreign:
        (here / path).unlink()
    (here / "public" / "x").rmdir()
    assert main(["build"]) == 0
    assert main(["clean", "--quiet"]) == 0
    assert files_of(here) == before
    assert not (here / "public").exists()


def test_clean_finds_nothing_in_a_folder_that_is_not_ours(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "public").mkdir()
    (here / "public" / "index.html").write_text("mine")
    assert main(["clean"]) == 0
    assert capsys.readouterr().out == "There is nothing to remove.\n"
    assert (here / "public" / "index.html").read_text() == "mine"
    assert not (here / ".notecast").exists()


@pytest.mark.parametrize("output", [".", "..", "notes", "/"])
def test_clean_refuses_odd_targets(
    here: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "a.md").write_text("# A\n")
    if output != "/":
        (here / output / ".notecast-files").write_text("notes/a.md\na.md\nhere/notes/a.md\n")
        assert main(["clean", "--output", output]) == 2
        assert "the output folder" in capsys.readouterr().err
    else:
        assert main(["clean", "--output", output]) == 0
    assert (here / "notes" / "a.md").read_text() == "# A\n"


def test_clean_follows_no_link_and_no_path_out_of_the_folder(here: Path) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "a.md").write_text("# A\n")
    (here / "precious").mkdir()
    (here / "precious" / "index.html").write_text("mine")
    assert main(["build"]) == 0
    listed = here / "public" / ".notecast-files"
    listed.write_text(
        f"{listed.read_text()}../precious/index.html\n{here}/precious/index.html\n"
        "link/index.html\nnotes/../../precious/index.html\n"
    )
    (here / "public" / "link").symlink_to(here / "precious")
    assert main(["clean"]) == 0
    assert (here / "precious" / "index.html").read_text() == "mine"
    assert (here / "public" / "link").is_symlink()
    assert (here / "notes" / "a.md").is_file()


def test_clean_leaves_a_cache_that_is_a_link(here: Path) -> None:
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "file").write_text("mine")
    (here / ".notecast").symlink_to(here / "elsewhere")
    assert main(["clean"]) == 0
    assert (here / "elsewhere" / "file").read_text() == "mine"


def test_clean_does_not_run_into_a_build(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from notecast.builder.lock import locked

    assert main(["init"]) == 0
    assert main(["build"]) == 0
    before = files_of(here / "public")
    capsys.readouterr()
    with locked(here / ".notecast" / "lock"):
        assert main(["clean"]) == 2
    assert "another build of this site is running" in capsys.readouterr().err
    assert files_of(here / "public") == before


# config


def test_config_shows_every_value_as_a_site_yaml(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes").mkdir()
    (here / "site.yaml").write_text(
        "title: 'yes'\nauthor: Ada\nnav: {Home: /, 关于: /about/}\nfeeds: {limit: 3}\n"
        "problems: {x-y: off}\ndescription: 'a: b # c'\n"
    )
    monkeypatch.setenv("NOTECAST_PAGINATE", "7")
    assert main(["config"]) == 0
    shown = capsys.readouterr().out
    assert "\npaginate: 7  # NOTECAST_PAGINATE\n" in shown
    assert "\n  limit: 3  # site.yaml:4\n" in shown
    assert "\n  content: full\n" in shown
    assert '\n  email: ""\n' in shown
    again, _ = load_config(here, FEATURES, environ={"NOTECAST_PAGINATE": "7"})
    (here / "site.yaml").write_text(shown, encoding="utf-8")
    config, problems = load_config(here, FEATURES)
    assert (config, problems) == (again, [])


def test_config_explains_a_key(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes").mkdir()
    (here / "site.yaml").write_text("feeds:\n  limit: 3\n")
    assert main(["config", "feeds.limit"]) == 0
    assert capsys.readouterr().out == (
        "feeds.limit: Notes in a feed at most.\n"
        "  takes     a whole number from 1 to 1000\n"
        "  default   20\n"
        "  now       3 (site.yaml:2)\n"
        "  example   limit: 50\n"
        "  variable  NOTECAST_FEEDS__LIMIT\n"
    )
    assert main(["config", "feeds"]) == 0
    shown = capsys.readouterr().out
    assert "  keys      feeds.content, feeds.terms, feeds.limit, feeds.formats" in shown
    assert main(["config", "feeds.limit", "--json"]) == 0
    assert capsys.readouterr().out == "3\n"


def test_config_tells_what_is_wrong_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "notes").mkdir()
    (here / "site.yaml").write_text("paginate: many\n")
    assert main(["config", "paginate"]) == 2
    shown = capsys.readouterr()
    assert "  now       12 (default)" in shown.out
    assert shown.err.startswith("site.yaml:1:11: error: `paginate` takes a whole number")


def test_config_prints_values_and_the_schema_for_programs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["title"], said["feeds"]["limit"], said["nav"]) == ("here", 20, None)
    assert main(["config", "--schema"]) == 0
    assert capsys.readouterr().out == PUBLISHED.read_text(encoding="utf-8")


# build


def test_a_plain_folder_is_built_elsewhere(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vault = here / "vault"
    vault.mkdir()
    (vault / "flow.md").write_text("# Flow\n\n$x^2$\n")
    before = files_of(vault)
    assert main(["build", "vault", "--output", "out"]) == 0
    assert (here / "out" / "notes" / "flow" / "index.html").is_file()
    assert {path: digest for path, digest in files_of(vault).items() if "/" not in path} == before
    assert capsys.readouterr().out.startswith("Built 1 note into ")


@pytest.mark.parametrize("output", [".", "..", "notes", "notes/x", "mine"])
def test_an_output_that_holds_other_things_is_refused(
    here: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "a.md").write_text("# A\n")
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("mine")
    before = files_of(here)
    assert main(["build", "--output", output]) == 2
    assert "[output-is-safe]\n    hint: " in capsys.readouterr().err
    assert files_of(here) == before
