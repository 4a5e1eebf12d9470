"""Inputs made to exhaust a parser: time grows with length, and no text is lost.

The first list follows cmark's `pathological_tests.py` (BSD-2-Clause, rewritten as
data), the second is for our own syntax. The limit is in seconds of the processor and
generous, so that a loaded machine does not use it up; what grows exponentially, or
badly enough for an author to notice, goes beyond it.
"""

import time
from collections.abc import Callable

import pytest

from notecast.feature import NoteContext
from notecast.features import FEATURES
from notecast.loader.markdown import ExcerptWords, Parsed, build_parser, parse_body
from notecast.model import NotePath

ACTIVE = [
    feature for feature in FEATURES if feature.name in ("math", "callouts", "code", "wikilinks")
]
OPTIONS = {feature.name: feature.options() for feature in ACTIVE if feature.options}
OWN = build_parser(ACTIVE, OPTIONS, "own")
UNTRUSTED = build_parser(ACTIVE, OPTIONS, "untrusted")

SIZE = 8000
SECONDS = 20.0

CASES: dict[str, Callable[[int], str]] = {
    "nested strong": lambda n: "*a **a " * n + "b" + " a** a*" * n,
    "closers without openers": lambda n: "a_ " * n,
    "openers without closers": lambda n: "_a " * n,
    "link closers": lambda n: "a]" * n,
    "link openers": lambda n: "[a" * n,
    "mismatched openers and closers": lambda n: "*a_ " * n,
    "links and emphasis": lambda n: "[ a_" * n,
    "** then [* a_": lambda n: "**x [a*b**c*](d)" * (n // 4),
    "hard link": lambda n: "**x [a*b**c*](d)" * (n // 8) + "[a](" * (n // 8),
    "pattern [ (](": lambda n: "[ (](" * n,
    "pattern ![[]()": lambda n: "![[]()" * (n // 8),
    "nested brackets": lambda n: "[" * n + "a" + "]" * n,
    "nested quotes": lambda n: "> " * (n // 8) + "a",
    "deep lists": lambda n: "".join("  " * x + "* a\n" for x in range(n // 60)),
    "unclosed links A": lambda n: "[a](<b" * n,
    "unclosed links B": lambda n: "[a](b" * n,
    "unclosed comment": lambda n: "</" + "<!--" * n,
    "empty items": lambda n: "- " * (n // 40) + "x" + "\n\n" + "-\n" * (n // 4),
    "backticks": lambda n: "".join("e" + "`" * x for x in range(int(n**0.5))),
    "many references": lambda n: "".join(f"[{x}]: u\n" for x in range(n)) + "[0] " * n,
    "bad references": lambda n: "[\\\\... " * n,
    "escapes": lambda n: "\\*" * n,
    "entities": lambda n: "&" * n,
    "html openers": lambda n: "<>" * n + "<?" * n + "<!A" * n,
    "html attributes": lambda n: "<a " + "x='" * n,
    "tables": lambda n: (
        "| a " * (n // 100) + "|\n" + "|-" * (n // 100) + "|\n" + "| b | c |\n" * 50
    ),
    # Our own syntax.
    "drawings without end": lambda n: "<svg>\n\n<g>\n\n" * (n // 2) + "</svg>",
    "drawings that begin paragraphs": lambda n: "<svg><g>\n\n<g>\n\n" * (n // 2) + "</svg>",
    "==": lambda n: "==a " * n,
    "== glued": lambda n: "中==" * n,
    "~~": lambda n: "~~a " * n,
    "footnote references": lambda n: "[^" * n + "\n\n[^1]: x",
    "footnote references, closed": lambda n: "[^1]" * (n // 8) + "\n\n[^1]: x",
    "footnotes": lambda n: (
        "".join(f"[^{x}] " for x in range(n // 16))
        + "\n\n"
        + "".join(f"[^{x}]: y\n\n" for x in range(n // 16))
    ),
    "nested inline footnotes": lambda n: "^[" * (n // 8) + "a" + "]" * (n // 8),
    "nested images": lambda n: "![" * (n // 8) + "a" + "](b)" * (n // 8),
    "callouts": lambda n: "> [!note] x\n> y\n\n" * (n // 16),
    "nested callouts": lambda n: "".join("> " * x + "[!note] a\n" for x in range(1, 60)),
    "admonitions": lambda n: '!!! note "x"\n    y\n\n' * (n // 16),
    "braces": lambda n: "{.a" * n,
    "brace classes": lambda n: "# x {" + ".a" * n,
    "brace values": lambda n: "`x`{" + "a=b " * n,
    "spans": lambda n: "[a]{" * n,
    "spans, closed": lambda n: "[a]{.b}" * (n // 4),
    "attribute blocks": lambda n: "x\n\n{: .a}\n\n" * (n // 16),
    "bare addresses": lambda n: "https://a.example/x " * (n // 8),
    "one bare address": lambda n: "https://a.example/" + "(" * n + ")" * n,
    "schemes": lambda n: "http://" * n,
    "han address": lambda n: "https://a.example/" + "中/" * n,
    "headings": lambda n: "## same\n\n" * (n // 16),
    "glued headings": lambda n: "##x\n" * (n // 16),
    "toc": lambda n: "[TOC]\n\n## a\n\n" * (n // 800),
    "soft breaks": lambda n: "中\n" * n,
    "soft breaks across marks": lambda n: "**中**\n" * (n // 4),
    "html tags": lambda n: "<b>" * (n // 2),
    "unknown tags": lambda n: "<zz> " * (n // 2),
    "swallowing tags": lambda n: "<script> " * (n // 2),
    "html block": lambda n: "<div>\n" + "<" * n,
    "html block comments": lambda n: "<div>\n" + "<!-- " * n,
    "html images": lambda n: "<div>\n" + "<img src=a> " * (n // 8),
    "links in one paragraph": lambda n: "[a](b.md) " * (n // 8),
    "one long line": lambda n: "word " * (n * 4),
    "one long Chinese line": lambda n: "很长的一行，" * (n * 2),
    "fences": lambda n: "```python {1-9999999}\nx\n```\n\n" * (n // 400),
    "fence info": lambda n: "``` " + "a=" * n + "\nx\n",
    "definitions": lambda n: "a\n: b\n\n" * (n // 16),
    "rules": lambda n: "- - " * (n // 4) + "x",
}


def parsed(text: str, html: str = "own") -> tuple[Parsed, NoteContext]:
    context = NoteContext(NotePath("a.md"), "a.md", text.split("\n"), 1, "zh", {})
    md = OWN if html == "own" else UNTRUSTED
    return parse_body(md, text, context, ExcerptWords()), context


def seconds(text: str, html: str) -> float:
    start = time.process_time()
    parsed(text, html)
    return time.process_time() - start


@pytest.mark.parametrize("html", ["own", "untrusted"])
@pytest.mark.parametrize("name", CASES)
def test_time_grows_with_length(name: str, html: str) -> None:
    assert seconds(CASES[name](SIZE), html) < SECONDS


@pytest.mark.parametrize("depth", [5, 10, 20, 50, 100, 150, 199, 250, 400])
@pytest.mark.parametrize("kind", ["list", "quote", "mixed", "ordered"])
def test_deep_nesting_keeps_the_text(kind: str, depth: int) -> None:
    if kind == "list":
        text = "".join("  " * x + f"- level{x}\n" for x in range(depth))
    elif kind == "ordered":
        text = "".join("   " * x + f"1. level{x}\n" for x in range(depth))
    elif kind == "quote":
        text = "".join("> " * (x + 1) + f"level{x}\n>\n" for x in range(depth))
    else:
        text = "> - " * (depth // 2) + f"level{depth - 1}"
    found, context = parsed(text)
    reported = any(problem.rule == "nesting-is-shallow" for problem in context.problems)
    if kind == "mixed":
        assert f"level{depth - 1}" in found.html
    else:
        assert all(f"level{x}" in found.html for x in range(depth))
    # Up to this depth every level is an element of its own.
    assert reported is (depth > 199) or kind == "mixed"


@pytest.mark.parametrize("lang", ["java", "sas", "systemd", "autoit", "augeas", "python", "ng2"])
@pytest.mark.parametrize("piece", ["(", '"', " ", "a ", "a\n", "\n"])
def test_no_lexer_takes_long(lang: str, piece: str) -> None:
    code = (piece * 65536)[:65536]
    assert seconds(f"```{lang}\n{code}\n```\n", "own") < SECONDS
