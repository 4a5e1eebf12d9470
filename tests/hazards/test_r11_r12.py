"""R11, R12: templates escape whatever they are called, and their names lead nowhere else."""

import re
from pathlib import Path

import pytest

from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.renderer.environment import make_environment
from notecast.renderer.settings import RenderSettings
from notecast.renderer.theme import TEMPLATE_SUFFIXES, default_templates

from ..conftest import SiteFolder
from .tools import CANARY

HOSTILE = "<&\"'>"
NAMES = [
    "x.html",
    "x.html.j2",
    "x.jinja",
    "x.xml",
    "x.xml.j2",
    "x.txt",
    "x.json",
    "x",
    "x.HTML",
    "deep/x.svg",
    "x.md",
]
OUR_HTML = {("collected.html", "item.note"), ("plain.txt", "text")}
"""Reviewed: a title as HTML, and a file that is no HTML and escapes nothing."""


def settings(templates: dict[str, str]) -> RenderSettings:
    return RenderSettings(
        templates=templates,
        template_paths={},
        site={"title": HOSTILE},
        words={"word": HOSTILE, "n": "{n}"},
        assets={},
        slots={"here": [next(iter(templates))]},
        base_path="",
        absolute_base="",
        language="en",
        timezone="UTC",
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_name_escapes(name: str) -> None:
    source = (
        "{{ x }}|{{ x | upper }}|{{ site.title }}|{{ t('word') }}|{{ t('n', n=x) }}"
        '|<a title="{{ x }}">|{% set y = x ~ x %}{{ y }}|{{ [x] | join(",") }}|{{ {"k": x} }}'
    )
    environment = make_environment(settings({name: source}))
    shown = environment.get_template(name).render(x=HOSTILE)
    assert HOSTILE not in shown
    assert "<&" not in shown and "'>" not in shown
    assert shown.count("&lt;&amp;") >= 9
    by_string = environment.from_string("{{ x }}").render(x=HOSTILE)
    assert by_string == "&lt;&amp;&#34;&#39;&gt;"


def test_slots_escape() -> None:
    environment = make_environment(settings({"a.html": "{{ x }}", "b.html": "{{ slot('here') }}"}))
    assert environment.get_template("b.html").render(x=HOSTILE) == "&lt;&amp;&#34;&#39;&gt;"


def test_no_template_turns_escaping_off() -> None:
    folder = default_templates()
    found = []
    for file in sorted(folder.rglob("*")):
        if file.suffix not in TEMPLATE_SUFFIXES or file.suffix == ".txt":
            continue  # plain text has nothing to escape
        text = file.read_text(encoding="utf-8")
        found += [
            f"{file.name}: {match[0]}"
            for match in re.finditer(r"\|\s*safe\b|autoescape|Markup|\|\s*tojson\s*\|", text)
        ]
    assert found == []


def test_html_filter_is_used_for_our_own_html_only() -> None:
    """Whatever is filtered by `html` has a name that says that the loader made it."""
    folder = default_templates()
    for file in sorted(folder.rglob("*")):
        if file.suffix not in TEMPLATE_SUFFIXES:
            continue
        for match in re.finditer(r"([\w.]+)\s*\|\s*html\b", file.read_text(encoding="utf-8")):
            known = match[1].endswith("html") or (file.name, match[1]) in OUR_HTML
            assert known, f"{file.name}: {match[0]}"


LAYOUTS = [
    "../../secret.txt",
    "/etc/passwd",
    "..\\..\\secret.txt",
    "%2e%2e/secret.txt",
    "templates/../../secret.txt",
    "\0",
    "note.html/../../../secret.txt",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_template_name_leads_out(site: SiteFolder, name: str) -> None:
    (site.root.parent / "secret.txt").write_text(CANARY)
    (site.root / "secret.txt").write_text(CANARY)
    written = name.replace("\\", "\\\\").replace("\0", "\\0")
    site.write("templates/error.html", f'{{% include "{written}" %}}\n')
    site.note("a.md", title="A")
    site.build()
    (problem,) = [p for p in site.problems if p.rule.startswith("template")]
    assert problem.rule == "template-exists"
    assert (problem.path, problem.line) == ("templates/error.html", 1) or not {
        "\0",
        "\\",
    }.isdisjoint(name)
    assert not site.output.exists() or CANARY.encode() not in b"".join(site.tree().values())


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_layout_key_leads_out(site: SiteFolder, name: str) -> None:
    """`layout`, `template` and `type` of other generators choose nothing here."""
    (site.root.parent / "secret.txt").write_text(CANARY)
    quoted = name.replace("\0", "").replace("'", "''")
    site.write(
        "notes/a.md",
        f"---\ntitle: A\nlayout: '{quoted}'\ntemplate: '{quoted}'\ntype: '{quoted}'\n---\nText.\n",
    )
    site.build()
    assert "Text." in site.page("/notes/a/")
    assert CANARY.encode() not in b"".join(site.tree().values())


def test_a_template_name_made_while_rendering_is_refused(site: SiteFolder) -> None:
    site.write("templates/error.html", "{% include page.title %}\n")
    site.note("a.md", title="A")
    site.build()
    assert [p.rule for p in site.problems] == ["template-name-is-static"]


def test_config_folders_stay_inside(tmp_path: Path) -> None:
    for key in ("notes", "static", "templates"):
        folder = tmp_path / key
        folder.mkdir()
        (folder / "site.yaml").write_text(f"{key}: ../../etc\n")
        _, problems = load_config(folder, FEATURES)
        assert [problem.severity for problem in problems] == ["error"], key
