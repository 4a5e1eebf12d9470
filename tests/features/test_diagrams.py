"""Diagrams: drawn by a program that the site names, their source where there is none."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from notecast.features.diagrams.programs import command_of
from notecast.features.diagrams.svg import NotDrawn, cleaned

from ..conftest import SiteFolder, age

PROGRAM = """\
#!{python}
import sys, time
arguments = sys.argv[1:]
source = open(arguments[0]).read() if arguments else sys.stdin.read()
with open({log!r}, "a") as log:
    log.write(source.split("\\n")[0] + "\\n")
if "bad" in source:
    number = 1 + source[: source.index("bad")].count("\\n")
    sys.exit(f"\\x1b[31mpainter: syntax error in line {{number}} near 'bad'\\x1b[0m")
if "slow" in source:
    time.sleep(60)
if "nothing" in source:
    sys.exit(0)
if "text" in source:
    print("<p>hello</p>")
    sys.exit(0)
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="30pt"><text>%s</text>' % (
    source.split("\\n")[0]
)
svg += '<script>alert(1)</script></svg>'
if len(arguments) > 1:
    open(arguments[1], "w").write(svg)
else:
    print(svg)
"""


class Painter:
    """A program that draws, and what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.path = folder / "painter"
        self.path.write_text(PROGRAM.format(python=sys.executable, log=str(self.log)))
        self.path.chmod(self.path.stat().st_mode | stat.S_IXUSR)
        age(folder)

    def asked(self) -> list[str]:
        """First lines of what it drew since it was asked this the last time."""
        try:
            lines = self.log.read_text().splitlines()
            self.log.unlink()
        except FileNotFoundError:
            return []
        return sorted(lines)


@pytest.fixture
def painter(tmp_path: Path) -> Painter:
    (tmp_path / "bin").mkdir()
    return Painter(tmp_path / "bin")


def drawings(site: SiteFolder) -> list[str]:
    return [path for path in site.tree() if path.startswith("static/diagrams/")]


def test_without_a_program_the_source_is_the_figure(site: SiteFolder) -> None:
    site.note("a.md", '```mermaid title="A & B"\ngraph LR\n a --> b\n```\n', title="A")
    site.note("b.md", "```dot\ngraph {}\n```\n", title="B", lang="zh-CN")
    assert site.build().problems == []
    page = site.page("/notes/a/")
    assert '<figure class="diagram"><figure class="code" data-lang="mermaid">' in page
    assert '<p class="diagram-kind">Diagram, shown as its Mermaid source</p>' in page
    assert "<figcaption>A &amp; B</figcaption></figure>" in page
    assert "<img" not in page.partition('<div class="body"')[2]
    other = site.page("/notes/b/")
    assert '<p class="diagram-kind" lang="en">Diagram, shown as its Graphviz source</p>' in other
    assert drawings(site) == []


def test_a_program_draws(site: SiteFolder, painter: Painter) -> None:
    text = '```mermaid {#fig:x} title="T"\nfirst\n```\n\nSee @fig:x.\n'
    site.note("a.md", text, title="A", date="2025-01-01")
    site.build(config={"diagrams.mermaid": str(painter.path)})
    assert painter.asked() == ["first"]
    (path,) = drawings(site)
    assert b"first" in site.tree()[path]
    assert b"alert" not in site.tree()[path]
    page = site.page("/notes/a/")
    assert f'<a href="/{path}"><img class="plain drawn" src="/{path}" alt="T"' in page
    assert 'width="120" height="40" loading="lazy"' in page
    assert '<details><summary>Source</summary><figure class="code" data-lang="mermaid">' in page
    assert "1</span> T</figcaption></figure>" in page
    assert "diagram-kind" not in page
    assert f"https://example.org/{path}" in site.tree()["feed.json"].decode()


def test_it_draws_once(site: SiteFolder, painter: Painter) -> None:
    config = {"diagrams.mermaid": str(painter.path), "diagrams.others": {"d2": str(painter.path)}}
    site.note("a.md", "```mermaid\none\n```\n\n```d2\ntwo\n```\n\n```mermaid\none\n```\n")
    site.note("b.md", "```mermaid\none\n```\n")
    age(site.root)
    site.build(config=config)
    assert painter.asked() == ["one", "two"]
    before = site.tree()
    assert site.build(config=config).written == 0
    site.note("b.md", "Text.\n\n```mermaid\none\n```\n")
    site.build(config=config)
    assert painter.asked() == []
    site.note("b.md", "```mermaid\nthree\n```\n")
    site.build(config=config)
    assert painter.asked() == ["three"]
    assert len(drawings(site)) == 3
    site.note("b.md", "```mermaid\none\n```\n")
    site.build(config=config)
    assert site.tree() == before
    # Another version of the program draws again.
    with painter.path.open("a") as file:
        file.write("\n# 2.0\n")
    site.build(config=config)
    assert painter.asked() == ["one", "two"]
    shutil.rmtree(site.root / ".notecast")
    shutil.rmtree(site.output)
    clean = SiteFolder(site.root)
    clean.build(config=config, jobs=2)
    assert {data for path, data in clean.tree().items() if path in drawings(clean)} == {
        data for path, data in before.items() if path.startswith("static/diagrams/")
    }


