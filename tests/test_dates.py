"""Dates in every form that notes really use, and their order."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notecast.loader.dates import (
    BadDate,
    date_from_name,
    from_timestamp,
    instant,
    is_future,
    is_past,
    parse_date,
)
from notecast.loader.git_dates import read_git_dates

ZONE = "Asia/Shanghai"
# The base loader leaves every key as written.
FORMS = yaml.load(
    (Path(__file__).parent / "headers" / "dates.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)


@pytest.mark.parametrize(("written", "canonical"), FORMS.items())
def test_forms(written: str, canonical: str) -> None:
    assert parse_date(written, ZONE) == canonical
    assert parse_date(canonical, "America/New_York") == canonical


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("2024-02-30", '"2024-02-30" is not in the calendar', "check month and day"),
        ("2023-02-29", '"2023-02-29" is not in the calendar', "check month and day"),
        ("2024-13-01", '"2024-13-01" is not in the calendar', "check month and day"),
        ("2024年2月30日", '"2024年2月30日" is not in the calendar', "check month and day"),
        ("0000-00-00", '"0000-00-00" is not in the calendar', "the year 0 does not exist"),
        ("2024-01-05 25:61:00", "has no such time", "times are 00:00:00 to 23:59:59"),
        ("2024-01-05 13:00 pm", "has no such time", "hours with am or pm are 1 to 12"),
        ("2024-01-05 10:00 CST", "names the zone CST, which is not unique", "+08:00"),
        ("2024-01-05 10:00 +25:00", "has no such offset", "-12:00 to +14:00"),
        ("2024-01-05 10:00 Mars/Olympus", 'there is no time zone "Mars/Olympus"', "+08:00"),
        ("01/05/2024", "can be read in several ways", "write 2024-01-05 or 2024-05-01"),
        ("13/05/2024", "can be read in several ways", "write 2024-05-13"),
        ("1.5.24", "can be read in several ways", "write 2024-01-05 or 2024-05-01"),
        ("2024", '"2024" is not a date', "write 2024-01-05"),
        ("12024-01-01", "is not a date", "write 2024-01-05"),
        ("5 Foo 2024", "is not a date", "write 2024-01-05"),
        ("today", "is not a date", "write 2024-01-05"),
        (".nan", "is not a date", "write 2024-01-05"),
        ("", "is not a date", "write 2024-01-05"),
        ("２０２４-01-05", "is not a date", "write 2024-01-05"),
        ("9" * 5000, "9…", "write 2024-01-05"),
        ("2024-01-05-06", "is not a date", "write 2024-01-05"),
    ],
)
def test_refusals_name_the_value_and_what_to_write(written: str, message: str, hint: str) -> None:
    bad = parse_date(written, ZONE)
    assert isinstance(bad, BadDate)
    assert message in bad.message
    assert hint in bad.hint
    assert len(bad.message) < 120


def test_date_objects() -> None:
    assert parse_date(date(2024, 1, 5), ZONE) == "2024-01-05"
    assert parse_date(datetime(2024, 1, 5, 10), ZONE) == "2024-01-05T10:00:00+08:00"
    assert parse_date(datetime(2024, 1, 5, 10, tzinfo=UTC), ZONE) == "2024-01-05T10:00:00+00:00"


def test_the_day_is_the_one_that_was_written() -> None:
    for written in ("2024-01-05T23:59:00-10:00", "2024-01-05T00:01:00+14:00", "2024-01-05"):
        parsed = parse_date(written, ZONE)
        assert isinstance(parsed, str)
        assert parsed[:10] == "2024-01-05"


def test_summer_time_is_that_of_the_day() -> None:
    assert parse_date("2024-07-05 10:00", "Europe/Berlin") == "2024-07-05T10:00:00+02:00"
    assert parse_date("2024-01-05 10:00", "Europe/Berlin") == "2024-01-05T10:00:00+01:00"
    # An hour that does not exist, when clocks go forward.
    assert parse_date("2024-03-31 02:30", "Europe/Berlin") == "2024-03-31T02:30:00+01:00"


def test_order_is_that_of_moments() -> None:
    assert instant("1970-01-01", "UTC") == 0
    assert instant("2024-01-05T08:00:00+08:00", ZONE) == instant("2024-01-05T00:00:00+00:00", "UTC")
    assert instant("2024-01-05", ZONE) == instant("2024-01-05T00:00:00+08:00", "UTC")
    early = ["0001-01-01T00:00:00+14:00", "0001-01-01", "1969-07-20", "9999-12-31T23:59:59-12:00"]
    assert sorted(early, key=lambda day: instant(day, ZONE)) == early


def test_future_is_judged_in_the_zone_of_the_site() -> None:
    now = datetime(2024, 1, 5, 18, 0, tzinfo=UTC)  # already the sixth in Shanghai
    assert not is_future("2024-01-06", now, ZONE)
    assert is_future("2024-01-06", now, "UTC")
    assert is_future("2024-01-07", now, ZONE)
    assert is_future("2024-01-05T18:00:01+00:00", now, ZONE)
    assert not is_future("2024-01-05T18:00:00+00:00", now, ZONE)
    assert not is_future("2024-01-05T23:00:00+08:00", now, ZONE)


def test_a_note_still_stands_on_the_day_it_expires() -> None:
    now = datetime(2024, 1, 5, 18, 0, tzinfo=UTC)
    assert not is_past("2024-01-05", now, "UTC")
    assert is_past("2024-01-05", now, ZONE)
    assert is_past("2024-01-05T18:00:00+00:00", now, ZONE)
    assert not is_past("2024-01-05T18:00:01+00:00", now, ZONE)


def test_moments_as_the_site_writes_them() -> None:
    assert from_timestamp(0, ZONE) == "1970-01-01T08:00:00+08:00"
    assert from_timestamp(0, "UTC") == "1970-01-01T00:00:00+00:00"


@given(st.datetimes(timezones=st.timezones() | st.just(UTC)))
def test_what_python_writes_is_read(moment: datetime) -> None:
    parsed = parse_date(moment, ZONE)
    assert isinstance(parsed, str)
    exact = (moment.replace(microsecond=0) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert abs(instant(parsed, ZONE) - exact) < 60  # offsets have no seconds


@given(st.text(max_size=40) | st.from_regex(r"[0-9TZ:+./年月日 -]{1,30}", fullmatch=True))
def test_no_text_raises(text: str) -> None:
    parsed = parse_date(text, ZONE)
    if isinstance(parsed, str):
        instant(parsed, ZONE)


def test_dates_in_file_names() -> None:
    assert date_from_name("cv/2024-01-05-tsn.md") == "2024-01-05"
    assert date_from_name("2024-1-5_tsn.md") == "2024-01-05"
    assert date_from_name("2024-01-05.md") == "2024-01-05"
    assert date_from_name("2024-01-05-tsn/index.md") == "2024-01-05"
    assert date_from_name("2024-02-30-tsn.md") == ""
    assert date_from_name("2024-01-05/tsn.md") == ""
    assert date_from_name("120240105.md") == ""


def git(folder: Path, *arguments: str, day: str = "2024-01-05") -> None:
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    when = {"GIT_AUTHOR_DATE": f"{day}T10:00:00+0800", "GIT_COMMITTER_DATE": f"{day}T10:00:00Z"}
    safe = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    environment = {**who, **when, **safe, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    notes = folder / "my notes"
    (notes / "流").mkdir(parents=True)
    git(folder, "init", "-q")
    (notes / "a.md").write_text("one")
    (notes / "流" / "第 一.md").write_text("one")
    (folder / "outside.md").write_text("one")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    (notes / "a.md").write_text("two")
    (notes / "new\nline.md").write_text("one")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "second", day="2024-02-06")
    (notes / "uncommitted.md").write_text("one")
    return folder


def test_git_tells_first_and_last_commit(repository: Path) -> None:
    first, last = "2024-01-05T10:00:00+08:00", "2024-02-06T10:00:00+08:00"
    assert read_git_dates(repository / "my notes") == (
        {"a.md": (first, last), "new\nline.md": (last, last), "流/第 一.md": (first, first)},
        [],
    )


def test_a_shallow_clone_is_an_error_that_says_how_to_deepen(
    repository: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "shallow")
    dates, problems = read_git_dates(tmp_path / "shallow" / "my notes")
    assert dates == {}
    assert [(p.rule, p.severity) for p in problems] == [("git-history-is-complete", "error")]
    assert "git fetch --unshallow" in problems[0].hint
    assert "fetch-depth: 0" in problems[0].hint


def test_no_repository_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    dates, problems = read_git_dates(tmp_path)
    assert dates == {}
    assert "not a git repository" in problems[0].message
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_git_dates(tmp_path)[1][0].hint == "install git"


def test_a_repository_without_commits_has_no_dates(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert read_git_dates(tmp_path) == ({}, [])
