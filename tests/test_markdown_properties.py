"""Whatever a note holds: parsing never raises, is repeatable, and leaves well-formed results."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.graphemes import is_boundary
from notecast.loader.markdown import ExcerptWords, Parsed, build_parser, parse_body, parse_title
from notecast.model import HOLE, NotePath

ACTIVE = [
    feature for feature in FEATURES if feature.name in ("math", "callouts", "code", "wikilinks")
]
OPTIONS = {feature.name: feature.options() for feature in ACTIVE if feature.options}
PARSERS = {html: build_parser(ACTIVE, OPTIONS, html) for html in ("own", "untrusted")}

SYNTAX = """
# ## ##x > - * + 1. [ ] [x] [!note] [!tip]- !!! ??? ``` ~~~ ```python {1} $$ $ ` `` ** __ ~~ ==
[^1] [^1]: ^[ ![ ( ) ](a.md) [[ ]] {.c} {#id} {: .k} {a=b} <div> </div> <t> <script> </script>
<!-- --> <!--more--> <img src=a> <a href=b> &amp; &#0; &#2; \\ | |-|-| : ~ --- === [TOC]
https://a.example/x https:// ， 。 （ ） “ ” 中文 中 Latin word 한국 あ é 👩 (zh) <b </b [a]: b
"""
PIECES = [*SYNTAX.split(), "\u200d", "\u00a0", "\u3000", "\ufe0f"]
NOTES = st.lists(
    st.one_of(
        st.sampled_from([*PIECES, " ", "\n", "\n\n", "    ", "> ", "\t"]),
        st.text(
            st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\t"),
            max_size=8,
        ),
    ),
    max_size=40,
).map("".join)


def run(text: str, html: str, lang: str) -> tuple[Parsed, NoteContext]:
    context = NoteContext(NotePath("a.md"), "notes/a.md", text.split("\n"), 3, lang, {})
    return parse_body(PARSERS[html], text, context, ExcerptWords.of(lang), 60), context


@settings(max_examples=400, deadline=None)
@given(NOTES, st.sampled_from(["own", "untrusted"]), st.sampled_from(["en", "zh-CN"]))
def test_any_note(text: str, html: str, lang: str) -> None:
    parsed, context = run(text, html, lang)
    again, context_again = run(text, html, lang)
    assert parsed == again
    assert context.holes == context_again.holes
    assert context.problems == context_again.problems

    numbers = [int(number) for number in re.findall(f"{HOLE}(\\d+){HOLE}", parsed.html)]
    assert len(numbers) == len(set(numbers)), "a hole stands once"
    assert all(number < len(context.holes) for number in numbers)
    assert not re.search(
        f"[\x02-\x08]|{HOLE}(?!\\d+{HOLE}|\\d*<)", re.sub(f"{HOLE}\\d+{HOLE}", "", parsed.html)
    )

    ids = [heading.id for heading in parsed.headings]
    assert len(ids) == len(set(ids))
    assert all(f'id="{identifier}"' in parsed.html for identifier in ids)
    assert all(HOLE not in heading.html and "<a" not in heading.html for heading in parsed.headings)

    last = len(text.split("\n")) + 3
    assert all(0 <= problem.line <= last for problem in context.problems)
    assert all(0 < link.line <= last for link in context.links)
    assert parsed.words >= 0
    assert (parsed.minutes > 0) == (parsed.words > 0)
    assert "\n" not in parsed.excerpt
    if "<!--" not in text:
        assert len(parsed.excerpt) <= 63
        if parsed.excerpt.endswith("..."):
            assert is_boundary(parsed.excerpt, len(parsed.excerpt) - 3)


@settings(max_examples=200, deadline=None)
@given(NOTES)
def test_untrusted_notes_hold_no_script(text: str) -> None:
    parsed, _ = run(text, "untrusted", "en")
    html = parsed.html.lower()
    assert "<script" not in html
    assert not re.search(r"<[a-z]+\s[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', '""', html))
    assert not re.search(r'(?:href|src)="\s*javascript:', html)


@settings(max_examples=200, deadline=None)
@given(NOTES)
def test_any_title(title: str) -> None:
    context = NoteContext(NotePath("a.md"), "a.md", [], 1, "en", {})
    text, html = parse_title(PARSERS["own"], title, context)
    assert "\n" not in text
    assert HOLE not in html


class Tags(HTMLParser):
    """Collects what a browser would see as tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)


CARRIERS = {
    "fence info": "```{}\nx\n```\n",
    "fence title": '```python title="{}"\nx\n```\n',
    "callout title": "> [!note] {}\n> x\n",
    "callout kind": "> [!{}]\n> x\n",
    "admonition title": '!!! note "{}"\n    x\n',
    "alt": "x ![{}](https://a.example/x.png)\n",
    "image title": "x ![a](https://a.example/x.png '{}')\n",
    "link title": "[a](https://a.example '{}')\n",
    "link address": "[a](<https://a.example/{}>)\n",
    "heading": "text\n\n## {}\n",
    "attribute": "[a]{{title='{}'}}\n",
    "footnote": "a[^{0}]\n\n[^{0}]: x\n",
    "task": "- [x] {}\n",
    "table": "| a |\n|---|\n| {} |\n",
    "code": "`{}`\n",
    "bare address": "https://a.example/{}\n",
}
PAYLOADS = [
    '"><script>',
    "' onx=",
    '" onx="',
    "</script><script>",
    "]]>",
    "\u2028",
    "&quot; onx=&quot;",
]


@pytest.mark.parametrize("html", ["own", "untrusted"])
@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_breaks_out_of_its_place(carrier: str, payload: str, html: str) -> None:
    parsed, _ = run(CARRIERS[carrier].format(payload), html, "en")
    for text in (parsed.html, *(heading.html for heading in parsed.headings)):
        found = Tags(text)
        assert "script" not in found.tags
        assert not [name for name in found.attributes if name.startswith("on")]
