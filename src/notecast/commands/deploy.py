"""Publishes the site: builds it, and takes what changed to where readers find it.

The targets are described in `site.yaml`, section `deploy`; docs/publishing.md
shows how.
"""

import argparse
import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from notecast.commands import CommandError

if TYPE_CHECKING:
    from notecast.commands.report import Report
    from notecast.config import Config
    from notecast.config_reader import Reading
    from notecast.deploy.publish import Plan
    from notecast.deploy.target import Target

EXAMPLES = """\
examples:
  notecast deploy --dry-run    shows what would be done
  notecast deploy              to the target that site.yaml describes
  notecast deploy rsync        to one of several
"""

TARGETS = ("git", "folder", "rsync", "sftp", "s3")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast deploy`."""
    add = parser.add_argument
    add("target", nargs="?", choices=TARGETS, help="which target, if site.yaml has several")
    add("--site", metavar="DIR", help="folder of the site (default: around here)")
    add("-n", "--dry-run", action="store_true", help="show the plan, change nothing there")
    add("--force", action="store_true", help="in spite of errors, or of files of somebody else")
    add("--no-build", action="store_true", help="publish what was built last")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    loudness.add_argument("-v", "--verbose", action="store_true", help="name each file")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast deploy`."""
    from notecast.builder.lock import Locked, locked
    from notecast.commands.report import Report
    from notecast.commands.site import open_site
    from notecast.deploy.target import DeployError, site_files, without_compressed

    loudness = "quiet" if arguments.quiet else "verbose" if arguments.verbose else "normal"
    report = Report(loudness)  # type: ignore[arg-type]
    reading = open_site(arguments.site)
    config = reading.config
    if any(problem.severity == "error" for problem in reading.problems):
        report.problems(reading.problems)
        report.say("Nothing was published: correct the configuration.")
        return 2
    name = chosen_target(config, arguments.target)
    if not arguments.no_build and not _build(reading, report, force=arguments.force):
        return 1
    try:
        with locked(config.cache_dir / "deploy-lock", "deploy"):
            files = site_files(config.output_dir)
            if config.precompress and name in ("git", "s3"):
                # Nobody there sends a file in the place of another.
                files = without_compressed(files)
            if name == "git":
                return _to_branch(config, files, report, arguments)
            return _to_files(config, name, files, report, arguments)
    except Locked as refused:
        raise CommandError(refused.message, "wait for it") from refused
    except DeployError as error:
        raise CommandError(error.message, error.hint, 1) from error
    finally:
        report.end_progress()


def chosen_target(config: "Config", asked: str | None) -> str:
    """The target to publish to.

    Raises:
        CommandError: None is described, or several are and none was named.
    """
    deploy = config.deploy
    described = [
        name
        for name, is_there in (
            ("git", bool(deploy.git.branch)),
            ("folder", bool(deploy.folder)),
            ("rsync", bool(deploy.rsync.to)),
            ("sftp", bool(deploy.sftp.to)),
            ("s3", bool(deploy.s3.bucket)),
        )
        if is_there
    ]
    if asked is None and len(described) == 1:
        return described[0]
    if asked in described:
        return str(asked)
    if asked is not None:
        hint = f"add the section deploy: {{{asked}: …}}; docs/publishing.md shows how"
        raise CommandError(f"site.yaml does not describe a target {asked}", hint)
    if not described:
        raise CommandError(
            "site.yaml does not say where to publish",
            "add the section deploy, such as deploy: {git: {branch: gh-pages}}",
        )
    named = " or ".join(f"notecast deploy {name}" for name in described)
    raise CommandError(f"site.yaml describes {len(described)} targets", f"name one: {named}")


def _build(reading: "Reading", report: "Report", *, force: bool) -> bool:
    """Builds the site; whether it may be published."""
    import time

    from notecast.builder.build import BuildOptions, build_site
    from notecast.builder.lock import Locked
    from notecast.builder.output import OutputRefused
    from notecast.commands.report import exit_status
    from notecast.commands.site import near

    config = reading.config
    started = time.perf_counter()
    options = BuildOptions(drafts=config.drafts, future=config.future, progress=report.progress)
    try:
        result = build_site(config, reading.features, options)
    except (OutputRefused, Locked) as refused:
        raise CommandError(refused.message, getattr(refused, "hint", "")) from refused
    finally:
        report.end_progress()
    problems = [*reading.problems, *result.problems]
    report.build(result, problems, time.perf_counter() - started, near(result.output))
    if exit_status(problems, config.strict) == 0 or force:
        return True
    report.say("Nothing was published: mend the errors, or give --force.")
    return False


def _to_files(
    config: "Config",
    name: str,
    files: Mapping[str, str],
    report: "Report",
    arguments: argparse.Namespace,
) -> int:
    from notecast.deploy.publish import carry_out, plan, refuse_foreign

    with closing(target_of(config, name)) as target:
        found = plan(files, target)
        _tell(found, target.shown, report, dry=arguments.dry_run)
        refuse_foreign(found, target.shown, force=arguments.force)
        if arguments.dry_run:
            return 0
        carry_out(
            found,
            files,
            config.output_dir,
            target,
            lambda done, total: report.progress("publish", done, total),
        )
    report.end_progress()
    _said(found, target.shown, report)
    return 0


def target_of(config: "Config", name: str) -> "Target":
    """The target of that name as the configuration describes it."""
    deploy = config.deploy
    if name == "folder":
        from notecast.builder.output import OutputRefused, check_target
        from notecast.deploy.folder import FolderTarget

        folder = Path(os.path.normpath(config.root / Path(deploy.folder).expanduser()))
        output = config.output_dir.resolve()
        resolved = folder.resolve()
        if resolved == output or resolved.is_relative_to(output) or output.is_relative_to(resolved):
            raise CommandError(f"deploy.folder {folder} is the output folder, or around it")
        try:
            # The same care as for an output folder; what lies in it is looked at later.
            if not folder.is_dir():
                check_target(folder, config.root, config.notes_dir, ())
        except OutputRefused as refused:
            raise CommandError(refused.message, refused.hint) from refused
        return FolderTarget(folder)
    if name == "rsync":
        from notecast.deploy.rsync import RsyncTarget

        return RsyncTarget(deploy.rsync.to, deploy.rsync.ssh)
    if name == "sftp":
        from notecast.deploy.sftp import SftpTarget

        return SftpTarget(deploy.sftp.to, deploy.sftp.command)
    from notecast.deploy.s3 import S3Target

    return S3Target.from_environment(
        deploy.s3.bucket, deploy.s3.prefix, deploy.s3.endpoint, deploy.s3.region
    )


def _to_branch(
    config: "Config", files: Mapping[str, str], report: "Report", arguments: argparse.Namespace
) -> int:
    from notecast.deploy.git import GitBranch, repository_around
    from notecast.deploy.publish import make_plan, refuse_foreign

    settings = config.deploy.git
    with repository_around(config.root) as repository:
        branch = GitBranch(
            repository,
            settings.remote,
            settings.branch,
            squash=settings.history == "squash",
            domain=settings.domain,
        )
        found = make_plan(files, *branch.read())
        _tell(found, branch.shown, report, dry=arguments.dry_run)
        refuse_foreign(found, branch.shown, force=arguments.force)
        if arguments.dry_run:
            return 0
        commit = branch.publish(files, config.output_dir, found.foreign, settings.message)
    if commit:
        _said(found, f"{branch.shown} as {commit[:12]}", report)
    else:
        report.say(f"Nothing to publish: {branch.shown} has all of it.")
    return 0


def _tell(found: "Plan", where: str, report: "Report", *, dry: bool) -> None:
    if dry or report.loudness == "verbose":
        for path in found.upload:
            report.say(f"{'replace' if path in found.published else 'add':<8} {path}")
        for path in found.delete:
            report.say(f"{'remove':<8} {path}")
        for path in found.foreign:
            report.say(f"{'foreign':<8} {path}")
    if dry:
        report.say(
            f"Would publish to {where}: {len(found.upload)} files to upload, "
            f"{len(found.delete)} to remove, {len(found.unchanged)} unchanged."
        )


def _said(found: "Plan", where: str, report: "Report") -> None:
    report.say(
        f"Published to {where}: {len(found.upload)} uploaded, {len(found.delete)} removed, "
        f"{len(found.unchanged)} unchanged."
    )
