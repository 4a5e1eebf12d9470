"""R08, R09: headers that want to run code or to exhaust the reader cost their own note only.

The headers themselves have their cases in `tests/headers/` and `test_header.py`;
here all of them go through one build of a site.
"""

import time
from pathlib import Path

import yaml

from ..conftest import SiteFolder
from ..test_header import BOMBS
from .tools import run_build

HEADERS = Path(__file__).parent.parent / "headers"
RUNNING = [
    '---\ntitle: !!python/object/apply:os.system ["touch {marker}"]\n---\nText.\n',
    "---\ntitle: !!python/name:os.system\n---\nText.\n",
    '---\n!!python/object/new:os.system ["touch {marker}"]\n---\nText.\n',
    "---\ntitle: !include {marker}\n---\nText.\n",
    "---\n%TAG ! tag:yaml.org,2002:python/\n--- \ntitle: !object/apply:os.getcwd []\n---\nText.\n",
    "---js\nrequire('fs').writeFileSync('{marker}', '')\n---\nText.\n",
    "---ruby\nFile.write('{marker}', '')\n---\nText.\n",
    "---\ntitle: !!binary " + "QUJD" * 1000 + "\n---\nText.\n",
    "+++\ntitle = {{ marker = '{marker}' }}\n+++\nText.\n",
]


def test_no_header_runs_code(site: SiteFolder, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    for number, text in enumerate(RUNNING):
        site.write(f"notes/n{number}.md", text.replace("{marker}", str(marker)))
    site.note("good.md", title="Good")
    result = site.build()
    assert not marker.exists()
    assert "Good" in site.page("/notes/good/")
    named = {problem.path for problem in result.problems}
    for number, text in enumerate(RUNNING):
        # Between rules that hold no key stands text, which is shown as such.
        is_text = "!!python/object/new" in text or "%TAG" in text
        assert is_text is (f"notes/n{number}.md" not in named), text


def test_every_bad_header_goes_through_a_build(site: SiteFolder) -> None:
    cases = yaml.safe_load((HEADERS / "malformed.yaml").read_text(encoding="utf-8"))
    for number, case in enumerate(cases):
        site.write(f"notes/m{number:03}.md", f"---\n{case['header'].rstrip()}\n---\nText.\n")
    for number, (text, _) in enumerate(BOMBS.values()):
        site.write(f"notes/z{number:03}.md", f"---\n{text}\n---\nText.\n")
    site.note("good.md", title="Good")
    started = time.process_time()
    done = run_build(site.root, "--verbose", "--jobs", "1")
    assert time.process_time() - started < 30
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "Good" in site.page("/notes/good/")
    for number, case in enumerate(cases):
        path = f"notes/m{number:03}.md"
        assert f"{path}:" in done.stderr or not case["problems"], case["case"]
        if any(ord(char) < 32 and char != "\n" for char in case["header"]):
            continue  # the decoder drops control characters before the header is read
        published = (site.output / f"notes/m{number:03}/index.html").exists()
        assert published is case["published"], case["case"]
    for number, name in enumerate(BOMBS):
        assert f"notes/z{number:03}.md:" in done.stderr, name
    assert len(cases) >= 30
