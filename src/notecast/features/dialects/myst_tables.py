"""Tables that MyST and Sphinx write as lists. Entry point: `list_table`.

    * - a
      - b
    * - 1
      - 2

https://docutils.sourceforge.io/docs/ref/rst/directives.html#list-table
"""

import re
from collections.abc import Sequence

_ROW = re.compile(r"[ \t>]*[*+-][ \t]+[*+-](?:[ \t]+(.*?))?[ \t]*\Z")
_CELL = re.compile(r"[ \t>]*[*+-](?:[ \t]+(.*?))?[ \t]*\Z")


def list_table(lines: Sequence[str], header_rows: int) -> list[str] | None:
    """The lines of a table, fewer than those of the list.

    Args:
        lines: What stands inside the directive.
        header_rows: How many rows are its head; a table here has one row or none.

    Returns:
        `None` where the list holds more than cells of text.
    """
    rows: list[list[str]] = []
    for line in lines:
        row, cell = _ROW.match(line), _CELL.match(line)
        if row is not None:
            rows.append([row[1] or ""])
        elif not rows:
            if line.strip():
                return None
        elif cell is not None:
            rows[-1].append(cell[1] or "")
        elif line.strip():
            if line.lstrip().startswith(("```", ":::", "|")):
                return None
            rows[-1][-1] = f"{rows[-1][-1]} {line.strip()}".strip()
    if not rows or len({len(row) for row in rows}) > 1:
        return None
    head = rows.pop(0) if header_rows else [""] * len(rows[0])
    return [_line(head), _line(["---"] * len(head)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell.replace('|', chr(92) + '|')} |" for cell in cells)
