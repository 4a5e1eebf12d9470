"""`notecast verify`: two outputs, and what differs."""

from pathlib import Path

import pytest

from notecast.cli import main
from notecast.commands.verify import explain

from .conftest import SiteFolder


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (b"a\nb\n", b"a\r\nb\r\n", "only line ends"),
        (b"x.0123456789.css", b"x.abcdef0123.css", "only the names of assets"),
        (b"2026-01-02T03:04:05Z", b"2027-01-02T03:04:05+08:00", "only points in time"),
        (b"a\nb", b"b\na", "only the order of lines"),
        (b"one\nsame then 1", b"one\nsame then 2", 'line 2: "same then 1" | "same then 2"'),
        (b"one", b"one more", 'line 1: "one" | "one more"'),
        (b"\xff\xfe", b"\xff", "2 and 1 bytes"),
    ],
)
def test_differences_are_explained(first: bytes, second: bytes, said: str) -> None:
    assert explain(first, second).startswith(said)


def test_two_builds_and_a_list(
    site: SiteFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.note("a.md", "Text.\n", title="A", date="2025-01-01")
    assert main(["build", str(site.root)]) == 0
    known = str(tmp_path / "list.json")
    public = str(site.output)
    assert main(["verify", public, "--write", known]) == 0
    assert main(["verify", public, known]) == 0
    other = tmp_path / "other"
    assert main(["build", str(site.root), "--output", str(other), "--no-cache"]) == 0
    assert main(["verify", public, str(other)]) == 0
    assert "The same:" in capsys.readouterr().out
    site.note("a.md", "Words.\n", title="A", date="2025-01-01")
    site.note("b.md", "Text.\n", title="B")
    assert main(["build", str(site.root)]) == 0
    assert main(["verify", public, str(other)]) == 1
    said = capsys.readouterr().out
    assert "only in A  notes/b/index.html\n" in said
    assert "differs    notes/a/index.html: line " in said
    assert main(["verify", public, known]) == 1
    assert main(["verify", public, known, "-q"]) == 1


def test_the_list_of_a_target_is_a_manifest(site: SiteFolder, tmp_path: Path) -> None:
    site.note("a.md", "Text.\n", title="A", date="2025-01-01")
    site.write("site.yaml", f"title: T\ndeploy: {{folder: {tmp_path / 'www'}}}\n")
    assert main(["deploy", "--site", str(site.root)]) == 0
    known = str(tmp_path / "www" / ".notecast-published")
    assert main(["verify", str(tmp_path / "www"), known]) == 0
    (tmp_path / "www" / "index.html").write_text("changed")
    assert main(["verify", str(tmp_path / "www"), known]) == 1


def test_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("[]")
    assert main(["verify", str(tmp_path)]) == 2
    assert main(["verify", str(tmp_path), str(tmp_path / "x")]) == 2
    assert main(["verify", str(tmp_path), str(tmp_path / "none")]) == 2
