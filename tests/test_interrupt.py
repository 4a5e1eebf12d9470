"""Ctrl-C, `kill` and a killed parent in every step of a build.

A build is brought to a stand in one step: whatever does that step writes its process
number and waits. So it is always the step that is interrupted, on any machine.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest

from notecast.builder.notes import PARSE_CHUNK
from notecast.cli import main
from notecast.loader.load import NoteLoader

from .conftest import NOW, SiteFolder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers inherit the patches")

DRIVER = """
import importlib, os, sys, time
from pathlib import Path

step, marks = sys.argv.pop(1), Path(sys.argv.pop(1))


def stand(*_, **__):
    (marks / str(os.getpid())).touch()
    time.sleep(600)


def patch(place, replaced):
    name, _, path = place.partition(":")
    owner = importlib.import_module(name)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, last, replaced(getattr(owner, last)))


def at_the_fifth(real):
    count = 0

    def counted(*arguments, **options):
        nonlocal count
        count += 1
        if count == 5:
            stand()
        return real(*arguments, **options)

    return counted


if step == "scan":
    patch("notecast.builder.collect:gather", lambda real: stand)
elif step == "load":
    patch("notecast.loader.load:NoteLoader.load", at_the_fifth)
elif step == "assemble":
    patch("notecast.builder.collect:assemble", lambda real: stand)
elif step == "plan":
    patch("notecast.builder.collect:plan", lambda real: stand)
elif step == "render":
    patch("notecast.renderer.render:Renderer.render", at_the_fifth)
elif step == "finish":
    program = marks.parent / "pagefind"
    program.write_text(f"#!/bin/sh\\ntouch {marks}/$$\\nexec sleep 600\\n")
    program.chmod(0o755)
    patch("pagefind_bin:get_executable", lambda real: lambda: program)
elif step == "publish":
    replace, count = os.replace, 0

    def move(source, target):
        global count
        count += ".notecast-staging" in str(source)
        if count == 3:
            count += 1
            (marks / str(os.getpid())).touch()
            while not (marks / "sent").exists():
                time.sleep(0.01)
        return replace(source, target)

    os.replace = move
elif step != "make":
    raise SystemExit(f"there is no step {step}")

from notecast.cli import main

