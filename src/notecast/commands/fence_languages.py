"""Tells the language of a piece of code where its own grammar or first line proves it."""

import ast
import json
import re
import warnings

_SHEBANG = re.compile(
    r"#!\s*/\S*?(?:/env\s+(?:-\S+\s+)?)?(?P<name>python|bash|sh|zsh|node|perl)[\d.]*\b"
)
_PROVEN = (
    ("pycon", re.compile(r">>> \S")),
    ("console", re.compile(r"\$ [a-z][\w./-]*(?: |$)", re.MULTILINE)),
    ("diff", re.compile(r"diff --git a/|--- \S+.*\n\+\+\+ \S+.*\n@@ -\d")),
    ("xml", re.compile(r"<\?xml\s+version=")),
    ("html", re.compile(r"<!doctype html", re.IGNORECASE)),
    ("dockerfile", re.compile(r"FROM \S+(?: AS \w+)?\n(?:.*\n)*?(?:RUN|CMD|COPY|ENTRYPOINT) ")),
    ("bibtex", re.compile(r"@(?:article|inproceedings|book|misc|phdthesis)\{\S+,", re.IGNORECASE)),
)
_SHELLS = {"sh": "bash", "zsh": "zsh", "node": "javascript"}


def language_of(code: str) -> str:
    """The language of `code` by the name that Pygments knows; empty where in doubt."""
    code = code.strip("\n")
    shebang = _SHEBANG.match(code)
    if shebang is not None:
        return _SHELLS.get(shebang["name"], shebang["name"])
    for name, pattern in _PROVEN:
        if pattern.match(code):
            return name
    if code[:1] in "{[" and _is_json(code):
        return "json"
    return "python" if _is_python(code) else ""


def _is_json(code: str) -> bool:
    try:
        value = json.loads(code)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
    )


def _is_python(code: str) -> bool:
    """Whether it parses as Python and holds a statement that no other language writes so."""
    if len(code) > 100_000:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ImportFrom)
        for node in tree.body
    )
