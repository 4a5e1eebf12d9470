"""Colours of authors: `\\definecolor{name}{RGB}{255, 0, 0}`, of LaTeX's package xcolor.

Entry points: `hex_of`, `NAMED`.
"""

import re

NAMED = frozenset((r"\color", r"\textcolor", r"\colorbox", r"\fcolorbox"))
"""Commands whose first argument is a colour."""
_NUMBER = re.compile(r"\d*\.?\d+")


def hex_of(model: str, values: str) -> str | None:
    """A colour as `#rrggbb`; `None` for a model or values that are not known.

    Args:
        model: `RGB` (0 to 255), `rgb` (0 to 1), `HTML` (six hexadecimal digits), `gray` (0 to 1).
        values: As written, with commas or blanks between.
    """
    if model == "HTML":
        digits = values.strip().lstrip("#")
        return f"#{digits.lower()}" if re.fullmatch(r"[0-9A-Fa-f]{6}", digits) else None
    numbers = [float(number) for number in _NUMBER.findall(values)]
    if model == "gray" and len(numbers) == 1:
        numbers, model = numbers * 3, "rgb"
    if model not in ("RGB", "rgb") or len(numbers) != 3:
        return None
    scale = 255 if model == "rgb" else 1
    parts = [round(number * scale) for number in numbers]
    return "#" + "".join(f"{part:02x}" for part in parts) if max(parts) < 256 else None
