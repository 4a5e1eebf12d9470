"""From posts to a Site, the short way where an edit allows it.

Entry point: `fold`. What decides order, addresses, categories and tags is
mostly the same before and after an edit; then only the facts are drawn anew.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from notecast.builder.publish_dates import choose
from notecast.config import Config
from notecast.feature import Feature
from notecast.model import NotePath, Post
from notecast.problems import Problem
from notecast.site import FileRef, Site, assemble

DECIDES = ("url", "date", "updated", "expires", "draft", "readable", "categories", "tags")
"""What of a post decides which notes are published, in which order, in which lists."""


class Folded(msgspec.Struct, frozen=True):
    """A Site and how it came about."""

    site: Site
    posts: dict[NotePath, Post]
    """The posts that it was made from."""
    problems: list[Problem]
    until: float
    """When another choice of notes may be due, in seconds since 1970."""
    same_names: bool = False
    """Whether links lead to where they led before: no path, address or name changed."""


def fold(
    posts: Mapping[NotePath, Post],
    files: Mapping[str, FileRef],
    config: Config,
    features: Sequence[Feature],
    *,
    drafts: bool,
    future: bool,
    before: Folded | None = None,
    changed: Collection[NotePath] | None = None,
) -> Folded:
    """The Site of these posts.

    Args:
        posts: All notes.
        files: Other files of the notes folder.
        config, features: Of the site.
        drafts, future: Whether those are shown.
        before: What the same site was before.
        changed: The notes that differ from `before`, if nothing else does.
    """
    now = time.time()
    if before and changed is not None and now < before.until:
        site = _refold(before, posts, changed, features, config)
        if site is not None:
            same = all(
                getattr(posts[path], name) == getattr(before.posts[path], name)
                for path in changed
                for name in ("title", "names")
            )
            return Folded(site, dict(posts), before.problems, before.until, same)
    choice = choose(
        posts,
        now=now,
        timezone=config.timezone,
        drafts=drafts,
        future=future,
        notes_prefix=config.notes_prefix,
        slugs=config.slugs,
    )
    site, problems = assemble(
        choice.published,
        withheld=choice.withheld,
        future=choice.future,
        files=files,
        features=features,
        config=config,
    )
    return Folded(site, dict(posts), [*choice.problems, *problems], choice.until)


def _refold(
    before: Folded,
    posts: Mapping[NotePath, Post],
    changed: Collection[NotePath],
    features: Sequence[Feature],
    config: Config,
) -> Site | None:
    """The Site with the changed posts in their old places, `None` where places may change."""
    site = before.site
    new: dict[NotePath, Post] = {}
    for path in changed:
        post, old = posts.get(path), before.posts.get(path)
        if post is None or old is None:
            return None
        if any(getattr(post, name) != getattr(old, name) for name in DECIDES):
            return None
        if path in site.by_path:
            if site.by_path[path].url != old.url:  # it gave way to another note
                return None
            new[path] = post
    ordered = tuple([new.get(post.path, post) for post in site.posts]) if new else site.posts
    families: dict[str, Mapping[Any, Any]] = {}
    for feature in features:
        families |= feature.facts(ordered, config.options.get(feature.name))
    return msgspec.structs.replace(
        site, posts=ordered, by_path={**site.by_path, **new}, families=families
    )
