"""Dates as pages show them. Nothing here looks at the clock or shifts a day."""

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from zoneinfo import ZoneInfo

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(value: str) -> str:
    """`2026-01-11`, the day as it was written; empty for no date."""
    return value[:10]


def prose_date(value: str, lang: str) -> str:
    """The day in the form that the language uses in running text."""
    if not value:
        return ""
    year, month, number = value[:4].lstrip("0"), int(value[5:7]), int(value[8:10])
    primary = lang.split("-")[0].lower()
    if primary in {"zh", "ja"}:
        return f"{year}年{month}月{number}日"
    if primary == "ko":
        return f"{year}년 {month}월 {number}일"
    return f"{number} {MONTHS[month - 1]} {year}"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _moment(value: str, timezone: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=_zone(timezone))


def rfc3339(value: str, timezone: str) -> str:
    """The full stamp for Atom (RFC 4287 §3.3); a bare day is its midnight in the site's zone."""
    return _moment(value, timezone).isoformat() if value else ""


def rfc822(value: str, timezone: str) -> str:
    """The full stamp for RSS 2.0 (RFC 822 §5, with the four-digit year of RFC 1123)."""
    return format_datetime(_moment(value, timezone)) if value else ""
