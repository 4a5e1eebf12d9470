"""Everything that can be known of a site before a page is rendered.

`look` reads the site folder, `collect` makes the plan and gathers all problems.
`build` and `check` both call these two, so they say the same of the same notes.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from notecast.builder.cache import Cache
from notecast.builder.compress import usable
from notecast.builder.files import file_refs
from notecast.builder.finish import able_features
from notecast.builder.inputs import Inputs, gather
from notecast.builder.lines import in_files
from notecast.builder.make import AllMade, make_files
from notecast.builder.notes import Known, LoadedPosts, identify, load_posts
from notecast.builder.plan import Plan, plan
from notecast.builder.publish_dates import Choice, choose
from notecast.builder.silence import reader, silence
from notecast.builder.template_stamps import Stamps, template_stamps
from notecast.builder.timer import Timer
from notecast.builder.workers import Workers
from notecast.config import Config
from notecast.feature import Feature
from notecast.problems import Problem
from notecast.site import View, assemble


class Looked(msgspec.Struct, frozen=True):
    """What lies in the site folder, against what the cache knows of it."""

    features: Sequence[Feature]
    """Those that can do their work on this machine."""
    lacking: list[Problem]
    """What the others lack."""
    inputs: Inputs
    known: Known
    notes_prefix: str
    """What stands before a note's path where problems are shown."""
    compress: list[str]
    """Ways in which files are compressed, as far as this machine knows them."""

    def sources(self, config: Config) -> dict[str, str]:
        """Where the notes are on disk, by their path as problems show it."""
        return {config.notes_prefix + note.path: note.source for note in self.inputs.scan.notes}


class Collected(msgspec.Struct, frozen=True):
    """The whole site as facts, and what is wrong with it."""

    loaded: LoadedPosts
    choice: Choice
    view: View
    made: AllMade
    planned: Plan
    stamps: Stamps
    found: list[Problem]
    """All that is wrong, in no order."""
    problems: list[Problem]
    """The same without what notes silence, at their places in the files."""


def look(
    config: Config, features: Sequence[Feature], output: Path, cache: Cache, *, search: bool
) -> Looked:
    """Scans the site folder and finds the key of every note.

    Args:
        config: The site's configuration.
        features: All that the site wants.
        output: The output folder, which is not part of the notes.
        cache: What earlier runs knew.
        search: False leaves out the search.
    """
    scanned_at = time.time_ns()
    able, lacking = able_features(features, config.options, search=search)
    kinds, unknown = usable(config.precompress)
    inputs = gather(config, able, output, scanned_at, search=search)
    known = identify(
        inputs.scan.notes, inputs.notes, cache.sources(), scanned_at, config.notes_prefix
    )
    return Looked(able, [*lacking, *unknown], inputs, known, config.notes_prefix, kinds)


def collect(
    config: Config,
    looked: Looked,
    cache: Cache,
    workers: Workers,
    timer: Timer,
    *,
    now: float,
    drafts: bool,
    future: bool,
    progress: Callable[[str, int, int], None],
) -> Collected:
    """Loads, chooses, assembles, makes and plans; asks every feature what is wrong.

    Args:
        config: The site's configuration.
        looked: What `look` found.
        cache: A transaction is open; it is committed as soon as the notes are
            parsed, since they are worth keeping whatever becomes of the rest, and
            workers read the bodies from the file.
        workers: Processes that parse.
        timer: Told how long each step takes.
        now: Seconds since 1970 at which the site is judged.
        drafts: With drafts.
        future: With notes dated later than now.
        progress: Told the step, how much is done and how much there is.
    """
    inputs, known, features = looked.inputs, looked.known, looked.features
    with timer.step("load"):
        # Before others come: they take the place of these in the file.
        cache.forget_posts({row.post for row in known.rows.values()})
        loaded = load_posts(
            known,
            inputs.scan.notes,
            inputs.notes,
            cache,
            workers,
            partial(progress, "load"),
            config.notes_prefix,
        )
        cache.put_sources([*known.changed, *loaded.rows], known.gone)
        files = file_refs(inputs.scan.files, cache, inputs.scanned_at)
        stamps = template_stamps(inputs.render_settings, cache)
        cache.commit()
    with timer.step("assemble"):
        choice = choose(
            loaded.posts,
            now=now,
            timezone=config.timezone,
            drafts=drafts,
            future=future,
            notes_prefix=config.notes_prefix,
            slugs=config.slugs,
        )
        site, site_problems = assemble(
            choice.published,
            withheld=choice.withheld,
            future=choice.future,
            files=files,
            features=features,
            config=config,
        )
    view = View(site, config, inputs.words, features)
    with timer.step("make"):
        made = make_files(view, features, cache, workers, partial(progress, "make"))
        view.made_files = made.by_name
    with timer.step("plan"):
        planned = plan(view, features, inputs.statics, made.copies)
        view.addresses = planned.addresses
        checked = [problem for feature in features for problem in feature.check(view)]
        found = [
            *looked.lacking,
            *inputs.problems,
            *known.problems,
            *loaded.problems,
            *(problem for post in loaded.posts.values() for problem in post.problems),
            *choice.problems,
            *site_problems,
            *planned.problems,
            *checked,
            *stamps.problems,
        ]
        kept = silence(found, reader(looked.sources(config), features))
        problems = in_files(kept, loaded.posts.values(), config.notes_prefix)
    return Collected(loaded, choice, view, made, planned, stamps, found, problems)
