"""Finds a font on the system for what Pillow's own cannot show.

Entry points: `is_plain`, `font_for`.
"""

import os
import sys
from functools import cache
from pathlib import Path

_MORE = frozenset("·«»‘’“”…")
"""What Pillow's own font has besides ASCII."""
FAMILIES = (
    "NotoSansCJK",
    "NotoSansSC",
    "SourceHanSans",
    "PingFang",
    "Hiragino Sans GB",
    "msyh",
    "STHeiti",
    "simhei",
    "wqy-",
    "NotoSerifCJK",
    "SourceHanSerif",
    "DroidSansFallback",
    "Arial Unicode",
    "DejaVuSans",
)
"""Beginnings of file names, the better first."""
WEIGHTS = ("Bold", "bd", "Medium", "Semibold")
"""In a file name: titles are set bold where there is such a file."""


def is_plain(text: str) -> bool:
    """Whether the font inside Pillow has every character."""
    return all(sign.isascii() or sign in _MORE for sign in text)


@cache
def font_for(lang: str) -> str:
    """A font file of the system with the scripts of East Asia; empty if none is known.

    Args:
        lang: The language of the text; one file mostly holds the forms of all of them.
    """
    found = sorted(
        (rank, not any(weight in path.stem for weight in WEIGHTS), len(path.stem), str(path))
        for folder in _folders()
        for path in _fonts(folder)
        if (rank := _rank(path.name)) is not None
    )
    return found[0][3] if found else ""


def _rank(name: str) -> int | None:
    return next((at for at, family in enumerate(FAMILIES) if name.startswith(family)), None)


def _fonts(folder: Path) -> list[Path]:
    return [
        Path(place, name)
        for place, _, names in os.walk(folder)
        for name in names
        if name.lower().endswith((".ttf", ".otf", ".ttc"))
    ]


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts")]
    return [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    ]
