"""What each template is made from, as one digest: itself and all that it includes or extends.

Entry point: `template_stamps`.
"""

from collections.abc import Mapping

import msgspec

from notecast.builder.cache import Cache
from notecast.builder.digest import code_stamp, digest_of, library_stamp
from notecast.problems import Problem
from notecast.renderer.settings import RenderSettings


class Stamps(msgspec.Struct, frozen=True):
    """Digests by template, and what is wrong with templates as such."""

    by_template: dict[str, str]
    problems: list[Problem]


_STAMPS = msgspec.msgpack.Decoder(tuple[str, Stamps])


def template_stamps(settings: RenderSettings, cache: Cache) -> Stamps:
    """The stamp of each template; parsing them is spared while no template changes."""
    key = digest_of(settings, code_stamp(), library_stamp())
    stored = cache.value("template stamps")
    if stored:
        try:
            known_key, stamps = _STAMPS.decode(stored)
        except msgspec.MsgspecError:
            known_key = ""
        if known_key == key:
            return stamps
    stamps = _find(settings)
    cache.set_value("template stamps", msgspec.msgpack.encode((key, stamps)))
    return stamps


def _find(settings: RenderSettings) -> Stamps:
    references: dict[str, set[str]] = {}
    problems: list[Problem] = []
    for name in settings.templates:
        references[name], found = _references(name, settings)
        problems += found
    # What stands in a slot is part of every page: which page has which slot is
    # known only while it is rendered.
    common = digest_of(
        settings.site,
        settings.words,
        settings.assets,
        settings.slots,
        settings.base_path,
        settings.absolute_base,
        settings.timezone,
        code_stamp(),
        library_stamp(),
        {slot: _closure(filled, references, settings) for slot, filled in settings.slots.items()},
    )
    return Stamps(
        {
            name: digest_of(common, _closure([name], references, settings))
            for name in settings.templates
        },
        problems,
    )


def _closure(
    names: "list[str]", references: Mapping[str, set[str]], settings: RenderSettings
) -> list[tuple[str, str]]:
    """Name and source of every template that these lead to, sorted."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in settings.templates:
            found.add(name)
            waiting.extend(references[name])
    return [(name, settings.templates[name]) for name in sorted(found)]


def _references(name: str, settings: RenderSettings) -> tuple[set[str], list[Problem]]:
    import jinja2
    from jinja2 import meta

    shown = settings.template_paths.get(name, name)
    try:
        tree = jinja2.Environment(autoescape=True).parse(settings.templates[name])
    except jinja2.TemplateSyntaxError as error:
        message = (error.message or "the template is not valid").rstrip(".")
        return set(), [
            Problem(
                "template-renders",
                "error",
                shown,
                error.lineno,
                0,
                message,
                "see docs/templates.md for what templates can use",
            )
        ]
    named = set(meta.find_referenced_templates(tree))
    if None in named:
        return {other for other in named if other}, [
            Problem(
                "template-name-is-static",
                "error",
                shown,
                0,
                0,
                "a template is included or extended by a name that is only known while "
                "pages are rendered",
                "write the name itself, in quotes, so that pages change when that template does",
            )
        ]
    missing = sorted(other for other in named if other and other not in settings.templates)
    return {other for other in named if other}, [
        Problem(
            "template-exists",
            "error",
            shown,
            _line_of(settings.templates[name], other),
            0,
            f'there is no template called "{other}"',
            "the known ones are in templates/ of this site and of the default theme",
        )
        for other in missing
    ]


def _line_of(source: str, text: str) -> int:
    for number, line in enumerate(source.split("\n"), start=1):
        if text in line:
            return number
    return 0
