"""`notecast init --ci`: the files that let a host check, build and publish a site.

Entry point: `write_ci`. The files are those of `data/ci/`; one that is there
already is left as it is.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from notecast import __version__

HOSTS = ("github", "gitlab", "cloudflare", "netlify")
_DATA = Path(__file__).parents[1] / "data" / "ci"
_PLACES = {
    "github": (("github.yml", ".github/workflows/site.yml"),),
    "gitlab": (("gitlab.yml", ".gitlab-ci.yml"),),
    "cloudflare": (
        ("wrangler.toml", "wrangler.toml"),
        ("cloudflare-build.sh", "cloudflare-build.sh"),
        ("cloudflare-headers", "static/_headers"),
    ),
    "netlify": (
        ("netlify.toml", "netlify.toml"),
        ("netlify-cache.js", "netlify/cache/index.js"),
        ("netlify-cache.yml", "netlify/cache/manifest.yml"),
    ),
}
_REQUIREMENTS = {"github": ".github/requirements.txt"}
_PYTHON = "3.13\n"

NEXT = {
    "github": "in the repository: Settings > Pages > Source: GitHub Actions",
    "gitlab": "push; the address is shown under Deploy > Pages",
    "cloudflare": "in the dashboard: build command `sh cloudflare-build.sh`",
    "netlify": "add the site in Netlify; it reads netlify.toml",
}
"""What is left to do by hand."""


def files_for(host: str, name: str) -> dict[str, str]:
    """The files for a host, by path below the site folder.

    Args:
        host: One of `HOSTS`.
        name: What the site is called, for hosts that want a name.
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "notes"
    files = {
        place: (_DATA / source).read_text(encoding="utf-8").replace('"NAME"', f'"{plain}"')
        for source, place in _PLACES[host]
    }
    files[_REQUIREMENTS.get(host, "requirements.txt")] = f"notecast=={__version__}\n"
    if host == "cloudflare":
        files[".python-version"] = _PYTHON
    return files


def write_ci(root: Path, host: str) -> Iterator[tuple[Path, str]]:
    """Writes what is missing; yields each file and what became of it.

    Raises:
        OSError: A file cannot be written.
    """
    for place, text in files_for(host, root.resolve().name).items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            yield path, "left"
        else:
            yield path, "created"
