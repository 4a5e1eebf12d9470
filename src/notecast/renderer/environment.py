"""The Jinja environment of a site: what every template can use.

Entry point: `make_environment`. The names are described in `docs/templates.md`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from notecast.model import BASE
from notecast.renderer.dates import day, prose_date, rfc822, rfc3339
from notecast.renderer.quick_templates import QuickEnvironment
from notecast.renderer.settings import RenderSettings


def make_environment(settings: RenderSettings) -> Environment:
    """The environment for all pages of one site.

    Everything is escaped, whatever a template is called: there is no file name
    that turns escaping off.
    """
    sources = settings.templates

    def load(name: str) -> tuple[str, str, None] | None:
        # The name stands for the file name in tracebacks: see `render._place`.
        return (sources[name], name, None) if name in sources else None

    constants = {
        "site": settings.site,
        "t": _translator(settings.words),
        "asset": _asset(settings.assets, settings.base_path),
    }
    environment = QuickEnvironment(
        constants,
        sources.values(),
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    prefix = settings.base_path
    origin = settings.absolute_base

    def url(address: str) -> str:
        return prefix + address if address.startswith("/") else address.replace(BASE, prefix)

    def absolute(address: str) -> str:
        return origin + address if address.startswith("/") else address.replace(BASE, origin)

    def html(ours: str) -> Markup:
        return Markup(ours.replace(BASE, prefix))

    def text(plain: str) -> Markup:
        return Markup(plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))

    # JSON leaves Chinese as it is: `\u65f6` takes twice the room of the character.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    environment.filters.update(
        url=url,
        absolute=absolute,
        html=html,
        text=text,
        day=day,
        prose_date=lambda value, lang=settings.language: prose_date(value, lang),
        rfc3339=lambda value: rfc3339(value, settings.timezone),
        rfc822=lambda value: rfc822(value, settings.timezone),
    )
    environment.globals.update(constants, slot=_slot(settings.slots))
    return environment


def _translator(words: Mapping[str, str]) -> Callable[..., str]:
    def t(key: str, **values: Any) -> str:
        try:
            word = words[key]
        except KeyError:
            raise LookupError(f'there is no word called "{key}" in the i18n files') from None
        # Plural forms: `key` and `key_one`, chosen by `n`, where a language has both.
        if values.get("n") == 1:
            word = words.get(f"{key}_one", word)
        return word.format(**values) if values else word

    return t


def _asset(assets: Mapping[str, str], prefix: str) -> Callable[[str], str]:
    def asset(name: str, required: bool = True) -> str:
        if not required and name not in assets:
            return ""
        try:
            return prefix + assets[name]
        except KeyError:
            raise LookupError(f'there is no file "{name}" in templates/static/') from None

    return asset


def _slot(slots: Mapping[str, Sequence[str]]) -> Callable[..., Markup]:
    @pass_context
    def slot(context: Context, name: str) -> Markup:
        """What features put at a named place of a template."""
        filled = slots.get(name, ())
        values = context.get_all() if filled else {}
        parts: list[str] = []
        for one in filled:
            template = context.environment.get_template(one)
            # As `render` does, but without a copy of all values for each template.
            parts.extend(template.root_render_func(template.new_context(values, shared=True)))
        return Markup("".join(parts))

    return slot
