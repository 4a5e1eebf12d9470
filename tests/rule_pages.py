"""Reads the pages of `docs/rules/` and carries out their examples.

A page has the sections "Broken" and "Mended". In each, a fence behind a line
with a file's name in backquotes is that file, and a fence of `sh` is carried
out in the folder of the site. The fence of `text` is what Notecast says.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from notecast.builder.build import BuildOptions, build_site
from notecast.builder.examine import examined
from notecast.builder.output import OutputRefused
from notecast.builder.silence import needless, reader, silence
from notecast.checks import run_checks
from notecast.commands.check import subject_of
from notecast.config import with_severities
from notecast.config_reader import load_config
from notecast.features import FEATURES
from notecast.problems import Problem, in_order, together

from .conftest import NOW

PAGES = Path(__file__).parents[1] / "docs" / "rules"
_FENCE = re.compile(
    r"(?:^`(?P<path>[^`\n]+)`:\n\n)?^(?P<mark>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=mark)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Example:
    """One of the two sections of a page."""

    files: dict[str, str] = field(default_factory=dict)
    script: str = ""
    said: str = ""


def examples(page: Path) -> dict[str, Example]:
    """The sections of a page by their headings."""
    found = {}
    text = page.read_text(encoding="utf-8")
    for part in re.split(r"^## (?=(?:Broken|Mended)$)", text, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        example = found[heading] = Example()
        for fence in _FENCE.finditer(text):
            if fence["path"]:
                example.files[fence["path"]] = fence["text"]
            elif fence["language"] == "sh":
                example.script += fence["text"]
            else:
                example.said = fence["text"]
    return found


def carried_out(example: Example, root: Path, rule: str) -> str:
    """What is said of a rule in a site of its own, made in the empty folder `root`."""
    (root / "notes").mkdir()
    (root / "site.yaml").write_text("title: Notes\n", encoding="utf-8")
    for path, text in example.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    shell = ""
    if example.script:
        shell = subprocess.run(
            ["bash", "-e", "-c", example.script],
            cwd=root,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        ).stderr
    found = _problems(root, rule)
    said = "".join(f"{problem}\n" for problem in found if problem.rule == rule)
    said = said or "".join(re.findall(rf"^.*\[{rule}\]\n(?:    hint: .*\n)?", shell, re.MULTILINE))
    return said.replace(f"{root}/", "")


def _problems(root: Path, rule: str) -> list[Problem]:
    """Those of a check; if the rule is not among them, those that only a build can find."""
    config, problems = load_config(root, FEATURES, overrides={})
    if any(problem.severity == "error" for problem in problems):
        return problems
    options = BuildOptions(now=NOW, jobs=1, search=False)
    with examined(config, FEATURES, options) as site:
        subject = subject_of(config, site)
        extra = run_checks(subject)
        texts = {note.shown: note.text for note in subject.notes}
        extra += needless([*site.collected.found, *extra], texts, lambda rule: True)
        others = reader(site.sources, FEATURES)
        extra = silence(extra, lambda path: texts.get(path) or others(path))
        found = [*problems, *site.collected.problems, *extra]
    if any(problem.rule == rule for problem in found):
        return in_order(with_severities(together(found), config))
    try:
        found += build_site(config, FEATURES, options).problems
    except OutputRefused as refused:
        found.append(Problem("output-is-safe", "error", "public", 0, 0, refused.message))
    return in_order(with_severities(together(found), config))


def _environment() -> dict[str, str]:
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **names, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull}