def test_broad_drawings_scroll_and_plain_ones_open_alone(
    site: SiteFolder, painter: Painter
) -> None:
    program = painter.path.read_text().replace("90pt", "900pt").replace("<text>", '<text style="">')
    other = painter.path.with_name("other")
    other.write_text(program)
    other.chmod(0o755)
    config = {"diagrams.mermaid": str(other), "diagrams.graphviz": str(painter.path)}
    site.note("a.md", "```mermaid\none\n```\n\n```dot\ntwo\n```\n", title="A")
    site.build(config=config)
    page = site.page("/notes/a/")
    assert '<div class="broad" tabindex="0" role="group"><img class="plain drawn"' in page
    assert '<figure class="diagram"><a href="/static/diagrams/' in page


def test_drafts_are_not_drawn(site: SiteFolder, painter: Painter) -> None:
    site.note("a.md", "```mermaid\none\n```\n", draft="true")
    site.build(config={"diagrams.mermaid": str(painter.path)})
    assert painter.asked() == []


def test_files_in_the_place_of_streams(site: SiteFolder, painter: Painter) -> None:
    site.note("a.md", "```mermaid\n中文\n```\n", title="A")
    site.build(config={"diagrams.mermaid": f"{painter.path} {{input}} {{output}}"})
    (path,) = drawings(site)
    assert "中文" in site.tree()[path].decode()
    assert sorted(os.listdir(next((site.root / ".notecast/made").iterdir()))) == ["diagram.svg"]


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("ok\nbad", 9, "painter cannot draw this diagram: syntax error in line 2 near 'bad'"),
        ("nothing", 7, "painter cannot draw this diagram: its drawing is no SVG"),
        ("text", 7, "painter cannot draw this diagram: its drawing is no SVG"),
        ("slow", 7, "painter was not ready after 1 seconds"),
    ],
)
def test_what_cannot_be_drawn_is_told_at_its_line(
    site: SiteFolder, painter: Painter, source: str, line: int, said: str
) -> None:
    config = {"diagrams.mermaid": str(painter.path), "diagrams.patience": 1}
    site.note("a.md", f"Text.\n\n```mermaid\n{source}\n```\n\n```mermaid\ngood\n```\n", title="A")
    site.build(config=config)
    (problem,) = site.problems
    assert (problem.rule, problem.severity, problem.line) == ("diagram-is-drawn", "error", line)
    assert said in problem.message
    page = site.page("/notes/a/")
    assert "shown as its Mermaid source" in page and page.count('class="plain drawn"') == 1
    # Mended, it is drawn.
    site.note("a.md", "Text.\n\n```mermaid\nwhole\n```\n", title="A")
    assert site.build(config=config).problems == []


def test_a_time_limit_is_tried_again_and_an_error_is_not(
    site: SiteFolder, painter: Painter
) -> None:
    config = {"diagrams.mermaid": str(painter.path), "diagrams.patience": 1}
    site.note("a.md", "```mermaid\nslow\n```\n\n```mermaid\nbad\n```\n", title="A")
    age(site.root)
    site.build(config=config)
    assert painter.asked() == ["bad", "slow"]
    site.note("b.md", title="B")
    site.build(config=config)
    assert painter.asked() == ["slow"]
    assert site.rules() == ["diagram-is-drawn"] * 2


def test_a_program_that_is_missing(site: SiteFolder, painter: Painter) -> None:
    site.note("a.md", "```mermaid\none\n```\n", title="A")
    config = {"diagrams.mermaid": "no-such-program --fast"}
    site.build(config=config)
    (problem,) = site.problems
    assert (problem.rule, problem.severity) == ("diagram-program-is-installed", "warning")
    assert '"no-such-program"' in problem.message
    assert "shown as its Mermaid source" in site.page("/notes/a/")
    # One that appears is used, though nothing in the site has changed.
    place = site.root / "tool"
    config = {"diagrams.mermaid": str(place)}
    site.build(config=config)
    assert site.rules() == ["diagram-program-is-installed"]
    shutil.copy(painter.path, place)
    assert site.build(config=config).problems == []
    assert painter.asked() == ["one"]


