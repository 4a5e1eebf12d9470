"""Emphasis that stays literal: a reader sees the asterisks.

CommonMark 0.31.2, section 6.2, says which runs of asterisks open and close
emphasis; beside Chinese punctuation and in unpaired use they often do not.
"""

import re

from notecast.checks.subject import Note, Problems, Rule, Subject

LITERAL = Rule("emphasis-is-paired", "** in the text makes text bold and is not shown as it is")

RULES = (LITERAL,)

# Asterisks at a word, not `a ** b` (a power), `**` alone or a row of five and more.
_RUN = re.compile(r"(?<![*\\])\*\*\*?(?!\*)")
_AROUND = 24
_QUOTES = "“”‘’《》「」『』【】"


def check(subject: Subject) -> Problems:
    """Looks for asterisks in what a reader reads."""
    for note in subject.published:
        for text in note.paragraphs if "**" in note.body.html else ():
            for match in _RUN.finditer(text):
                before = text[match.start() - 1 : match.start()]
                after = text[match.end() : match.end() + 1]
                if not _touches_words(before) and not _touches_words(after):
                    continue  # `a ** b`, or a mark such as (**)
                place = _place(note, text, match)
                if place == (0, 0):
                    continue  # written with backslashes: they are meant
                yield note.problem(
                    LITERAL,
                    place,
                    f'"{_shown(text, match)}" is shown with its asterisks',
                    "pair them, take spaces out from inside of them, "
                    "or write \\*\\* if they are meant",
                )
                break


def _touches_words(character: str) -> bool:
    return character.isalnum() or (character != "" and character in _QUOTES)


def _shown(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _AROUND // 2), match.end() + _AROUND
    return text[start:end].strip()


def _place(note: Note, text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where it stands in the source: longer surroundings first, since `**` is everywhere."""
    for width in (_AROUND, 12, 6, 3):
        for start, end in (
            (match.start(), match.end() + width),
            (max(0, match.start() - width), match.end()),
        ):
            needle = text[start:end]
            if len(needle) <= len(match[0]):
                continue
            line, column = note.place(needle)
            if line:
                return line, column + match.start() - start
    return 0, 0
