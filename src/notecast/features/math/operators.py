r"""`\mathop{…}` with what stands below and above it, which engines put beside it.

TeX sets limits under and over a `\mathop` in a display (The TeXbook, chapter 17),
elsewhere only behind `\limits`. Entry point: `with_limits`.
"""

import re
from collections.abc import Sequence

from notecast.features.math.tokens import Tex, argument, made, plain, skip_blank

_ROMAN = re.compile(r"\s*\\mathrm\s*(?=\{)")


def with_limits(tokens: Sequence[Tex], display: bool) -> list[Tex]:
    r"""Says each `\mathop` by `\underset` and `\overset`."""
    result: list[Tex] = []
    index = 0
    while index < len(tokens):
        body = argument(tokens, index + 1) if tokens[index].text == "\\mathop" else None
        if body is None:
            result.append(tokens[index])
            index += 1
            continue
        operator, index = _operator(body[0], tokens[index].start, tokens, body[1], display)
        result.extend(operator)
    return result


def _operator(
    body: list[Tex], start: int, tokens: Sequence[Tex], index: int, limits: bool
) -> tuple[list[Tex], int]:
    scripts: dict[str, list[Tex]] = {}
    display = limits
    while (nth := skip_blank(tokens, index)) < len(tokens):
        text = tokens[nth].text
        if text in ("\\limits", "\\nolimits"):
            limits, index = text == "\\limits", nth + 1
            continue
        script = argument(tokens, nth + 1) if text in ("_", "^") else None
        if script is None or text in scripts:
            break
        scripts[text] = with_limits(script[0], display)
        index = script[1]
    name = with_limits(body, display)
    if roman := _ROMAN.match(plain(name)):
        name = made(r"\operatorname" + plain(name)[roman.end() :], start)
    result = [*made("{", start), *name, *made("}", start)]
    for mark, command in (("^", "\\overset"), ("_", "\\underset")):
        if mark not in scripts:
            continue
        script_tokens = [*made("{", start), *scripts[mark], *made("}", start)]
        if limits:
            result = [*made(f"{command}", start), *script_tokens, *made("{", start), *result]
            result.extend(made("}", start))
        else:
            result.extend([*made(mark, start), *script_tokens])
    return [*result, *made("\\,", start)], index
