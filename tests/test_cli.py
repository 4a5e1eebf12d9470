"""Arguments → a command → an exit status, and what is printed on the way."""

import io
import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notecast import __version__
from notecast.cli import COMMANDS, find, main
from notecast.commands import CommandError
from notecast.commands.report import Report, exit_status, tally
from notecast.problems import Problem

HEAVY = ("yaml", "jinja2", "markdown_it", "pygments", "msgspec", "sqlite3", "dataclasses")


def problem(rule: str = "a-b", severity: Any = "error", **more: Any) -> Problem:
    place = {"path": "notes/a.md", "line": 1, "column": 1, **more}
    return Problem(rule, severity, place["path"], place["line"], place["column"], "wrong", "fix it")


def run_python(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )


# Help and usage


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    done = run_python("-X", "importtime", "-m", "notecast", *arguments)
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.split("\n")}
    assert done.returncode == 0
    assert "argparse" in imported
    assert imported.isdisjoint(HEAVY)


def test_help_names_every_command_an_example_and_the_exit_status(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert f"\n  {command.name} " in shown
    assert 'notecast new "Attention' in shown
    assert "exit status: 0 good" in shown


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_teaches_itself(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command.name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: notecast {command.name}")
    assert "examples:\n  notecast" in shown
    assert "exit status: 0 good" in shown


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"notecast {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "usage: notecast COMMAND"),
        (["biuld"], 'no command "biuld"\n    hint: did you mean `notecast build`?'),
        (["qqqqq"], 'no command "qqqqq"\n    hint: see `notecast --help`'),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["build", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["build", "--jobs", "many"], "'many' is not a number of processes"),
        (["build", "--quiet", "--verbose"], "not allowed with"),
        (["build", "no/such/folder"], "no/such/folder does not exist"),
        (["new"], "the following arguments are required: TITLE"),
        (["new", "x", "--arxiv", "17"], "'17' is not an arXiv identifier"),
        (["config", "feeds.lmit"], 'no key `feeds.lmit`\n    hint: did you mean "feeds.limit"?'),
        (["config", "baseURL"], "no key `baseURL`\n    hint: write `base_url`"),
    ],
)
def test_wrong_usage_says_what_to_do(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_an_alias_leads_to_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from notecast import cli

    serve = cli.Command("serve", "look at it", "serve", ("preview", "dev"))
    monkeypatch.setattr(cli, "COMMANDS", (*COMMANDS, serve))
    assert find("dev") is serve
    with pytest.raises(CommandError, match="previw"):
        find("previw")


# What goes wrong


def raising(error: BaseException) -> Callable[[Any], int]:
    def run(arguments: Any) -> int:
        raise error

    return run


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes `notecast clean` raise."""

    def fail(error: BaseException) -> None:
        from notecast.commands import clean

        monkeypatch.setattr(clean, "run", raising(error))

    return fail


def test_a_fault_of_ours_is_an_apology_without_a_traceback(
    failing: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(ZeroDivisionError("by zero"))
    assert main(["clean"]) == 70
    shown = capsys.readouterr().err
    assert "a fault in Notecast" in shown
    assert "ZeroDivisionError: by zero" in shown
    assert "--verbose" in shown
    assert "Traceback" not in shown
    assert main(["clean", "--verbose"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_ends_quietly(
    failing: Callable[[BaseException], None], capsys: pytest.CaptureFixture[str]
) -> None:
    failing(KeyboardInterrupt())
    assert main(["clean"]) == 130
    assert capsys.readouterr().err == "notecast: stopped\n"


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(f"description: {'x' * 300_000}\n")
    (tmp_path / "notes").mkdir()
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "notecast", "config", "--site", str(tmp_path)],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 141
    assert done.stderr == ""


def test_a_terminal_without_unicode_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("title: 笔记\n", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = run_python("-m", "notecast", "config", "--site", str(tmp_path), env=environ)
    assert done.returncode == 0
    assert "title: \\u7b14\\u8bb0" in done.stdout


# Printing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_problems_are_sorted_and_many_of_one_rule_are_cut_short() -> None:
    err = io.StringIO()
    found = [problem("b-c", line=line) for line in range(30, 0, -1)] + [problem("z-z", line=7)]
    Report(err=err, environ={}).problems(found)
    lines = err.getvalue().split("\n")
    assert lines[:2] == ["notes/a.md:1:1: error: wrong [b-c]", "    hint: fix it"]
    assert err.getvalue().count("[b-c]") == 11
    assert "notes/a.md:7:1: error: wrong [z-z]" in lines
    assert lines[-2] == "... and 20 more [b-c] (--verbose shows all)"
    err = io.StringIO()
    Report("verbose", err=err, environ={}).problems(found)
    assert err.getvalue().count("[b-c]") == 30


def test_what_places_share_is_told_once() -> None:
    found = [
        Problem("a-b", "warning", "n.md", line, 1, 'no note is called "x"', same="x")
        for line in (9, 3, 7)
    ]
    found += [Problem("a-b", "warning", "m.md", 1, 1, 'no note is called "y"', same="y")]
    found += [Problem("c-d", "warning", "m.md", line, 1, "each") for line in (1, 2)]
    err = io.StringIO()
    Report(err=err, environ={}).problems(found)
    assert err.getvalue().splitlines() == [
        'm.md:1:1: warning: no note is called "y" [a-b]',
        "m.md:1:1: warning: each [c-d]",
        "m.md:2:1: warning: each [c-d]",
        'n.md:3:1: warning: no note is called "x"; so in 2 other places [a-b]',
    ]
    assert tally(found) == "4 warnings"


@pytest.mark.parametrize(
    ("stream", "environ", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),  # as https://no-color.org says
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals(stream: Any, environ: dict[str, str], coloured: bool) -> None:
    Report(err=stream, environ=environ).problems([problem()])
    shown = stream.getvalue()
    assert ("\x1b[" in shown) is coloured
    plain = shown
    for code in ("\x1b[31;1m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"):
        plain = plain.replace(code, "")
    assert plain == "notes/a.md:1:1: error: wrong [a-b]\n    hint: fix it\n"


def test_progress_is_for_terminals_and_is_wiped_away() -> None:
    quiet, terminal = io.StringIO(), Terminal()
    for stream in (quiet, terminal):
        report = Report(err=stream, environ={})
        report.progress("load", 50, 50)
        report.problems([])
    assert quiet.getvalue() == ""
    assert terminal.getvalue() == "\r\x1b[Kload 50/50\r\x1b[K"
    for options in ({"loudness": "quiet"}, {"as_json": True}):
        terminal = Terminal()
        Report(err=terminal, environ={}, **options).progress("load", 1, 1)  # type: ignore[arg-type]
        assert terminal.getvalue() == ""


def test_counting_and_status() -> None:
    error, warning = problem(), problem("c-d", "warning")
    assert tally([]) == ""
    assert tally([warning]) == "1 warning"
    assert tally([error, warning, warning]) == "1 error, 2 warnings"
    assert [exit_status([], True), exit_status([warning], False)] == [0, 0]
    assert [exit_status([warning], True), exit_status([error], False)] == [1, 1]


# The build command around the builder


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> types.SimpleNamespace:
    """A stand-in for the builder that remembers how it was called."""
    monkeypatch.chdir(tmp_path)
    seen = types.SimpleNamespace(problems=[], error=None)

    def build_site(config: Any, features: Any, options: Any) -> Any:
        seen.config, seen.features, seen.options = config, features, options
        if seen.error:
            raise seen.error
        return types.SimpleNamespace(
            notes=38,
            pages=112,
            written=14,
            unchanged=98,
            removed=0,
            seconds={"load": 0.25, "render": 0.5},
            problems=seen.problems,
            output=options.output or config.output_dir,
            slowest=[("notes/cv/tsn.md", 0.125)],
            parsed=2,
        )

    stand_in = types.ModuleType("notecast.builder.build")
    stand_in.build_site = build_site  # type: ignore[attr-defined]
    stand_in.BuildOptions = types.SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "notecast.builder.build", stand_in)
    return seen


def test_build_hands_its_arguments_on(
    builder: types.SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vault").mkdir()
    arguments = ["-o", "out", "-b", "https://a.org/b", "-D", "-F", "-j", "3", "--no-cache"]
    assert main(["build", "vault", *arguments, "--strict", "--no-search"]) == 0
    config, options = builder.config, builder.options
    assert config.root == tmp_path / "vault"
    assert (config.base_url, config.strict) == ("https://a.org/b", True)
    assert (options.output, config.output_dir) == (tmp_path / "out", tmp_path / "out")
    assert (options.drafts, options.future, options.jobs) == (True, True, 3)
    assert (options.use_cache, options.search) == (False, False)
    capsys.readouterr()
    assert main(["build", "vault"]) == 0
    options = builder.options
    assert (options.output, options.drafts, options.future, options.jobs) == (None, False, False, 0)
    assert (options.use_cache, options.search) == (True, True)
    assert builder.config.output_dir == tmp_path / "vault" / "public"


def test_build_takes_drafts_from_the_configuration(
    builder: types.SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "site.yaml").write_text("drafts: true\nfuture: yes\n")
    (tmp_path / "notes").mkdir()
    assert main(["build"]) == 0
    assert (builder.options.drafts, builder.options.future) == (True, True)


def test_build_tells_what_it_did(
    builder: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    builder.problems = [problem("c-d", "warning")]
    assert main(["build"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Built 38 notes into 112 pages in ")
    assert shown.out.endswith("s: 14 written, 98 unchanged, 0 removed. 1 warning.\n")
    assert shown.err == "notes/a.md:1:1: warning: wrong [c-d]\n    hint: fix it\n"
    assert main(["build", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["build", "--verbose"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(
        "Seconds by step:\n"
        "   0.250  load\n"
        "   0.500  render\n"
        "Slowest of 2 notes parsed:\n"
        "   0.125  notes/cv/tsn.md\n"
        "written to public\n"
    )


def test_build_ends_with_1_for_problems_and_with_2_for_the_configuration(
    builder: types.SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    builder.problems = [problem("c-d", "warning")]
    assert main(["build", "--strict"]) == 1
    builder.problems = [problem()]
    assert main(["build"]) == 1
    del builder.config
    (tmp_path / "site.yaml").write_text("titel: x\n")
    (tmp_path / "notes").mkdir()
    capsys.readouterr()
    assert main(["build"]) == 2
    assert not hasattr(builder, "config")
    assert capsys.readouterr().err.startswith("site.yaml:1:1: error: there is no key `titel`")


def test_json_is_one_object_whatever_happens(
    builder: types.SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from notecast.builder.lock import Locked
    from notecast.builder.output import OutputRefused

    def build() -> tuple[int, dict[str, Any]]:
        status = main(["build", "--json"])
        shown = capsys.readouterr()
        assert shown.err == ""
        return status, json.loads(shown.out)

    builder.problems = [problem()]
    status, said = build()
    assert (status, said.pop("output")) == (1, str(tmp_path / "public"))
    assert said == {
        "notes": 38,
        "pages": 112,
        "written": 14,
        "unchanged": 98,
        "removed": 0,
        "seconds": {"load": 0.25, "render": 0.5},
        "problems": [
            {
                "severity": "error",
                "rule": "a-b",
                "path": "notes/a.md",
                "line": 1,
                "column": 1,
                "message": "wrong",
                "hint": "fix it",
            }
        ],
        "ok": False,
    }
    builder.problems = []
    assert build()[1]["ok"] is True
    for error in (OutputRefused("no", "choose"), Locked("busy")):
        builder.error = error
        status, said = build()
        assert (status, said["ok"], said["pages"]) == (2, False, 0)
        assert said["problems"][0]["message"] == str(error)
    (tmp_path / "notes").mkdir()
    (tmp_path / "site.yaml").write_text("titel: x\n")
    status, said = build()
    assert (status, said["ok"]) == (2, False)
    assert said["problems"][0]["rule"] == "config-key-is-known"


def test_a_refused_output_is_told_with_its_hint(
    builder: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    from notecast.builder.output import OutputRefused

    builder.error = OutputRefused("the output folder is your home folder", "name another")
    assert main(["build"]) == 2
    assert capsys.readouterr().err == (
        "public: error: the output folder is your home folder [output-is-safe]\n"
        "    hint: name another\n"
    )
