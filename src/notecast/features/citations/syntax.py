"""Finds citations in a line of text.

- `[@key]`, `[see @a, p. 3; -@b]`: every part, parted by `;`, names a work;
- `@key` in a sentence, with a place behind it: `@key [p. 3]`;
- `[[@key]]`, `[[@key|text]]`, also behind `!`: as literature notes are linked in Obsidian;
- `arXiv:1706.03762`, `doi:10.1145/…`.

The forms are those of Pandoc (Pandoc User's Guide, "Citation syntax"). A key
stands behind a `@` that no letter, digit or dot precedes: `ada@example.org` is
none. Whether a key is known is not known here, since a note is parsed alone:
what nothing knows becomes the text that was written when holes are filled.
"""

import re
from typing import TYPE_CHECKING, Any

from notecast.works.identifiers import ARXIV, DOI, identify

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_HAN = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_LETTER = rf"[^\W{_HAN}]"
_INNER = r"[:.#$%&+?<>~/-]"
KEY = rf"(?:{_LETTER}+(?:{_INNER}+{_LETTER}+)*+)"
"""Letters and digits of alphabets, and punctuation between them, never at the end."""
_HAN_KEY = rf"(?:\w+(?:{_INNER}+\w+)*+)"
_BRACED = r"\{(?P<braced>[^{}\n]{1,200})\}"
_NOT_BEFORE = r"(?<![\w.+/@:-])"

_BRACKET = re.compile(r"\[(?P<inner>[^\[\]@]*@[^\[\]]*)\](?![(\[{:])")
_PART = re.compile(
    rf"(?P<prefix>[^@]*?){_NOT_BEFORE}(?P<minus>-?)(?<![^\s(\[（“\"'-])"
    rf"@(?:{_BRACED}|(?P<key>https?://[^\s,;]+|{_HAN_KEY}))(?P<suffix>[^@]*)",
    re.DOTALL,
)
_BARE = re.compile(rf"@(?:{_BRACED}|(?P<key>{KEY}|{_HAN_KEY}))")
_PLACE = re.compile(
    r" \[(?P<place>(?:pp?\.|ch\.|chap\.|sec\.|fig\.|eq\.|thm\.|§|\d|第)[^\[\]@\n]{0,80})\]"
    r"(?![(\[{:])"
)
_WIKI = re.compile(r"!?\[\[@(?P<key>[^\[\]|\n#]{1,200}?)(?:\\?\|(?P<text>[^\[\]\n]*))?\]\]")
_NUMBER = re.compile(
    rf":\s?(?:(?P<arxiv>{ARXIV})(?P<version>v\d+)?|(?P<doi>{DOI}))(?![\w])", re.IGNORECASE
)
_NAMED = re.compile(r"(?:^|[^\w/])(arxiv|doi)$", re.IGNORECASE)
_CROSS_REFERENCE = re.compile(
    r"(?:fig|figure|tbl|tab|table|eq|sec|thm|theorem|lem|lemma|cor|corollary|def|definition|prop"
    r"|proposition|rem|remark|ex|exm|example|exr|cnj|conjecture|ass|prf|proof|lst|alg|claim"
    r"|question|todo)[:-]",
    re.IGNORECASE,
)
"""References to figures, equations and the like look the same and are not ours."""


def add_inline_rules(md: "MarkdownIt") -> None:
    """Adds the rules to a parser."""
    from notecast.loader.markdown.engine import starts

    md.inline.ruler.before("link", "citation", starts("[!")(_brackets))
    md.inline.ruler.before("newline", "citation_text", starts("@")(_at))
    md.inline.ruler.before("newline", "citation_number", starts(":")(_number))
    md.add_render_rule("citation", _render)


def _brackets(state: "StateInline", silent: bool) -> bool:
    start = state.pos
    if state.linkLevel:
        return False
    if state.src.startswith(("[[@", "![[@"), start):
        return _wiki(state, silent)
    match = _BRACKET.match(state.src, start, state.posMax)
    if match is None:
        return False
    parts = parts_of(match["inner"])
    if not parts or _is_reference(match["inner"], state):
        return False
    if not silent:
        _push(state, "cite", match[0], parts, start)
    state.pos = match.end()
    return True


