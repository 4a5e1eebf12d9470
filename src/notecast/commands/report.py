"""What commands print: problems, progress, the summary, or one JSON object.

Entry point: `Report`. Problems and progress go to stderr, results to stdout.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, Literal

from notecast.problems import Problem, in_order, together

if TYPE_CHECKING:
    from notecast.builder.build import BuildResult

SHOWN_PER_RULE = 10
Loudness = Literal["quiet", "normal", "verbose"]

_COLOURS = {"error": "31;1", "warning": "33", "hint": "2", "path": "1"}


class Report:
    """Prints for one run of a command."""

    def __init__(
        self,
        loudness: Loudness = "normal",
        *,
        as_json: bool = False,
        out: IO[str] | None = None,
        err: IO[str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """The streams and the environment are those of the process by default."""
        self.loudness = loudness
        self.as_json = as_json
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        environ = os.environ if environ is None else environ
        terminal = self.err.isatty() and environ.get("TERM") != "dumb"
        self.coloured = terminal and not environ.get("NO_COLOR")
        self._live = terminal and loudness != "quiet" and not as_json
        self._drawn = 0.0

    def problems(self, problems: Sequence[Problem]) -> None:
        """Prints problems by place: shared ones once, of each rule the first few unless verbose."""
        if self.as_json:
            return
        self.end_progress()
        seen: Counter[str] = Counter()
        for problem in in_order(together(problems)):
            seen[problem.rule] += 1
            if self.loudness == "verbose" or seen[problem.rule] <= SHOWN_PER_RULE:
                print(self._line(problem), file=self.err)
        for rule, count in sorted(seen.items()):
            if self.loudness != "verbose" and count > SHOWN_PER_RULE:
                more = f"... and {count - SHOWN_PER_RULE} more [{rule}] (--verbose shows all)"
                print(self._paint("hint", more), file=self.err)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Redraws the line that tells how far a stage is; only on a terminal."""
        if not self._live:
            return
        now = time.monotonic()
        if done < total and now - self._drawn < 0.1:
            return
        self._drawn = now
        count = f" {done}/{total}" if total else ""
        self.err.write(f"\r\x1b[K{stage}{count}")
        self.err.flush()

    def end_progress(self) -> None:
        """Clears the progress line."""
        if self._live and self._drawn:
            self.err.write("\r\x1b[K")
            self.err.flush()
            self._drawn = 0.0

    def say(self, text: str) -> None:
        """Prints a line of the result, unless quiet or JSON."""
        if self.loudness != "quiet" and not self.as_json:
            print(text, file=self.out)

    def build(
        self, result: "BuildResult", problems: Sequence[Problem], seconds: float, output: str
    ) -> None:
        """Prints what a build did.

        Args:
            result: What the builder says.
            problems: Its problems and those of the configuration, as serious as the site wants.
            seconds: How long it took in all.
            output: The output folder as it is shown.
        """
        self.problems(problems)
        if self.loudness == "verbose":
            self.say("Seconds by step:")
            for step, took in result.seconds.items():
                self.say(f"{took:8.3f}  {step}")
            if result.slowest:
                self.say(f"Slowest of {counted(result.parsed, 'note')} parsed:")
            for name, took in result.slowest:
                self.say(f"{took:8.3f}  {name}")
            self.say(f"written to {output}")
        self.say(summary(result, problems, seconds))

    def json(self, value: Any) -> None:
        """Prints one JSON object."""
        print(json.dumps(value, ensure_ascii=False, indent=2), file=self.out)

    def _line(self, problem: Problem) -> str:
        if not self.coloured:
            return str(problem)
        first, _, hint = str(problem).partition("\n")
        where, _, rest = first.partition(f": {problem.severity}: ")
        severity = self._paint(problem.severity, f"{problem.severity}:")
        line = f"{self._paint('path', where)}: {severity} {rest}"
        return f"{line}\n{self._paint('hint', hint)}" if hint else line

    def _paint(self, what: str, text: str) -> str:
        return f"\x1b[{_COLOURS[what]}m{text}\x1b[0m" if self.coloured else text


def problem_object(problem: Problem) -> dict[str, Any]:
    """A problem as `--json` shows it."""
    return {
        "severity": problem.severity,
        "rule": problem.rule,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.said,
        "hint": problem.hint,
    }


def build_object(result: "BuildResult", problems: Sequence[Problem], ok: bool) -> dict[str, Any]:
    """What `build --json` prints."""
    return {
        "notes": result.notes,
        "pages": result.pages,
        "written": result.written,
        "unchanged": result.unchanged,
        "removed": result.removed,
        "output": str(result.output),
        "seconds": {step: round(took, 4) for step, took in result.seconds.items()},
        "problems": [problem_object(problem) for problem in in_order(list(problems))],
        "ok": ok,
    }


def refusal_object(problems: Sequence[Problem], output: str = "") -> dict[str, Any]:
    """The same for a build that was not begun."""
    counts = dict.fromkeys(("notes", "pages", "written", "unchanged", "removed"), 0)
    shown = [problem_object(problem) for problem in in_order(list(problems))]
    return {**counts, "output": output, "seconds": {}, "problems": shown, "ok": False}


def summary(result: "BuildResult", problems: Sequence[Problem], seconds: float) -> str:
    """The last line of a build."""
    took = f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
    text = (
        f"Built {counted(result.notes, 'note')} into {counted(result.pages, 'page')} in {took}: "
        f"{result.written} written, {result.unchanged} unchanged, {result.removed} removed."
    )
    found = tally(problems)
    return f"{text} {found}." if found else text


def tally(problems: Sequence[Problem]) -> str:
    """How many errors and warnings are shown: `1 error, 2 warnings`; empty for none."""
    counts = Counter(problem.severity for problem in together(problems))
    named = ((counts["error"], "error"), (counts["warning"], "warning"))
    return ", ".join(counted(count, name) for count, name in named if count)


def counted(count: int, name: str) -> str:
    """`1 note`, `2 notes`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def exit_status(problems: Sequence[Problem], strict: bool) -> int:
    """0 if all is good, 1 if there are errors, or warnings that count as such."""
    grave = ("error", "warning") if strict else ("error",)
    return int(any(problem.severity in grave for problem in problems))
