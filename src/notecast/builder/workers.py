"""Processes that parse notes and render pages, where there is enough to do.

Entry point: `Workers.map`. Work goes out in chunks and results come back in the
order of the chunks, so that one worker and many give the same site.
"""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, TypeVar

from notecast.builder.process import Process, setup
from notecast.builder.worker_signals import at_work, begin_worker, shielded

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4
"""Chunks that wait in each worker's queue: bounds memory, keeps workers busy."""
GRACE = 3.0
"""Seconds that a worker has to end the programs that it has started."""


def default_jobs() -> int:
    """As many workers as the process may use processors."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """A pool that starts when it is first worth it. Use as a context manager."""

    def __init__(self, jobs: int, process: Process, start: str = "") -> None:
        """
        Args:
            jobs: Worker processes at most; 1 keeps everything in this process.
            process: What each of them works with; this process has it already.
            start: How processes start (`fork`, `spawn`); by default what is fastest. A
                process with threads must not be forked.
        """
        self.jobs = jobs
        self._start_method = start
        self._process = process
        self._pool: ProcessPoolExecutor | None = None
        self._killed = False

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            if kind is not None:
                self.kill()  # nobody wants the rest of the work
            self._pool.shutdown(wait=True, cancel_futures=True)

    @contextmanager
    def ended_on_error(self) -> Iterator[None]:
        """Lets nobody write any more when what stands around the block clears away."""
        try:
            yield
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """Ends the processes at once, from any thread; who waits for them gets `BrokenExecutor`."""
        self._killed = True
        if self._pool is not None:
            processes = list((self._pool._processes or {}).values())
            for process in processes:
                process.terminate()
            deadline = time.monotonic() + GRACE
            alive = {process.sentinel for process in processes}
            while alive and (left := deadline - time.monotonic()) > 0:
                alive.difference_update(wait(list(alive), left))
            for process in processes:
                if process.sentinel in alive:
                    process.kill()
            # One that dies amid a message leaves the pool waiting for the rest, which ends
            # when nobody can write any more: this process could, too.
            results: Any = self._pool._result_queue
            if results is not None:  # it is gone where all was done just now
                with suppress(OSError):  # the pool closes it, too
                    results._writer.close()

    def _start(self) -> ProcessPoolExecutor:
        if self._killed:
            raise BrokenExecutor("the work is not wanted any more")
        if self._pool is None:
            # A forked worker has the parent's modules at once; elsewhere than on
            # Linux forking is unsafe and each worker loads its own.
            method = self._start_method or ("fork" if sys.platform == "linux" else "spawn")
            self._pool = ProcessPoolExecutor(
                self.jobs, get_context(method), _begin, (self._process,)
            )
        return self._pool

    def map(
        self,
        work: Callable[[Sequence[Item]], Result],
        items: Sequence[Item],
        *,
        chunk: int,
        worth: int,
    ) -> Iterator[Result]:
        """Runs `work` over chunks of `items`, in processes if there are at least `worth` items.

        Args:
            work: A module-level function of a list of items.
            items: Plain data.
            chunk: Items in a chunk at most.
            worth: Below this many items starting processes costs more than it saves.

        Yields:
            The result for each chunk, in order.
        """
        if self.jobs < 2 or (len(items) < worth and self._pool is None):
            if len(items) <= chunk:
                # One edit: looking through all that the build knows would cost more.
                if items:
                    yield work(items[:])
                return
            for part in _chunks(items, chunk):
                yield _work(work, part)
            return
        pool = self._start()
        waiting: list[Future[Result]] = []
        for part in _chunks(items, min(chunk, max(1, len(items) // (self.jobs * 4)))):
            with shielded():
                waiting.append(pool.submit(_work, work, part))
            if self._killed:  # while processes were starting
                self.kill()
            if len(waiting) > self.jobs * AHEAD:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _work(work: Callable[[Sequence[Item]], Result], part: Sequence[Item]) -> Result:
    """Does one chunk, and clears away what refers to itself: formulas and their paragraphs do.

    The collector is off while a site is built (`build.py`); what one chunk left
    is looked through in a millisecond.
    """
    with at_work():
        result = work(part)
    gc.collect(0)
    return result


def _begin(process: Process) -> None:
    """Runs first in each worker."""
    begin_worker()
    # What the parent had stays in shared pages: no collection touches it.
    gc.freeze()
    setup(process)


def _chunks(items: Sequence[Item], size: int) -> Iterable[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
