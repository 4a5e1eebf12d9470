"""Makes the site: reads the notes, writes the pages that changed, removes those that are gone."""

import argparse
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from notecast.commands.report import Report
    from notecast.config import Config
    from notecast.config_reader import Reading
    from notecast.problems import Problem

EXAMPLES = """\
examples:
  notecast build                        the site around the working folder, into public/
  notecast build ~/vault --output out   a folder of Markdown files as it is
  notecast build --base-url https://ada.github.io/notes
  notecast build --drafts --future      with what is not published yet
  notecast build --strict --quiet       for an automatic check: silent if all is good
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast build`."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", help="folder of the site (default: around here)")
    add("-o", "--output", metavar="DIR", help="write the site there (default: public/)")
    add("-b", "--base-url", metavar="URL", help="address at which it will be published")
    add("-D", "--drafts", action="store_true", help="with drafts")
    add("-F", "--future", action="store_true", help="with notes dated in the future")
    add("-j", "--jobs", metavar="N", type=_jobs, default=0, help="processes (default: as fits)")
    add("--no-cache", action="store_true", help="read and make everything anew")
    add("-s", "--strict", action="store_true", help="warnings count as errors")
    add("--no-search", action="store_true", help="without the search index")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    loudness.add_argument("-v", "--verbose", action="store_true", help="print all and timings")
    add("--json", action="store_true", help="print one JSON object about the build")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast build`."""
    from notecast.commands.report import Report
    from notecast.commands.site import open_site

    start = time.perf_counter()
    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness, as_json=arguments.json)  # type: ignore[arg-type]
    reading = open_site(arguments.folder, _overrides(arguments))
    if any(problem.severity == "error" for problem in reading.problems):
        return _refuse(report, reading.problems, "Nothing was built: correct the configuration.")
    return _build(arguments, report, reading, start)


def _build(
    arguments: argparse.Namespace, report: "Report", reading: "Reading", start: float
) -> int:
    from pathlib import Path

    from notecast.builder.build import BuildOptions, build_site
    from notecast.builder.lock import Locked
    from notecast.builder.output import OutputRefused
    from notecast.commands.report import build_object, exit_status
    from notecast.commands.site import near

    config = reading.config
    options = BuildOptions(
        output=Path(config.output) if arguments.output else None,
        drafts=config.drafts,
        future=config.future,
        jobs=arguments.jobs,
        use_cache=not arguments.no_cache,
        search=not arguments.no_search,
        verbose=arguments.verbose,
        progress=report.progress,
    )
    try:
        result = build_site(config, reading.features, options)
    except OutputRefused as refused:
        return _refuse(report, [*reading.problems, _refusal(config, "output-is-safe", refused)])
    except Locked as refused:
        return _refuse(report, [*reading.problems, _refusal(config, "one-build-at-once", refused)])
    finally:
        report.end_progress()
    problems = [*reading.problems, *result.problems]
    status = exit_status(problems, config.strict)
    report.build(result, problems, time.perf_counter() - start, near(result.output))
    if report.as_json:
        report.json(build_object(result, problems, status == 0))
    return status


def _overrides(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the arguments put in place of `site.yaml`."""
    chosen: dict[str, Any] = {}
    if arguments.output is not None:
        # From the working folder, as every path on the command line.
        chosen["output"] = os.path.abspath(arguments.output) if arguments.output else ""
    if arguments.base_url is not None:
        chosen["base_url"] = arguments.base_url
    for name in ("drafts", "future", "strict"):
        if getattr(arguments, name):
            chosen[name] = True
    return chosen


def _refuse(report: "Report", problems: "list[Problem]", last: str = "") -> int:
    from notecast.commands.report import refusal_object

    if report.as_json:
        report.json(refusal_object(problems))
    else:
        report.problems(problems)
        if last:
            report.say(last)
    return 2


def _refusal(config: "Config", rule: str, refused: Exception) -> "Problem":
    from notecast.problems import Problem

    message, hint = getattr(refused, "message", str(refused)), getattr(refused, "hint", "")
    return Problem(rule, "error", config.output, 0, 0, message, hint)


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes (0 for as fits)")
    return int(text)
