"""Where a site keeps its things, folder defaults, and the digest of the configuration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from notecast.config import config_digest
from notecast.config_places import cache_folder, find_root, user_cache
from notecast.config_reader import load_config
from notecast.folder_defaults import merge_defaults, read_defaults
from tests.test_config import FEATURES, site_folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return site_folder(tmp_path)


# Digest and places


def test_the_digest_changes_with_what_pages_show_and_with_nothing_else(root: Path) -> None:
    def digest(text: str, **environ: str) -> str:
        (root / "site.yaml").write_text(text)
        config, problems = load_config(root, FEATURES, environ=environ)
        assert problems == []
        return config_digest(config)

    base = digest("title: A\n")
    assert digest("# other words\ntitle: 'A'\n") == base
    assert digest("title: A\noutput: out\nstrict: true\ndrafts: true\nproblems: {x: off}") == base
    changed = [
        digest("title: B\n"),
        digest("title: A\nfeeds: {limit: 3}\n"),
        digest("title: A\nglossary: {words: {a: b}}\n"),
        digest("title: A\nnav: []\n"),
        digest("title: A\nauthor: Ada\n"),
        digest("title: A\nbase_url: https://example.org/x\n"),
    ]
    assert base not in changed
    assert len(set(changed)) == len(changed)


def test_the_digest_is_the_same_in_every_process(root: Path) -> None:
    (root / "site.yaml").write_text("title: 题\nproblems: {b: off, a: off}\nnav: {A: /}\n")
    code = (
        "import sys; from pathlib import Path; from notecast.config import config_digest;"
        "from notecast.config_reader import load_config;"
        "print(config_digest(load_config(Path(sys.argv[1]), [])[0]))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, str(root)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(digests) == 1


def test_the_sub_path_of_the_address(root: Path) -> None:
    for url, path in (("", ""), ("https://a.org", ""), ("https://a.org/b/c/", "/b/c")):
        config, _ = load_config(root, FEATURES, overrides={"base_url": url})
        assert config.base_path == path


def test_the_cache_lies_beside_the_site_where_that_can_be_written(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert cache_folder(root, environ) == root / ".notecast"
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # a read-only disk
    elsewhere = cache_folder(root, environ)
    assert elsewhere.parent == tmp_path / "cache" / "notecast"
    assert elsewhere != cache_folder(root / "notes", environ)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the XDG specification")
def test_a_relative_cache_home_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_cache({"XDG_CACHE_HOME": "here"}) == tmp_path / ".cache" / "notecast"


def test_the_site_around_a_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "site" / "notes" / "cv"
    inner.mkdir(parents=True)
    assert find_root(inner) == inner
    (tmp_path / "site" / "site.yaml").touch()
    assert find_root(inner) == tmp_path / "site"
    (tmp_path / "site" / "notes" / ".git").mkdir()
    assert find_root(inner) == inner


# Folder defaults


def test_folder_defaults_are_header_values(tmp_path: Path) -> None:
    path = tmp_path / "_defaults.yaml"
    path.write_text("category: LLM\ntags: [a, 1]\ndate: 2024-02-30\ndraft: yes\npin:\n")
    values, problems = read_defaults(path, "notes/_defaults.yaml")
    assert problems == []
    assert values == {"category": "LLM", "tags": ["a", 1], "date": "2024-02-30", "draft": True}
    assert merge_defaults({"lang": "en", "category": "x"}, values)["category"] == "LLM"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- category\n", "notes/_defaults.yaml:1:1: error: holds no header keys"),
        ("a: 1\na: 2\n", "notes/_defaults.yaml:2:1: error: `a` stands here twice"),
        ("a: b: c\n", "notes/_defaults.yaml:1:5: error: not valid YAML"),
    ],
)
def test_folder_defaults_that_cannot_be_read_give_nothing(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "_defaults.yaml"
    path.write_text(text)
    values, problems = read_defaults(path, "notes/_defaults.yaml")
    assert values == {}
    assert str(problems[0]).startswith(said)
