"""A picture for each note that other sites show beside a link to it (`og:image`).

Title, category, date and the name of the site, drawn with Pillow (`notecast[images]`)
if `social_cards: true`. A note with an `image` of its own keeps that. `fonts.py`
chooses a font, `card.py` draws.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from notecast.config_checks import Unfit
from notecast.config_sections import about
from notecast.feature import Feature, Maker
from notecast.features.social_cards.fonts import font_for, is_plain
from notecast.model import Made, Post, Wanted
from notecast.problems import Problem
from notecast.site import View


def _colour(value: str) -> str:
    digits = value.removeprefix("#")
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise Unfit(f'"{value}" is no colour', 'write it as "#0d1116"')
    return f"#{digits.lower()}"


@dataclass(frozen=True)
class SocialCards:
    """Pictures of notes for links to them on other sites."""

    SHORT = "enabled"

    enabled: bool = field(default=False, metadata=about("Whether notes have them.", True))
    font: str = field(
        default="",
        metadata=about(
            "A font file in the folder of the site; by default Pillow's own for titles of plain "
            "letters, and one of the system for others.",
            "fonts/NotoSansSC-Bold.otf",
        ),
    )
    background: str = field(
        default="#0d1116", metadata=about("Colour of the ground.", "#fafbfc", parse=_colour)
    )
    text: str = field(
        default="#d9e0e8", metadata=about("Colour of the text.", "#181c22", parse=_colour)
    )
    accent: str = field(
        default="#ff9f60", metadata=about("Colour of the mark.", "#b33f08", parse=_colour)
    )


class SocialCardsFeature(Feature):
    name = "social_cards"
    options = SocialCards

    def lacks(self, options: Any) -> Problem | None:
        if not options or not options.enabled or find_spec("PIL") is not None:
            return None
        return Problem(
            "social-cards-can-be-made",
            "warning",
            "site.yaml",
            0,
            0,
            "notes have no social cards, since Pillow is not installed",
            "pip install 'notecast[images]'",
        )

    def maker(self, options: Any) -> Maker | None:
        return Cards(options) if options and options.enabled else None

    def inputs(self, options: Any, root: Path) -> Iterable[Path]:
        if options and options.enabled and options.font:
            yield root / options.font

    def note_context(self, post: Post, view: View) -> Any:
        made = view.made(self.name, post.path)
        return {"image": made.url(made.files[0])} if made and made.files else None

    def check(self, view: View) -> Iterable[Problem]:
        options = view.options(self.name)
        if not options or not options.enabled:
            return
        font = view.config.root / options.font
        if options.font and not _is_inside(font, view.config.root):
            yield Problem(
                "social-card-font-exists",
                "warning",
                "site.yaml",
                0,
                0,
                f"there is no font {options.font} in the folder of the site",
                "correct `social_cards: {font: …}`; notes have no social cards meanwhile",
            )
        faults = sorted(
            (post.path, made.fault)
            for post in view.posts
            if (made := view.made(self.name, post.path)) is not None and made.fault
        )
        # One font is wrong for all of them: one message is enough.
        for path, (rule, message, hint) in faults[:1]:
            others = f", nor have {len(faults) - 1} others" if faults[1:] else ""
            yield Problem(rule, "warning", view.shown(path), 0, 0, message + others, hint)


class Cards:
    """Draws cards; a `Maker`."""

    def __init__(self, options: SocialCards) -> None:
        self._options = options

    def stamp(self) -> str:
        from importlib.metadata import version

        return f"pillow {version('pillow')}"

    def wants(self, view: View) -> Iterable[Wanted]:
        options = self._options
        own = view.config.root / options.font
        if options.font and not _is_inside(own, view.config.root):
            return
        colours = (options.background, options.text, options.accent)
        for post in view.posts:
            if post.image:
                continue
            trail = view.term_trail("categories", post.categories[0]) if post.categories else []
            category = trail[-1]["name"] if trail else ""
            shown = (post.title, view.config.title, category, post.date[:10], post.lang)
            font = ""
            if options.font:
                font = str(own)
            elif not is_plain("".join(shown)):
                font = font_for(post.lang)
            yield Wanted(post.path, (*shown, *colours), font)

    def make(self, wanted: Wanted, into: Path) -> Made:
        from notecast.features.social_cards.card import Card, draw

        return draw(Card(*map(str, wanted.data)), wanted.source, into)


def _is_inside(file: Path, root: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(Path(os.path.realpath(root)))


FEATURE = SocialCardsFeature()
