"""Pages become bytes when somebody asks, and stay in memory while they are good.

Entry point: `Press`. A page that cannot be rendered is shown as it was when it
last could.
"""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from notecast.builder.digest import digest_bytes, digest_of
from notecast.builder.process import Process
from notecast.model import Body, Digest, Job, Planned
from notecast.problems import Problem
from notecast.server.store import Store

MEMORY = 32 << 20
"""Bytes of rendered pages that are kept."""


class Rendered(msgspec.Struct, frozen=True):
    """A page as it is served."""

    data: bytes
    etag: str
    stale: bool = False
    """Whether it is older than its note or template, which are broken now."""


class Press:
    """Renders pages of one site. Belongs to one thread."""

    def __init__(
        self, process: Process, store: Store, parse_again: Callable[[set[Digest]], None]
    ) -> None:
        """
        Args:
            process: Holds the renderer.
            store: Where bodies are.
            parse_again: Called with the keys of bodies that are not there any more.
        """
        self._process = process
        self._store = store
        self._parse_again = parse_again
        self._look = 0
        self._memory: OrderedDict[str, tuple[str, Rendered]] = OrderedDict()
        self._size = 0
        self.failures: dict[str, Problem] = {}
        """Why the page of an address cannot be rendered."""

    def renew(self, process: Process) -> None:
        """From now on pages look different: other templates, words or options."""
        self._process = process
        self._look += 1
        self.failures.clear()

    def render(self, url: str, planned: Planned) -> Rendered | None:
        """The page of an address; the last good one if it fails, `None` if there is none."""
        key = digest_of(self._look, planned.identity)
        known = self._memory.get(url)
        if known and known[0] == key:
            self._memory.move_to_end(url)
            self.failures.pop(url, None)
            return known[1]
        from notecast.renderer.render import TemplateFailed

        job = planned.job()
        try:
            data = self._process.renderer.render(job, self._bodies(job))
        except TemplateFailed as failure:
            self.failures[url] = failure.problem
            return self.last(url)
        self.failures.pop(url, None)
        rendered = Rendered(data, digest_bytes(data))
        self._keep(url, key, rendered)
        return rendered

    def last(self, url: str) -> Rendered | None:
        """The page as it was when it was last good."""
        known = self._memory.get(url)
        return msgspec.structs.replace(known[1], stale=True) if known else None

    def _bodies(self, job: Job) -> dict[Digest, Body]:
        fillings = (*((job.note,) if job.note else ()), *job.quotes)
        keys = list(dict.fromkeys(key for filling in fillings for key in filling.bodies()))
        bodies = self._store.bodies(keys)
        if len(bodies) < len(keys):
            self._parse_again(set(keys) - bodies.keys())
            bodies = self._store.bodies(keys)
        # A note that changed under our hands: an empty page now, the right one in a moment.
        return {key: bodies.get(key) or Body("", (), {}, {}) for key in keys}

    def _keep(self, url: str, key: str, rendered: Rendered) -> None:
        old = self._memory.pop(url, None)
        self._size += len(rendered.data) - (len(old[1].data) if old else 0)
        self._memory[url] = (key, rendered)
        while self._size > MEMORY and len(self._memory) > 1:
            _, (_, dropped) = self._memory.popitem(last=False)
            self._size -= len(dropped.data)
