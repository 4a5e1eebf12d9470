"""Which notes are published now: drafts, future and expired ones stay out unless asked for.

Entry point: `choose`. The only place where the clock decides something; the
moment comes in as an argument.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from posixpath import dirname

import msgspec

from notecast.loader.dates import instant
from notecast.model import NotePath, Post, Url
from notecast.problems import Problem
from notecast.urls import (
    address_key,
    index_rank,
    note_url,
    output_path,
    spare_urls,
    split_dated_name,
    unquote,
)


class Choice(msgspec.Struct, frozen=True):
    """What is published at one moment."""

    published: tuple[Post, ...]
    withheld: frozenset[NotePath]
    future: frozenset[NotePath]
    problems: tuple[Problem, ...]
    """Notes that would have the address of another."""
    until: float
    """When this choice may change next, in seconds since 1970; infinity for never."""


def choose(
    posts: Mapping[NotePath, Post],
    *,
    now: float,
    timezone: str,
    drafts: bool,
    future: bool,
    notes_prefix: str,
    slugs: str,
) -> Choice:
    """Splits notes into those that are published and those that are withheld.

    Args:
        posts: All notes.
        now: Seconds since 1970.
        timezone: IANA name: dates without a zone are in this one.
        drafts: Publish drafts too.
        future: Publish notes dated later than now too.
        notes_prefix: What stands before a note's path where problems are shown.
        slugs: Style of slugs, for notes that lose an address.
    """
    taken: dict[str, NotePath] = {}
    problems = []
    published, withheld, ahead = [], set(), set()
    until = float("inf")
    # Where a folder has both, its index is the page of the folder.
    for path in sorted(posts, key=lambda path: (index_rank(path) == 1, path)):
        post = posts[path]
        starts = instant(post.date, timezone) if post.date else float("-inf")
        ends = _end(post.expires, timezone) if post.expires else float("inf")
        if starts > now:
            ahead.add(path)
            until = min(until, starts)
        if ends > now:
            until = min(until, ends)
        if (
            not post.readable
            or (post.draft and not drafts)
            or (starts > now and not future)
            or ends <= now
        ):
            withheld.add(path)
            continue
        first = taken.setdefault(_place(post.url), path)
        if first == path:
            published.append(post)
            continue
        # Nobody's note is lost for a slug used twice: the file's own name is left.
        others = spare_urls(path, slugs)
        own = next((url for url in others if taken.setdefault(_place(url), path) == path), None)
        if own is None:
            withheld.add(path)
        else:
            published.append(msgspec.structs.replace(post, url=own))
        beside = dirname(first) == dirname(path)
        expected = own and beside and (index_rank(first), index_rank(path)) == (0, 1)
        if not expected and not (own and _is_dated(post, slugs)):
            problems.append(_collision(post, notes_prefix, first, own))
    return Choice(
        tuple(published),
        frozenset(withheld),
        frozenset(ahead) - withheld,
        tuple(problems),
        until,
    )


def _is_dated(post: Post, slugs: str) -> bool:
    """Whether a note has the address of its file's name without the date: one of a series."""
    return bool(split_dated_name(post.path)[0]) and post.url == note_url(post.path, style=slugs)[0]


def _end(expires: str, timezone: str) -> float:
    """When a note that expires on this date is gone: a bare day is its last one."""
    if len(expires) == 10:
        following = date.fromisoformat(expires) + timedelta(days=1)
        return instant(following.isoformat(), timezone)
    return instant(expires, timezone)


@lru_cache(maxsize=1 << 16)
def _place(url: str) -> str:
    """What no two pages may share; the preview asks it of every note after each edit."""
    return address_key(output_path(url))


def _collision(post: Post, notes_prefix: str, first: str, instead: Url | None) -> Problem:
    outcome = f'is published at "{unquote(instead)}" instead' if instead else "is not published"
    return Problem(
        "address-is-unique",
        "error",
        notes_prefix + post.path,
        0,
        0,
        f'the address "{unquote(post.url)}" is that of {notes_prefix}{first} already; '
        f"this note {outcome}",
        "give one of them another slug, permalink or file name, "
        "or set a permalink pattern in site.yaml that tells them apart",
    )
