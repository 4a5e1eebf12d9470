"""What can be numbered and named: figures, tables, equations and theorem-like blocks.

The words stand in the note's own HTML and go by its language.
"""

from html import escape
from typing import NamedTuple

from notecast.loader.markdown.labels import is_chinese


class Kind(NamedTuple):
    """One kind of thing."""

    english: str
    chinese: str
    numbered: bool = True


KINDS = {
    "figure": Kind("Figure", "图"),
    "table": Kind("Table", "表"),
    "equation": Kind("Eq.", "式"),
    "theorem": Kind("Theorem", "定理"),
    "lemma": Kind("Lemma", "引理"),
    "proposition": Kind("Proposition", "命题"),
    "corollary": Kind("Corollary", "推论"),
    "definition": Kind("Definition", "定义"),
    "assumption": Kind("Assumption", "假设"),
    "axiom": Kind("Axiom", "公理"),
    "conjecture": Kind("Conjecture", "猜想"),
    "hypothesis": Kind("Hypothesis", "假说"),
    "algorithm": Kind("Algorithm", "算法"),
    "example": Kind("Example", "例"),
    "exercise": Kind("Exercise", "练习"),
    "remark": Kind("Remark", "注"),
    "proof": Kind("Proof", "证明", numbered=False),
    "solution": Kind("Solution", "解", numbered=False),
}
"""By the name that stands in `:::name` and in `class="theorem-name"`."""

THEOREMS = {name: name for name in KINDS if name not in ("figure", "table", "equation")} | {
    "thm": "theorem",
    "lem": "lemma",
    "prop": "proposition",
    "cor": "corollary",
    "def": "definition",
    "prp": "proposition",
    "asm": "assumption",
    "axm": "axiom",
    "cnj": "conjecture",
    "hyp": "hypothesis",
    "alg": "algorithm",
    "exm": "example",
    "exr": "exercise",
    "rem": "remark",
    "prf": "proof",
    "sol": "solution",
    "定理": "theorem",
    "引理": "lemma",
    "命题": "proposition",
    "推论": "corollary",
    "定义": "definition",
    "假设": "assumption",
    "公理": "axiom",
    "猜想": "conjecture",
    "假说": "hypothesis",
    "算法": "algorithm",
    "例": "example",
    "示例": "example",
    "练习": "exercise",
    "习题": "exercise",
    "备注": "remark",
    "证明": "proof",
    "解": "solution",
}
"""Names of containers, and the kind of each."""

PREFIXES = frozenset(
    {
        *("fig", "tbl", "tab", "eq", "thm", "lem", "prp", "prop", "cor", "def", "asm", "axm"),
        *("cnj", "hyp", "alg", "exm", "ex", "exr", "rem", "prf", "sol"),
    }
)
"""What a label starts with, before the colon: `thm:main`. A key with another prefix, or none,
is not a label but a citation."""


def kind_of(name: str) -> Kind:
    """What a kind is called; one of the site's own has its words for a name: `Fact|事实`."""
    known = KINDS.get(name)
    if known is None:
        english, _, chinese = (escape(part.strip()) for part in name.partition("|"))
        known = Kind(english, chinese or english)
    return known


def named(kind: str, number: str, lang: str) -> str:
    """`Theorem 1`, `定理 1`, `Eq. (1)`; the number stays on the line of the word."""
    known = kind_of(kind)
    word = known.chinese if is_chinese(lang) else known.english
    if kind == "equation":
        number = f"({number})"
    return f"{word}\u00a0{number}" if number else word
