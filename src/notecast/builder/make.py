"""Files that are made before pages are planned: variants of pictures, drawn diagrams.

Entry point: `make_files`. What was made lies in the folder `made/` beside the
cache file, a folder for each key; a table in the cache tells what is in it. See
`Maker` in `feature.py`.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from notecast.builder.cache import Cache
from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.process import current
from notecast.builder.trust import State, is_settled, state_of
from notecast.builder.workers import Workers
from notecast.feature import Feature
from notecast.model import Copy, Made, Wanted
from notecast.site import View

MADE = "made"
"""Name of the folder and of the table."""
DIGESTS = "made from"
"""Name of the table of digests of sources."""
CHUNK = 4
WORTH_PROCESSES = 4
"""A picture takes a good part of a second: processes pay soon."""

_KNOWN = msgspec.msgpack.Decoder(dict[str, tuple[Made, tuple[int, ...]]])
_SOURCES = msgspec.msgpack.Decoder(dict[str, tuple[State, str]])


class Task(msgspec.Struct, frozen=True, array_like=True):
    """One thing to make, for a worker."""

    feature: str
    wanted: Wanted
    key: str
    folder: str
    """The folder `made/`."""


class AllMade(msgspec.Struct, frozen=True):
    """What the site has of made files."""

    by_name: dict[str, dict[str, Made]]
    """By feature and name."""
    copies: list[Copy]
    keys: frozenset[str]
    """Folders of `made/` that are in use."""


def make_files(
    view: View,
    features: Sequence[Feature],
    cache: Cache,
    workers: Workers,
    progress: Callable[[int, int], None],
) -> AllMade:
    """Makes what features want and is not there yet.

    Args:
        view: All posts; gets to know the pictures.
        features: In their order.
        cache: Where the tables are; no transaction is open.
        workers: Who makes.
        progress: Told how many of how many are done.
    """
    makers = [(feature, feature.maker(view.options(feature.name))) for feature in features]
    if not any(maker for _, maker in makers):
        return AllMade({}, [], frozenset())
    shown = (picture for feature in features for picture in feature.pictures(view))
    view.pictures = tuple(sorted(shown, key=lambda one: (one.note, one.line, one.column, one.path)))
    folder = cache.path.parent / MADE
    known = _table(cache, MADE, _KNOWN)
    sources = _Sources(_table(cache, DIGESTS, _SOURCES))
    tasks: dict[str, Task] = {}
    names: list[tuple[str, str, str]] = []
    for feature, maker in makers:
        stamp = (maker.stamp(), room_stamp(feature)) if maker else ()
        for wanted in maker.wants(view) if maker else ():
            source = sources.digest(wanted.source) if wanted.source else ""
            if source is None:
                continue  # the build says so when it copies the file
            key = digest_of(feature.name, stamp, wanted.data, source)[:16]
            names.append((feature.name, wanted.name, key))
            if key not in tasks and not _is_whole(folder / key, known.get(key)):
                tasks[key] = Task(feature.name, wanted, key, str(folder))
    done = 0
    for part in workers.map(make_chunk, list(tasks.values()), chunk=CHUNK, worth=WORTH_PROCESSES):
        known.update(part)
        done += len(part)
        progress(done, len(tasks))
    _save(cache, known, sources)
    by_name: dict[str, dict[str, Made]] = {}
    copies: dict[str, Copy] = {}
    for name, asked, key in names:
        made = msgspec.structs.replace(known[key][0], base=f"/static/{name}/{key}-")
        by_name.setdefault(name, {})[asked] = made
        for file in made.files:
            output = made.url(file)[1:]
            copies[output] = Copy(output, str(folder / key / file))
    keys = frozenset(key for _, _, key in names)
    return AllMade(by_name, [copies[output] for output in sorted(copies)], keys)


def room_stamp(feature: Feature) -> str:
    """Digest of the code of one feature: another release remakes what it makes in another way."""
    file = Path(sys.modules[type(feature).__module__].__file__ or "")
    files = sorted(file.parent.glob("*.py")) if file.name == "__init__.py" else [file]
    return digest_of([path.read_bytes() for path in files])


def forget_made(cache: Cache, keys: frozenset[str]) -> None:
    """Removes what no page of the site wants any more; a transaction is open."""
    known = _table(cache, MADE, _KNOWN)
    kept = {key: row for key, row in known.items() if key in keys}
    if kept != known:
        cache.set_value(MADE, msgspec.msgpack.encode(kept))
    folder = cache.path.parent / MADE
    with suppress(OSError):
        for name in os.listdir(folder):
            if name not in keys:
                shutil.rmtree(folder / name, ignore_errors=True)


def make_chunk(tasks: Sequence[Task]) -> dict[str, tuple[Made, tuple[int, ...]]]:
    """Makes a few things; runs in a worker.

    Returns:
        By key what came of it and the sizes of its files.
    """
    process = current()
    found = {}
    for task in tasks:
        feature = next(one for one in process.features if one.name == task.feature)
        maker = feature.maker(process.load_settings.options.get(feature.name))
        assert maker is not None, "only a maker wants something"
        place = Path(task.folder, task.key)
        # A build that is killed leaves a folder of another name.
        into = place.with_name(f"{task.key}.{os.getpid()}")
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir(parents=True)
        made = maker.make(task.wanted, into)
        sizes = tuple((into / file).stat().st_size for file in made.files)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(into, place)
        found[task.key] = (made, sizes)
    return found


def _is_whole(folder: Path, row: tuple[Made, tuple[int, ...]] | None) -> bool:
    """Whether a thing was made and all its files are still there."""
    if row is None or row[0].passing:
        return False
    try:
        return all(
            (folder / file).stat().st_size == size
            for file, size in zip(row[0].files, row[1], strict=True)
        )
    except (OSError, ValueError):
        return False


class _Sources:
    """Digests of files, each read once a change."""

    def __init__(self, known: Mapping[str, tuple[State, str]]) -> None:
        self._known = known
        self._now = time.time_ns()
        self.seen: dict[str, tuple[State, str]] = {}

    def digest(self, path: str) -> str | None:
        """The digest of a file's bytes, `None` if it cannot be read."""
        row = self.seen.get(path)
        if row is not None:
            return row[1]
        try:
            state = state_of(os.stat(path))
            row = self._known.get(path)
            if row is None or row[0] != state:
                row = (state, digest_bytes(Path(path).read_bytes()))
        except OSError:
            return None
        self.seen[path] = row
        return row[1]

    def lasting(self) -> dict[str, tuple[State, str]]:
        """Those that may be believed next time."""
        return {path: row for path, row in self.seen.items() if is_settled(row[0], self._now)}


def _table(cache: Cache, name: str, decoder: "msgspec.msgpack.Decoder[Any]") -> Any:
    stored = cache.value(name)
    try:
        return decoder.decode(stored) if stored else {}
    except msgspec.MsgspecError:
        return {}


def _save(
    cache: Cache, known: Mapping[str, tuple[Made, tuple[int, ...]]], sources: _Sources
) -> None:
    cache.begin()
    for name, table in ((MADE, known), (DIGESTS, sources.lasting())):
        packed = msgspec.msgpack.encode(table)
        if cache.value(name) != packed:
            cache.set_value(name, packed)
    cache.commit()
