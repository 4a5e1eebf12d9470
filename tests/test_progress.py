"""What a long build says of itself: where it is on a terminal, what was slow with `--verbose`."""

import os
import re
import subprocess
import sys

import pytest

from .conftest import NOW, SiteFolder

pty = pytest.importorskip("pty", reason="needs a terminal")

NOTES = 70
STEPS = ("scan", "load", "assemble", "make", "plan", "render", "publish", "finish")


@pytest.fixture
def notes(site: SiteFolder) -> SiteFolder:
    for number in range(NOTES):
        site.note(f"n{number}.md", f"Text {number}.\n", title=f"N{number}")
    site.note("slow.md", "word *emphasis* `code` [link](n1.md)\n\n" * 800, title="Slow")
    return site


def command(site: SiteFolder, *arguments: str) -> list[str]:
    build = [sys.executable, "-m", "notecast", "build", str(site.root), "--no-search"]
    return [*build, "--jobs=2", *arguments]


def on_a_terminal(site: SiteFolder, *arguments: str) -> str:
    """What a terminal is sent."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(site, *arguments),
        env={**os.environ, "TERM": "xterm", "SOURCE_DATE_EPOCH": str(int(NOW))},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # so Linux says that nobody writes any more
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait() == 0, shown
    return shown.decode()


def test_a_terminal_shows_each_step_and_how_far_it_is(notes: SiteFolder) -> None:
    shown = on_a_terminal(notes)
    drawn = [text for text in re.findall(r"\r\x1b\[K([^\r\n]*)", shown) if text]
    seen = list(dict.fromkeys(text.split()[0] for text in drawn))
    assert [step for step in seen if step in STEPS] == list(STEPS)
    assert f"load {NOTES + 1}/{NOTES + 1}" in drawn
    # The last line is the summary alone: what was drawn before is wiped away.
    assert re.search(r"\r\x1b\[KBuilt 71 notes into [^\r\n]*\r\n$", shown)
    assert shown.count("\n") == 1


def test_nothing_of_it_is_shown_elsewhere(notes: SiteFolder) -> None:
    done = subprocess.run(command(notes), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert re.fullmatch(r"Built 71 notes into .*\n", done.stdout)
    for quiet in ("--quiet", "--json"):
        assert "\x1b" not in on_a_terminal(notes, quiet, "--no-cache")


def test_verbose_lists_steps_and_the_slowest_notes(notes: SiteFolder) -> None:
    done = subprocess.run(command(notes, "--verbose"), capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "Seconds by step:"
    at = lines.index(f"Slowest of {NOTES + 1} notes parsed:")
    row = re.compile(r" *(\d+\.\d{3})  (\S+)")
    steps = [row.fullmatch(line) for line in lines[1:at]]
    assert tuple(step[2] for step in steps if step) == STEPS
    slowest = [found for line in lines[at + 1 :] if (found := row.fullmatch(line))]
    seconds = [float(found[1]) for found in slowest]
    assert len(slowest) == 20 and seconds == sorted(seconds, reverse=True)
    assert slowest[0][2] == "notes/slow.md"
    assert lines[-1].startswith("Built 71 notes into ")
    # Nothing to parse: nothing was slow.
    done = subprocess.run(command(notes, "--verbose"), capture_output=True, text=True, check=True)
    assert "Slowest" not in done.stdout
