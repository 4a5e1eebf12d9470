"""What a site is made from besides the text of its notes, read again when files change.

Entry point: `Materials`. Configuration, features, templates, words, defaults and
the list of files; a configuration that cannot be read leaves the last good one.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence

from notecast.builder.build import CACHE_FILE
from notecast.builder.files import file_refs
from notecast.builder.finish import able_features
from notecast.builder.inputs import Inputs, gather
from notecast.builder.process import Process
from notecast.builder.template_stamps import template_stamps
from notecast.builder.unpack import Unpacker
from notecast.config import Config
from notecast.config_places import SITE_FILES
from notecast.config_reader import Reading
from notecast.feature import Feature
from notecast.problems import Problem
from notecast.server.store import Store
from notecast.site import FileRef


class Materials:
    """The materials of one site as they were when last looked at."""

    features: Sequence[Feature]
    """Those that can do their work here. The search is made by a build alone."""
    inputs: Inputs
    files: Mapping[str, FileRef]
    """Files of the notes folder that are not notes."""
    unpacker: Unpacker
    process: Process
    """What parses notes and renders pages with all this."""

    def __init__(self, read: Callable[[], Reading]) -> None:
        """`read` reads the configuration anew."""
        self._read = read
        self._reading = read()
        self.config_problems: list[Problem] = list(self._reading.problems)
        self._lacking: list[Problem] = []

    @property
    def config(self) -> Config:
        return self._reading.config

    def open(self, store: Store) -> None:
        """Looks at everything for the first time.

        Args:
            store: Keeps what was worked out of files from one run to the next.
        """
        self._store = store
        self._look()
        self.process = self._new_process()

    def renew(self, paths: Sequence[str]) -> bool:
        """Looks at everything again.

        Args:
            paths: Absolute paths of what changed, came or went.

        Returns:
            Whether configuration, features and other files are what they were.
        """
        same = True
        if any(os.path.basename(path) in SITE_FILES for path in paths):
            reading = self._read()
            self.config_problems = list(reading.problems)
            if not any(problem.severity == "error" for problem in reading.problems):
                same = reading.config == self.config and reading.features == self._reading.features
                self._reading = reading
        before, files = self.inputs, self.files
        self._look()
        if self.inputs.notes.stamp != before.notes.stamp:
            self.process = self._new_process()
        elif self.inputs.render_settings != before.render_settings:
            self.process = self.process.with_templates(self.inputs.render_settings)
        return same and files == self.files

    def problems(self) -> list[Problem]:
        """What is wrong with configuration, words, defaults and what features need."""
        return [*self.config_problems, *self._lacking, *self.inputs.problems]

    def template_problems(self) -> list[Problem]:
        """What is wrong with templates, whether or not a page has asked for them."""
        return template_stamps(
            self.inputs.render_settings,
            self._store,  # type: ignore[arg-type]
        ).problems

    def _look(self) -> None:
        able, self._lacking = able_features(
            self._reading.features, self.config.options, search=False
        )
        self.features = tuple(able)
        self.unpacker = Unpacker(able)
        self.inputs = gather(
            self.config, able, self.config.output_dir, time.time_ns(), search=False
        )
        self.files = file_refs(
            self.inputs.scan.files,
            self._store,  # type: ignore[arg-type]
            self.inputs.scanned_at,
        )

    def _new_process(self) -> Process:
        path = self.config.cache_dir / CACHE_FILE
        inputs = self.inputs
        return Process(
            self.features, inputs.load_settings, inputs.render_settings, path, path.parent
        )
