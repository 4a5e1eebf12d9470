"""Lists cut into pages with static addresses: `/x/`, `/x/page/2/` …"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from notecast.model import Url

T = TypeVar("T")


class Slice(msgspec.Struct, frozen=True):
    """One page of a list."""

    url: Url
    number: int
    start: int
    stop: int
    pager: dict[str, Any]
    """What the pager macro shows; see `docs/templates.md`."""


def slices(base: Url, count: int, size: int) -> Iterator[Slice]:
    """Cuts a list of `count` things into pages of `size`; an empty list has one page.

    The first page has no number: it stands at `base` itself.
    """
    total = max(1, -(-count // size))
    urls = [page_url(base, number) for number in range(1, total + 1)]
    for number in range(1, total + 1):
        yield Slice(
            url=urls[number - 1],
            number=number,
            start=(number - 1) * size,
            stop=min(number * size, count),
            pager={
                "number": number,
                "total": total,
                "previous": urls[number - 2] if number > 1 else "",
                "next": urls[number] if number < total else "",
                "links": [
                    {"number": shown, "url": urls[shown - 1], "current": shown == number}
                    if shown
                    else {"number": 0, "url": "", "current": False}
                    for shown in shown_numbers(number, total)
                ],
            },
        )


def page_url(base: Url, number: int) -> Url:
    """Address of the nth page of the list at `base`."""
    return base if number == 1 else Url(f"{base}page/{number}/")


def shown_numbers(number: int, total: int) -> list[int]:
    """Page numbers to show: both ends and two around the current one; 0 is a gap.

    A gap of a single page is shown as that page.
    """
    near = {1, total, *range(number - 2, number + 3)}
    shown = sorted(n for n in near if 1 <= n <= total)
    result: list[int] = []
    for n in shown:
        if result and n - result[-1] == 2:
            result.append(n - 1)
        elif result and n - result[-1] > 2:
            result.append(0)
        result.append(n)
    return result


def cut(items: Sequence[T], piece: Slice) -> Sequence[T]:
    """The items of one page."""
    return items[piece.start : piece.stop]
