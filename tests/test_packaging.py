"""The wheel alone makes a site: built, installed in a clean environment, used from elsewhere."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging
ROOT = Path(__file__).parent.parent


def run(*arguments: "str | Path", cwd: Path, **env: str) -> str:
    """Runs a program and returns what it prints; fails with all that it printed."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={**{k: v for k, v in os.environ.items() if k != "PYTHONPATH"}, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution that `python -m build` makes."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a clean environment that has the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    return scripts


def names_in(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = names_in(wheel)
    templates = [
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    missing = [name for name in templates if f"notecast/_data/templates/{name}" not in names]
    assert missing == []
    rules = {f"notecast/_data/rules/{page.name}" for page in (ROOT / "docs/rules").glob("*.md")}
    assert rules <= set(names)
    for name in ("notecast/i18n/en.yaml", "notecast/i18n/zh.yaml", "notecast/cli.py"):
        assert name in names
    foreign = [
        name
        for name in names
        if not re.match(r"notecast/|notecast-[\d.]+\w*\.dist-info/", name)
        or re.search(r"(?:^|/)(?:tests?|benchmarks)/|__pycache__|\.pyc$|~$|\.swp$", name)
    ]
    assert foreign == []
    notes = {path.name for path in (ROOT / "notes").rglob("*.md")}
    starter = {path.name for path in (ROOT / "src/notecast/data").rglob("*.md")}
    assert {name.rpartition("/")[2] for name in names} & (notes - starter) == set()


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        metadata = archive.read(name).decode()
    assert "Requires-Python: >=3.11" in metadata
    assert re.search(r"Requires-Dist: markdown-it-py<5,>=4", metadata)
    assert "License-Expression: MIT AND OFL-1.1\n" in metadata


def test_the_wheel_says_what_it_carries_of_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if "/sboms/" in name]
        assert re.fullmatch(r"notecast-[\w.]+\.dist-info/sboms/notecast\.cdx\.json", name)
        bill = json.loads(archive.read(name))
        font = archive.read("notecast/_data/fonts/notecast-math.woff2")
        names = archive.namelist()
    (carried,) = bill["components"]
    assert carried["hashes"][0]["content"] == hashlib.sha256(font).hexdigest()
    assert carried["licenses"] == [{"license": {"id": "OFL-1.1"}}]
    # Nothing else of others is in it: fonts and programs would have to be named, too.
    binary = [name for name in names if re.search(r"\.(?:woff2?|ttf|so|dll|wasm|min\.js)$", name)]
    assert binary == ["notecast/_data/fonts/notecast-math.woff2"]


def test_the_source_distribution_builds_the_same_wheel(
    built: Path, wheel: Path, tmp_path: Path
) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        inside = archive.getnames()
        archive.extractall(tmp_path, filter="data")
    assert any(name.endswith("/tests/test_packaging.py") for name in inside)
    (folder,) = tmp_path.iterdir()
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--outdir",
        tmp_path / "again",
        folder,
        cwd=tmp_path,
    )
    (again,) = (tmp_path / "again").glob("*.whl")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert sorted(first.namelist()) == sorted(second.namelist())
        for name in first.namelist():
            if not name.endswith("RECORD"):
                assert first.read(name) == second.read(name), name


def test_a_site_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    notecast, python = installed / "notecast", installed / "python"
    version = run(notecast, "--version", cwd=tmp_path)
    assert re.search(r"\d+\.\d+", version)
    assert run(python, "-m", "notecast", "--version", cwd=tmp_path) == version
    where = run(python, "-c", "import notecast; print(notecast.__file__)", cwd=tmp_path)
    assert str(ROOT) not in where
    parser = run(
        *(python, "-c", "from importlib.metadata import version; print(version('markdown-it-py'))"),
        cwd=tmp_path,
    )
    assert int(parser.split(".")[0]) >= 4
    run(notecast, "init", "lab", cwd=tmp_path)
    site = tmp_path / "lab"
    run(notecast, "new", "A new note", "--category", "LLM", "--tags", "a,b", cwd=site)
    said = run(notecast, "build", cwd=site)
    assert re.search(r"Built \d+ notes? into \d+ pages", said)
    assert (site / "public/index.html").is_file()
    home = (site / "public/index.html").read_text(encoding="utf-8")
    (styles,) = re.findall(r'href="(/static/site\.[0-9a-f]+\.css)"', home)
    assert (site / "public" / styles.lstrip("/")).stat().st_size > 1000
    again = run(notecast, "build", cwd=site)
    assert "0 written" in again
    run(python, "-m", "pip", "check", "--disable-pip-version-check", cwd=tmp_path)


FENCE = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


def test_the_commands_of_the_readme_run(installed: Path, tmp_path: Path, wheel: Path) -> None:
    """Every `sh` block of the README, in order, in one folder, with this wheel.

    Left out is what another test does (`make`, `git clone`) and what would not end
    (`serve`) or would publish (`deploy`).
    """
    blocks = FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert blocks, "the README shows no commands"
    left_out = re.compile(
        r"\s*(?:make|git|notecast (?:serve|deploy|import)|python3? -m (?:venv|http)|"
        r"(?:source|\.) |[\w./~-]*pip install|pipx|uv)\b|\s*(?:#|$)"
    )
    lines = [line for block in blocks for line in block.split("\n") if not left_out.match(line)]
    assert any(line.startswith("notecast") for line in lines), lines
    script = "set -e\n" + "\n".join(line.removeprefix("$ ") for line in lines) + "\n"
    run(
        *("sh", "-c", script),
        cwd=tmp_path,
        PATH=f"{installed}{os.pathsep}{os.environ['PATH']}",
        HOME=str(tmp_path),
    )
