"""Starts a note: a file with its header filled in. Prints the path of the file."""

import argparse
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notecast.commands import CommandError

EXAMPLES = """\
examples:
  notecast new "Why rectified flow is straight" --category "Generative Model" --tags flow,ode
  notecast new "Attention is all you need" --kind paper --arxiv 1706.03762
  $EDITOR "$(notecast new "An idea" --dir ideas --draft)"

The note is not a draft unless --draft says so: what you start is what you see
in the next build.
"""

SKELETONS = {
    "en": ("In one sentence", "The problem", "The method", "Results", "Open questions"),
    "zh": ("一句话总结", "要解决的问题", "方法", "结果", "疑问"),
}
_ARXIV = re.compile(
    r"(?:https?://)?(?:www\.)?(?:arxiv\.org/(?:abs|pdf)/|arxiv:)?"
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)(?:\.pdf)?",
    re.IGNORECASE,
)
"""Identifiers since 2007 and before, as https://info.arxiv.org/help/arxiv_identifier.html says."""


@dataclass(frozen=True)
class Start:
    """What a new note starts with."""

    title: str
    date: str
    categories: Sequence[str] = ()
    tags: Sequence[str] = ()
    lang: str = ""
    """As it stands in the header; empty for the site's."""
    skeleton: str = ""
    """The language of the headings of a paper note; empty: no headings."""
    arxiv: str = ""
    draft: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `notecast new`."""
    add = parser.add_argument
    add("title", metavar="TITLE", help="title of the note; its file is named after it")
    add("-c", "--category", metavar="C", action="append", default=[], help="may be given twice")
    add("-t", "--tags", metavar="A,B", default="", help="tags, separated by commas")
    add("-k", "--kind", choices=("note", "paper"), help="a paper note has headings to fill in")
    add("--arxiv", metavar="ID", type=arxiv_id, help="of the paper, such as 1706.03762")
    add("--lang", metavar="L", help="language of the note where it is not the site's")
    add("--dir", metavar="DIR", default="", help="folder below the notes folder")
    add("--draft", action="store_true", help="mark it as a draft")
    add("--site", metavar="DIR", help="folder of the site (default: around here)")
    add("-v", "--verbose", action="store_true", help="say more where something goes wrong")


def run(arguments: argparse.Namespace) -> int:
    """Carries out `notecast new`."""
    from notecast.commands.report import Report
    from notecast.commands.site import near, open_site
    from notecast.config_checks import Unfit, language
    from notecast.urls import slugify

    title = " ".join(arguments.title.split())
    if not title:
        raise CommandError("a note needs a title", 'write it in quotes: notecast new "My title"')
    reading = open_site(arguments.site)
    config = reading.config
    if any(problem.severity == "error" for problem in reading.problems):
        Report().problems(reading.problems)
        return 2
    try:
        lang = language(arguments.lang) if arguments.lang else ""
    except Unfit as unfit:
        raise CommandError(unfit.message, unfit.hint) from unfit
    date = today(config.timezone)
    is_paper = arguments.kind == "paper" or (arguments.kind is None and arguments.arxiv)
    skeleton = (lang or config.language) if is_paper else ""
    tags = [tag.strip() for tag in re.split("[,，]", arguments.tags) if tag.strip()]
    start = Start(
        title=title,
        date=date,
        categories=arguments.category,
        tags=tags,
        lang="" if lang == config.language else lang,
        skeleton=skeleton,
        arxiv=arguments.arxiv or "",
        draft=arguments.draft,
    )
    name = slugify(title, config.slugs)
    if name.lower() in ("index", "_index", "readme"):
        name += "-note"  # those names stand for their folder
    path = _folder(config.notes_dir, arguments.dir) / f"{name}.md"
    _write(path, note_text(start), near(path))
    print(near(path))
    return 0


def today(timezone: str) -> str:
    """The day that it is in a time zone, as `2026-01-11`."""
    from zoneinfo import ZoneInfo

    zone = datetime.UTC if timezone == "UTC" else ZoneInfo(timezone)
    return datetime.datetime.now(zone).date().isoformat()


def arxiv_id(text: str) -> str:
    """The identifier in what is given: itself, `arXiv:…` or an address of the paper."""
    match = _ARXIV.fullmatch(text.strip())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not an arXiv identifier such as 1706.03762")
    return match["id"]


def note_text(start: Start) -> str:
    """The text of a new note: its header, and headings if it is about a paper."""
    lines = ["---", f"title: {_yaml(start.title)}", f"date: {start.date}"]
    if len(start.categories) == 1:
        lines.append(f"category: {_yaml(start.categories[0])}")
    elif start.categories:
        lines.append(f"categories: {_yaml_list(start.categories)}")
    if start.tags:
        lines.append(f"tags: {_yaml_list(start.tags)}")
    if start.lang:
        lines.append(f"lang: {start.lang}")
    if start.draft:
        lines.append("draft: true")
    if start.arxiv:
        # Quoted: as a number 2310.10 would lose its last digit.
        lines += ["paper:", f'  arxiv: "{start.arxiv}"']
    lines += ["---", ""]
    headings = SKELETONS["zh" if start.skeleton.startswith("zh") else "en"]
    for heading in headings if start.skeleton else ():
        lines += [f"## {heading}", ""]
    return "\n".join(lines) + ("" if start.skeleton else "\n")


def _folder(notes: Path, below: str) -> Path:
    folder = notes / below
    if not folder.resolve().is_relative_to(notes.resolve()):
        hint = "name a folder below the notes folder, such as --dir cv"
        raise CommandError(f"{below} is not in the notes folder", hint)
    return folder


def _write(path: Path, text: str, shown: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        hint = "choose another title, or another folder with --dir"
        raise CommandError(f"{shown} exists already", hint) from error
    except OSError as error:
        raise CommandError(f"{shown} cannot be written: {error.strerror}") from error


def _yaml(text: str) -> str:
    from notecast.config_schema import shown

    return shown(text)


def _yaml_list(texts: Sequence[str]) -> str:
    from notecast.config_schema import shown_in_list

    return f"[{', '.join(shown_in_list(text) for text in texts)}]"
