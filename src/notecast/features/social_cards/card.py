"""Draws the card of one note with Pillow.

Entry point: `draw`. Text is broken by rules of our own and set without the
system's libraries, so that the same Pillow and font give the same bytes.
"""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from notecast.model import Made

SIZE = (1200, 630)
"""What most sites show uncut."""
MARGIN = 84
SMALL = 32
LARGEST, SMALLEST = 84, 44
MOST_LINES = 4
FILE = "card.png"
# The forms of one file for several languages, by the end of the font's name.
_FORMS = {"zh-tw": "TC", "zh-hant": "TC", "zh-hk": "HK", "ja": "JP", "ko": "KR"}
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3040-\u30ff\U00020000-\U0003ffff"
_PIECES = re.compile(rf"[{_HAN}]|[^\s{_HAN}]+|\s+")
_NOT_FIRST = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]}%·")
_NOT_LAST = frozenset("（《「『【〈“‘([{")
_UNUSED = "\U0010fffe"
"""A character that no font has: it shows what a font shows for those that it lacks."""


class Card(NamedTuple):
    """What stands on a card, and in which colours."""

    title: str
    site: str
    category: str
    date: str
    lang: str
    background: str
    text: str
    accent: str


def draw(card: Card, font_file: str, into: Path) -> Made:
    """Draws a card.

    Args:
        card: What is on it.
        font_file: The font; empty for the one inside Pillow.
        into: Folder for the file.

    Returns:
        The file, or a fault where the font cannot show the text.
    """
    try:
        small = _font(font_file, SMALL, card.lang)
    except OSError as error:
        name = Path(font_file).name
        return Made(
            fault=(
                "social-card-font-fits",
                f"the font {name} cannot be read ({error}), so the note has no social card",
                "name another: social_cards: {font: …}",
            )
        )
    # An emoji that a font does not have is not missed.
    title, site, category = (
        "".join(sign for sign in text if not is_ornament(sign) or not lacking(small, sign))
        for text in (card.title, card.site, card.category)
    )
    line = " · ".join(part for part in (site, category, card.date) if part.strip())
    missing = lacking(small, title + line)
    if missing:
        return Made(
            fault=(
                "social-card-font-fits",
                f'{Path(font_file).name or "the font inside Pillow"} has no "{missing}", '
                "so the note has no social card",
                "name a font file that has it: social_cards: {font: …}",
            )
        )
    image = Image.new("RGB", SIZE, card.background)
    brush = ImageDraw.Draw(image)
    brush.rectangle((MARGIN, MARGIN, MARGIN + 28, MARGIN + 28), card.accent)
    size, lines = LARGEST, [title]
    width = SIZE[0] - 2 * MARGIN
    for size in range(LARGEST, SMALLEST - 1, -8):
        font = _font(font_file, size, card.lang)
        lines = broken(title, font, width)
        if len(lines) <= (3 if size > 60 else MOST_LINES):
            break
    lines = _cut(lines, font, width)
    top = MARGIN + 82
    for number, text in enumerate(lines):
        brush.text((MARGIN, top + number * size * 1.28), text, card.text, font)
    below = _cut(broken(line, small, width), small, width, 1)[0]
    brush.text((MARGIN, SIZE[1] - MARGIN), below, _between(card.text, card.background), small, "ls")
    image.save(into / FILE, "PNG", optimize=True)
    return Made((FILE,))


def _font(file: str, size: int, lang: str) -> ImageFont.FreeTypeFont:
    if not file:
        font = ImageFont.load_default(size)
        assert isinstance(font, ImageFont.FreeTypeFont), "wheels of Pillow have FreeType"
        return font
    basic = ImageFont.Layout.BASIC
    first = ImageFont.truetype(file, size, layout_engine=basic)
    if not file.lower().endswith(".ttc"):
        return first
    form = next((form for start, form in _FORMS.items() if lang.lower().startswith(start)), "SC")
    for index in range(16):
        try:
            font = ImageFont.truetype(file, size, index, layout_engine=basic)
        except OSError:
            break
        if (font.getname()[0] or "").endswith(form):
            return font
    return first


def is_ornament(sign: str) -> bool:
    """Whether a character is a picture or invisible."""
    return unicodedata.category(sign) in ("So", "Sk", "Cf", "Co") or sign in "\ufe0e\ufe0f"


def lacking(font: ImageFont.FreeTypeFont, text: str) -> str:
    """The characters of a text that a font does not have, at most ten."""
    blank = bytes(font.getmask(_UNUSED)), font.getmask(_UNUSED).size
    wanted = dict.fromkeys(sign for sign in text if not sign.isspace())
    missing = [
        sign for sign in wanted if (bytes(font.getmask(sign)), font.getmask(sign).size) == blank
    ]
    return "".join(missing[:10])


def broken(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The lines of a text: between words, and between Han characters as Chinese allows it."""
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if not line or piece in _NOT_FIRST or font.getlength((line + piece).rstrip()) <= width:
            line += piece if line else piece.lstrip()
            continue
        kept = line.rstrip()
        carried = ""
        while len(kept) > 1 and kept[-1] in _NOT_LAST:
            kept, carried = kept[:-1], kept[-1] + carried
        lines.append(kept.rstrip())
        line = carried + piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _cut(
    lines: list[str], font: ImageFont.FreeTypeFont, width: int, most: int = MOST_LINES
) -> list[str]:
    """At most so many lines, none of them too long, with dots where something is left out."""
    kept = [_fitting(line, font, width, "") for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _fitting(f"{lines[most - 1]}…", font, width, "…")
    return kept


def _fitting(line: str, font: ImageFont.FreeTypeFont, width: int, end: str) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip(' …')}…"


def _between(one: str, other: str) -> str:
    """A colour nearer to the first."""
    mixed = (
        round(int(one[at : at + 2], 16) * 0.65 + int(other[at : at + 2], 16) * 0.35)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
