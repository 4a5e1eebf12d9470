"""Draws `docs/benchmarks.md` and its plot from the results of `run.py`.

python benchmarks/report.py
"""

import json
from html import escape
from pathlib import Path
from typing import Any

CASES = ("cold", "unchanged", "one edit", "added", "renamed", "template", "config")
INTRODUCTION = """\
# Benchmarks

Made by `make bench` (`python benchmarks/run.py --write`); the numbers are of one run on one
machine, so compare lines with one another and not with another machine's. Each program runs as
its users run it, configured for the same job by the files in
[`benchmarks/peers/`](../benchmarks/peers): every note a page, code highlighted at build time,
links between notes resolved, paginated lists of all notes and of each tag and category, a feed.
Notecast sets all formulas at build time as well; the others pass them through. The notes come
from [`benchmarks/corpus.py`](../benchmarks/corpus.py): 6 KB each, Chinese and English, two blocks
of code, about nine formulas, a table, lists and links; no two are alike.

The other programs have a bare layout: title, date, text, links. **notecast** is the theme as it
comes, with a head for search engines and quoting, backlinks, related notes, the note's links as a
picture, three feeds for each list; **notecast-bare** is the same program with their layout and
about as much around a note. How large a note's output is, only its row compares with theirs.

The cases: **cold** finds neither cache nor output; **unchanged** is the same command once more;
**one edit** adds a sentence to a note; **added** and **renamed** touch one note; **template** and
**config** change the template of notes and the site's title. Seconds are wall time of the whole
command, then processor time of all its processes together, which a busy machine disturbs less;
memory is the largest sum over all its processes, shared pages counted once.

![Seconds by program and case](benchmarks.svg)
"""


def write_report(results: Path, docs: Path) -> None:
    """Writes the table and the plot.

    Args:
        results: Folder of the files of `run.py`, one for each number of notes.
        docs: Where `benchmarks.md` and `benchmarks.svg` go.
    """
    runs = [json.loads(file.read_text("utf-8")) for file in results.glob("*.json")]
    runs.sort(key=lambda run: run["notes"])
    parts = [INTRODUCTION, *(_section(run) for run in runs)]
    (docs / "benchmarks.md").write_text("\n".join(parts), "utf-8")
    if runs:
        (docs / "benchmarks.svg").write_text(plot(runs[0]), "utf-8")


def _section(run: dict[str, Any]) -> str:
    programs = run["programs"]
    notes = run["notes"]
    lines = [
        f"## {notes:,} notes, {run['processors']} processors",
        "",
        "| seconds | " + " | ".join(CASES) + " |",
        "| --- |" + " --: |" * len(CASES),
    ]
    for name, found in _by_cold(programs):
        cells = [_seconds(found.get(case)) for case in CASES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "| seconds of CPU | " + " | ".join(CASES) + " |", lines[3]]
    for name, found in _by_cold(programs):
        cells = [_seconds(found.get(case), "cpu") for case in CASES]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += [
        "",
        "| | version | peak cold, MB | files | output, KB per note | left out |",
        "| --- | --- | --: | --: | --: | --- |",
    ]
    for name, found in _by_cold(programs):
        cold = found["cold"]
        lines.append(
            f"| {name} | {found['version']} | {cold['peak'] / 1e6:.0f}"
            f" | {found['files']:,} | {found['bytes'] / notes / 1000:.1f} | {found['less']} |"
        )
    if run.get("remark"):
        lines += ["", run["remark"]]
    return "\n".join([*lines, ""])


def _by_cold(programs: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(programs.items(), key=lambda item: item[1]["cold"]["wall"])


def _seconds(case: dict[str, float] | None, kind: str = "wall") -> str:
    return "–" if case is None else f"{case[kind]:.2f}"


def plot(run: dict[str, Any]) -> str:
    """Bars of the cases cold, unchanged and one edit, as SVG, on a logarithmic scale."""
    import math

    shown = ("cold", "unchanged", "one edit")
    rows = _by_cold(run["programs"])
    values = [found[case]["wall"] for _, found in rows for case in shown if case in found]
    low, high = 10 ** math.floor(math.log10(min(values))), max(values) * 1.15
    left, width, bar, gap, top = 90, 520, 11, 14, 34

    def x(value: float) -> float:
        return left + width * math.log(value / low) / math.log(high / low)

    height = top + len(rows) * (len(shown) * bar + gap) + 24
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {height}"'
        f' role="img" aria-label="Seconds for {run["notes"]:,} notes, logarithmic scale">',
        "<style>text{font:11px sans-serif;fill:#444}.a{fill:#1f5fa8}.b{fill:#5fa36a}"
        ".c{fill:#c9862f}.g{stroke:#999;stroke-width:.4}"
        "@media (prefers-color-scheme:dark){text{fill:#bbb}}</style>",
    ]
    for place, (kind, case) in enumerate(zip("abc", shown, strict=True)):
        at = left + place * 110
        out.append(f'<rect class="{kind}" x="{at}" y="6" width="10" height="10"/>')
        out.append(f'<text x="{at + 15}" y="15">{case}</text>')
    tick = float(low)
    while tick <= high:
        place_x = x(tick)
        out.append(
            f'<path class="g" d="M{place_x:.1f} {top - 6}V{height - 20}"/>'
            f'<text x="{place_x:.1f}" y="{height - 6}" text-anchor="middle">{tick:g} s</text>'
        )
        tick *= 10
    y = top
    for name, found in rows:
        middle = y + len(shown) * bar / 2 + 4
        out.append(f'<text x="{left - 8}" y="{middle:.1f}" text-anchor="end">{escape(name)}</text>')
        for kind, case in zip("abc", shown, strict=True):
            if case in found:
                value = found[case]["wall"]
                long = max(1, x(value) - left)
                out.append(
                    f'<rect class="{kind}" x="{left}" y="{y}" width="{long:.1f}"'
                    f' height="{bar - 2}"/>'
                    f'<text x="{left + long + 4:.1f}" y="{y + 9}">{value:.2f}</text>'
                )
            y += bar
        y += gap
    return "\n".join([*out, "</svg>", ""])


if __name__ == "__main__":
    here = Path(__file__).parent
    write_report(here / "results", here.parent / "docs")
