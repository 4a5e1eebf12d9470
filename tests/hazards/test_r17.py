"""R17: whatever ends a build, every page of the output is the old one or the new one, whole."""

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notecast.builder import pages
from notecast.builder.output import OutputFailed, OutputRefused

from ..conftest import NOW, SiteFolder
from .tools import files_of, run_build

NOTES = 24
Tree = dict[str, bytes]


def write(site: SiteFolder, version: int) -> None:
    """The same notes with other text; some notes exist in one version only."""
    for number in range(NOTES):
        site.note(
            f"n{number:02}.md",
            f"Version {version}. " * 40 + f"\n\n[next](n{(number + 1) % NOTES:02}.md)\n",
            title=f"N{number}",
            date=f"2025-01-{number % 28 + 1:02}",
            tags=f"[t{number % 5}, v{version}]",
        )
    for other in (1, 2):
        path = site.root / f"notes/only{other}.md"
        if other == version:
            site.note(f"only{other}.md", f"Only {other}.\n", title=f"Only {other}")
        else:
            path.unlink(missing_ok=True)


@pytest.fixture
def versions(site: SiteFolder, site_at: Callable[[str], SiteFolder]) -> dict[int, Tree]:
    """Both versions, each built cleanly in a folder of its own."""
    built = {}
    for version in (1, 2):
        clean = site_at(f"clean{version}")
        clean.write("site.yaml", (site.root / "site.yaml").read_text())
        write(clean, version)
        clean.build()
        built[version] = clean.tree()
    return built


def check_whole(site: SiteFolder, versions: dict[int, Tree]) -> None:
    for path, data in site.tree().items():
        if not path.startswith(".notecast-staging/"):  # what the next build clears away
            assert data in (versions[1].get(path), versions[2].get(path)), path


