"""R04, R06: with `html: untrusted` nothing that a note holds can run in a reader's browser."""

import html

import pytest

from ..conftest import SiteFolder
from .tools import Page, can_run

CANARY_HOST = "canary.example"

PAYLOADS = [
    # Schemes, in the spellings that filters miss.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x]( \x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x](file:///etc/passwd)",
    # Titles, descriptions, attribute lists.
    '[x](https://a.example "onmouseover=alert(1)\\" x")',
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    '![a" onerror="alert(1)](x.png)',
    '![a](x.png "b\\" onerror=\\"alert(1)")',
    "[x]{onclick=alert(1)}",
    '# x {onclick="alert(1)"}',
    "[x](https://a.example){onclick=alert(1) href=javascript:alert(1)}",
    "![x](x.png){onerror=alert(1) src=javascript:alert(1)}",
    'x{style="background:url(javascript:alert(1))"}',
    '[x]{style="width:expression(alert(1))"}',
    "::: {onclick=alert(1)}\nx\n:::",
    # Code and its info string.
    '``` "><script>alert(1)</script>\nx\n```',
    '```py title="\\"><img src=x onerror=alert(1)>"\nx\n```',
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    # Raw HTML.
    "<script>alert(1)</script>",
    "<ScRiPt src=//canary.example/x.js></ScRiPt>",
    "<script/src=//canary.example/x.js>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<IMG SRC="jav&#x0A;ascript:alert(1);">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    '<svg><use href="//canary.example/x.svg#a"/></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<math href="javascript:alert(1)">x</math>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="javascript:alert(1)">',
    '<base href="//canary.example/">',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<link rel=stylesheet href="//canary.example/x.css">',
    "<style>@import '//canary.example/x.css';</style>",
    '<style><img src="</style><img src=x onerror=alert(1)>">',
    '<form action="javascript:alert(1)"><button>x</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<div style="background-image:url(javascript:alert(1))">x</div>',
    '<table background="javascript:alert(1)"><tr><td>x</table>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    '<?xml-stylesheet href="javascript:alert(1)"?>',
    "<x/onclick=alert(1)>x</x>",
    "<a id=x tabindex=1 onfocus=alert(1)>x</a>",
    # Our own syntax.
    "[[x|<img src=x onerror=alert(1)>]]",
    "[[javascript:alert(1)]]",
    "![[x.png|<script>alert(1)</script>]]",
    "> [!note] <img src=x onerror=alert(1)>\n> x",
    '> [!"onclick=alert(1)] x\n> y',
    '!!! note "<script>alert(1)</script>"\n    x',
    "x[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^<script>]: x\n\n[^<script>]",
    "==<script>alert(1)</script>==",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<img src=x onerror=alert(1)>}$",
    "$$\\htmlData{onclick=alert(1)}{x}$$",
    "$\\includegraphics[alt=<script>alert(1)</script>]{x}$",
    "$</math><img src=x onerror=alert(1)>$",
    "$\\unknown<script>alert(1)</script>$",
    "term <script>alert(1)</script>\n: <img src=x onerror=alert(1)>",
    "- [ ] <script>alert(1)</script>",
    '@fig:"><script>alert(1)</script>',
    '[@x"><script>alert(1)</script>]',
    'https://a.example/"onmouseover=alert(1)',
    "https://a.example/<script>alert(1)</script>",
    "[toc]\n\n## <img src=x onerror=alert(1)>",
    '## a <script>alert(1)</script> {#"onclick=alert(1)}',
]


def test_nothing_in_a_note_runs(site: SiteFolder) -> None:
    for number, payload in enumerate(PAYLOADS):
        site.note(
            f"n{number:03}.md", f"Before.\n\n{payload}\n", title=f"N{number}", date="2025-01-02"
        )
    # A title of its own out of the first heading, and everything in the feeds.
    site.build(config={"html": "untrusted", "feeds.limit": len(PAYLOADS)})
    for number, payload in enumerate(PAYLOADS):
        page = site.page(f"/notes/n{number:03}/")
        assert can_run(page) == [], payload
        assert CANARY_HOST not in [
            value.split("/")[2]
            for _, attributes in Page(page).elements
            for name, value in attributes.items()
            if name in ("src", "xlink:href", "data") and value.startswith("//")
        ], payload
    assert len(PAYLOADS) >= 93


def test_nothing_in_the_feeds_runs(site: SiteFolder) -> None:
    feedparser = pytest.importorskip("feedparser")
    for number, payload in enumerate(PAYLOADS):
        site.note(
            f"n{number:03}.md", f"Before.\n\n{payload}\n", title=f"N{number}", date="2025-01-02"
        )
    site.build(config={"html": "untrusted", "feeds.limit": len(PAYLOADS)})
    for name in ("feed.xml", "rss.xml"):
        data = (site.output / name).read_bytes()
        # As it stands in the file, before the parser's own cleaning.
        feed = feedparser.parse(data, sanitize_html=False)
        assert not feed.bozo
        assert len(feed.entries) == len(PAYLOADS)
        for entry in feed.entries:
            (content,) = entry.content
            assert can_run(content.value) == [], entry.title


def test_svg_files_are_shown_as_images_only(site: SiteFolder) -> None:
    """R06: scripts inside an SVG do not run where it is the source of an image."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="9" height="9">'
        "<script>alert(1)</script><foreignObject><p onclick='alert(1)'>x</p></foreignObject></svg>"
    )
    site.write("notes/x.svg", svg)
    site.note("a.md", "![drawing](x.svg)\n\n![[x.svg]]\n\n[file](x.svg)\n", title="A")
    for mode in ("own", "untrusted"):
        site.build(config={"html": mode})
        page = site.page("/notes/a/")
        assert can_run(page) == []
        pictures = [image for image in Page(page).all("img") if image["src"].endswith("x.svg")]
        assert len(pictures) == 2
        assert (site.output / "notes/x.svg").read_text() == svg
        assert "foreignObject" not in html.unescape(page)
