"""The pages of `docs/rules/`, which come along with the package: what a rule wants, and why.

Entry points: `page_of`, `summary_of`.
"""

from pathlib import Path

from notecast.commands import CommandError


def pages_folder() -> Path:
    """Where the pages are: in the installed package, or in the repository."""
    package = Path(__file__).parents[1]
    installed = package / "_data" / "rules"
    return installed if installed.is_dir() else package.parents[1] / "docs" / "rules"


def page_of(rule: str) -> str:
    """The page of a rule, as Markdown.

    Raises:
        CommandError: There is no such rule.
    """
    known = sorted(page.stem for page in pages_folder().glob("*.md"))
    if rule in known:
        return (pages_folder() / f"{rule}.md").read_text(encoding="utf-8")
    from difflib import get_close_matches

    near = get_close_matches(rule, known, 3)
    hint = f"did you mean {' or '.join(near)}?" if near else "it stands in brackets in a message"
    raise CommandError(f"there is no rule {rule}", hint)


def summary_of(rule: str) -> tuple[str, str]:
    """When a rule is broken and how to mend it, a sentence each; empty for rules of a site."""
    page = pages_folder() / f"{rule}.md"
    if not page.is_file():
        return "", ""
    _, _, broken, mend, *_ = page.read_text(encoding="utf-8").split("\n")
    return broken, mend.removeprefix("To mend it: ")
