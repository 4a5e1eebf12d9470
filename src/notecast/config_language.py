"""The language of a folder of notes that has no `site.yaml`: that of what its first notes say.

Entry point: `language_of`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

NOTES = 40
"""How many notes are looked at, the first ones by path."""
FOLDERS = 200
_BYTES = 8_192
_NO_WORDS = re.compile(
    r"\A---\n.*?^---$|^(?P<fence>```|~~~).*?(?:^(?P=fence)|\Z)|`[^`\n]*`|https?://\S+|\]\([^()\n]*\)"
    r"|\$\$.*?\$\$|\$[^$\n]+\$|\\[A-Za-z]+|\{[%{<][^\n]*?[%}>]\}|<[^<>\n]*>",
    re.MULTILINE | re.DOTALL,
)
"""Headers, code, addresses, formulas and tags: in no language."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_TRADITIONAL = re.compile("[這個為說們國學與時後會對點經從還樣實現無關問題應該將過]")
_SIMPLIFIED = re.compile("[这个为说们国学与时后会对点经从还样实现无关问题应该将过]")


def language_of(notes: Path) -> str:
    """`zh-CN` or `zh-TW` where Chinese characters outnumber words of other scripts; else empty.

    Args:
        notes: The folder of the notes; of large ones only the beginning is read.
    """
    text = "\n".join(_NO_WORDS.sub(" ", part) for part in _beginnings(notes))
    han = len(_HAN.findall(text))
    if han <= len(_WORD.findall(text)) or len(_KANA.findall(text)) * 20 > han:
        return ""
    traditional = len(_TRADITIONAL.findall(text)) > len(_SIMPLIFIED.findall(text))
    return "zh-TW" if traditional else "zh-CN"


def _beginnings(notes: Path) -> Iterator[str]:
    left = NOTES
    for count, (folder, below, files) in enumerate(os.walk(notes)):
        below[:] = sorted(name for name in below if name[0] not in "._" and name != "node_modules")
        for name in sorted(files):
            if not name.lower().endswith((".md", ".markdown")):
                continue
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                continue  # nobody may ever write into a pipe
            try:
                with open(path, "rb") as file:
                    yield file.read(_BYTES).decode("utf-8", "ignore")
            except OSError:
                continue
            left -= 1
            if not left:
                return
        if count >= FOLDERS:
            return
