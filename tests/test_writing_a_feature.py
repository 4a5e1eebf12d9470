"""The example of `docs/writing-a-feature.md` works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs" / "writing-a-feature.md"


def test_the_example_builds(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    index, terms = re.findall(r"```html\n(.*?)```", text, re.DOTALL)
    (config,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "templates/glossary").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "glossary.py").write_text(code)
    (tmp_path / "templates/glossary/index.html").write_text(index)
    (tmp_path / "templates/glossary/terms.html").write_text(terms)
    (tmp_path / "site.yaml").write_text(f"title: Test\n{config}")
    (tmp_path / "notes/a.md").write_text("# A\n\nThe {{term: gradient}} points up.\n")
    (tmp_path / "notes/b.md").write_text("# B\n\nAnother {{term: gradient}}.\n")

    def build() -> str:
        done = subprocess.run(
            [sys.executable, "-m", "notecast", "build", str(tmp_path), "--strict", "--no-search"],
            capture_output=True,
            text=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1800000000"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    build()
    note = (tmp_path / "public/notes/a/index.html").read_text()
    assert '<a href="/glossary/" title="in 2 notes">gradient</a>' in note
    page = (tmp_path / "public/glossary/index.html").read_text()
    assert "/notes/a/" in page and "/notes/b/" in page
    # A change of the feature's own code is noticed.
    (tmp_path / "glossary.py").write_text(code.replace("in {count} notes", "{count} times"))
    build()
    assert 'title="2 times"' in (tmp_path / "public/notes/a/index.html").read_text()
