"""Compares Notecast with other generators on the same notes and the same machine.

    python benchmarks/run.py [--notes 1000] [--programs notecast,hugo] [--repeat 3]
                             [--work FOLDER] [--write]

Installs what is not installed yet into the work folder (needs the network, and
npm for three of them), makes the notes, and measures seven cases for each
program: cold, unchanged, one edit, added, renamed, template, configuration.
With `--write` the results go to `benchmarks/results/NOTES.json` and
`docs/benchmarks.md` is drawn anew (`report.py`). Only ratios within one run mean
anything: another machine, or the same one when it is busy, gives other seconds.
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from corpus import write_corpus
from measure import Measured, measure
from programs import PROGRAMS, Program
from report import write_report

HERE = Path(__file__).parent
RESULTS = HERE / "results"
NEW_NOTE = """---
title: "Another note {turn}"
date: 2025-06-01
category: Python
tags: [tag-1, tag-2]
lang: en
---

A note that was not there before ({turn}), with `code` and a formula $x_{turn}$.
"""


class Site:
    """The notes of one program's site, and what the cases do to them."""

    def __init__(self, program: Program, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.notes = folder / program.notes
        self.turn = 0

    def cold(self) -> None:
        """Nothing is left of earlier builds."""
        for name in ("public", *self.program.caches):
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            elif path.exists():
                path.unlink()

    def unchanged(self) -> None:
        """Nothing to do."""

    def one_edit(self) -> None:
        """A sentence more in the body of one note."""
        with self._note(7).open("a", encoding="utf-8") as file:
            file.write(f"\nOne sentence more, number {self.turn}.\n")

    def added(self) -> None:
        """A note more."""
        text = NEW_NOTE.replace("{turn}", str(self.turn))
        (self.notes / f"added-{self.turn}.md").write_text(self.program.convert(text), "utf-8")

    def renamed(self) -> None:
        """A note gets another name."""
        note = self._note(11 + self.turn)
        note.rename(note.with_name(f"renamed-{self.turn}.md"))

    def template(self) -> None:
        """The template of notes changes."""
        self._replace(
            self.program.template,
            self.program.marker,
            f"<p>changed {self.turn}</p>{self.program.marker}",
        )

    def config(self) -> None:
        """The title of the site changes."""
        name, old, new = self.program.config
        self._replace(name, old, new)

    def _note(self, number: int) -> Path:
        return self.notes / f"{number % 100:02}" / f"note-{number}.md"

    def _replace(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        if old not in text:
            raise LookupError(f"{path} does not hold {old!r}")
        path.write_text(text.replace(old, new, 1), "utf-8")


CASES: dict[str, Callable[[Site], None]] = {
    "cold": Site.cold,
    "unchanged": Site.unchanged,
    "one edit": Site.one_edit,
    "added": Site.added,
    "renamed": Site.renamed,
    "template": Site.template,
    "config": Site.config,
}


def _version(printed: str) -> str:
    """The first number of a version in what a program says of itself."""
    found = re.search(r"\d+\.\d+[\w.]*", re.sub(r"\x1b\[[\d;]*m", "", printed))
    return found[0] if found else ""


def run_program(
    program: Program, corpus: Path, work: Path, repeat: int, cases: list[str]
) -> dict[str, object]:
    """Measures all cases of one program.

    Raises:
        RuntimeError: It could not be installed, or a build failed.
    """
    installed = work / "programs" / program.name
    commands = program.install(installed)
    site = Site(program, work / "sites" / program.name)
    program.prepare(site.folder, corpus, installed)
    # Files of a moment ago are trusted by nobody who goes by their times; notes are older.
    time.sleep(3)
    environment = {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "NODE_ENV": "production",
        "ASTRO_TELEMETRY_DISABLED": "1",
    }

    def build(command: tuple[str, ...]) -> Measured:
        filled = [part.replace("{bin}", str(commands)) for part in command]
        measured = measure(filled, site.folder, environment)
        if measured.status:
            raise RuntimeError(f"{program.name}: {measured.output}")
        return measured

    found: dict[str, object] = {
        "version": _version(build(program.version).output),
        "less": program.less,
    }
    for case in cases:
        if case == "template" and not program.template:
            continue
        runs = []
        for _ in range(1 if case == "config" else repeat):
            CASES[case](site)
            site.turn += 1
            runs.append(build(program.command))
        found[case] = {
            "wall": statistics.median(run.wall for run in runs),
            "cpu": statistics.median(run.cpu for run in runs),
            "peak": max(run.peak for run in runs),
        }
        if case == "cold":
            files = [path for path in (site.folder / "public").rglob("*") if path.is_file()]
            found["files"] = len(files)
            found["bytes"] = sum(path.stat().st_size for path in files)
        print(f"  {case:10} {found[case]}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--programs", default=",".join(program.name for program in PROGRAMS))
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument(
        "--repeat", type=int, default=3, help="runs of each case; the median counts"
    )
    parser.add_argument("--work", type=Path, default=Path.home() / ".cache" / "notecast-benchmarks")
    parser.add_argument("--write", action="store_true", help="keep the results, draw the report")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    corpus = work / f"notes-{arguments.notes}"
    if not corpus.is_dir():
        write_corpus(corpus, arguments.notes)
    wanted = arguments.programs.split(",")
    results: dict[str, object] = {}
    for program in PROGRAMS:
        if program.name not in wanted:
            continue
        print(program.name, flush=True)
        try:
            results[program.name] = run_program(
                program, corpus, work, arguments.repeat, arguments.cases.split(",")
            )
        except (RuntimeError, OSError, LookupError) as error:
            print(f"  left out: {error}", file=sys.stderr)
        if arguments.write:
            _keep(arguments.notes, results)


def _keep(notes: int, results: dict[str, object]) -> None:
    """Writes what is known so far; a run of all programs is long."""
    RESULTS.mkdir(exist_ok=True)
    whole = {
        "notes": notes,
        "processors": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "programs": results,
    }
    text = json.dumps(whole, indent=1) + "\n"
    (RESULTS / f"{notes}.json").write_text(text, "utf-8")
    write_report(RESULTS, HERE.parent / "docs")


if __name__ == "__main__":
    main()
