"""Bibliography files of a site: where they are, what they say, kept until they change.

Entry points: `site_files`, `read_file`, `read_lock`. What a file says is stored in
the site's cache folder under the digest of its bytes, since reading ten thousand
entries of BibTeX takes seconds.
"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from notecast.plain_files import read_plain
from notecast.problems import Problem
from notecast.works.model import Bibliography, Source, Work

LOCK_FILE = "papers.lock.json"
DEFAULT_FILE = "references.bib"
FOLDER = "bibliographies"
"""In the cache folder."""
MAX_BYTES = 100_000_000
_DRIVE = re.compile(r"[A-Za-z]:|\\\\|//|~|file:", re.IGNORECASE)


class SiteFile(NamedTuple):
    """A bibliography for the whole site."""

    shown: str
    source: Path


def site_files(written: Sequence[str], root: Path) -> list[SiteFile]:
    """The files that `site.yaml` names; if it names none, `references.bib` beside it, or those
    that other programs were told of.

    Args:
        written: Paths relative to the site folder. Those that are not there, lead
            out of the folder or are no plain files are left out: `refused` tells which.
        root: The site folder.
    """
    names = written or (DEFAULT_FILE,)
    if not written and inside(DEFAULT_FILE, root) is None:
        from notecast.works.found_files import found_files

        names = found_files(root)
    return [SiteFile(name, file) for name in names if (file := inside(name, root)) is not None]


def refused(written: Sequence[str], root: Path) -> list[str]:
    """Of the files that `site.yaml` names those that cannot be read."""
    return [name for name in written if inside(name, root) is None]


def inside(written: str, root: Path) -> Path | None:
    """A plain file inside the site folder, symbolic links followed; `None` for all else."""
    if not written.strip() or "\0" in written or _DRIVE.match(written):
        return None
    try:
        file = (root / written).resolve()
        inside = file.is_relative_to(root.resolve()) and not Path(written).is_absolute()
        return file if inside and file.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def read_file(source: Path, shown: str, cache: Path | None) -> Bibliography:
    """What a bibliography says: BibTeX, BibLaTeX, or CSL-JSON if it is called `.json`.

    Args:
        source: Where it is.
        shown: Its path as problems show it.
        cache: The site's cache folder; `None` to read the file in any case.
    """
    try:
        if source.stat().st_size > MAX_BYTES:
            return _unreadable(shown, f"the file is larger than {MAX_BYTES // 1_000_000} MB")
        data = read_plain(source)
    except OSError as error:
        return _unreadable(shown, f"the file cannot be read: {error.strerror or error}")
    if cache is None:
        return parse(data, shown)
    key = blake2b(data + b"\0" + shown.encode(), digest_size=16, key=_code()).hexdigest()
    place = _place(cache, shown)
    with suppress(OSError, msgspec.MsgspecError):
        stored, said = msgspec.msgpack.decode(place.read_bytes(), type=tuple[str, Bibliography])
        if stored == key:
            return said
    said = parse(data, shown)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_name(f"{place.name}.{os.getpid()}")
        new.write_bytes(msgspec.msgpack.encode((key, said)))
        os.replace(new, place)
    return said


def forget_others(shown: Iterable[str], cache: Path) -> None:
    """Removes what is stored of files that the site has no more.

    Args:
        shown: Paths, as problems show them, of all files that were read.
        cache: The site's cache folder.
    """
    keep = {_place(cache, path).name for path in shown}
    with suppress(OSError):
        for name in os.listdir(cache / FOLDER):
            if name not in keep:
                (cache / FOLDER / name).unlink()


def _place(cache: Path, shown: str) -> Path:
    return cache / FOLDER / blake2b(shown.encode(), digest_size=8).hexdigest()


def parse(data: bytes, shown: str) -> Bibliography:
    """What the bytes of a file say."""
    problems: list[Problem] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.append(
            Problem(
                "bibliography-is-utf-8",
                "error",
                shown,
                line,
                0,
                "the file is not in UTF-8, so that some letters are lost",
                "save it in UTF-8",
            )
        )
        text = data.decode("utf-8", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]", " ", text)
    if shown.lower().endswith(".json"):
        from notecast.works.csl_json import read_csl_json

        said = read_csl_json(text, shown)
    else:
        from notecast.works.bibtex import read_bibtex

        said = read_bibtex(text, shown)
    return Bibliography(said.sources, [*problems, *said.problems])


def read_lock(root: Path) -> Bibliography:
    """The records that `notecast papers fetch` has stored; nothing where there are none."""
    from notecast.works.csl_json import work_of_item

    file = root / LOCK_FILE
    try:
        data = json.loads(read_plain(file))
        works = data["works"]
        sources = [
            Source(_with_sentences(work_of_item(str(key), item)), LOCK_FILE, 0)
            for key, item in sorted(works.items())
        ]
    except FileNotFoundError:
        return Bibliography([], [])
    except OSError as error:
        return _unreadable(LOCK_FILE, f"the file cannot be read: {error.strerror or error}")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        hint = "restore it, or delete it and run notecast papers fetch"
        message = "the file is not one that notecast papers fetch has written"
        problem = Problem("bibliography-is-readable", "error", LOCK_FILE, 0, 0, message, hint)
        return Bibliography([], [problem])
    return Bibliography(sources, [])


def _with_sentences(work: Work) -> Work:
    """Registries give titles as publishers print them, mostly in title case."""
    from notecast.works.sentence_case import in_sentence_case

    container = work.container if work.type == "chapter" else ""
    return msgspec.structs.replace(
        work,
        title_as_sentence=in_sentence_case(work.title, language=work.language),
        container_as_sentence=in_sentence_case(container, language=work.language),
    )


def _unreadable(shown: str, message: str) -> Bibliography:
    hint = "check its permissions"
    return Bibliography(
        [], [Problem("bibliography-is-readable", "error", shown, 0, 0, message, hint)]
    )


def reader_version() -> str:
    """The versions of the libraries that read BibTeX."""
    from importlib.metadata import version

    return " ".join(f"{name} {version(name)}" for name in ("bibtexparser", "pylatexenc"))


def _code() -> bytes:
    """Digest of the code that reads: other code may understand more."""
    state = blake2b(reader_version().encode(), digest_size=32)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        state.update(path.read_bytes())
    return state.digest()
