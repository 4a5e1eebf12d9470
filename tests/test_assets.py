"""Stylesheets are joined and condensed, and mean the same."""

from __future__ import annotations

import pytest

from notecast.builder.assets import condensed

from .conftest import SiteFolder

LIMIT = 30_000
"""Bytes of the default stylesheet before compression; see docs/theme.md."""


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { b: c; }\n\n/* x */\nd , e { f: g }", "a{b:c}d,e{f:g}"),
        ("a /* x */ b { c: d/**/e }", "a b{c:d e}"),
        ("a :hover > b { m: calc(1px + 2px) -1px }", "a :hover>b{m:calc(1px + 2px) -1px}"),
        ('a { content: " ; } /* no */ " ; }', 'a{content:" ; } /* no */ "}'),
        ("a { content: '\\'; /* ' ; x: \"\\\"{ \" }", "a{content:'\\'; /* ';x:\"\\\"{ \"}"),
        ("a { b: url(data:x;y/*z*/) ; }", "a{b:url(data:x;y/*z*/)}"),
        (
            "@media (min-width: 3em) and (x) { a { b: c ; } }",
            "@media (min-width:3em) and (x){a{b:c}}",
        ),
        ("/*! keep { } */\na { }", "/*! keep { } */ a{}"),
        ("a { b: c } /* not closed", "a{b:c}"),
        ("a { --x: ; }", "a{--x:}"),
    ],
)
def test_condensed(css: str, expected: str) -> None:
    assert condensed(css.encode()).decode() == expected + "\n"


def test_parts_are_joined_behind_the_stylesheet(site: SiteFolder) -> None:
    site.write("templates/static/site.css.d/own.css", "/* mine */ :root { --accent: red; }\n")
    site.note("a.md", title="A")
    site.build()
    (sheet,) = site.output.glob("static/site.*.css")
    css = sheet.read_text(encoding="utf-8")
    assert f'href="/static/{sheet.name}"' in site.page("/")
    assert css.index("--accent:light-dark(") < css.index(":root{--accent:red}")
    assert "mine" not in css
    assert not list(site.output.glob("static/**/own*"))


def test_default_stylesheet_and_scripts_stay_small(site: SiteFolder) -> None:
    site.build(search=True)
    sizes = {
        file.name.split(".")[0] + file.suffix: file.stat().st_size
        for file in site.output.glob("static/*.*")
    }
    assert sizes["site.css"] < LIMIT
    assert sizes["site.js"] < 12_000
    assert sizes["search.js"] < 12_000
    assert sizes["graph.js"] < 6_000
    assert sizes["search.css"] < 2_000
    assert sizes["theme.js"] < 400
