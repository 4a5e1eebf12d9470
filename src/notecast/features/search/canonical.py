"""Gives a Pagefind index the same bytes whenever it is made from the same pages.

Pagefind writes the values of its filters in the order of a hash table that is
another in every run. Filters are named after their content and the index of a
language names its filters, so two equal sites would differ in several files.
Here the values are sorted and the names made anew.

Files of the index are gzip streams of `pagefind_dcd` and one CBOR value (RFC
8949) of arrays, texts and whole numbers. Anything else is left as it is: then
the index works, but is not the same twice.

Entry point: `canonical`.
"""

import gzip
import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

SIGNATURE = b"pagefind_dcd"
FORMATS = ("1.5.",)
"""Versions whose format is known."""
ENTRY = "pagefind-entry.json"
FILTERS = 3
"""Place of the filters in the index of a language."""


class UnknownFormat(Exception):
    """A file is not what this module knows."""


def canonical(folder: Path) -> bool:
    """Rewrites the index in a folder; says whether its format is known.

    Nothing is changed before everything has been read.
    """
    try:
        entry = json.loads((folder / ENTRY).read_text(encoding="utf-8"))
        if not entry["version"].startswith(FORMATS):
            return False
        renamed: list[tuple[Path, Path, bytes]] = []
        languages = {}
        for name, language in sorted(entry["languages"].items()):
            found, files = _language(folder, language["hash"])
            languages[name] = {**language, "hash": found}
            renamed += files
    except (UnknownFormat, KeyError, TypeError, ValueError, IndexError, OSError):
        return False
    for old, _, _ in renamed:
        old.unlink()
    for _, new, data in renamed:
        new.write_bytes(data)
    text = json.dumps({**entry, "languages": languages}, ensure_ascii=False, separators=(",", ":"))
    (folder / ENTRY).write_text(text, encoding="utf-8")
    return True


def _language(folder: Path, name: str) -> tuple[str, list[tuple[Path, Path, bytes]]]:
    """The new name of a language's index; old place, new place and bytes of its files."""
    files = []
    index_file = folder / f"pagefind.{name}.pf_meta"
    index = _unpack(index_file)
    filters = []
    for title, filter_name in index[FILTERS]:
        old = folder / "filter" / f"{filter_name}.pf_filter"
        own_title, values = _unpack(old)
        new_name, data = _pack(filter_name, [own_title, sorted(values)])
        files.append((old, old.with_name(f"{new_name}.pf_filter"), data))
        filters.append([title, new_name])
    index[FILTERS] = sorted(filters)
    new_name, data = _pack(name, index)
    files.append((index_file, folder / f"pagefind.{new_name}.pf_meta", data))
    return new_name, files


def _unpack(file: Path) -> Any:
    data = gzip.decompress(file.read_bytes())
    if not data.startswith(SIGNATURE):
        raise UnknownFormat(file.name)
    value, end = decode(data, len(SIGNATURE))
    if end != len(data):
        raise UnknownFormat(file.name)
    return value


def _pack(old_name: str, value: Any) -> tuple[str, bytes]:
    """A name after the content, with the language of the old one, and the file's bytes."""
    data = SIGNATURE + encode(value)
    mark = blake2b(data, digest_size=6).hexdigest()
    return f"{old_name.rpartition('_')[0]}_{mark}", gzip.compress(data, 9, mtime=0)


def decode(data: bytes, at: int = 0) -> tuple[Any, int]:
    """The CBOR value that begins at a place, and the place behind it (RFC 8949, section 3)."""
    kind, size = data[at] >> 5, data[at] & 31
    at += 1
    if size >= 24:
        if size > 27:
            raise UnknownFormat(f"CBOR length {size}")
        width = 1 << (size - 24)
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    if kind == 0:
        return size, at
    if kind == 3:
        return data[at : at + size].decode(), at + size
    if kind != 4:
        raise UnknownFormat(f"CBOR major type {kind}")
    values = []
    for _ in range(size):
        value, at = decode(data, at)
        values.append(value)
    return values, at


def encode(value: Any) -> bytes:
    """A value of arrays, texts and whole numbers as CBOR."""
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    return _head(4, len(value)) + b"".join([encode(item) for item in value])


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    width = next(width for width in (1, 2, 4, 8) if size < 1 << 8 * width)
    return bytes([kind << 5 | 23 + width.bit_length()]) + size.to_bytes(width, "big")
