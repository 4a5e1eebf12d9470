"""Stores what arXiv and the DOI registries know of the works that notes cite.

`notecast papers fetch` asks for the records of all identifiers that no bibliography
describes and writes them into papers.lock.json, which belongs into version control:
builds read it and never touch the network.
"""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.config_reader import Reading
    from notecast.works.identifiers import Identifier

EXAMPLES = """\
examples:
  notecast papers fetch                       what is missing
  notecast papers fetch --all                 all again, for records that have changed
  notecast papers fetch --only 1706.03762 --only 10.1145/3292500.3330701
"""


_AT_ONCE = 20
"""Records after which the file is written, so that little is lost if the program is killed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast papers`."""
    add = parser.add_argument
    add("action", metavar="fetch", choices=("fetch",), help="ask for records and store them")
    add(
        "--only",
        metavar="ID",
        action="append",
        help="this arXiv identifier or DOI; may be repeated",
    )
    add("--all", action="store_true", help="also those that are stored already")
    add("--site", metavar="DIR", help="folder of the site (default: around here)")
    add("--contact", metavar="MAIL", default="", help="address that registries may write to")
    add("--timeout", metavar="S", type=_seconds, default=20.0, help="seconds for an answer")
    add("--pause", metavar="S", type=_seconds, default=3.0, help="seconds between requests")
    add("--arxiv-url", metavar="URL", type=_address, help="another server for arXiv's API")
    add("--doi-url", metavar="URL", type=_address, help="another resolver of DOIs")
    add("-q", "--quiet", action="store_true", help="print only what failed")
    add("-v", "--verbose", action="store_true", help="print every record")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast papers`."""
    from notecast.commands.report import Report, counted
    from notecast.commands.site import near, open_site
    from notecast.works.fetch import ARXIV_API, DOI_RESOLVER, Failure, Fetcher
    from notecast.works.files import LOCK_FILE

    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness)  # type: ignore[arg-type]
    reading = open_site(arguments.site)
    if any(problem.severity == "error" for problem in reading.problems):
        report.problems(reading.problems)
        return 2
    lock = reading.config.root / LOCK_FILE
    stored = _read(lock)
    wanted = _wanted(arguments, reading, stored)
    fetcher = Fetcher(
        arxiv=arguments.arxiv_url or ARXIV_API,
        doi=arguments.doi_url or DOI_RESOLVER,
        timeout=arguments.timeout,
        pause=arguments.pause,
        contact=arguments.contact or reading.config.author.email,
    )
    failed = 0
    fetched: dict[str, Any] = {}
    try:
        for result in fetcher.fetch(wanted):
            report.progress("fetch", len(fetched) + failed, len(wanted))
            if isinstance(result, Failure):
                failed += 1
                report.end_progress()
                print(f"{result.identifier}: {result.reason}", file=report.err)
            else:
                identifier, item = result
                fetched[str(identifier)] = item
                if len(fetched) % _AT_ONCE == 0:
                    _write(lock, {**stored, **fetched})
                if loudness == "verbose":
                    report.say(f"{identifier}: {item.get('title', '')}")
    finally:
        # What came before Ctrl-C is kept: asking twice would be impolite.
        report.end_progress()
        if fetched:
            _write(lock, {**stored, **fetched})
    what = "Nothing stored" if wanted else "Nothing to fetch"
    if fetched:
        what = f"Stored {counted(len(fetched), 'record')} in {near(lock)}"
    report.say(f"{what}." + (f" {failed} failed." if failed else ""))
    return int(bool(failed))


def _wanted(
    arguments: argparse.Namespace, reading: "Reading", stored: dict[str, Any]
) -> "list[Identifier]":
    """The identifiers to ask for, sorted."""
    from notecast.works.identifiers import identify

    if arguments.only:
        found = {}
        for written in arguments.only:
            identifier = identify(written)
            if identifier is None:
                raise CommandError(
                    f'"{written}" is neither an arXiv identifier nor a DOI',
                    "write 1706.03762 or 10.1145/3292500.3330701",
                )
            found[str(identifier)] = identifier
        return [found[name] for name in sorted(found)]
    cited = _cited(reading)
    names = {name for name in cited if arguments.all or name not in stored}
    return [identifier for name in sorted(names) if (identifier := identify(name))]


def _cited(reading: "Reading") -> list[str]:
    """The identifiers of works that notes cite and that no bibliography describes."""
    from notecast.builder.build import BuildOptions
    from notecast.builder.examine import examined
    from notecast.works.citing import cited, library
    from notecast.works.files import LOCK_FILE
    from notecast.works.library import identifiers_of

    options = BuildOptions(drafts=True, future=True, search=False)
    with examined(reading.config, reading.features, options) as site:
        view = site.collected.view
        known, found = library(view), cited(view)
    names = []
    for key in sorted({*found.mentions, *found.own}):
        work = known.works[key]
        stored = known.places.get(key, ("",))[0] == LOCK_FILE
        whole = work.title and work.authors and work.issued
        if stored or not work.known or (key in found.own and not whole):
            names += identifiers_of(work)[:1]
    return names


def _read(lock: Path) -> dict[str, Any]:
    from notecast.works.files import read_lock

    said = read_lock(lock.parent)
    if said.problems:
        problem = said.problems[0]
        raise CommandError(f"{problem.path}: {problem.message}", problem.hint)
    if not lock.exists():
        return {}
    works: dict[str, Any] = json.loads(lock.read_bytes())["works"]
    return works


def _write(lock: Path, works: dict[str, Any]) -> None:
    """Writes the file anew: sorted, one field a line, so that changes are easy to review."""
    ordered = {name: works[name] for name in sorted(works)}
    data = {"format": 1, "works": ordered}
    new = lock.with_name(f".{lock.name}.{os.getpid()}")
    try:
        text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
        new.write_text(text + "\n", encoding="utf-8")
        os.replace(new, lock)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise CommandError(
            f"{lock.name} cannot be written: {error.strerror or error}",
            "check the permissions of the site folder",
        ) from error


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text!r} is not a web address")
    return text
