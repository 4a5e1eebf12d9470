"""Strings that break programs, as titles, tags, categories, summaries and text of notes."""

import json
import xml.etree.ElementTree as ElementTree

from .conftest import SiteFolder

STRINGS = [
    "undefined",
    "null",
    "NaN",
    "-1",
    "1/0",
    "0x1F",
    "1e999",
    "\u0663",
    "\u00bd",
    "\u03a9\u2248\u00e7\u221a\u222b",
    "\u202b\u0634\u0631\u064a\u0637\u202c",
    "\u7530\u4e2d\u3055\u3093\u306b\u3042\u3052\u3066",
    "\uff71\uff72\uff73",
    "Z\u0334\u0321\u031b",
    "\ufdfd",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e8\U0001f1f3",
    "\u202eabc",
    "\u00adsoft",
    "\u200bzero",
    "\ufeffbom",
    "A\tB",
    "'",
    '"',
    "''",
    "<",
    "&",
    "&#x0;",
    "&bogus;",
    "%s",
    "%n%n",
    "{0}",
    "../../x",
    "C:\\x",
    "CON",
    "aux.md",
    "/dev/null",
    "~",
    "$HOME",
    "`id`",
    "$(id)",
    "; rm -rf /",
    "|| x",
    "--help",
    "-rf",
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "==",
    "===",
    "---",
    "+++",
    "# ",
    "## x",
    "> ",
    "- ",
    "1. ",
    "1)",
    "```",
    "~~~",
    "$$",
    "$",
    "\\(",
    "\\[",
    "\\",
    "\\\\",
    "[",
    "]",
    "[[",
    "]]",
    "[[]]",
    "![[",
    "![]()",
    "[]()",
    "[^1]",
    "[^1]:",
    "|",
    "|-|",
    "||",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "<script",
    "</script>",
    "<br>",
    "<b",
    "{{",
    "}}",
    "{%",
    "{#",
    "{: .a}",
    "{.a}",
    ":::",
    "!!! note",
    "@fig:x",
    "[@x]",
    "#tag",
    "x" * 2000,
    "字" * 500,
    "\u2028",
    "a\u0301" * 50,
    "\u0130",
    "\u00df",
    "\ufb01",
    "\u2167",
    "\u02b9",
    "\U0001d54f",
    "\U000e0041",
]


def test_naughty_strings_make_a_valid_site(site: SiteFolder) -> None:
    for number, text in enumerate(STRINGS):
        quoted = json.dumps(text, ensure_ascii=False)
        site.write(
            f"notes/t{number:03}.md",
            f"---\ntitle: {quoted}\ntags: [{quoted}]\ncategory: {quoted}\nsummary: {quoted}\n"
            f"date: 2025-01-01\n---\n\nBefore\n\n{text}\n\nAfter {text} text\n",
        )
    result = site.build(search=False)
    assert result.notes == len(STRINGS) > 100
    assert not {rule for rule in site.rules() if rule.startswith(("header", "template", "address"))}
    for path, data in site.tree().items():
        text = data.decode() if path.endswith((".html", ".xml", ".json")) else ""
        assert not {char for char in text if ord(char) < 32} - set("\t\n\r"), path
        if path.endswith(".xml"):
            ElementTree.fromstring(data)
        elif path.endswith(".json"):
            json.loads(text)
        elif path.endswith("/index.html") and path.startswith("notes/"):
            assert "Before" in text
            assert text.count("</html>") >= 1, path
