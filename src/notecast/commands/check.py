"""Says what is wrong with the notes and the site, and writes nothing.

It goes the way of a build as far as the plan of all pages and looks closer:
docs/checks.md lists what it looks for.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.builder.examine import Examined
    from notecast.checks.subject import Subject
    from notecast.commands.report import Report
    from notecast.config import Config
    from notecast.problems import Problem

EXAMPLES = """\
examples:
  notecast check                     the site around the working folder
  notecast check --strict            warnings count as errors
  notecast check --external          asks other sites whether linked pages are there
  notecast check --explain link-target-exists
  notecast check --fix               shows what could be mended; --fix --write does it
  notecast check --format github     annotates a pull request
  notecast check --baseline known.json --write-baseline    an old site: only what is new counts
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast check`."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", help="folder of the site (default: around here)")
    add("-D", "--drafts", action="store_true", help="as if drafts were published")
    add("-F", "--future", action="store_true", help="as if notes of the future were published")
    add("-s", "--strict", action="store_true", help="warnings count as errors")
    add(
        "--format",
        choices=("text", "json", "github", "gitlab", "sarif"),
        default="text",
        help="how problems are printed (default: text)",
    )
    add("--baseline", metavar="FILE", help="leave out the problems that this file lists")
    add("--write-baseline", action="store_true", help="write today's problems to that file")
    add("--explain", metavar="RULE", help="show what a rule wants, with an example, and stop")
    add("--external", action="store_true", help="check links to other sites, too")
    add("--fix", action="store_true", help="show what can be mended safely")
    add("--write", action="store_true", help="with --fix: do it")
    add("-j", "--jobs", metavar="N", type=int, default=0, help="processes (default: as fits)")
    add("--no-cache", action="store_true", help="read everything anew")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    loudness.add_argument("-v", "--verbose", action="store_true", help="print all problems")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast check`."""
    from notecast.commands.baseline import read_baseline, write_baseline
    from notecast.commands.report import Report, exit_status
    from notecast.commands.site import open_site

    if arguments.explain:
        from notecast.commands.rules import page_of

        print(page_of(arguments.explain), end="")
        return 0
    if arguments.write_baseline and not arguments.baseline:
        raise CommandError("--write-baseline needs --baseline FILE")
    if arguments.write and not arguments.fix:
        raise CommandError("--write goes with --fix")
    if arguments.jobs < 0:
        raise CommandError(f"{arguments.jobs} is not a number of processes")
    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness, as_json=arguments.format != "text")  # type: ignore[arg-type]
    chosen = {name: True for name in ("drafts", "future", "strict") if getattr(arguments, name)}
    reading = open_site(arguments.folder, chosen)
    config = reading.config
    problems = list(reading.problems)
    if any(problem.severity == "error" for problem in problems):
        _show(report, arguments.format, problems, config)
        return 2
    if arguments.fix:
        from notecast.commands.fix import fix_notes

        return fix_notes(config, reading.features, report, write=arguments.write)
    found, notes = examine(arguments, config, reading.features, report)
    problems += found
    if arguments.baseline:
        path = Path(arguments.baseline)
        if arguments.write_baseline:
            write_baseline(path, problems)
            report.say(f"{len(problems)} problems are known by now: {path}")
            return 0
        problems, gone = read_baseline(path).new(problems)
        if gone:
            report.say(f"{gone} known problems are gone: --write-baseline writes {path} anew.")
    _show(report, arguments.format, problems, config)
    report.say(_summary(problems, notes))
    return exit_status(problems, config.strict)


def examine(
    arguments: argparse.Namespace, config: "Config", features: Sequence[Any], report: "Report"
) -> "tuple[list[Problem], int]":
    """All problems of the site in order, as serious as it wants them, and its number of notes."""
    from notecast.builder.build import BuildOptions
    from notecast.builder.disk import disk_refusals
    from notecast.builder.examine import examined
    from notecast.builder.lines import in_files
    from notecast.builder.output import OutputRefused
    from notecast.builder.silence import needless, reader, silence
    from notecast.checks import run_checks
    from notecast.config import with_severities
    from notecast.problems import in_order

    options = BuildOptions(
        drafts=config.drafts,
        future=config.future,
        jobs=arguments.jobs,
        use_cache=not arguments.no_cache,
        progress=report.progress,
    )
    try:
        with disk_refusals(config.cache_dir), examined(config, features, options) as site:
            subject = subject_of(config, site)
            extra = run_checks(subject)
            if arguments.external:
                from notecast.checks.external import check_external

                extra += check_external(
                    subject, config.cache_dir / "links.json", progress=report.progress
                )
            texts = {note.shown: note.text for note in subject.notes}
            extra += needless(
                [*site.collected.found, *extra],
                texts,
                lambda rule: arguments.external or not rule.startswith("external-"),
            )
            others = reader(site.sources, features)
            extra = silence(extra, lambda path: texts.get(path) or others(path))
            posts = site.collected.loaded.posts.values()
            extra = in_files(extra, posts, config.notes_prefix)
            problems = [*site.collected.problems, *extra]
            count = len(site.collected.view.posts)
    except OutputRefused as refused:
        raise CommandError(refused.message, refused.hint) from refused
    finally:
        report.end_progress()
    return in_order(with_severities(problems, config)), count


def subject_of(config: "Config", site: "Examined") -> "Subject":
    """What the rules look at."""
    from notecast.checks.subject import Note, Subject
    from notecast.loader.readers import note_text
    from notecast.loader.scan import read_file

    collected = site.collected
    view, planned = collected.view, collected.planned
    # A note that lost its address to another is published at its own.
    posts = {**collected.loaded.posts, **{post.path: post for post in view.posts}}
    bodies = site.bodies(list(posts.values()))
    notes = []
    for path in sorted(posts):
        post, shown = posts[path], view.shown(path)
        if post.key not in bodies:
            continue
        try:
            text = note_text(read_file(site.sources[shown]), shown, site.features)
        except (OSError, KeyError):
            continue  # gone since it was parsed
        notes.append(Note(post, shown, text, bodies[post.key]))
    pages = [
        (page.output, view.shown(page.page.note) if page.page.note else "")
        for page in planned.pages
    ]
    copies = [(near_site(copy.source, config.root), copy.source) for copy in planned.copies]
    outputs = [
        *pages,
        *((copy.output, shown) for copy, (shown, _) in zip(planned.copies, copies, strict=True)),
    ]
    return Subject(config, view, tuple(notes), tuple(outputs), tuple(copies), site.now)


def near_site(source: str, root: Path) -> str:
    """A file as problems show it: from the site folder."""
    return os.path.relpath(source, os.path.realpath(root)).replace(os.sep, "/")


def _show(report: "Report", form: str, problems: "Sequence[Problem]", config: "Config") -> None:
    from notecast.commands.formats import github_lines, gitlab_report, sarif
    from notecast.commands.report import exit_status, problem_object
    from notecast.commands.site import repository_prefix
    from notecast.problems import in_order

    ordered = in_order(list(problems))
    if form == "json":
        shown = [problem_object(problem) for problem in ordered]
        report.json({"problems": shown, "ok": exit_status(ordered, config.strict) == 0})
    elif form == "sarif":
        report.json(sarif(ordered, repository_prefix(config.root)))
    elif form == "gitlab":
        report.json(gitlab_report(ordered, repository_prefix(config.root)))
    elif form == "github":
        for line in github_lines(ordered, repository_prefix(config.root)):
            print(line, file=report.out)
    else:
        report.problems(ordered)


def _summary(problems: "Sequence[Problem]", notes: int) -> str:
    from notecast.commands.report import counted, tally

    found = tally(problems)
    more = " --explain RULE shows what a rule wants." if found else ""
    return f"Checked {counted(notes, 'note')}: {found or 'nothing is wrong'}.{more}"
