"""The sentence around a link, for lists of backlinks."""

import re

from notecast.loader.markdown.graphemes import cut_after, cut_before
from notecast.loader.markdown.plain import squeezed

MAX_SENTENCE = 200
"""Characters; enough for a line or two in a list."""

_END = re.compile(r"[。！？；…]+[”’」』）)]*|[.!?]+[\"'”’)]*(?=\s)")


def sentence_around(text: str, start: int, end: int, limit: int = MAX_SENTENCE) -> str:
    """The sentence of `text` that holds `text[start:end]`, cut to `limit` characters around it.

    Where something is cut off, an ellipsis stands for it.
    """
    first, last = 0, len(text)
    # Only the surroundings are searched: a paragraph may hold thousands of links.
    reach = 4 * limit
    for match in _END.finditer(text, max(0, start - reach), min(len(text), end + reach)):
        if match.end() <= start:
            first = match.end()
        elif match.start() >= end:
            last = match.end()
            break
    first, last = max(first, start - reach), min(last, end + reach)
    room = max(0, limit - (end - start))
    left, right = start - first, last - end
    if left + right > room:
        keep_left = max(room // 2, room - right)
        keep_right = max(room // 2, room - left)
        from_ = cut_before(text, max(first, start - keep_left), start)
        to = cut_after(text, min(last, end + keep_right), end)
    else:
        from_, to = first, last
    head = "…" if from_ > first else ""
    tail = "…" if to < last else ""
    return head + squeezed(text[from_:to]) + tail
