"""Shows the site in the browser while it is written: save, and it is there.

Drafts and notes of the future are shown with a badge. Nothing is written but
the cache; what `notecast build` has published stays as it is.
"""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notecast.config_reader import Reading

EXAMPLES = """\
examples:
  notecast serve                    the site around the working folder
  notecast serve ~/vault --open     a folder of Markdown files, opened in the browser
  notecast serve --no-drafts --no-future    as it will be published
  notecast serve --host 0.0.0.0     for other machines of the network, too
"""

PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast serve`."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", help="folder of the site (default: around here)")
    add("-p", "--port", type=_port, default=PORT, help=f"port, or the next free (default: {PORT})")
    add("--host", default="localhost", help="address to listen on (default: this machine only)")
    add("-O", "--open", action="store_true", help="open the site in the browser")
    add("--no-drafts", action="store_true", help="without drafts")
    add("--no-future", action="store_true", help="without notes dated in the future")
    add("--no-reload", action="store_true", help="open pages stay as they are until reloaded")
    add("-q", "--quiet", action="store_true", help="print only problems")
    add("-v", "--verbose", action="store_true", help="print all problems, and faults in full")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast serve`."""
    from notecast.builder.disk import disk_refusals
    from notecast.builder.output import OutputRefused
    from notecast.commands import CommandError
    from notecast.commands.report import Report
    from notecast.commands.serve_talk import Talk
    from notecast.commands.site import open_site
    from notecast.server.run import CannotListen, Choice, serve

    report = Report("quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal")
    reading = open_site(arguments.folder)
    if any(problem.severity == "error" for problem in reading.problems):
        report.problems(reading.problems)
        report.say("Nothing is served: correct the configuration.")
        return 2
    root = reading.config.root
    first = [reading]

    def read() -> "Reading":
        return first.pop() if first else open_site(str(root))

    choice = Choice(
        host=arguments.host,
        port=arguments.port,
        drafts=not arguments.no_drafts,
        future=not arguments.no_future,
        reload=not arguments.no_reload,
        open=arguments.open,
    )
    try:
        with disk_refusals(reading.config.cache_dir):
            serve(read, choice, Talk(report, root, verbose=arguments.verbose))
    except (CannotListen, OutputRefused) as error:
        raise CommandError(error.message, error.hint) from error
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535, 0 for any)")
    return int(text)
