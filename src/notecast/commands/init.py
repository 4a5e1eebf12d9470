"""Starts a site: site.yaml, a few notes to look at, entries for .gitignore.

Works in a new folder and in one that has files already. A file that is there
is left as it is.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from notecast.commands import CommandError
from notecast.commands.ci import HOSTS, NEXT, write_ci

EXAMPLES = """\
examples:
  notecast init my-notes   in a new folder
  notecast init            in this one, with the notes that it has
  notecast init --ci github    with a workflow that publishes it; docs/publishing.md
"""

SCHEMA = ".notecast.schema.json"
"""Beside `site.yaml` and meant to be committed: an editor finds it without a
network and without an installed Notecast, on every machine."""
IGNORED = ("public/", ".notecast/")
_DATA = Path(__file__).parents[1] / "data"
_NO_NOTES = ("readme", "license", "contributing", "changelog")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast init`."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", default=".", help="default: this one")
    add("--ci", metavar="HOST", choices=HOSTS, help=f"let a host publish it: {', '.join(HOSTS)}")
    add("-v", "--verbose", action="store_true", help="say more where something goes wrong")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast init`."""
    from notecast.commands.site import near, repository_prefix

    root = Path(arguments.folder).expanduser()
    try:
        root.mkdir(parents=True, exist_ok=True)
        for path, what in (*start(root), *(write_ci(root, arguments.ci) if arguments.ci else ())):
            print(f"{what:<8} {near(path)}")
    except FileExistsError as error:
        raise CommandError(f"{error.filename} is a file, not a folder") from error
    except OSError as error:
        raise CommandError(f"cannot write {error.filename}: {error.strerror}") from error
    print("\nnext:")
    if root.resolve() != Path.cwd():
        print(f"  cd {arguments.folder}")
    print(
        '  notecast new "A title"\n'
        "  notecast serve      shows the site while you write\n"
        "  notecast build      writes it to public/"
    )
    if arguments.ci:
        print(f"To publish: {NEXT[arguments.ci]}; set base_url in site.yaml.")
        prefix = repository_prefix(root)
        if prefix:
            print(
                f"The site is the folder {prefix} of a repository: move the files of "
                f"{arguments.ci} to its root, and let their commands run in {prefix}."
            )
    return 0


def start(root: Path) -> Iterator[tuple[Path, str]]:
    """Writes what a site in `root` lacks; yields each file and what became of it."""
    from notecast.commands.new import today
    from notecast.config_places import site_file

    has_own = _markdown_in(root / "notes", deep=True)
    is_flat = not (root / "notes").is_dir() and _markdown_in(root, deep=False)
    zone = local_timezone()
    existing = site_file(root)
    if existing:
        yield existing, "left"
    else:
        yield _create(root / "site.yaml", site_yaml(root.resolve().name, zone, is_flat))
    yield _schema(root / SCHEMA)
    if not has_own and not is_flat and existing is None:
        (root / "notes").mkdir(exist_ok=True)
        for source in sorted((_DATA / "starter" / "notes").iterdir()):
            text = source.read_text(encoding="utf-8").replace("DATE", today(zone), 1)
            yield _create(root / "notes" / source.name, text)
    yield _ignore(root / ".gitignore")


def site_yaml(title: str, timezone: str, is_flat: bool) -> str:
    """The text of a new `site.yaml`; `is_flat`: the notes lie beside it, in no folder."""
    from notecast.config_schema import shown

    text = (_DATA / "starter" / "site.yaml").read_text(encoding="utf-8")
    text = text.replace("TIMEZONE", timezone, 1).replace("TITLE", shown(title or "Notes"), 1)
    return f"{text}\nnotes: .  # they lie beside this file\n" if is_flat else text


def local_timezone() -> str:
    """The IANA name of this machine's time zone, `UTC` if it cannot be told."""
    from notecast.config_checks import Unfit, timezone

    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        # Most systems have a link there into the time zone database.
        _, _, name = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    try:
        return timezone(name) if "/" in name and not name.startswith("Etc/") else "UTC"
    except Unfit:
        return "UTC"


def _create(path: Path, text: str) -> tuple[Path, str]:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return path, "left"
    return path, "created"


def _schema(path: Path) -> tuple[Path, str]:
    """Writes the schema; an older one that an earlier `init` wrote is brought up to date."""
    from notecast.config_schema import PUBLISHED, is_ours

    text = PUBLISHED.read_text(encoding="utf-8")
    if not os.path.lexists(path):
        return _create(path, text)
    there = path.read_text(encoding="utf-8", errors="replace")
    if there == text or not is_ours(there) or path.is_symlink():
        return path, "left"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path, "updated"


def _ignore(path: Path) -> tuple[Path, str]:
    if not os.path.lexists(path):
        return _create(path, "".join(f"{entry}\n" for entry in IGNORED))
    there = path.read_bytes().decode(errors="replace")
    known = {line.strip().strip("/") for line in there.splitlines()}
    missing = [entry for entry in IGNORED if entry.strip("/") not in known]
    if not missing:
        return path, "left"
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write("" if there.endswith("\n") or not there else "\n")
        file.write("".join(f"{entry}\n" for entry in missing))
    return path, "added to"


def _markdown_in(folder: Path, *, deep: bool) -> bool:
    found = folder.glob("**/*.md" if deep else "*.md")
    return any(not path.stem.lower().startswith(_NO_NOTES) for path in found)
