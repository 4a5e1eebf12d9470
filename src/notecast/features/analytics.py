"""A script that counts visits (Plausible, Umami, GoatCounter …), if a site wants one.

Off until `analytics.script` is set: pages of a site that does not ask for it
tell nobody about their readers. docs/visitors.md says what a security policy
has to allow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from notecast.config_checks import Unfit
from notecast.config_sections import about
from notecast.feature import Feature


def address(value: str) -> str:
    """An address of a script: over HTTPS, or of the site."""
    if value and not re.fullmatch(r"https://[^\s\"'<>]+|/[^\s\"'<>/][^\s\"'<>]*", value):
        raise Unfit(
            f'"{value}" is not the address of a script',
            "write it like https://plausible.io/js/script.js, or /count.js for a file in static/",
        )
    return value


def data(value: dict[str, str]) -> dict[str, str]:
    """Attributes whose names begin with `data-`."""
    for name in value:
        if not re.fullmatch(r"data-[a-z0-9-]+", name):
            raise Unfit(f'"{name}" is not an attribute for data', "write it like data-domain")
    return value


@dataclass(frozen=True)
class Analytics:
    """A script that counts visits."""

    script: str = field(
        default="",
        metadata=about(
            "Address of the script; none by default.",
            "https://plausible.io/js/script.js",
            parse=address,
        ),
    )
    attributes: dict[str, str] = field(
        default_factory=dict,
        metadata=about(
            "What the script wants to know, as `data-…` attributes.",
            {"data-domain": "example.org"},
            parse=data,
        ),
    )


class AnalyticsFeature(Feature):
    name = "analytics"
    options = Analytics
    slots: ClassVar[Mapping[str, str]] = {"head": "analytics/head.html"}


FEATURE = AnalyticsFeature()