def parts_of(inner: str) -> list[tuple[str, str, str, str]]:
    """The parts of a citation in brackets: prefix, `-` or nothing, key, suffix.

    Returns:
        Nothing where a part names no work.
    """
    found = []
    for part in inner.split(";"):
        match = _PART.fullmatch(part)
        if match is None:
            return []
        key = (match["braced"] or match["key"]).strip()
        if not key or _CROSS_REFERENCE.match(key):
            return []
        prefix, suffix = " ".join(match["prefix"].split()), " ".join(match["suffix"].split())
        found.append((prefix, match["minus"], key, suffix.removeprefix(",").strip()))
    return found


def _is_reference(inner: str, state: "StateInline") -> bool:
    """Whether the note defines a link of that name: `[@ada]: https://…`."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(inner) in state.env.get("references", ())


def _wiki(state: "StateInline", silent: bool) -> bool:
    match = _WIKI.match(state.src, state.pos, state.posMax)
    if match is None or not match["key"].strip():
        return False
    if not silent:
        text = (match["text"] or "").strip()
        part = (text, "", match["key"].strip().rstrip("\\"), "")
        token = _push(state, "wiki", match[0], [part], state.pos)
        token.meta["text"] = text or f"@{part[2]}"
    state.pos = match.end()
    return True


def _at(state: "StateInline", silent: bool) -> bool:
    start = state.pos
    if state.linkLevel or (start and _follows(state.src[start - 1])):
        return False
    match = _BARE.match(state.src, start, state.posMax)
    if match is None:
        return False
    key = match["braced"] or match["key"]
    if _CROSS_REFERENCE.match(key):
        return False
    end = match.end()
    place = _PLACE.match(state.src, end, state.posMax)
    if place:
        end = place.end()
    if not silent:
        raw = state.src[start:end]
        part = ("", "", key.strip(), place["place"].strip() if place else "")
        _push(state, "text", raw, [part], start).meta["text"] = match[0]
    state.pos = end
    return True


def _follows(before: str) -> bool:
    """Whether a character in front makes a `@` part of an address or a path."""
    is_han = "\u2e80" <= before <= "\uffef" or before >= "\U00020000"
    return before in "._+/@:-`\\" or (before.isalnum() and not is_han)


def _number(state: "StateInline", silent: bool) -> bool:
    """Inline rule at `:`, behind `arXiv` or `doi`, which is pending text by then."""
    if silent or state.linkLevel:
        return False
    match = _NUMBER.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    name = _NAMED.search(state.pending[-8:])
    if name is None or (name[1].lower() == "arxiv") != bool(match["arxiv"]):
        return False
    end = match.end()
    if match["doi"]:
        end -= len(match["doi"]) - len(_trimmed(match["doi"]))
    raw = name[1] + state.src[state.pos : end]
    identifier = identify(raw)
    if identifier is None:
        return False
    state.pending = state.pending[: -len(name[1])]
    start = state.pos - len(name[1])
    token = _push(state, "id", raw, [("", "", str(identifier), "")], start)
    token.meta["text"] = raw
    state.pos = end
    return True


def _trimmed(doi: str) -> str:
    """A DOI without what more likely belongs to the sentence."""
    while doi[-1] in ".,;:" or (doi[-1] == ")" and doi.count(")") > doi.count("(")):
        doi = doi[:-1]
    return doi


def _push(
    state: "StateInline", kind: str, raw: str, parts: list[tuple[str, str, str, str]], start: int
) -> Any:
    from notecast.loader.markdown.places import place_at

    gap = ""
    if kind == "cite" and state.pending.endswith(" "):
        # A raised number stands at the word; author and date keep their distance.
        gap = " "
        state.pending = state.pending[:-1]
    token = state.push("citation", "", 0)
    token.content = raw
    token.meta = {
        "kind": kind,
        "raw": raw,
        "gap": gap,
        "parts": parts,
        "place": place_at(state, start),
        "text": "",
    }
    state.env["note"].data["citations"] = True
    return token


def _render(self: Any, tokens: list[Any], index: int, options: Any, env: Any) -> str:
    from markdown_it.common.utils import escapeHtml

    from notecast.feature import NoteContext

    meta = tokens[index].meta
    if "hole" not in meta:
        # Outside the text that is recorded no list of references would have it.
        return escapeHtml(meta["raw"])
    return NoteContext.of(env).hole_for(meta["hole"])
