"""`notecast check` as a command: the same as a build, formats, silence, baseline."""

import json
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from notecast.builder.build import BuildOptions, build_site
from notecast.builder.examine import examined
from notecast.builder.lock import locked
from notecast.cli import main
from notecast.commands.formats import github_lines
from notecast.config import with_severities
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.problems import Problem, in_order

from ..conftest import NOW, PNG, SiteFolder

PROJECT = Path(__file__).parents[2]

BROKEN = {
    "notes/header.md": "---\ntitle: A: B\n---\nText.\n",
    "notes/links.md": "---\ntags: [x, X]\n---\n[a](gone.md) ![b](gone.png) [[nobody]] [c](/d/)\n",
    "notes/math.md": "---\ntags: x\n---\n$\\frac{1}$ and `$x$` and $$ open\n\n\\eqref{eq:none}\n",
    "notes/one.md": "---\npermalink: /same/\n---\nText.\n",
    "notes/two.md": "---\npermalink: /same/\n---\nText.\n",
    "notes/bytes.md": b"---\ntitle: A\n---\n\xff\xfe\xfa\n",
    "notes/draft.md": "---\ndraft: true\ndata: 2025\n---\n[x](gone.md)\n",
    "notes/to-draft.md": "[d](draft.md)\n",
    "notes/CON.png": b"x",
    "templates/archive.html": "{% if %}",
}


def both(root: Path, **options: Any) -> tuple[list[Problem], list[Problem]]:
    """What a build says and what a check says, before the rules of its own."""
    config, problems = load_config(root, FEATURES, overrides={})
    assert not problems
    asked = BuildOptions(now=NOW, jobs=1, **options)
    with examined(config, FEATURES, asked) as site:
        checked = in_order(with_severities(site.collected.problems, config))
    built = build_site(config, FEATURES, asked).problems
    return built, checked


def test_check_and_build_say_the_same_of_a_broken_site(site: SiteFolder) -> None:
    for path, data in BROKEN.items():
        site.write(path, data)
    built, checked = both(site.root)
    assert len({problem.rule for problem in built}) > 8
    assert checked == built
    # The other way round: the build has filled the cache by now.
    built, checked = both(site.root, drafts=True, use_cache=False)
    assert checked == built


def test_check_and_build_say_the_same_of_the_demonstration_site(tmp_path: Path) -> None:
    root = tmp_path / "site"
    root.mkdir()
    shutil.copy(PROJECT / "site.yaml", root)
    shutil.copytree(PROJECT / "notes", root / "notes")
    built, checked = both(root)
    assert checked == built


def check(site: SiteFolder, *arguments: str) -> int:
    return main(["check", str(site.root), *arguments])


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".notecast" not in path.relative_to(folder).parts
    }


def test_check_writes_nothing_but_its_cache(site: SiteFolder) -> None:
    site.note("a.md", "[b](b.md)\n", tags="x")
    before = tree(site.root)
    assert check(site) == 0
    assert tree(site.root) == before
    site.build()
    built = tree(site.root)
    site.note("a.md", "Changed, [b](b.md)\n", tags="x")
    check(site)
    assert tree(site.output) == {
        path.removeprefix("public/"): data
        for path, data in built.items()
        if path.startswith("public/")
    }
    assert site.build().written > 0, "the check made the build believe that nothing changed"


def test_check_goes_on_while_a_build_runs(site: SiteFolder) -> None:
    site.note("a.md", tags="x")
    config, _ = load_config(site.root, FEATURES, overrides={})
    with locked(config.lock_file):
        assert check(site) == 0


