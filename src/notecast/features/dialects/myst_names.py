"""Names of directives of MyST, and what becomes of each."""

THEOREMS = {
    **{"theorem": "thm", "lemma": "lem", "proposition": "prp", "corollary": "cor"},
    **{"definition": "def", "assumption": "asm", "axiom": "axm", "conjecture": "cnj"},
    **{"algorithm": "alg", "example": "exm", "exercise": "exr", "remark": "rem"},
    **{"proof": "prf", "solution": "sol", "observation": "rem", "property": "prp"},
    **{"criterion": "prp"},
}
"""Names of directives, with or without `prf:`, and the prefix of our labels."""
SHOWN_AS = {"observation": "remark", "property": "proposition", "criterion": "proposition"}
CALLOUTS = {
    **{name: name for name in ("note", "tip", "warning", "important", "attention", "caution")},
    **{name: name for name in ("danger", "error", "hint", "todo")},
    **{"seealso": "info", "admonition": "note", "topic": "note", "deprecated": "warning"},
    **{"versionadded": "info", "versionchanged": "info", "epigraph": "quote"},
    **{"pull-quote": "quote", "highlights": "quote", "blockquote": "quote"},
    **{"margin": "aside", "sidebar": "aside", "aside": "aside", "dropdown": "details"},
    **{"details": "details", "tab-set": "tabs", "tab-item": "tab", "table": "table"},
}
CODE = frozenset(
    ("code-cell", "code-block", "code", "sourcecode", "prompt", "parsed-literal", "literalinclude")
)
DROPPED = frozenset(
    (
        *("index", "tableofcontents", "toctree", "contents", "bibliography", "nb-exec-table"),
        *("only-latex", "default-role", "tags", "meta", "currentmodule", "highlight"),
    )
)
OPEN = frozenset(("only", "container", "div", "grid", "grid-item", "grid-item-card", "card"))
LANGUAGES = {"ipython3": "python", "ipython": "python", "pycon": "pycon"}
RUN_BY_OTHERS = frozenset(
    ("r", "python", "julia", "bash", "sql", "js", "ojs", "mermaid", "dot", "math", "stan")
)
