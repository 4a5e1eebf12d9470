"""A site under change: built again after every change, and compared with a build from nothing.

Entry points: `World`, and `World.check` after a change.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from notecast.builder import notes, pages, publish
from notecast.builder.build import BuildOptions, BuildResult, build_site
from notecast.builder.digest import digest_of
from notecast.builder.examine import examined
from notecast.builder.output import OWNED_LIST
from notecast.builder.process import Process, setup
from notecast.config_reader import read_site
from notecast.features import FEATURES

from .settings import VALUES
from .texts import START

CACHE = ".notecast/cache.sqlite"


class Differs(AssertionError):
    """What an incremental build made is not what a clean one makes."""


class World:
    """The site folder, and how it is built."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.root = folder / "site"
        self.root.mkdir(parents=True)
        self.output = folder / "a" / "public"
        self.now = float(START)
        self.settings: dict[str, Any] = {}
        self.options: dict[str, Any] = {
            "drafts": False,
            "future": False,
            "jobs": 1,
            "search": False,
        }
        self.foreign_in: dict[Path, dict[str, bytes]] = {}
        """Files in output folders that are not ours, by path."""
        self.foreign_aside: dict[str, bytes] = {}
        """Those in the output that was put aside."""
        self.number = 0
        self.stopped: tuple[dict[str, bytes], dict[str, bytes]] | None = None
        """What stood before and after a build that did not come to its end."""
        self.programs = folder / "programs"
        """Programs that the site names."""
        self.quick = 0
        """Builds in which only bodies had changed."""
        self.done: list[str] = []
        """What was changed, for the message of a failure."""
        self.contexts: dict[Any, str] = {}
        """What each identity of a page has stood for, over all states of the site."""

    def say(self, change: str) -> None:
        self.done.append(change)

    def fresh(self) -> int:
        """A number that has not been used."""
        self.number += 1
        return self.number

    @property
    def foreign(self) -> dict[str, bytes]:
        return self.foreign_in.setdefault(self.output, {})

    # Files ----------------------------------------------------------------

    def setting(self, key: str) -> Any:
        return self.settings.get(key, VALUES[key][0])

    def folder_of(self, key: str) -> Path:
        """The folder that `notes`, `static` or `templates` names."""
        return self.root / str(self.setting(key))

    def write(self, file: Path, content: str | bytes) -> None:
        """Writes a file; what stands in its way is moved out of it."""
        for parent in file.parents:
            if parent.is_file():
                parent.unlink()
        if file.is_dir():
            shutil.rmtree(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def files(self, folder: Path, pattern: str = "*") -> list[Path]:
        return sorted(path for path in folder.rglob(pattern) if path.is_file())

    def own_files(self) -> list[Path]:
        """What is neither the cache's nor git's."""
        return [
            file
            for file in self.files(self.root)
            if not {".notecast", ".git"}.intersection(file.relative_to(self.root).parts)
        ]

    def configure(self) -> None:
        """Writes `site.yaml` anew."""
        nested: dict[str, Any] = {}
        for key, value in self.settings.items():
            *outer, last = key.split(".")
            place = nested
            for name in outer:
                place = place.setdefault(name, {})
            place[last] = value
        (self.root / "site.yaml").write_text(json.dumps(nested, ensure_ascii=False, indent=1))

    # Building -------------------------------------------------------------

    def build(self, output: Path, **options: Any) -> BuildResult:
        """Builds as the command does."""
        reading = read_site(self.root, FEATURES)
        if reading.problems:
            raise Differs(f"the storm writes a bad site.yaml: {reading.problems}")
        settings = {"output": output, **self.options, **options}
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SOURCE_DATE_EPOCH", str(int(self.now)))
                patch.setenv("PATH", f"{self.programs}{os.pathsep}{os.environ['PATH']}")
                # The site is small; it is worth processes all the same.
                patch.setattr(notes, "WORTH_PROCESSES", 1)
                patch.setattr(pages, "WORTH_PROCESSES", 1)
                return build_site(reading.config, reading.features, BuildOptions(**settings))
        finally:
            self.end_of_process()

    def look(self) -> None:
        """Checks the site, as `notecast check` does, with the same cache."""
        reading = read_site(self.root, FEATURES)
        settings = {**self.options, "now": self.now}
        with examined(reading.config, reading.features, BuildOptions(**settings)) as found:
            assert found.collected.planned.pages
        self.end_of_process()

    def end_of_process(self) -> None:
        """Closes what a process has open, as its end would."""
        nowhere = self.root / "nowhere"
        setup(Process((), None, None, nowhere, nowhere))  # type: ignore[arg-type]
        for name in [name for name in sys.modules if name == "storm_feature"]:
            del sys.modules[name]

    def in_child(
        self,
        build: Callable[[], object],
        seconds: float | None = None,
        allowed: tuple[type[Exception], ...] = (),
    ) -> None:
        """Builds in a process of its own.

        Args:
            build: What it does.
            seconds: After which it is killed.
            allowed: With what it may end besides.

        Raises:
            Differs: It ended with something else.
        """
        reads, writes = os.pipe()
        child = os.fork()
        if not child:
            try:
                build()
            except allowed:
                pass
            except BaseException:
                os.write(writes, traceback.format_exc().encode()[-4000:])
            finally:
                os._exit(0)
        os.close(writes)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.set_blocking(reads, False)  # workers may still hold the other end
        try:
            told = os.read(reads, 5000).decode()
        except BlockingIOError:
            told = ""
        os.close(reads)
        if told:
            raise Differs(f"{self.story()}\n{told}")

    def torn(
        self,
        build: Callable[[], object],
        seconds: float | None = None,
        allowed: tuple[type[Exception], ...] = (),
    ) -> None:
        """The same for a build that may not come to its end: `check` looks at what it left."""
        before = tree(self.output)
        self.in_child(build, seconds, allowed)
        self.stopped = (before, tree(self.output))

    def check(self) -> None:
        """Builds with what is known and from nothing.

        Raises:
            Differs: Files or problems are not the same.
        """
        before, stopped = tree(self.output), self.stopped
        self.stopped = None
        result = self.build(self.output)
        self.quick += "load" in result.seconds and "assemble" not in result.seconds
        clean = self.folder / "clean" / "public"
        shutil.rmtree(clean, ignore_errors=True)
        for path, data in self.foreign.items():
            self.write(clean / path, data)
        clean.mkdir(parents=True, exist_ok=True)
        (clean / OWNED_LIST).touch()
        with self.recorded():
            expected = self.build(clean, use_cache=False, jobs=1)
        made, wanted = tree(self.output), tree(clean)
        if stopped is not None:
            self._check_whole(*stopped, wanted)
        if any(problem.rule.startswith("template-") for problem in expected.problems):
            # A site that cannot be made leaves the one that stands.
            wanted = before
            broken = {problem.rule for problem in expected.problems}
            if broken != {problem.rule for problem in result.problems}:
                raise Differs(f"{self.story()}\nrules are not {sorted(broken)}")
        differing = sorted(
            path for path in made.keys() | wanted.keys() if made.get(path) != wanted.get(path)
        )
        if differing:
            raise Differs(f"{self.story()}\nfiles differ: {differing[:8]}")
        elif wanted is not before and result.problems != expected.problems:
            more = [p for p in result.problems if p not in expected.problems]
            less = [p for p in expected.problems if p not in result.problems]
            raise Differs(f"{self.story()}\nproblems too many: {more[:4]}\ntoo few: {less[:4]}")

    def _check_whole(
        self, before: dict[str, bytes], left: dict[str, bytes], after: dict[str, bytes]
    ) -> None:
        """Holds every file of a build that was stopped to be an old or a new one."""
        half = sorted(
            path
            for path, data in left.items()
            if not path.startswith(".notecast") and data not in (before.get(path), after.get(path))
        )
        if half:
            raise Differs(f"{self.story()}\nneither old nor new: {half[:8]}")

    def story(self) -> str:
        return "after " + "; ".join(self.done[-6:])

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Holds pages to it that equal identities stand for equal contexts."""
        before = publish.stage_pages

        def stage(planned: Any, stamps: Any, *rest: Any) -> Any:
            for page in planned:
                identity = digest_of(page.identity, stamps.get(page.page.template))
                context = digest_of(page.job())
                if self.contexts.setdefault(identity, context) != context:
                    raise Differs(
                        f"{self.story()}\n{page.page.url} has a context that its identity "
                        "does not tell from an earlier one"
                    )
            return before(planned, stamps, *rest)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publish, "stage_pages", stage)
            yield


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a site, and the list of those that are ours."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found
