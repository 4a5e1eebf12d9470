"""Emphasis that stays literal: a reader sees the asterisks.

CommonMark 0.31.2, section 6.2, says which runs of asterisks open and close
emphasis; beside Chinese punctuation and in unpaired use they often do not.
"""

import os
import re

from notecast.checks.subject import Note, Problems, Rule, Subject

LITERAL = Rule("emphasis-is-paired", "** in the text makes text bold and is not shown as it is")

RULES = (LITERAL,)

# Asterisks at a word, not `a ** b` (a power), `**` alone or a row of five and more.
_RUN = re.compile(r"(?<![*\\])\*\*\*?(?!\*)")
# What is meant where it stands alone: `2**n` and `f(*args, **kwargs)` of programs.
_POWER = re.compile(r"[\w)]\*\*[\w(-]", re.ASCII)
_NUMBER = re.compile(r"\w\*\*\d")
_ARGUMENTS = re.compile(r"(?:^|[(,])\s*\*\*[A-Za-z_]\w*\s*(?:[,)]|$)")
# What of the source is not in the text that a reader reads.
_UNREAD = re.compile(r"`+[^`]*`+|\$[^$]*\$|\]\([^)]*\)|<[^>]*>")
_NO_WORD = re.compile(r"\W|_")
_AROUND = 24
_TELLING = 6
"""Letters on either side by which a place in the source is known."""
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
                if _is_program(text, match):
                    continue
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


def _is_program(text: str, match: re.Match[str]) -> bool:
    """Whether it stands as in a program; a pair of them is meant as bold."""
    if text.count("**") > 1:
        return False
    near = text[max(0, match.start() - 3) : match.end() + _AROUND]
    return any(form.search(near) for form in (_POWER, _NUMBER, _ARGUMENTS))


def _shown(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _AROUND // 2), match.end() + _AROUND
    return text[start:end].strip()


def _place(note: Note, text: str, match: re.Match[str]) -> tuple[int, int]:
    """Where it stands in the source: the run that has most of the same letters on both sides."""
    before, after = _letters(text[: match.start()])[::-1], _letters(text[match.end() :])
    best, place = -1, (0, 0)
    for index, line in enumerate(note.lines):
        if "**" not in line:
            continue
        read = _UNREAD.sub(lambda unread: " " * len(unread[0]), line)
        for run in _RUN.finditer(read):
            same = _same(before, _letters(read[: run.start()])[::-1])
            also = _same(after, _letters(read[run.end() :]))
            is_it = same >= min(_TELLING, len(before)) and also >= min(_TELLING, len(after))
            if is_it and same + also > best:
                best, place = same + also, (index + 1, run.start() + 1)
    return place


def _same(one: str, two: str) -> int:
    """How many letters are the same from the beginning on, as far as it tells anything."""
    return len(os.path.commonprefix((one[:_AROUND], two[:_AROUND])))


def _letters(text: str) -> str:
    return _NO_WORD.sub("", text)
