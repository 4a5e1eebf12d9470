"""How long each step of a build takes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Timer:
    """Seconds by step."""

    def __init__(self, progress: Callable[[str, int, int], None] | None = None) -> None:
        """
        Args:
            progress: Told of each step that it begins, with nothing done of nothing known.
        """
        self.seconds: dict[str, float] = {}
        self._progress = progress

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Adds the time that the block takes to the step's."""
        if self._progress is not None:
            self._progress(name, 0, 0)
        started = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