sys.exit(main())
"""
STEPS = ("scan", "load", "assemble", "make", "plan", "render", "publish", "finish")
NOTES = 60
AT_ONCE = 60
"""Seconds on a busy machine; what stands would do so for ten minutes."""


class Build:
    """A build in a session of its own, which stands in one step."""

    begun: ClassVar[list["Build"]] = []

    def __init__(self, site: SiteFolder, step: str) -> None:
        self.marks = site.root.parent / f"marks-{step}"
        self.marks.mkdir()
        if step == "make":
            drawing = f"sh -c 'touch {self.marks}/$$; exec sleep 600'"
            site.write("site.yaml", f'title: T\ndiagrams:\n  others:\n    d2: "{drawing}"\n')
        command = [sys.executable, "-c", DRIVER, step, str(self.marks), "build", str(site.root)]
        command += ["--jobs=2", *(["--no-search"] if step != "finish" else [])]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.begun.append(self)
        wait_until(lambda: self.standing() or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.communicate()

    def standing(self) -> list[int]:
        """The processes that stand."""
        return [int(mark.name) for mark in self.marks.iterdir() if mark.name.isdigit()]

    def end(self) -> tuple[int, str, str]:
        """Status, output and complaints, when the signal has been sent."""
        (self.marks / "sent").touch()
        out, said = self.process.communicate(timeout=AT_ONCE)
        return self.process.returncode, out, said

    def left(self) -> dict[int, str]:
        """Processes of its session that are still there, but for those just ending."""
        own = str(self.process.pid)
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                state = (place / "stat").read_text().rpartition(")")[2].split()
                if state[3] == own and state[0] not in "ZX":
                    found[int(place.name)] = (place / "cmdline").read_text()
            except (OSError, IndexError):
                continue
        # Programs that draw have sessions of their own.
        standing = {one: "" for one in self.standing() if Path(f"/proc/{one}").exists()}
        return found | standing

    def clear(self) -> None:
        """Ends whatever a failed test has left."""
        for one in self.left():
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.communicate()


def wait_until(good: object, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not good():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


@pytest.fixture
def written(site: SiteFolder) -> Iterator[SiteFolder]:
    """A site with work for two processes, built once, with changes that are not built yet."""
    site.write("site.yaml", "title: T\n")
    for number in range(NOTES):
        text = f"Text [[n{number - 1}]].\n"
        site.note(f"n{number}.md", text, title=f"N{number}", tags=f"[{number % 3}, t{number}]")
    yield site
    while Build.begun:
        Build.begun.pop().clear()


def edit(site: SiteFolder) -> None:
    for number in range(NOTES):
        site.note(f"n{number}.md", f"Other [[n{number + 1}]].\n", title=f"M{number}", tags="[b]")
    blocks = (f"```d2\na -> b{number}\n```\n" for number in range(8))
    site.note("drawn.md", "\n".join(blocks), title="Drawn")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_build_that_is_told_to_stop(written: SiteFolder, step: str, name: str) -> None:
    if step == "finish":
        pytest.importorskip("pagefind_bin")
    site, number = written, getattr(signal, name)
    site.build()
    before = site.tree()
    edit(site)
    build = Build(site, step)
    if name == "SIGINT":
        os.killpg(build.process.pid, number)  # as a terminal does
    else:
        build.process.send_signal(number)
    status, out, said = build.end()
    assert (status, out, said) == (128 + number, "", "notecast: stopped\n")
    wait_until(lambda: not build.left(), AT_ONCE)
    assert not (site.output / ".notecast-staging").exists()
    site.write("site.yaml", "title: T\n")
    if step in ("publish", "finish"):
        # Moving goes to its end: the pages are those of the new site, all of them.
        assert site.page("/notes/n1/") != before["notes/n1/index.html"].decode()
    else:
        assert site.tree() == before
    stopped = {path: data for path, data in site.tree().items() if not path.startswith("search/")}
    site.build(jobs=2)
    after = site.tree()
    if step == "publish":
        assert stopped == after
    site.build(use_cache=False, output=site.root.parent / "clean")
    clean = SiteFolder(site.root.parent)
    assert after == {
        path.relative_to(clean.root / "clean").as_posix(): path.read_bytes()
        for path in (clean.root / "clean").rglob("*")
        if path.is_file() and not path.name.startswith(".notecast")
    }
    assert not [path for path in (site.root / ".notecast").rglob("*") if path.suffix == ".tmp"]


@pytest.mark.parametrize("step", ["load", "make", "render", "finish"])
def test_all_end_with_a_parent_that_is_killed(written: SiteFolder, step: str) -> None:
    """Workers, and the programs that they or their parent have started."""
    if step == "finish":
        pytest.importorskip("pagefind_bin")
    edit(written)
    build = Build(written, step)
    build.process.kill()
    build.process.communicate(timeout=AT_ONCE)
    wait_until(lambda: not build.left(), AT_ONCE)


def test_notes_that_were_parsed_before_ctrl_c_are_not_parsed_again(
    written: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, count = NoteLoader.load, 0

    def load(self: NoteLoader, *arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count > PARSE_CHUNK + 5:
            raise KeyboardInterrupt
        return real(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(NoteLoader, "load", load)
        with pytest.raises(KeyboardInterrupt):
            written.build()
    result = written.build()
    assert (result.notes, result.parsed) == (NOTES, NOTES - PARSE_CHUNK)


EARLY = """
import os, signal, sys

class Finder:
    def find_spec(self, name, *_):
        if name == self.at:
            os.kill(os.getpid(), signal.SIGINT)

Finder.at = sys.argv.pop(1)
sys.meta_path.insert(0, Finder())
from notecast.__main__ import main
sys.exit(main())
"""
"""Ctrl-C comes in the moment in which a module is looked for."""


@pytest.mark.parametrize(
    "module", ["notecast.cli", "argparse", "notecast.commands.build", "notecast.config", "msgspec"]
)
def test_ctrl_c_while_the_program_is_loaded(site: SiteFolder, module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EARLY, module, "build", str(site.root), "--no-search"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (-signal.SIGINT, 128 + signal.SIGINT)
    assert done.stderr in ("", "notecast: stopped\n")
    assert not done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_an_object_is_taken_to_pieces(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Python lets no exception out of `__del__`: the signal would be lost."""

    class Fragile:
        def __del__(self) -> None:
            signal.raise_signal(number)

    def run(arguments: object) -> int:
        Fragile()
        time.sleep(AT_ONCE)
        return 0

    monkeypatch.setattr("notecast.commands.build.run", run)
    assert main(["build"]) == 128 + number


def test_ctrl_c_ends_a_feature_that_hangs_while_it_loads(site: SiteFolder) -> None:
    mark = site.root.parent / "loading"
    site.write("site.yaml", 'features: {load: ["hanging:Feature"]}\n')
    site.write("hanging.py", f"open({str(mark)!r}, 'w').close()\nwhile True: pass\n")
    command = [sys.executable, "-m", "notecast", "build", str(site.root)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    wait_until(mark.exists)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=AT_ONCE)
    assert (process.returncode, said) == (128 + signal.SIGINT, "notecast: stopped\n")
