"""What a process that parses or renders holds; the parent and each worker have one.

`setup` only notes what to work with: parsers and templates are made when the
first note or page asks for them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notecast.feature import Feature

if TYPE_CHECKING:
    from notecast.builder.cache import BodyReader
    from notecast.loader.load import NoteLoader
    from notecast.renderer.render import Renderer
    from notecast.renderer.settings import RenderSettings


class Process:
    """The tools of this process."""

    def __init__(
        self,
        features: Sequence[Feature],
        load_settings: Any,
        render_settings: "RenderSettings",
        cache: Path,
        staging: Path,
    ) -> None:
        self.features = features
        self.load_settings = load_settings
        self.render_settings = render_settings
        self.cache = cache
        self.staging = staging
        self._loader: NoteLoader | None = None
        self._renderer: Renderer | None = None
        self._bodies: BodyReader | None = None

    def __getstate__(self) -> dict[str, Any]:
        """What a new process is sent: it makes tools of its own."""
        return {**self.__dict__, "_loader": None, "_renderer": None, "_bodies": None}

    def with_templates(self, render_settings: "RenderSettings") -> "Process":
        """The same with other templates: the parser, which takes long to make, is kept."""
        other = Process(
            self.features, self.load_settings, render_settings, self.cache, self.staging
        )
        other._loader = self._loader
        return other

    @property
    def loader(self) -> "NoteLoader":
        if self._loader is None:
            from notecast.loader.load import NoteLoader

            self._loader = NoteLoader(self.features, self.load_settings)
        return self._loader

    @property
    def renderer(self) -> "Renderer":
        if self._renderer is None:
            from notecast.renderer.render import Renderer

            self._renderer = Renderer(self.render_settings)
        return self._renderer

    @property
    def bodies(self) -> "BodyReader":
        if self._bodies is None:
            from notecast.builder.cache import BodyReader

            self._bodies = BodyReader(self.cache)
        return self._bodies

    def close(self) -> None:
        """Closes what is open; it opens again when it is needed."""
        if self._bodies is not None:
            self._bodies.close()
            self._bodies = None


_current: Process | None = None


def setup(process: Process) -> None:
    """Makes `process` the one that `current` returns."""
    global _current
    _current = process


def current() -> Process:
    assert _current is not None, "setup comes first"
    return _current
