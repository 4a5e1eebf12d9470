"""Whatever a note holds: parsing never raises, is repeatable, and leaves well-formed results."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.loader.markdown import ExcerptWords, Parsed, build_parser, parse_body, parse_title
from notecast.loader.markdown.graphemes import is_boundary
from notecast.model import HOLE, NotePath

ACTIVE = [
    feature for feature in FEATURES if feature.name in ("math", "callouts", "code", "wikilinks")
]
OPTIONS = {feature.name: feature.options() for feature in ACTIVE if feature.options}
PARSERS = {html: build_parser(ACTIVE, OPTIONS, html) for html in ("own", "untrusted")}

PIECES = (
    "# ## ##x > - * + 1. [ ] [x] [!note] [!tip]- !!! ??? ``` ~~~ ```python {1} $$ $ ` `` ** __ ~~ "
    "== [^1] [^1]: ^[ ![ ]( ) ](a.md) [[ ]] {.c} {#id} {: .k} {a=b} <div> </div> <t> <script> "
    "</script> <!-- --> <!--more--> <img src=a> <a href=b> &amp; &#0; \\ | |-|-| : ~ --- === [TOC] "
    "https://a.example/x https:// ， 。 （ ） “ ” 中文 中 Latin word 한국 あ é 👩‍👩 \u200d \u00a0 "
    "\u3000 \ufe0f (zh) <b </b <!-- x [a]: b"
).split(" ")
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
