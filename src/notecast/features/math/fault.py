"""What is wrong with a formula, or was put right in it."""

from typing import NamedTuple


class Fault(NamedTuple):
    """Something wrong at a character of a formula."""

    offset: int
    """Index into the formula as the author wrote it."""
    message: str
    hint: str = ""
