"""Templates that are made quicker give what Jinja's own give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from notecast.renderer.quick_templates import QuickEnvironment, _escaped

SITE = {
    "title": "A <b> & 'c'",
    "on": True,
    "off": False,
    "none": None,
    "number": 3,
    "author": {"name": "N", "url": ""},
    "items": [1, 2],
    "nav": [{"url": "/a/", "name": "<A>"}],
    "keys": "not the method",
}


def t(key: str, **values: Any) -> str:
    return {"home": "<Home>", "n": "{n} & more"}[key].format(**values)


CONSTANTS = {"site": SITE, "t": t}


def both(sources: dict[str, str], **context: Any) -> str:
    """What `main` gives in both environments, which has to be the same."""
    options: dict[str, Any] = {
        "loader": DictLoader(sources),
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
    }
    plain = Environment(**options)
    quick = QuickEnvironment(CONSTANTS, sources.values(), **options)
    results = []
    for environment in (plain, quick):
        environment.globals.update(CONSTANTS)
        try:
            results.append(environment.get_template("main").render(context))
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
    assert results[0] == results[1]
    return results[1]


@pytest.mark.parametrize(
    "source",
    [
        '{{ t("home") }}<p title="{{ t(\'n\', n=2) }}">',
        '{{ t("n", n=x) }}{{ t("home" if site.on else "n") }}',
        "{% if site.off %}{{ t('unknown') }}{% endif %}fine",
        "{{ t('unknown') }}",
        "{{ site.title }}{{ site.author.name | lower }}{{ site.author.url or 'no' }}",
        "{{ site.none }}|{{ site.number + 1 }}|{{ site.on and not site.off }}",
        "{{ site.missing }}",
        "{{ site.missing | default('d') }}{{ site.author.missing is defined }}",
        "{{ site.items | length if false else site.keys }}",
        "{% for item in site.nav %}{{ item.name }}{{ loop.index }}{% endfor %}",
        "{{ site.author | tojson }}{{ [site.title] | join(', ') }}{{ site.title ~ x }}",
        "{% set title = site.title %}{{ title }}{% set s = site %}{{ s.title }}",
        "{% macro m(a) %}{{ a }}{{ site.title }}{% endmacro %}{{ m(t('home')) }}{{ m(x) }}",
        "{% set y %}{{ x }}{{ t('home') }}{% endset %}{{ y }}",
        "{% filter upper %}{{ site.title }}{{ x }}{% endfilter %}",
        "{% autoescape false %}{{ site.title }}{{ x }}{{ t('home') }}{% endautoescape %}",
        "{{ x | safe }}{{ x | e }}{{ x.__class__.__name__ }}{{ marked }}{{ 3 }}{{ 1.5 }}{{ none }}",
        # Names that a template gives another meaning.
        "{% set site = {'title': 'own'} %}{{ site.title }}",
        "{% for site in [{'title': 'each'}] %}{{ site.title }}{% endfor %}",
        "{% for a, site in [(1, {'title': 'pair'})] %}{{ site.title }}{% endfor %}",
        "{% with site = {'title': 'with'} %}{{ site.title }}{% endwith %}",
        "{% with a = 1, site = {'title': 'with'} %}{{ site.title }}{% endwith %}",
        "{% macro t(key) %}mine {{ key }}{% endmacro %}{{ t('home') }}",
        "{% macro m(t) %}{{ t }}{% endmacro %}{{ m('home') }}",
        "{% macro m(a, site={'title': 'default'}) %}{{ site.title }}{% endmacro %}{{ m(1) }}",
        "{% set ns = namespace(site=1) %}{{ ns.site }}{{ site.title }}",
        "{% import 'other' as t %}{{ t.word() }}",
        "{% from 'other' import word as t %}{{ t() }}",
        "{% set site = {'title': 'own'} %}{% include 'inner' %}",
        "{%- set site = {'title': 'own'} -%}{% include 'inner' %}",
        "{% set a, site = 1, {'title': 'own'} %}{{ site.title }}",
        "{% set\nsite = {'title': 'lines'} %}{{ site.title }}",
        "{% call(site) caller_of() %}{{ site }}{% endcall %}"
        "{% macro caller_of() %}{{ caller('called') }}{% endmacro %}",
    ],
)
def test_the_same_comes_out(source: str) -> None:
    others = {
        "other": "{% macro word() %}a word{% endmacro %}",
        "inner": "{{ site.title }}",
    }
    both({"main": source, **others}, x="<x> & \"y\" 'z'", marked=Markup("<i>"))


def test_constants_are_put_in_when_a_template_is_compiled() -> None:
    environment = QuickEnvironment(CONSTANTS, (), autoescape=True)
    code = environment.compile('{{ t("home") }}{{ site.author.name }}', raw=True)
    assert "&lt;Home&gt;N" in code
    assert "t(" not in code.split("def root")[1]


@given(st.text() | st.integers() | st.none() | st.booleans() | st.floats() | st.lists(st.text()))
def test_escaping_is_that_of_markupsafe(value: Any) -> None:
    assert str(_escaped(value)) == str(escape(value))
    assert str(_escaped(Markup(value))) == str(escape(Markup(value)))
