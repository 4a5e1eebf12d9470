"""The command line: which command is meant, and what becomes of whatever goes wrong.

Entry point: `main`. A command is a module of `commands/` with two functions:
`add_arguments(parser)` and `run(arguments) -> exit status`. It is imported when
it is called for, so that `notecast --help` costs next to nothing.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NamedTuple

from notecast import __version__
from notecast.commands import CommandError
from notecast.interrupt import Stopped, stopped_by_signals


class Command(NamedTuple):
    """A line of `notecast --help`."""

    name: str
    help: str
    module: str
    """Name of its module in `commands/`."""
    aliases: tuple[str, ...] = ()


COMMANDS = (
    Command("init", "start a site in a folder", "init"),
    Command("new", "start a note", "new"),
    Command("build", "make the site", "build"),
    Command("serve", "show the site while it is written", "serve", ("preview", "dev")),
    Command("check", "say what is wrong, write nothing", "check"),
    Command("papers", "fetch the records of cited works", "papers"),
    Command("deploy", "publish the site", "deploy"),
    Command("verify", "compare two built sites", "verify"),
    Command("clean", "remove what the build wrote", "clean"),
    Command("config", "show the configuration, explain a key", "config"),
)

EXAMPLES = """\
start a site and look at it:
  notecast init my-notes
  cd my-notes
  notecast new "Attention is all you need" --kind paper --arxiv 1706.03762
  notecast build

a folder of Markdown files as it is, without any configuration:
  notecast build ~/vault --output out

`notecast COMMAND --help` tells more about each.
"""

STATUS = """\
exit status: 0 good; 1 something is wrong in the notes (with --strict also
warnings); 2 wrong usage or configuration.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command.

    Args:
        argv: Arguments without the program's name; by default those of the process.

    Returns:
        The exit status: see `STATUS`; 70 after a fault of ours, 130 after Ctrl-C,
        128 and its number after another signal that ends programs.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Unicode
    verbose = "--verbose" in words or "-v" in words
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except SystemExit as leaving:  # argparse has said why
        return leaving.code if isinstance(leaving.code, int) else 2
    except CommandError as error:
        print(f"notecast: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"    hint: {error.hint}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt as stop:
        # A terminal has shown `^C`, and the cursor stands behind it.
        start = "\n" if sys.stderr.isatty() else ""
        print(f"{start}notecast: stopped", file=sys.stderr)
        return 128 + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)
    except BrokenPipeError:
        # Whoever read our output has gone. Python flushes once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if verbose:
            import traceback

            traceback.print_exc()
        print(_apology(error, verbose), file=sys.stderr)
        return 70


def _run(words: list[str]) -> int:
    if not words or words[0].startswith("-"):
        parser = _overview()
        parser.parse_args(words)
        parser.print_help(sys.stderr)
        return 2
    command = find(words[0])
    module = importlib.import_module(f"notecast.commands.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"notecast {command.name}",
        description=module.__doc__,
        epilog="\n".join(filter(None, (getattr(module, "EXAMPLES", ""), STATUS))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    chosen = parser.parse_args(words[1:])
    with stopped_by_signals():  # before, nothing had to be cleared away
        status: int = module.run(chosen)
    return status


def find(name: str) -> Command:
    """The command of a name or alias.

    Raises:
        CommandError: There is none; says which was probably meant.
    """
    names = {alias: item for item in COMMANDS for alias in (item.name, *item.aliases)}
    if name in names:
        return names[name]
    import difflib

    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    hint = f"did you mean `notecast {near[0]}`?" if near else "see `notecast --help`"
    raise CommandError(f'there is no command "{name}"', hint)


def _overview() -> argparse.ArgumentParser:
    rows = []
    for item in COMMANDS:
        also = f" (also: {', '.join(item.aliases)})" if item.aliases else ""
        rows.append(f"  {item.name:<10}{item.help}{also}")
    parser = argparse.ArgumentParser(
        prog="notecast",
        usage="notecast COMMAND [ARGUMENTS]",
        description="A static site generator for research notes.\n\ncommands:\n" + "\n".join(rows),
        epilog=f"{EXAMPLES}\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"notecast {__version__}")
    return parser


def _apology(error: Exception, verbose: bool) -> str:
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    advice = (
        "Please report it with the lines above"
        if verbose
        else "Run the command again with --verbose and please report what it prints"
    )
    return (
        f"notecast: this is a fault in Notecast {__version__}, not in your notes; sorry.\n"
        f"    {said}\n    {advice}."
    )
