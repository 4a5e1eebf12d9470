"""Reads the dates that authors write, and compares them.

Entry points: `parse_date`, then `instant` and `is_future` for what it returned;
`date_from_name` for notes whose header has no date.
A canonical date is a string, `2024-01-05` or `2024-01-05T10:00:00+08:00`. Its
first ten characters are the day to show, in whichever zone it was written:
showing a date never converts it. A time without a zone is in the zone of the site.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from notecast.urls import split_dated_name


class BadDate(NamedTuple):
    """Why a value is not a date."""

    message: str
    hint: str


FORMS = "write 2024-01-05, 2024-01-05 10:00 or 2024-01-05T10:00:00+08:00"

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = r"""
    (?:(?:[T]|,?\s+|(?<=[日号]))\s*
       (?P<hour>\d{1,2}) [:：] (?P<minute>\d\d) (?:[:：](?P<second>\d\d)(?:[.,]\d+)?)?
       \s*(?P<half>[AaPp]\.?[Mm]\.?)?
       \s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d\d?(?::?\d\d)?(?::\d\d)?|[A-Za-z][A-Za-z_]*(?:/[A-Za-z_]+)*)?
    )?"""
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_ORDINAL = "(?:st|nd|rd|th)?"
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_FORMS = tuple(
    re.compile(pattern + _TIME, re.ASCII | re.IGNORECASE | re.VERBOSE)
    for pattern in (
        r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?",
        r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号])?",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL},?\s+(?P<year>\d{{4}})",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}[\s-]+{_MONTH},?[\s-]+(?P<year>\d{{4}})",
    )
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)"
    r"(?P<second>\d\d)?(?P<zone>Z)?)?",
    re.ASCII,
)
_AMBIGUOUS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)\b.*", re.ASCII)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?(?::\d\d)?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december", "sept"),
)
# Zones are -12:00 to +14:00 today; local times before the date line was settled
# went up to -15:56 (Manila, until 1844).
_MAX_OFFSET = 16 * 60
_EPOCH = date(1970, 1, 1).toordinal()


def parse_date(value: "str | date | datetime", zone: str) -> str | BadDate:
    """Reads a date in any form that notes really use.

    Args:
        value: As written: `2024-01-05`, `2024/1/5`, `2024年1月5日`, `Jan 5, 2024`,
            `2024-01-05T10:00:00Z` …; a year and month mean the first day.
        zone: IANA name of the site's zone, in which a time without zone is.

    Returns:
        The canonical string, or why there is none.
    """
    if isinstance(value, date):
        value = value.isoformat()
    text = value.strip()
    if (match := _DAY.fullmatch(text)) is not None:
        year, month, day = map(int, match.groups())
        return _checked(text, year, month, day) or text
    match = _COMPACT.fullmatch(text)
    for form in _FORMS:
        match = match or form.fullmatch(text)
    if match is None:
        return _unknown(text)
    return _build(text, match.groupdict(), zone)


def _build(text: str, parts: dict[str, str | None], zone: str) -> str | BadDate:
    """A canonical date from the named parts of a matched form."""
    name = parts.get("name")
    month = int(parts.get("month") or 0)
    if name is not None:
        if name.lower() not in (*_MONTHS, *_LONG_MONTHS):
            return _unknown(text)
        month = _MONTHS.index(name[:3].lower()) + 1
    year, day = int(parts["year"] or 0), int(parts["day"] or 1)
    bad = _checked(text, year, month, day)
    if bad is not None:
        return bad
    canonical = f"{year:04}-{month:02}-{day:02}"
    if not parts["hour"]:
        return canonical
    hour, minute, second = (int(parts.get(key) or 0) for key in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return BadDate(f'"{_short(text)}" has no such time', "hours with am or pm are 1 to 12")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 59:
        return BadDate(f'"{_short(text)}" has no such time', "times are 00:00:00 to 23:59:59")
    moment = datetime(year, month, day, hour, minute, second)
    offset = _offset(text, parts.get("zone") or "", moment, zone)
    if isinstance(offset, BadDate):
        return offset
    sign, size = ("-" if offset < 0 else "+"), abs(offset)
    return f"{canonical}T{hour:02}:{minute:02}:{second:02}{sign}{size // 60:02}:{size % 60:02}"


def _checked(text: str, year: int, month: int, day: int) -> BadDate | None:
    try:
        date(year, month, day)
    except ValueError:
        hint = "the year 0 does not exist" if year == 0 else "check month and day"
        return BadDate(f'"{_short(text)}" is not in the calendar', hint)
    return None


def _offset(text: str, written: str, moment: datetime, site_zone: str) -> int | BadDate:
    """Minutes east of UTC."""
    if written.upper() in ("Z", "UTC", "GMT"):
        return 0
    if (match := _OFFSET.fullmatch(written.upper())) is not None:
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        minutes = -minutes if match[1] == "-" else minutes
        if int(match[3] or 0) > 59 or abs(minutes) > _MAX_OFFSET:
            return BadDate(f'"{_short(text)}" has no such offset', "offsets are -12:00 to +14:00")
        return minutes
    name = written or site_zone
    if written and "/" not in written:
        # CST is used in China, Cuba and North America: no rule could tell.
        return BadDate(
            f'"{_short(text)}" names the zone {written}, which is not unique',
            "write the offset instead: 2024-01-05 10:00 +08:00",
        )
    try:
        offset = _zone(name).utcoffset(moment)
    except (KeyError, ValueError, OSError):  # ZoneInfo's ways to say that there is no such zone
        return BadDate(f'there is no time zone "{_short(name)}"', "write an offset such as +08:00")
    # Local mean times before about 1900 have seconds, which feeds cannot say.
    return round((offset or timedelta()).total_seconds() / 60)


def _unknown(text: str) -> BadDate:
    shown = _short(text)
    if (match := _AMBIGUOUS.fullmatch(text)) is not None:
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        first, second = int(match[1]), int(match[2])
        readings = [
            f"{year}-{month:02}-{day:02}"
            for month, day in dict.fromkeys(((first, second), (second, first)))
            if 1 <= month <= 12 and 1 <= day <= 31
        ]
        return BadDate(f'"{shown}" can be read in several ways', f"write {' or '.join(readings)}")
    return BadDate(f'"{shown}" is not a date', FORMS)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _midnight(day: str, zone: str) -> float:
    year, month, number = int(day[:4]), int(day[5:7]), int(day[8:10])
    start = datetime(year, month, number)
    offset = _zone(zone).utcoffset(start) or timedelta()
    return (start.toordinal() - _EPOCH) * 86400 - offset.total_seconds()


def instant(canonical: str, zone: str) -> float:
    """Seconds since 1970 in UTC, to sort by; a day alone counts from its first moment.

    Args:
        canonical: What `parse_date` returned.
        zone: IANA name of the site's zone.
    """
    if len(canonical) == 10:
        return _midnight(canonical, zone)
    # By hand, as `datetime.timestamp` fails at both ends of the calendar.
    day = date(int(canonical[:4]), int(canonical[5:7]), int(canonical[8:10]))
    seconds = int(canonical[11:13]) * 3600 + int(canonical[14:16]) * 60 + int(canonical[17:19])
    east = int(canonical[20:22]) * 3600 + int(canonical[23:25]) * 60
    if canonical[19] == "-":
        east = -east
    return float((day.toordinal() - _EPOCH) * 86400 + seconds - east)


def is_future(canonical: str, now: datetime, zone: str) -> bool:
    """Whether a date has not come yet, judged in the site's zone; today alone has come.

    Args:
        canonical: What `parse_date` returned.
        now: The moment of the build, with its zone.
        zone: IANA name of the site's zone.
    """
    if len(canonical) == 10:
        return canonical > now.astimezone(_zone(zone)).date().isoformat()
    return instant(canonical, zone) > now.timestamp()


def is_past(canonical: str, now: datetime, zone: str) -> bool:
    """Whether a note that expires on this date has expired; it still stands on the day itself."""
    if len(canonical) == 10:
        return canonical < now.astimezone(_zone(zone)).date().isoformat()
    return instant(canonical, zone) <= now.timestamp()


def from_timestamp(seconds: float, zone: str) -> str:
    """The canonical date of a moment, as the site's zone writes it."""
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(_zone(zone))
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    return moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat(timespec="seconds")


def date_from_name(path: str) -> str:
    """The day with which a note's file name begins (`2024-01-05-title.md`), else nothing."""
    return split_dated_name(path)[0]
