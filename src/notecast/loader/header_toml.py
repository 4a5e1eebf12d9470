"""Reads a TOML header, as Hugo and Zola write it between `+++`, into a tree of nodes.

Entry point: `read_toml`. Values become the same text that YAML would have held.
The standard library's reader gives no places, so those of keys are looked up.
"""

import re
import tomllib

from notecast.loader.header_data import Written, nodes_of
from notecast.loader.header_node import MAX_CHARACTERS, MAX_DEPTH, HeaderError, Node, size_error

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(text: str, first_line: int) -> Node:
    """Reads a header.

    Args:
        text: What stands between the fences.
        first_line: Line of the file on which it begins.

    Raises:
        HeaderError: For anything that is not TOML or is too large.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"the header has {len(text):,} characters; {MAX_CHARACTERS:,} are the limit"
        raise size_error(first_line - 1, 0, message)
    try:
        # Numbers stay text: a float would lose the end of `arxiv = 2401.00010`.
        data = tomllib.loads(text, parse_float=Written)
    except tomllib.TOMLDecodeError as error:
        raise _explain(text, first_line, str(error)) from None
    except RecursionError:
        message = f"the header is nested deeper than {MAX_DEPTH} levels"
        raise size_error(first_line, 0, message) from None
    except ValueError as error:  # impossible dates, integers of thousands of digits
        raise _explain(text, first_line, str(error)) from None
    return nodes_of(data, text, first_line)


def _explain(text: str, first_line: int, message: str) -> HeaderError:
    match = _PLACE.search(message)
    lines = text.rstrip("\n").count("\n")
    line, column = (int(match[1]) - 1, int(match[2])) if match and match[1] else (lines, 0)
    reason = _PLACE.sub("", message)
    hint = 'TOML wants quotes around text: title = "A: B"'
    return HeaderError(
        "header-is-toml",
        first_line + line,
        column,
        f"the header is not TOML: {reason[:1].lower()}{reason[1:]}",
        hint,
    )
