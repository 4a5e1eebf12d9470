"""Citations in a style from a `.csl` file.

Entry point: `Processor`. What it sets replaces our own setting, place by place;
where it fails APA stands in, and `unusable` says why.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from notecast.site import View
from notecast.works.files import inside
from notecast.works.model import Work
from notecast.works.styles.csl import CslStyle, CslUnusable, Part

if TYPE_CHECKING:
    from notecast.features.citations.setting import Setting


class Processor:
    """The style of a site, if it is one from a file."""

    def __init__(self, style: CslStyle | None, wanted: bool) -> None:
        self._style = style
        self.wanted = wanted
        """Whether the site asks for a file, usable or not."""
        self.unusable: CslUnusable | None = None

    @classmethod
    def of(cls, view: View) -> "Processor":
        """The processor of a site; one that does nothing where the style is our own."""
        name = view.options("citations").style
        if not name.endswith(".csl"):
            return cls(None, False)
        path = inside(name, view.config.root)
        try:
            if path is None:
                raise CslUnusable(
                    f'the site folder has no citation style "{name}"',
                    "name a .csl file inside the folder of site.yaml, relative to it",
                )
            return cls(CslStyle(path, view.config.language), True)
        except CslUnusable as error:
            failed = cls(None, True)
            failed.unusable = error
            return failed

    def set(self, setting: "Setting", works: Mapping[str, Work]) -> "Setting":
        """A note's setting with its places and references as the style wants them."""
        if self._style is None or not setting.listed:
            return setting
        places, anchors = [], []
        for hole in setting.post.holes:
            if hole.feature != "citations" or hole.kind not in ("cite", "text"):
                continue
            flat = hole.data[3:]
            parts = [
                Part(works[key], flat[at], flat[at + 3], _authors(hole.kind, flat[at + 1]))
                for at in range(0, len(flat), 4)
                if (key := setting.find(flat[at + 2])) is not None
            ]
            if parts:
                places.append(parts)
                anchors.append(hole.data[0])
        try:
            done = self._style.set(places, [works[key] for key in setting.listed])
        except Exception as error:  # whatever a style makes the library raise
            self.unusable = self.unusable or CslUnusable(
                f"the citation style cannot set {setting.post.path} ({type(error).__name__}); "
                "APA stands in for it",
                "choose apa, ieee or gb7714, or another .csl file",
            )
            return setting
        known = set(setting.listed)
        order = [key for key in done.entries if key in known]
        order += [key for key in setting.listed if key not in done.entries]
        return setting._replace(
            listed=order,
            ready={},
            csl_places=dict(zip(anchors, done.places, strict=True)),
            csl_entries=done.entries,
        )


def _authors(kind: str, only_year: str) -> str:
    return "text" if kind == "text" else "none" if only_year else "cite"
