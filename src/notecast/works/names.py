"""Names of people: reading them from text, initials, and which script they are in."""

import re
import unicodedata

from notecast.works.model import Name, Work

_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|[IVX]{2,4}|III?", re.ASCII)
_UNSORTED = re.compile("['’‘.]")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def is_cjk(text: str) -> bool:
    """Whether a text is Chinese, Japanese or Korean, as far as its letters tell."""
    return _CJK.search(text) is not None


def is_cjk_name(name: Name) -> bool:
    """Whether a name is written in Han characters, kana or hangul."""
    return is_cjk(name.family or name.literal)


def shown(name: Name) -> str:
    """A name in the order in which it is spoken: `Ludwig van Beethoven`, `周志华`."""
    if name.literal:
        return name.literal
    if is_cjk_name(name):
        return name.family + name.given
    parts = (name.given, name.particle, name.family, name.suffix)
    return " ".join(part for part in parts if part)


def family(name: Name) -> str:
    """What stands for the person in running text: `van Beethoven`, `周志华`."""
    if name.literal:
        return name.literal
    if is_cjk_name(name):
        return name.family + name.given
    return f"{name.particle} {name.family}".strip()


def short_authors(work: Work) -> str:
    """Up to three authors, then `et al.` or 等."""
    people = work.authors or work.editors
    if not people:
        return ""
    names = [shown(name) for name in people[:3]]
    if len(people) <= 3 and not work.more_authors:
        return ", ".join(names)
    return ", ".join(names) + (" 等" if is_cjk_name(people[0]) else " et al.")


def initials(given: str, dot: str = ".", gap: str = " ", hyphen: str = "-") -> str:
    """`Jean-Paul Marie` → `J.-P. M.`.

    Args:
        given: Given names, initials with or without dots among them (`W.E.`, `WE` stays one).
        dot: What follows each initial.
        gap: What parts two initials.
        hyphen: What joins those of a hyphenated name.
    """
    spaced = re.sub(r"\.(?=\w)", ". ", given)
    words = []
    for word in spaced.split():
        letters = [part[0].upper() for part in re.split("[-‐‑]", word) if part]
        words.append(hyphen.join(letter + dot for letter in letters))
    return gap.join(word for word in words if word)


def split_names(text: str) -> tuple[list[str], bool]:
    """The names of a BibTeX field, parted by `and` outside braces, and whether others follow."""
    parts, depth, start = [], 0, 0
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 2
            continue
        depth += (character == "{") - (character == "}")
        if depth == 0 and character.isspace():
            match = _AND.match(text, position)
            if match:
                parts.append(text[start : match.start()])
                start = position = match.end()
                continue
        position += 1
    parts.append(text[start:])
    names = [part.strip() for part in parts if part.strip()]
    others = bool(names) and names[-1].lower() in ("others", "et al.", "et al", "等")
    return (names[:-1] if others else names), others


def words_of(text: str, separator: str) -> list[str]:
    """`text` cut at a separator (white space or a comma) outside braces."""
    parts, depth, part = [], 0, ""
    for character in text:
        depth += (character == "{") - (character == "}")
        cut = character.isspace() if separator == " " else character == separator
        if depth <= 0 and cut:
            parts.append(part)
            part = ""
        else:
            part += character
    parts.append(part)
    return [part.strip() for part in parts if part.strip()] if separator == " " else parts


def parse_name(written: str) -> Name:
    """A name as BibTeX writes it: `von Last, Jr, First`, `First von Last`, `{Organisation}`.

    The rules are those of BibTeX (Patashnik, "BibTeXing", §4). Accents may still be
    in LaTeX; the caller decodes the parts.
    """
    written = " ".join(written.split())
    if written.startswith("{") and _closes(written) == len(written) - 1:
        inner = written[1:-1]
        if not (is_cjk(inner) and "," in inner):
            return Name(literal=inner)
        written = inner
    parts = [part.strip() for part in words_of(written, ",")]
    if len(parts) == 1:
        return _spoken(parts[0])
    particle, last = _particle(words_of(parts[0], " "))
    suffix, given = (parts[1], parts[2]) if len(parts) > 2 else ("", parts[1])
    if not suffix and _SUFFIX.fullmatch(given):
        spoken = _spoken(parts[0])  # `First Last, Jr.`
        return Name(spoken.family, spoken.given, spoken.particle, given)
    return Name(last, given, particle, suffix)


def _spoken(text: str) -> Name:
    words = words_of(text, " ")
    if is_cjk(text):
        return Name(literal="".join(words) if len(words) < 3 else text)
    if len(words) < 2:
        return Name(family=text)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    first = next(
        (place for place, word in enumerate(words[:-1]) if place and _is_small(word)), None
    )
    if first is None:
        return Name(words[-1], " ".join(words[:-1]), "", suffix)
    particle, last = _particle(words[first:])
    return Name(last, " ".join(words[:first]), particle, suffix)


def _particle(words: list[str]) -> tuple[str, str]:
    """The words in lower case at the front, and the rest."""
    count = 0
    while count < len(words) - 1 and _is_small(words[count]):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _is_small(word: str) -> bool:
    letter = next((letter for letter in word if letter.isalpha()), "")
    return bool(letter) and letter.islower() and not word.startswith("{")


def _closes(text: str) -> int:
    """Position of the brace that closes the one at the beginning."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return position
    return -1


def sort_text(text: str) -> str:
    """What a text is sorted by: without accents, case, apostrophes and dots (APA §9.44); Han
    characters by their pinyin."""
    text = _UNSORTED.sub("", text)
    if text.isascii():
        return text.casefold()
    if is_cjk(text):
        from pypinyin import lazy_pinyin

        text = " ".join(lazy_pinyin(text))
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()
