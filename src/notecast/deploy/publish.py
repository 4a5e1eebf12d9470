"""In which order a site goes to a target, so that no page ever links to what is missing.

Entry points: `plan`, then `carry_out`. First what pages need (pictures, styles,
scripts), then the pages, then what lists them (feeds, sitemap); what the site
does not have any more goes last. The list of what is ours is written before
the first file and as the work goes on: after an interruption the same command
does the rest. Each run writes its name into the list: who finds another name
there later stops, since two that publish at once would undo one another.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from notecast.deploy.target import HARMLESS, DeployError, Target, pack_list, unpack_list

SAVE_EVERY = 200
"""Files after which the list is written again."""


@dataclass(frozen=True)
class Plan:
    """What is to be done."""

    upload: tuple[str, ...]
    """New and changed files, in the order in which they go."""
    delete: tuple[str, ...]
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    """Files there that we did not publish."""
    published: Mapping[str, str]
    """What the list of the target says."""

    @property
    def is_empty(self) -> bool:
        return not self.upload and not self.delete


def plan(files: Mapping[str, str], target: Target) -> Plan:
    """Compares a site with what is at a target.

    Args:
        files: Digests of the site by path.
        target: Where it is to go.

    Raises:
        DeployError: The target cannot be reached, or its list is damaged.
    """
    known = unpack_list(target.read_list())
    return make_plan(files, known.files, target.present())


def make_plan(files: Mapping[str, str], known: Mapping[str, str], present: set[str]) -> Plan:
    """The same from what is known: digests by the target's list, and what is there."""
    upload = [path for path in files if known.get(path) != files[path] or path not in present]
    return Plan(
        upload=tuple(sorted(upload, key=order)),
        delete=tuple(sorted((known.keys() - files.keys()) & present)),
        unchanged=tuple(sorted(files.keys() - set(upload))),
        foreign=tuple(sorted(present - known.keys() - HARMLESS)),
        published=known,
    )


def order(path: str) -> tuple[int, str]:
    """Assets before pages, pages before what announces them; what is compressed like its file."""
    name = path.rpartition("/")[2].removesuffix(".gz").removesuffix(".br")
    if name.endswith((".html", ".htm")):
        return (1, path)
    announces = name in {"feed.xml", "rss.xml", "feed.json", "atom.xml", "robots.txt"}
    return (2 if announces or name.startswith("sitemap") else 0, path)


def refuse_foreign(found: Plan, shown: str, *, force: bool) -> None:
    """Stops where somebody else's files are.

    Raises:
        DeployError: There are some, and `force` was not given.
    """
    if not found.foreign or force:
        return
    more = f" and {len(found.foreign) - 1} more" if len(found.foreign) > 1 else ""
    raise DeployError(
        f"{shown} holds files that Notecast did not publish: {found.foreign[0]}{more}",
        "choose an empty place, or --force: then they stay, "
        "except those whose names the site needs",
    )


def carry_out(
    found: Plan,
    files: Mapping[str, str],
    output: Path,
    target: Target,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Does what the plan says.

    Args:
        found: The plan.
        files: Digests of the site by path.
        output: Where the site is.
        target: Where it goes.
        progress: Told how many files are there, and of how many.

    Raises:
        DeployError: The target failed; what is there serves, and a second run does the rest.
    """
    if found.is_empty and dict(found.published) == dict(files):
        return
    run = secrets.token_hex(8)
    state = {**found.published, **dict.fromkeys(found.upload, "")}
    target.write_list(pack_list(state, run))
    in_the_way = _in_the_way(found)
    if in_the_way:
        target.delete(in_the_way)
    for done, path in enumerate(target.put(output, found.upload), start=1):
        state[path] = files[path]
        progress(done, len(found.upload))
        if done % SAVE_EVERY == 0:
            _look_for_others(found, target, run, done)
            target.write_list(pack_list(state, run))
    _look_for_others(found, target, run, len(found.upload))
    if found.delete:
        target.delete([path for path in found.delete if path not in in_the_way])
    target.write_list(pack_list(files))


def _in_the_way(found: Plan) -> list[str]:
    """Old files that are folders of new ones, or lie below a new file: they go first."""
    folders = {str(parent) for path in found.upload for parent in PurePosixPath(path).parents}
    new = set(found.upload)
    return [
        path
        for path in found.delete
        if path in folders or any(str(above) in new for above in PurePosixPath(path).parents)
    ]


def _look_for_others(found: Plan, target: Target, run: str, done: int) -> None:
    """Stops if somebody else has begun to publish there.

    Nobody knows any more whose the last files are: the list says so, under a new
    name, so that the other one stops, too.

    Raises:
        DeployError: Somebody has.
    """
    there = unpack_list(target.read_list())
    if there.run == run:
        return
    doubtful = dict.fromkeys(found.upload[:done], "")
    target.write_list(pack_list({**there.files, **doubtful}, secrets.token_hex(8)))
    raise DeployError(
        f"somebody else has published to {target.shown} meanwhile",
        "let one finish, then run the command again",
    )