def test_killed_at_any_moment(site: SiteFolder, versions: dict[int, Tree]) -> None:
    write(site, 1)
    started = time.monotonic()
    assert run_build(site.root, "--quiet").returncode == 0
    whole = time.monotonic() - started
    rng = random.Random(17)
    killed = 0
    for attempt in range(8):
        write(site, 2 - attempt % 2)
        process = subprocess.Popen(
            [sys.executable, "-m", "notecast", "build", str(site.root), "-q", "--no-search"],
            env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=rng.uniform(0.2, 1.0) * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
        check_whole(site, versions)
    assert killed
    write(site, 2)
    assert run_build(site.root, "--quiet").returncode == 0
    assert site.tree() == versions[2]
    assert not (site.output / ".notecast-staging").exists()


KILLER = """
import os, signal, sys
from notecast.__main__ import main
count, real = int(sys.argv.pop(1)), os.replace
def replace(*arguments, **options):
    global count
    count -= 1
    if count < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **options)
os.replace = replace
sys.exit(main())
"""


def test_killed_while_the_list_of_our_files_is_written(site: SiteFolder) -> None:
    """Whatever becomes of the new list, no file stays in the output that nobody knows."""
    write(site, 1)
    script = KILLER.replace("os.replace = replace", SPY)
    done = subprocess.run(
        [sys.executable, "-c", script, "0", "build", str(site.root), "--no-search"],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    site.build()
    assert [path.name for path in site.output.glob(".*")] == [".notecast-files"]


def test_a_build_with_nothing_to_do_clears_away_too(site: SiteFolder) -> None:
    """An edit was built and killed, and is taken back: the site stands, with a staging folder."""
    write(site, 1)
    site.build()
    site.write("public/.notecast-staging/4711.0/page", "half")
    site.build()
    assert [path.name for path in site.output.glob(".*")] == [".notecast-files"]


SPY = """
def when_listed(source, target, **options):
    (replace if str(target).endswith(".notecast-files") else real)(source, target)
os.replace = when_listed
"""


def test_killed_between_two_moves(site: SiteFolder, versions: dict[int, Tree]) -> None:
    """The moments that chance rarely hits: while pages are moved into place."""
    for attempt, count in enumerate((0, 1, 2, 9, 25, 45)):
        version = 2 - attempt % 2
        write(site, 3 - version)
        site.build()
        assert site.tree() == versions[3 - version]
        write(site, version)
        done = subprocess.run(
            [sys.executable, "-c", KILLER, str(count), "build", str(site.root), "--no-search"],
            env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        check_whole(site, versions)
    write(site, 1)
    site.build()
    assert site.tree() == versions[1]
    assert site.build().written == 0


def test_a_template_that_fails_on_one_page_of_many(
    site: SiteFolder, versions: dict[int, Tree]
) -> None:
    write(site, 1)
    site.build()
    write(site, 2)
    site.write(
        "templates/note.html",
        '{% extends "base.html" %}{% block main %}{% if note.title == "N12" %}\n'
        "{{ nothing.at.all }}{% endif %}{% endblock %}",
    )
    done = run_build(site.root)
    assert done.returncode == 1
    assert "templates/note.html:2: error:" in done.stderr
    assert "notes 2" not in done.stderr
    assert site.tree() == versions[1]
    (site.root / "templates/note.html").unlink()
    site.build()
    assert site.tree() == versions[2]


def fails_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, count: int) -> None:
    """Makes a call fail for want of space, the count-th time that it is for the output folder."""
    real = getattr(owner, name)
    left = [count]

    def call(*arguments: Any, **options: Any) -> Any:
        if "public" in str(arguments[-1 if name == "replace" else 0]):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **options)

    monkeypatch.setattr(owner, name, call)


@pytest.mark.parametrize(
    ("owner", "name", "count"),
    [
        (Path, "mkdir", 0),
        (Path, "write_bytes", 0),
        (pages, "write_staged", 20),
        (os, "rename", 0),
        (os, "rename", 1),
        (os, "replace", 0),
        (os, "replace", 5),
        (os, "replace", 25),
    ],
)
def test_a_full_disk(
    site: SiteFolder,
    versions: dict[int, Tree],
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    count: int,
) -> None:
    write(site, 1)
    site.build()
    write(site, 2)
    with monkeypatch.context() as patch:
        fails_at(patch, owner, name, count)
        with pytest.raises(OutputFailed, match="No space left on device"):
            site.build()
    check_whole(site, versions)
    if not name.startswith("re"):
        assert site.tree() == versions[1]
    site.build()
    assert site.tree() == versions[2]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are those of POSIX")
@pytest.mark.parametrize("limit", [0, 4096, 65536])
def test_a_limit_on_file_sizes(site: SiteFolder, versions: dict[int, Tree], limit: int) -> None:
    """One sentence and no traceback, whichever file the limit hits first."""
    import resource

    write(site, 1)
    site.build()
    write(site, 2)
    site.write("notes/big.bin", b"x" * 100_000)
    site.note("n00.md", "[big](big.bin)\n", title="N0", date="2025-01-01")
    done = subprocess.run(
        [sys.executable, "-m", "notecast", "build", str(site.root), "--no-search"],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "fault in Notecast" not in done.stderr
    assert "error:" in done.stderr
    assert site.tree() == versions[1]


def test_an_output_that_cannot_be_a_folder(site: SiteFolder) -> None:
    write(site, 1)
    site.write("public", "a file of mine")
    before = files_of(site.root / "notes")
    with pytest.raises(OutputRefused, match="is a file"):
        site.build()
    done = run_build(site.root)
    assert done.returncode == 2
    assert "is a file, not a folder [output-is-safe]" in done.stderr
    assert (site.root / "public").read_text() == "a file of mine"
    assert files_of(site.root / "notes") == before


def test_readers_never_see_half_a_page(site: SiteFolder, versions: dict[int, Tree]) -> None:
    write(site, 1)
    site.build()
    stop = threading.Event()
    wrong: list[str] = []
    reads = [0]
    common = sorted(versions[1].keys() & versions[2].keys())

    def read() -> None:
        while not stop.is_set():
            for path in common:
                try:
                    data = (site.output / path).read_bytes()
                except OSError as error:
                    wrong.append(f"{path}: {error}")
                    continue
                reads[0] += 1
                if data not in (versions[1][path], versions[2][path]):
                    wrong.append(path)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for attempt in range(5):
            write(site, 2 - attempt % 2)
            site.build()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert reads[0] > len(common)