def test_exit_status_and_strict(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.note("a.md", "![](a.png)\n", tags="x")
    site.write("notes/a.png", PNG)
    assert check(site) == 0
    out, err = capsys.readouterr()
    assert "notes/a.md:5:1: warning: " in err
    assert out == "Checked 1 note: 1 warning. --explain RULE shows what a rule wants.\n"
    assert check(site, "--strict") == 1
    site.write("site.yaml", "title: T\nproblems: {image-has-alt: off}\n")
    assert check(site, "--strict") == 0
    site.write("site.yaml", "titel: T\n")
    assert check(site) == 2


def test_check_makes_no_connection_and_starts_no_process(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection or a process")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    site.note("a.md", "[a](https://a.test.org/) ![b](https://b.test.org/x.png)\n", tags="x")
    assert check(site, "-j", "1", "--strict") == 0


# Silenced in place


def test_a_comment_silences_the_block_below_in_check_and_build(site: SiteFolder) -> None:
    body = (
        "First.\n\n<!-- notecast-ignore link-target-exists -->\n\n[a](gone.md)\n[b](gone2.md)\n\n"
        "[c](gone3.md)\n"
    )
    site.note("a.md", body, tags="x")
    site.build()
    assert [(p.rule, p.line) for p in site.problems] == [("link-target-exists", 12)]
    built, checked = both(site.root)
    assert built == checked


def test_as_the_first_thing_it_silences_the_whole_note(site: SiteFolder) -> None:
    ignore = "<!-- notecast-ignore link-target-exists, header-value-is-whole -->"
    site.note("a.md", f"{ignore}\n\n[a](gone.md)\n\nText.\n\n[b](gone.md)\n", tags="x")
    site.build()
    assert site.rules() == []
    site.note("a.md", "[a](gone.md)\n", tags="x")
    site.build()
    assert site.rules() == ["link-target-exists"]


def test_comments_in_code_silence_nothing(site: SiteFolder) -> None:
    ignore = "```html\n<!-- notecast-ignore link-target-exists -->\n```\n[a](gone.md)\n"
    site.note("a.md", ignore, tags="x")
    site.build()
    assert site.rules() == ["link-target-exists"]


def test_a_comment_without_need_is_told(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    ignore = "Text.\n\n<!-- notecast-ignore link-target-exists external-link-works -->\n\nText.\n"
    site.note("a.md", ignore, tags="x")
    assert check(site, "--strict", "-q") == 1
    shown = capsys.readouterr().err
    assert "notes/a.md:7: warning: there is no problem [link-target-exists] here" in shown
    assert "external" not in shown


# Formats


def test_json(site: SiteFolder, capsys: pytest.CaptureFixture[str]) -> None:
    site.note("a.md", "[a](gone.md)\n", tags="x")
    assert check(site, "--format", "json", "--strict") == 1
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is False
    assert [(p["rule"], p["line"], p["column"]) for p in said["problems"]] == [
        ("link-target-exists", 5, 1)
    ]


def test_github_escapes_what_would_end_a_command(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = Problem("rule-id", "error", "notes/a,b.md", 3, 0, "100% of\nit", "do: that")
    assert list(github_lines([problem], "docs/")) == [
        "::error file=docs/notes/a%2Cb.md,title=rule-id,line=3::100%25 of%0Ait. do: that"
    ]
    (site.root.parent / ".git").mkdir()
    site.note("a.md", "[a](gone.md)\n", tags="x")
    check(site, "--format", "github")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(
        "::warning file=site/notes/a.md,title=link-target-exists,line=5,col=1::there is no note"
    )


def test_gitlab_tells_problems_apart_that_read_the_same(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    site.note("a.md", "[a](gone.md)\n\n[a](gone.md)\n", tags="x")
    check(site, "--format", "gitlab")
    rows = json.loads(capsys.readouterr().out)
    assert [row["location"] for row in rows] == [
        {"path": "notes/a.md", "lines": {"begin": line}} for line in (5, 7)
    ]
    assert {(row["check_name"], row["severity"]) for row in rows} == {
        ("link-target-exists", "minor")
    }
    assert len({row["fingerprint"] for row in rows}) == 2
    # Lines may move.
    site.note("a.md", "New.\n\n[a](gone.md)\n\n[a](gone.md)\n", tags="x")
    check(site, "--format", "gitlab")
    again = json.loads(capsys.readouterr().out)
    assert [row["fingerprint"] for row in again] == [row["fingerprint"] for row in rows]


def test_sarif_has_what_the_standard_requires(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    site.note("ü.md", "[a](gone.md)\n", tags="x")
    check(site, "--format", "sarif")
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"]
    assert rule["shortDescription"]["text"] == "There is no such note or file."
    assert rule["help"]["text"] == "correct the path or the name."
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "notes/%C3%BC.md"},
        "region": {"startLine": 5, "startColumn": 1},
    }


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "link-target-exists"]) == 0
    shown = capsys.readouterr().out
    assert shown == (PROJECT / "docs/rules/link-target-exists.md").read_text(encoding="utf-8")
    assert main(["check", "--explain", "link-target-exist"]) == 2
    assert "did you mean link-target-exists" in capsys.readouterr().err


# Baseline


def test_a_baseline_lets_only_new_problems_count(
    site: SiteFolder, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    known = str(tmp_path / "known.json")
    site.note("a.md", "[a](gone.md) [b](gone.md)\n", tags="x")
    assert check(site, "--baseline", known) == 2
    assert check(site, "--baseline", known, "--write-baseline", "--strict") == 0
    assert check(site, "--baseline", known, "--strict") == 0
    # Lines may move; a third of the same is new.
    site.note("a.md", "New.\n\n[a](gone.md) [b](gone.md)\n", tags="x")
    assert check(site, "--baseline", known, "--strict") == 0
    site.note("a.md", "[a](gone.md) [b](gone.md) [c](gone.md)\n", tags="x")
    assert check(site, "--baseline", known, "--strict") == 1
    capsys.readouterr()
    site.note("a.md", "Text.\n", tags="x")
    assert check(site, "--baseline", known, "--strict") == 0
    assert "2 known problems are gone" in capsys.readouterr().out
    Path(known).write_text("[]")
    assert check(site, "--baseline", known) == 2


# Mending


MENDABLE = """\
---
Title: Flow: a survey
lastMod: 2025-02-01
tag: x
---

Here `$x^2$` and ``\\(y\\)``, but not `$\\nosuch{z}$`.

`$$
a = b
$$`

Elsewhere \\\\(c_1\\\\) and `\\\\(c\\\\)`.

\\\\[
d = e
\\\\]

```
def f(x):
    return x
```

```
{"a": 1}
```

```
no language at all
```
"""

MENDED = """\
---
title: "Flow: a survey"
updated: 2025-02-01
tag: x
---

Here $x^2$ and \\(y\\), but not `$\\nosuch{z}$`.

$$
a = b
$$

Elsewhere $c_1$ and `\\\\(c\\\\)`.

$$
d = e
$$

```python
def f(x):
    return x
```

```json
{"a": 1}
```

```
no language at all
```
"""


def test_fix_shows_a_diff_and_writes_only_if_told(
    site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    file = site.write("notes/a.md", MENDABLE)
    file.chmod(0o640)
    assert check(site, "--fix") == 1
    shown = capsys.readouterr().out
    assert '-Title: Flow: a survey\n-lastMod: 2025-02-01\n+title: "Flow: a' in shown
    assert file.read_text() == MENDABLE
    assert check(site, "--fix", "--write") == 0
    assert file.read_text() == MENDED
    assert file.stat().st_mode & 0o777 == 0o640
    assert check(site, "--fix") == 0
    assert file.read_text() == MENDED
    capsys.readouterr()
    assert check(site, "--strict") == 1
    assert capsys.readouterr().err.count("[math-in-code-span]") == 1


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\ndate: 2025-01-01\npublished: 2024-01-01\n---\nText.\n",
        "---\r\nTitle: A\r\n---\r\nTwo kinds of line ends.\n",
        "---\ntitle: A\nmodule: x\n---\n```\nx = 1\n```\n",
        "---\ntitle: A\n---\n````\n```\nimport os\n```\n````\n",
        "Title: not a header\n\nText `x`.\n",
    ],
    ids=["two-dates", "windows", "no-certain-language", "nested-fence", "no-header"],
)
def test_fix_leaves_alone_what_it_cannot_prove(site: SiteFolder, text: str) -> None:
    site.write("notes/a.md", text.encode())
    assert check(site, "--fix", "--write") == 0
    assert (site.root / "notes/a.md").read_bytes() == text.encode()


def test_fix_keeps_line_ends_and_the_mark_of_windows(site: SiteFolder) -> None:
    site.write("notes/a.md", b"\xef\xbb\xbf" + MENDABLE.replace("\n", "\r\n").encode())
    assert check(site, "--fix", "--write") == 0
    expected = b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()
    assert (site.root / "notes/a.md").read_bytes() == expected
