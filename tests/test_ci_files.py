"""What `notecast init --ci` writes: linted, pinned, and its steps carried out."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from notecast import __version__
from notecast.cli import main
from notecast.commands.ci import HOSTS, files_for

PROJECT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my notes"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def workflow() -> Any:
    return yaml.safe_load(files_for("github", "x")[".github/workflows/site.yml"])


@pytest.mark.parametrize("host", HOSTS)
def test_files_are_written_once_and_never_over(
    root: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--ci", host]) == 0
    files = files_for(host, "my notes")
    shown = capsys.readouterr().out
    for place, text in files.items():
        assert (root / place).read_text() == text
        assert f"created  {place}" in shown
    place = next(iter(files))
    (root / place).write_text("mine")
    assert main(["init", "--ci", host]) == 0
    assert (root / place).read_text() == "mine"
    assert f"left     {place}" in capsys.readouterr().out


@pytest.mark.parametrize("host", HOSTS)
def test_files_can_be_read_and_pin_what_they_install(host: str) -> None:
    for place, text in files_for(host, "Mein Blog").items():
        if place.endswith(".yml"):
            assert yaml.safe_load(text)
        if place.endswith(".toml"):
            assert tomllib.loads(text)
        if place.endswith("requirements.txt"):
            assert text == f"notecast=={__version__}\n"
    assert (
        tomllib.loads(files_for("cloudflare", "Mein Blog")["wrangler.toml"])["name"] == "mein-blog"
    )


def test_the_project_publishes_its_own_site_with_this_workflow() -> None:
    ours = (PROJECT / ".github/workflows/site.yml").read_text(encoding="utf-8")
    assert ours == files_for("github", "notecast")[".github/workflows/site.yml"]


def test_zizmor_has_nothing_to_say(root: Path) -> None:
    main(["init", "--ci", "github"])
    done = subprocess.run(
        [
            *(str(BIN / "zizmor"), "--offline", "--no-config", "--persona=pedantic"),
            *("--no-progress", str(root / ".github/workflows/site.yml")),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_are_pinned_to_commits_and_rights_are_few() -> None:
    flow = workflow()
    uses = [
        step["uses"] for job in flow["jobs"].values() for step in job["steps"] if "uses" in step
    ]
    assert uses
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) for name in uses)
    assert flow["permissions"] == {}
    assert flow["jobs"]["build"]["permissions"] == {"contents": "read"}
    assert flow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    triggers = flow[True]  # YAML 1.1 reads `on` so
    assert "pull_request_target" not in triggers
    assert not any("run" in step for step in flow["jobs"]["publish"]["steps"])


def commands(host: str, job: str) -> list[str]:
    if host == "github":
        steps = workflow()["jobs"][job]["steps"]
        return [step["run"] for step in steps if "run" in step and "pip" not in step["run"]]
    if host == "gitlab":
        flow: dict[str, Any] = yaml.safe_load(files_for(host, "x")[".gitlab-ci.yml"])
        return list(flow[job]["script"])
    if host == "cloudflare":
        return [f"CF_PAGES_BRANCH={job} sh cloudflare-build.sh"]
    flow = tomllib.loads(files_for(host, "x")["netlify.toml"])
    return [flow["build"]["command"], flow["context"]["deploy-preview"]["command"]]


@pytest.mark.parametrize(
    ("host", "job", "made"),
    [
        ("github", "build", ("public", "preview")),
        ("gitlab", "check", ("problems.json",)),
        ("gitlab", "preview", ("preview",)),
        ("cloudflare", "main", ("public",)),
        ("cloudflare", "a-branch", ("public",)),
        ("gitlab", "pages", ("public",)),
        ("netlify", "", ("public",)),
    ],
)
def test_the_steps_do_what_they_are_for(
    root: Path, host: str, job: str, made: tuple[str, ...]
) -> None:
    assert main(["init", "--ci", host]) == 0
    (root / "notes" / "idea.md").write_text("---\ndraft: true\n---\nAn idea.\n")
    environ = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "DEPLOY_PRIME_URL": "https://preview--x.example.org",
        "CF_PAGES_URL": "https://a-branch.x.example.org",
    }
    for command in commands(host, job):
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=root,
            env=environ,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    for name in made:
        path = root / name
        assert path.is_file() or (path / "index.html").is_file()
    draft = root / made[0] / "notes" / "idea" / "index.html"
    assert draft.is_file() == (job in ("preview", "a-branch") or host == "netlify")


def test_a_site_in_a_folder_of_a_repository_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root.parent / ".git").mkdir()
    assert main(["init", "--ci", "github"]) == 0
    assert "move the files of github to its root" in capsys.readouterr().out


def test_cloudflare_gets_its_headers_with_the_site(root: Path) -> None:
    assert main(["init", "--ci", "cloudflare"]) == 0
    assert main(["build", "-q"]) == 0
    headers = (root / "public" / "_headers").read_text()
    assert "/static/*\n  Cache-Control: public, max-age=31536000, immutable\n" in headers


def test_netlify_keeps_the_cache(root: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    assert main(["init", "--ci", "netlify"]) == 0
    (plugin,) = tomllib.loads((root / "netlify.toml").read_text())["plugins"]
    folder = root / plugin["package"].lstrip("/")
    assert yaml.safe_load((folder / "manifest.yml").read_text()) == {"name": "notecast-cache"}
    script = (
        "const plugin = require(process.argv[1]); const say = (what) => (path) => "
        "console.log(what, path); const utils = { cache: { restore: say('restore'), "
        "save: say('save') } }; plugin.onPreBuild({ utils }); plugin.onPostBuild({ utils });"
    )
    done = subprocess.run(
        [node, "-e", script, str(folder / "index.js")], capture_output=True, check=True, text=True
    )
    assert done.stdout == "restore .notecast\nsave .notecast\n"


def test_the_check_step_annotates_and_fails_on_errors(root: Path) -> None:
    assert main(["init", "--ci", "github"]) == 0
    (root / "notes" / "bad.md").write_text("---\ntitle: A: B\n---\nText.\n")
    check = next(line for line in commands("github", "build") if " check " in line)
    done = subprocess.run(
        ["bash", "-e", "-c", check],
        cwd=root,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert "::error file=notes/bad.md,title=header-is-yaml,line=2" in done.stdout
