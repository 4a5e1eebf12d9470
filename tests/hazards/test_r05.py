"""R05: no text breaks out of the attributes, scripts and markup that our own templates make."""

import html
import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

from ..conftest import SiteFolder
from .tools import Page, can_run, texts

BREAKOUTS = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "a\u2028alert(1)//\u2029",
    "--><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003ealert(1)",
]
CARRIERS = {
    "title": ("title", "{}"),
    "description": ("description", "{}"),
    "summary": ("summary", "{}"),
    "tag": ("tags", ["{}"]),
    "category": ("category", "{}"),
    "author": ("authors", ["{}"]),
    "series": ("series", "{}"),
    "alias": ("aliases", ["{}"]),
    "redirect": ("aliases", ["/old/{}/"]),
    "slug": ("slug", "{}"),
    "permalink": ("permalink", "/p/{}/"),
    "picture": ("image", "{}"),
    "lang": ("lang", "{}"),
    "unknown key": ("mood", "{}"),
    "alt": ("", "![{}](x.png)"),
    "link title": ("", "[x](https://a.example '{}')"),
    "fence info": ("", "```{}\nx\n```"),
    "fence title": ("", '```py title="{}"\nx\n```'),
    "callout title": ("", "> [!note] {}\n> x"),
    "wikilink alias": ("", "[[x|{}]]"),
    "wikilink target": ("", "[[{}]]"),
    "heading": ("", "## {}\n\n[TOC]\n\n## Second\n\n## Third"),
    "formula": ("", "${}$"),
    "code": ("", "`{}`"),
    "body": ("", "{}"),
}


def fill(pattern: object, payload: str) -> object:
    if isinstance(pattern, list):
        return [fill(part, payload) for part in pattern]
    return str(pattern).replace("{}", payload)


def write(site: SiteFolder) -> None:
    for number, (key, pattern) in enumerate(CARRIERS.values()):
        for place, payload in enumerate(BREAKOUTS):
            header = {"date": f"2025-01-{place + 1:02}"}
            if key:
                header[key] = fill(pattern, payload)  # type: ignore[assignment]
            lines = "".join(
                f"{name}: {value if name == 'date' else json.dumps(value)}\n"
                for name, value in header.items()
            )
            body = "Text." if key else str(fill(pattern, payload))
            site.write(f"notes/n{number:02}{place}.md", f"---\n{lines}---\n\n{body}\n")


@pytest.mark.parametrize("mode", ["own", "untrusted"])
def test_no_carrier_breaks_out(site: SiteFolder, mode: str) -> None:
    write(site)
    count = len(CARRIERS) * len(BREAKOUTS)
    site.build(
        config={
            "html": mode,
            "feeds.limit": count,
            "title": f"T{BREAKOUTS[0]}",
            "description": f"D{BREAKOUTS[1]}",
            "author": {"name": f"A{BREAKOUTS[2]}"},
        }
    )
    own_html = {
        f"notes/n{number:02}{place}/index.html"
        for number, (key, _) in enumerate(CARRIERS.values())
        for place in range(len(BREAKOUTS))
        if not key
    }
    pages = 0
    for path, text in texts(site):
        if path.endswith(".html"):
            pages += 1
            page = Page(text)
            # An author may write HTML of his own in his text, and nowhere else.
            if not (mode == "own" and path in own_html):
                assert can_run(text) == [], path
                assert text.partition("</head>")[0].count("<title>") == 1, path
                for script in page.data.get("script", ()):
                    if script.strip():
                        json.loads(script)
        elif path.endswith(".xml"):
            ElementTree.fromstring(text)
        elif path.endswith(".json"):
            json.loads(text)
    assert pages > count
    done = subprocess.run(
        ["xmllint", "--noout", *map(str, site.output.rglob("*.xml"))],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[:2000]


def test_text_arrives_as_it_was_written(site: SiteFolder) -> None:
    """Escaped once: what readers see is what the author wrote."""
    for number, payload in enumerate(BREAKOUTS[:4]):
        site.write(
            f"notes/n{number}.md",
            f"---\ndate: 2025-01-02\ndescription: {json.dumps(payload)}\n"
            f"tags: {json.dumps([payload])}\n---\nText.\n",
        )
    site.build()
    feed = json.loads((site.output / "feed.json").read_text())
    by_url = {item["url"].split("/")[-2]: item for item in feed["items"]}
    for number, payload in enumerate(BREAKOUTS[:4]):
        page = Page(site.page(f"/notes/n{number}/"))
        described = [m["content"] for m in page.all("meta") if m.get("name") == "description"]
        assert described == [payload]
        assert by_url[f"n{number}"]["summary"] == payload
        # `/` parts nested tags: the last part is the tag's own name.
        assert payload.split("/")[-1].strip() in html.unescape(page.text)
