"""What was not meant for readers: paths of the author's machine, and secrets.

The forms of keys are those that their issuers document or that scanners agree
on; a word such as `password` alone proves nothing and is left alone.
"""

import re

from notecast.checks.subject import Note, Problems, Rule, Subject

PATH = Rule("text-has-no-local-path", "a published note does not name folders of your machine")
SECRET = Rule("text-has-no-secret", "a published note holds no key, token or password", "error")

RULES = (PATH, SECRET)

# Home folders: the account's name is what should not be told.
_PATH = re.compile(
    r"(?<![\w/.])(?:[A-Za-z]:\\{1,2}Users\\{1,2}|/Users/|/home/|file:///(?:home|Users)/|"
    r"/mnt/[a-z]/Users/)(?P<who>[^\s/\\<>\"'`)\]:*?|]+)[/\\]"
)
_NOBODY = """
    user username users you yourname your-name your_name yourself me name someone public shared
    default runner ubuntu debian admin root app node jovyan vagrant vscode alice bob carol ada
    john jane foo bar xxx xx example ... … linuxbrew git ec2-user ma-user coder
    用户名 你的用户名 用户 train data work workspace test hadoop spark postgres www www-data
"""
_ANYBODY = frozenset(_NOBODY.split())
"""Accounts that every machine or every manual has."""

_SECRETS = (
    ("a private key", r"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY(?: BLOCK)?-----"),
    ("a key of Amazon Web Services", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a token of GitHub", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b"),
    ("a token of GitLab", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    ("a token of Hugging Face", r"\bhf_[A-Za-z0-9]{34,}\b"),
    ("a key of OpenAI or Anthropic", r"\bsk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{32,}\b"),
    ("a key of Google", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("a token of Slack", r"\bxox[abpors]-[A-Za-z0-9-]{20,}\b"),
    ("a key of Stripe", r"\b[rs]k_live_[A-Za-z0-9]{20,}\b"),
    ("a token of PyPI", r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,}"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}\b"),
    (
        "a password in an address",
        r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,64}:[^\s/:@]{3,64}@[\w.-]+",
    ),
)
_SECRET = re.compile("|".join(f"(?P<s{n}>{form})" for n, (_, form) in enumerate(_SECRETS)))
# Examples: every character the same, or words that say so.
_EXAMPLE = re.compile(
    r"example|xxxx|username|[:_]token@|passw(?:or)?d@|\*\*\*|\.\.\.|your|placeholder|:pass@|:secret@|:pw@|changeme|<|\$\{|\{\{",
    re.IGNORECASE,
)


def check(subject: Subject) -> Problems:
    """Reads the source of every published note, its header and its code too."""
    for note in subject.published:
        yield from _paths(note)
        yield from _secrets(note)


def _paths(note: Note) -> Problems:
    # The parser has a word of its own for links and images that lead to a disk.
    known = {problem.line for problem in note.post.problems if problem.rule.endswith("-is-public")}
    for match in _PATH.finditer(note.text):
        line, column = _at(note.text, match.start())
        who = match["who"].lower()
        if who in _ANYBODY or line in known or who[0] in "$%{<[":
            continue
        yield note.problem(
            PATH,
            (line, column),
            f'"{match[0]}" is a folder of your machine and tells the name of your account',
            "write a path relative to the project, or ~/",
        )


def _secrets(note: Note) -> Problems:
    for match in _SECRET.finditer(note.text):
        if _EXAMPLE.search(match[0]) or len(set(match[0][-12:])) < 4:
            continue
        group = match.lastgroup or "s0"
        name = _SECRETS[int(group[1:])][0]
        yield note.problem(
            SECRET,
            _at(note.text, match.start()),
            f"this looks like {name}: {match[0][:6]}…",
            "take it out and have it replaced: what was published once is known",
        )


def _at(text: str, offset: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1
