"""What `notecast serve` prints: what changed, and problems as they come and go."""

import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from notecast.commands.report import Report, counted
from notecast.commands.site import near
from notecast.problems import Problem
from notecast.server.live import Listener


class Talk:
    """Prints for one preview; may be called from several threads."""

    def __init__(self, report: Report, root: Path, *, verbose: bool) -> None:
        self._report = report
        self._root = root
        self._verbose = verbose
        self._lock = threading.Lock()
        self._known: frozenset[Problem] = frozenset()

    def listener(self) -> Listener:
        """What `Live` calls."""
        return Listener(self.renewed, self.checked, self.failed)

    def say(self, text: str) -> None:
        """Prints a line, unless quiet."""
        with self._lock:
            self._report.say(text)
            self._report.out.flush()

    def renewed(self, paths: Sequence[str], seconds: float) -> None:
        """A change was taken in."""
        if paths:
            more = f" and {counted(len(paths) - 1, 'file')} more" if len(paths) > 1 else ""
            clock = time.strftime("%H:%M:%S")
            self.say(f"{clock}  {near(Path(paths[0]))}{more}: {seconds * 1000:.0f} ms")

    def checked(self, problems: Sequence[Problem]) -> None:
        """Prints problems that are new, and how many are gone."""
        now = frozenset(problems)
        new = [problem for problem in problems if problem not in self._known]
        gone = len(self._known - now)
        self._known = now
        with self._lock:
            self._report.problems(new)
        if gone:
            rest = f", {len(now)} left" if now else ""
            self.say(f"{counted(gone, 'problem')} mended{rest}")

    def failed(self, error: BaseException) -> None:
        """A fault of ours."""
        with self._lock:
            if self._verbose:
                traceback.print_exception(error, file=self._report.err)
            said = f"{type(error).__name__}: {error}".rstrip(": ")
            print(f"notecast: a fault in Notecast: {said}", file=self._report.err, flush=True)
