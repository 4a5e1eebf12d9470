"""What the loader works with, as plain data for workers."""

from typing import Any, Literal

import msgspec

from notecast.model import Digest, NotePath


class LoadSettings(msgspec.Struct, frozen=True):
    """What decides how notes are parsed, besides the notes: plain data for workers."""

    language: str
    timezone: str
    permalink: str
    slugs: str
    html: Literal["own", "untrusted"]
    excerpt_length: int
    excerpt_words: tuple[str, str, str]
    """For code, displayed formulas and formulas with commands; empty: by language."""
    notes_prefix: str
    """What stands before a note's path where problems are shown."""
    options: dict[str, Any]
    """Each feature's own section."""


class NoteInput(msgspec.Struct, frozen=True, array_like=True):
    """What a note is made from besides its bytes."""

    path: NotePath
    source: str
    """Absolute path."""
    key: Digest
    digest: Digest
    """Of the file's bytes."""
    stamp: Digest
    """Of everything that parses."""
    defaults: dict[str, Any]
    """Header values for all notes of the folder."""
    git_dates: tuple[str, str]
    """Dates of the first and last commit, where `dates: git` is set; else empty."""
    root: str = ""
    """Folder out of which the note takes in no file; empty: it takes in none."""
