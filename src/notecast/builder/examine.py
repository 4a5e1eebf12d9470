"""The site as facts, for commands that look at it and write no page.

Entry point: `examined`. It goes the way of a build as far as the plan and keeps
what was parsed in the cache; the output folder is not touched.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from notecast.builder.build import BuildOptions, moment, open_cache, without_collector
from notecast.builder.collect import Collected, collect, look
from notecast.builder.lock import Locked, locked
from notecast.builder.process import Process, setup
from notecast.builder.timer import Timer
from notecast.builder.workers import Workers, default_jobs
from notecast.config import Config
from notecast.feature import Feature
from notecast.model import Body, Digest, Post


class Examined(msgspec.Struct, frozen=True):
    """What there is to know of a site."""

    collected: Collected
    features: Sequence[Feature]
    """Those that can do their work on this machine."""
    sources: dict[str, str]
    """Where notes are on disk, by their path as problems show it."""
    now: float
    """Seconds since 1970 at which the site was judged."""
    cache: Path
    seconds: dict[str, float]

    def bodies(self, posts: Sequence[Post]) -> dict[Digest, Body]:
        """The bodies of notes, by their keys; only inside the block of `examined`."""
        from notecast.builder.cache import BodyReader

        return BodyReader(self.cache).bodies([post.key for post in posts if post.readable])


@contextmanager
def examined(
    config: Config, features: Sequence[Feature], options: BuildOptions
) -> Iterator[Examined]:
    """Reads and judges a site; what a build finds before it renders is found here.

    While a build of the same site runs, or where the cache cannot be written, one that lasts
    for this call is used.

    Args:
        config: The site's configuration.
        features: All that the site wants.
        options: As for a build; `output` only says which folder holds no notes.
    """
    output = options.output or config.output_dir
    timer = Timer(options.progress)
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(config.lock_file))
            cache = stack.enter_context(open_cache(config, options))
        except (Locked, OSError, sqlite3.Error):
            options = msgspec.structs.replace(options, use_cache=False)
            cache = stack.enter_context(open_cache(config, options))
        stack.enter_context(without_collector())
        with timer.step("scan"):
            looked = look(config, features, output, cache, search=options.search)
        inputs, now = looked.inputs, moment(options)
        process = Process(
            looked.features, inputs.load_settings, inputs.render_settings, cache.path, output
        )
        setup(process)
        with Workers(options.jobs or default_jobs(), process) as workers:
            cache.begin()
            collected = collect(
                config,
                looked,
                cache,
                workers,
                timer,
                now=now,
                drafts=options.drafts or config.drafts,
                future=options.future or config.future,
                progress=options.progress or (lambda step, done, total: None),
            )
        sources = looked.sources(config)
        yield Examined(collected, looked.features, sources, now, cache.path, timer.seconds)
