"""One site held in memory: opened once, renewed after every change, asked for pages.

Entry points: `Session.open`, then `refresh`, `render`, `work`. Belongs to one
thread (`live.py`). Nothing is written but the cache of parsed notes.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from notecast.builder.build import CACHE_FILE
from notecast.builder.cache import Cache
from notecast.builder.inputs import Inputs
from notecast.builder.lines import in_files
from notecast.builder.silence import silence
from notecast.config import Config, with_severities
from notecast.config_reader import Reading
from notecast.feature import Feature
from notecast.folder_defaults import DEFAULTS_FILE
from notecast.model import Copy, Digest, NotePath, Post
from notecast.problems import Problem, in_order
from notecast.server.fold import Folded, fold
from notecast.server.lookup import Pages
from notecast.server.materials import Materials
from notecast.server.notes import AT_ONCE, Notes
from notecast.server.places import file_url, note_paths
from notecast.server.press import Press, Rendered
from notecast.server.store import Store
from notecast.site import View
from notecast.urls import note_url

PARTS = (64, 512, 4096)
"""After so many notes of a first build the site is shown as far as it goes."""


class Session:
    """The site as its files say it is now, or were when they were last in order."""

    def __init__(self, read: Callable[[], Reading], *, drafts: bool, future: bool) -> None:
        """
        Args:
            read: Reads the configuration anew.
            drafts, future: Whether those notes are shown.
        """
        self._materials = Materials(read)
        self._drafts = drafts
        self._future = future
        self._groups: dict[str, list[Problem]] = {}
        self._lost: dict[str, NotePath] = {}
        self._fault: BaseException | None = None
        self._guessed = False
        self._reader: Notes | None = None
        self._retired: list[object] = []
        self._unfolded = False
        """Whether posts changed that the Site does not know of yet."""
        self.total = 0
        """Notes of the first build, 0 once it is done."""

    # Reading -----------------------------------------------------------------

    @property
    def config(self) -> Config:
        return self._materials.config

    @property
    def features(self) -> Sequence[Feature]:
        return self._materials.features

    @property
    def inputs(self) -> Inputs:
        return self._materials.inputs

    def open(self) -> None:
        """Reads what there is; with a warm cache the whole site is there afterwards."""
        with _without_collector():
            self._open()
            # What was loaded now stays: the search for cycles need never walk through it.
            gc.freeze()

    def _open(self) -> None:
        self._cache = Cache(self.config.cache_dir / CACHE_FILE)
        self._store = Store(self._cache)
        self._notes = self._reader = Notes(self._store)
        self._materials.open(self._store)
        self._press = Press(self._materials.process, self._store, self._reload)
        self._notes.sync(self.inputs, self.config)
        self._store.forget_others(self._notes.keys())
        self._folded: Folded | None = None
        if len(self._notes.missing) > AT_ONCE:
            self.total = len(self._notes.missing)
        else:
            self._parse(list(self._notes.missing))
        self._assemble(None)

    def give_up(self) -> None:
        """Ends what takes long, from any thread: the preview is to end."""
        if self._reader is not None:
            self._reader.give_up()

    def close(self) -> None:
        """Saves what was parsed and lets go of the cache file."""
        self._store.save()
        self._cache.__exit__()

    def refresh(self, paths: Iterable[str], visible: Sequence[str] = ()) -> tuple[str, ...]:
        """Takes in that files have changed.

        Args:
            paths: Absolute paths of what changed, came or went.
            visible: Addresses that somebody looks at: their notes come first.

        Returns:
            Addresses of published files that changed, other than pages.
        """
        with _without_collector():
            return self._refresh(sorted(set(paths)), visible)

    def _refresh(self, paths: Sequence[str], visible: Sequence[str]) -> tuple[str, ...]:
        if not paths:
            self._assemble(None)
            return ()
        notes = note_paths(paths, self.config, self.inputs.suffixes)
        changed = None
        unfolded, self._unfolded = self._unfolded, True  # until all has gone well
        if notes is not None and len(notes) <= AT_ONCE:
            changed = self._notes.update(notes, self.inputs, self.config)
        if changed is not None:
            self._parse(list(self._notes.missing) if not self.total else list(notes or ()))
            if changed or unfolded:
                self._assemble(None if unfolded else changed)
            self._unfolded = False
            return ()
        changed = self._regather(paths)
        first = [post.path for url in visible if (post := self.pages.note_at(url))]
        missing = self._notes.missing
        if len(missing) <= AT_ONCE:
            self._parse(list(missing))
        else:
            changed = None
            self._parse([path for path in first if path in missing])
            self.total = self.total or len(missing)
        self._assemble(None if unfolded else changed)
        urls = (file_url(path, self.config, self._materials.files) for path in paths)
        return tuple(url for url in urls if url)

    @property
    def until(self) -> float:
        """When a note starts or ends being published next, in seconds since 1970."""
        return self._folded.until if self._folded else float("inf")

    @property
    def fault(self) -> BaseException | None:
        """A fault of ours that the last change met with."""
        return self._fault

    @fault.setter
    def fault(self, error: BaseException | None) -> None:
        self._fault = error
        self._groups["fault"] = [_apology(error)] if error else []

    def _regather(self, paths: Sequence[str]) -> set[NotePath] | None:
        """Reads everything but notes again; returns the notes that changed if nothing else did."""
        process = self._materials.process
        same = self._materials.renew(paths)
        if self._materials.process is not process:
            self._press.renew(self._materials.process)
        changed = self._notes.sync(self.inputs, self.config)
        missing = {NotePath(path) for path in self._notes.missing}
        return changed | missing if same else None

    def _parse(self, paths: Sequence[str]) -> None:
        for _ in self._notes.load(paths, self.inputs, self._materials.process, self.config):
            pass

    def _assemble(self, changed: set[NotePath] | None) -> None:
        """Folds the posts, `changed` being all that is new if it is given."""
        before = self._folded
        # Taking the old site to pieces takes time, too: that can wait.
        self._retired = [before, self.view, self.pages] if before else []
        self._folded = fold(
            self._notes.posts,
            self._materials.files,
            self.config,
            self.features,
            drafts=self._drafts or self.config.drafts,
            future=self._future or self.config.future,
            before=before,
            changed=changed,
        )
        self._groups["site"] = self._folded.problems
        targets = self.view.targets if before and self._folded.same_names else None
        view = View(self._folded.site, self.config, self.inputs.words, self.features, targets)
        self._guessed = before is not None and changed is not None
        if self._guessed:
            # What features work out of the whole site (backlinks, related notes) takes
            # longer than anybody waits; it is nearly always the same as before.
            view.guess_from(self.view)
        self._take(view, self.pages.owners if before else None)
        self._remember_lost(before)
        self._unfolded = False

    def _settle(self) -> None:
        """Gives up guesses."""
        if self._guessed and self._folded:
            self._guessed = False
            view = View(
                self._folded.site,
                self.config,
                self.inputs.words,
                self.features,
                self.view.targets,
            )
            self._take(view, self.pages.owners)

    def _take(self, view: View, owners: dict[str, int] | None) -> None:
        self.view: View = view
        self.pages: Pages = Pages(
            view, self.features, self.inputs.statics, self.inputs.assets, owners
        )

    # Pages -------------------------------------------------------------------

    def render(self, url: str) -> Rendered | None:
        """The page of an address; the last good one where the present cannot be made."""
        try:
            planned = self.pages.planned(url)
        except Exception:  # a guess may name a note that is no more
            if not self._guessed:
                raise
            self._settle()
            planned = self.pages.planned(url)
        if planned is not None:
            return self._press.render(url, planned)
        return self._press.last(url) if url in self._lost else None

    def is_lost(self, url: str) -> bool:
        """Whether the note of that address cannot be read any more."""
        return url in self._lost

    def problems(self) -> list[Problem]:
        """Everything that is wrong now, by place."""
        found = [
            *self._materials.problems(),
            *(problem for group in self._groups.values() for problem in group),
            *self._notes.problems.values(),
            *(problem for post in self._notes.posts.values() for problem in post.problems),
            *self._press.failures.values(),
        ]
        kept = silence(found, self._notes.text_reader(self.config, self.features))
        placed = in_files(kept, self._notes.posts.values(), self.config.notes_prefix)
        return in_order(with_severities(placed, self.config))

    def is_on(self, problem: Problem, url: str) -> bool:
        """Whether a problem concerns the page of an address."""
        post = self.pages.note_at(url)
        path = post.path if post else self._lost.get(url)
        failure = self._press.failures.get(url)
        everywhere = (*self._materials.config_problems, *self._groups.get("fault", ()))
        return (
            (path is not None and self._shapes(problem.path, path))
            or (failure is not None and _place(failure) == _place(problem))
            or any(_place(problem) == _place(other) for other in everywhere)
        )

    def _shapes(self, shown: str, note: NotePath) -> bool:
        """Whether a file (as problems show it) is the note, or one that gives it defaults."""
        file = shown.removeprefix(self.config.notes_prefix)
        folder, _, name = file.rpartition("/")
        over = name == DEFAULTS_FILE and note.startswith(f"{folder}/" if folder else "")
        return shown.startswith(self.config.notes_prefix) and (file == note or over)

    def unpacked(self, copy: Copy) -> bytes | None:
        """A part of a note's file; `None` if the file has it no more."""
        return self._materials.unpacker.part(copy)

    # Work behind the reader's back ---------------------------------------------

    def work(self) -> Iterator[bool]:
        """What can wait: notes not parsed yet, the cache, checks. Pauses often.

        Yields:
            Whether pages may have changed since the last pause.
        """
        self._retired = []
        yield from self._load_rest()
        if self._guessed:
            self._settle()
            yield True
        self._warm_up()
        yield False
        for _ in self.pages.finish():
            yield False
        self._groups["addresses"] = self.pages.problems
        checked: list[Problem] = []
        for feature in self.features:
            checked += feature.check(self.view)
            yield False
        self._groups["checks"] = checked
        self._groups["templates"] = self._materials.template_problems()
        self._store.save()
        yield True

    def _load_rest(self) -> Iterator[bool]:
        done = 0
        parts = [part for part in PARTS if not self._notes.posts]
        rest = self._notes.newest_first()
        for loaded in self._notes.load(rest, self.inputs, self._materials.process, self.config):
            done += len(loaded)
            self._unfolded = True
            if self._store.unsaved >= 256:
                self._store.save()
            if parts and done >= parts[0]:
                parts.pop(0)
                self._assemble(None)
            yield bool(parts) and done >= parts[0]
        if rest or self._unfolded or self.total:
            self.total = 0
            self._assemble(None)
            self._store.save()
            gc.freeze()
            yield True

    def _warm_up(self) -> None:
        """Loads parser and templates, so that the first edit need not wait for them."""
        _ = self._materials.process.loader
        if self.view.posts:
            self.render(self.view.posts[0].url)

    @property
    def loaded(self) -> int:
        """Notes of the first build that are done."""
        return self.total - len(self._notes.missing)

    # Small things ----------------------------------------------------------------

    def _reload(self, keys: set[Digest]) -> None:
        """Parses notes again whose bodies a build has dropped from the cache."""
        paths = [post.path for post in self._notes.posts.values() if post.key in keys]
        self._notes.missing.update(dict.fromkeys(paths))
        self._parse(paths)

    def _remember_lost(self, before: Folded | None) -> None:
        """Notes that cannot be read keep the address that they had."""
        unreadable = {path for path, post in self._notes.posts.items() if not post.readable}
        kept = {url: path for url, path in self._lost.items() if path in unreadable}
        known = set(kept.values())
        for path in sorted(unreadable - known):
            old: Post | None = before.site.by_path.get(path) if before else None
            url = old.url if old else note_url(path, style=self.config.slugs)[0]
            kept[url] = path
        self._lost = kept


@contextmanager
def _without_collector() -> Iterator[None]:
    """Spares the search for cycles: a hundred thousand values are made here, and no cycle."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _place(problem: Problem) -> tuple[str, str, int, str]:
    """What stays of a problem whatever the site says of its severity."""
    return (problem.rule, problem.path, problem.line, problem.message)


def _apology(error: BaseException) -> Problem:
    message = f"the preview could not take in the last change: {type(error).__name__}: {error}"
    hint = "this is a fault in Notecast; what is shown is the site before that change"
    return Problem("preview-follows", "error", "", 0, 0, message, hint)
