"""Smaller variants of large pictures: readers with small screens fetch small files.

A PNG or JPEG file that a note shows gets WebP files of a few widths beside it, from which the
browser chooses. `variants.py` makes them with Pillow (`notecast[images]`), once
for each picture; a build without Pillow publishes the pictures as they are.
"""

import os
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from notecast.config_checks import Unfit
from notecast.config_sections import about
from notecast.feature import Feature, Maker
from notecast.model import Made, Wanted
from notecast.problems import Problem
from notecast.site import View

SUFFIXES = frozenset({".png", ".jpg", ".jpeg"})
SMALL = 24 * 1024
"""Bytes up to which a picture is left alone: what could be saved is less than a request."""


def _widths(values: tuple[int, ...]) -> tuple[int, ...]:
    if not values or not all(16 <= value <= 16383 for value in values):
        raise Unfit("widths are numbers from 16 to 16383", "such as [480, 800, 1200, 1600]")
    return tuple(sorted(set(values)))


@dataclass(frozen=True)
class Images:
    """Smaller variants of large pictures."""

    SHORT = "variants"

    variants: Literal["auto", "on", "off"] = field(
        default="auto",
        metadata=about(
            "Whether large PNG and JPEG pictures get smaller WebP variants: if Pillow is "
            "installed, always (a missing Pillow is reported), or never.",
            "on",
        ),
    )
    widths: tuple[int, ...] = field(
        default=(480, 800, 1200, 1600),
        metadata=about("Widths of the variants in pixels.", [640, 1280], parse=_widths),
    )
    quality: int = field(
        default=80,
        metadata=about("Quality of variants of photographs, as WebP has it.", 70, low=1, high=100),
    )
    sizes: str = field(
        default="(min-width: 700px) 650px, 100vw",
        metadata=about(
            "How wide pictures are shown, as `sizes` of HTML has it; for themes of your own.",
            "(min-width: 60rem) 48rem, 100vw",
        ),
    )


class ImagesFeature(Feature):
    name = "images"
    options = Images

    def lacks(self, options: Any) -> Problem | None:
        if options is None or options.variants != "on" or installed():
            return None
        return Problem(
            "image-variants-can-be-made",
            "warning",
            "site.yaml",
            0,
            0,
            "pictures are published without smaller variants, since Pillow is not installed",
            "pip install 'notecast[images]', or images: {variants: auto}",
        )

    def maker(self, options: Any) -> Maker | None:
        options = options or Images()
        return Variants(options) if options.variants != "off" and installed() else None

    def check(self, view: View) -> Iterable[Problem]:
        told = set()
        for shown in view.pictures:
            made = view.made(self.name, shown.path)
            if made is None or not made.fault or shown.path in told:
                continue
            told.add(shown.path)
            rule, message, hint = made.fault
            place = (view.shown(shown.note), shown.line, shown.column)
            said = f'the picture "{posixpath.basename(shown.path)}" {message}'
            yield Problem(rule, "warning", *place, said, hint)


class Variants:
    """Makes variants; a `Maker`."""

    def __init__(self, options: Images) -> None:
        self._options = options

    def stamp(self) -> str:
        from importlib.metadata import version

        # Its wheels carry the encoder, so that this stands for both.
        return f"pillow {version('pillow')}"

    def wants(self, view: View) -> Iterable[Wanted]:
        options = self._options
        for path in sorted({shown.path for shown in view.pictures}):
            suffix = posixpath.splitext(path)[1].lower()
            file = view.file(path)
            if suffix in SUFFIXES and file is not None and not _is_small(file.source, file.width):
                data: tuple[str | int, ...] = (suffix, options.quality, *options.widths)
                yield Wanted(path, data, file.source)

    def make(self, wanted: Wanted, into: Path) -> Made:
        from notecast.features.images.variants import variants_of

        suffix, quality, *widths = wanted.data
        return variants_of(
            Path(wanted.source), str(suffix), [int(width) for width in widths], int(quality), into
        )


def installed() -> bool:
    """Whether Pillow is there; does not import it."""
    return find_spec("PIL") is not None


def _is_small(source: str, width: int) -> bool:
    """Whether a file is left alone; one that is no image is looked at all the same."""
    try:
        return width > 0 and os.stat(source).st_size <= SMALL
    except OSError:
        return True


FEATURE = ImagesFeature()