def test_programs_that_are_known_have_their_arguments() -> None:
    assert command_of("dot")[:2] == ["dot", "-Tsvg"]
    assert command_of("/usr/bin/neato")[1] == "-Tsvg"
    assert command_of("mmdc")[1:5] == ["-i", "{input}", "-o", "{output}"]
    assert command_of("dot -Tsvg") == ["dot", "-Tsvg"]
    assert command_of("'my tool' --x 'a b'") == ["my tool", "--x", "a b"]
    assert command_of("d2") == ["d2"]


@pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
def test_graphviz(site: SiteFolder) -> None:
    site.note("a.md", "```dot\ndigraph { a -> 中 }\n```\n\n```dot\ndigraph {\n a -> ]\n}\n```\n")
    site.build(config={"diagrams.graphviz": "dot"})
    (problem,) = site.problems
    assert problem.line == 7 and "syntax error" in problem.message
    (path,) = drawings(site)
    root = ElementTree.fromstring(site.tree()[path])
    assert {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")} == {"a", "中"}


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" %s>%s</svg>'
)


@pytest.mark.parametrize(
    ("inside", "gone", "left"),
    [
        ("<script>x()</script><g/>", "script", "<g"),
        ('<g onclick="x()" ONLOAD="y()" id="a"/>', "(", 'id="a"'),
        ('<a xlink:href="javascript:x()"><text>t</text></a>', "javascript", "<text>t"),
        ('<a href=" JAVASCRIPT:x()"><text>t</text></a>', "JAVASCRIPT", "<text>t"),
        ('<a xlink:href="https://example.org/">t</a>', "\0", "https://example.org/"),
        ('<use xlink:href="#a"/>', "\0", "#a"),
        ('<use href="https://e.org/x.svg#a"/>', "e.org", "<use"),
        ('<image href="file:///etc/passwd"/>', "passwd", "<image"),
        ('<image href="data:image/svg+xml;base64,AA"/>', "data:", "<image"),
        ('<image href="data:image/png;base64,AA"/>', "\0", "base64,AA"),
        ("<style>@import url(https://e.org/x.css); a{fill:url(#g)}</style>", "e.org", "url(#g)"),
        ("<style>@font-face{src:url(x.woff)} a{b:c}</style>", "woff", "a{b:c}"),
        ('<rect style="fill:url(https://e.org/)"/>', "e.org", "<rect"),
        ('<rect fill="url(//e.org/#a)"/>', "e.org", "<rect"),
        ('<set attributeName="href" to="javascript:x()"/>after', "javascript", "after"),
        ('<animate attributeName="href"/><!-- c --><?pi x?>', "animate", "<svg"),
        (
            '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml" onclick="x()">in<iframe '
            'src="x"/></div></foreignObject>',
            "iframe",
            ">in</",
        ),
        ('<x:evil xmlns:x="urn:x"/>', "evil", "<svg"),
    ],
)
def test_drawings_are_made_harmless(inside: str, gone: str, left: str) -> None:
    data, width, height = cleaned((SVG % ('width="10" height="20"', inside)).encode())
    text = data.decode()
    assert gone not in text.replace("(#", "") if gone == "(" else gone not in text
    assert left in text
    assert (width, height) == (10, 20)
    # Once clean, it stays as it is.
    assert cleaned(data)[0] == data


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="62pt" height="116pt"', (83, 155)),
        ('width="100%" viewBox="0 0 139.4 388.7" style="max-width: 139.4px;"', (139, 389)),
        ('viewBox="-8 -8 20 10"', (20, 10)),
        ('width="2in" height="25.4mm"', (192, 96)),
        ('width="0.2" height="9"', (1, 9)),
    ],
)
def test_sizes(attributes: str, size: tuple[int, int]) -> None:
    data, *found = cleaned((SVG % (attributes, "")).encode())
    assert tuple(found) == size
    assert f'width="{size[0]}"'.encode() in data
    assert b"max-width" not in data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<p/>",
        b"not xml",
        SVG.encode() % (b"", b""),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.encode() % (b'width="1" height="1"', b"&a;"),
        SVG.encode() % (b'width="1" height="1"', b"<g>"),
        b"\xff\xfe",
    ],
)
def test_what_is_no_drawing(data: bytes) -> None:
    with pytest.raises(NotDrawn):
        cleaned(data)


def test_only_declared_programs_are_started(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where programs for diagrams are installed."""

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(f"started {arguments}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    site.note("a.md", "```mermaid\none\n```\n\n```dot\ngraph {}\n```\n", title="A")
    site.build()
    assert len(re.findall("diagram-kind", site.page("/notes/a/"))) == 2
