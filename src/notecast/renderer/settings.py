"""What rendering needs besides a Job: plain data, sent to every worker once."""

from typing import Any

import msgspec


class RenderSettings(msgspec.Struct, frozen=True):
    templates: dict[str, str]
    template_paths: dict[str, str]
    site: dict[str, Any]
    """`site` in templates."""
    words: dict[str, str]
    """The words of the user interface, by key."""
    assets: dict[str, str]
    """Address (without base path) of each static file of the theme."""
    slots: dict[str, list[str]]
    """Templates that fill each named place, in the order of features."""
    base_path: str
    """`/repo`, or empty at the root of a host."""
    absolute_base: str
    """`https://host/repo`; the base path alone where no `base_url` is set."""
    language: str
    timezone: str
