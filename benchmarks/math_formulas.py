"""How fast formulas become MathML.

    python benchmarks/math_formulas.py [NOTES_DIR …] [--count 90000]

Without folders it makes different formulas from the shapes of the test cases;
with folders it sets those of the Markdown files below them, in order, as a
build does. The bar: 90,000 formulas in under 5 seconds in one process.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from notecast.features.math import FEATURE, MathOptions
from notecast.features.math.engine import set_formula

SHAPES = (
    r"x_{N}",
    r"\theta_{N} \in \mathbb{R}^{N}",
    r"p(x \mid z_{N}) = \mathcal{N}(x; \mu_{N}, \sigma^2 I)",
    r"\mathcal{L}_{N} = -\sum_{i=1}^{N} y_i \log \hat{y}_i",
    r"\frac{\partial L_{N}}{\partial w} = \left( \frac{a}{b} \right)^{N}",
    r"\text{Attention}(Q, K, V) = \operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_{N}}}\right)V",
    r"\begin{aligned} f_{N}(x) &= (x+1)^2 \\ &= x^2 + 2x + 1 \end{aligned}",
    r"\begin{bmatrix} 1 & {N} \\ 0 & 1 \end{bmatrix}",
    r"q(x_t \mid x_{t-1}) = \mathcal{N}(\sqrt{1-\beta_t} x_{t-1}, \beta_{N} I)",
    r"\begin{align} a_{N} &= b \\ c &= d \end{align}",
)


def made(count: int) -> list[tuple[str, bool]]:
    """Different formulas, a third of them displayed."""
    return [
        (SHAPES[nth % len(SHAPES)].replace("{N}", f"{{{nth // len(SHAPES)}}}"), nth % 3 == 0)
        for nth in range(count)
    ]


def found(folders: list[Path], count: int) -> list[tuple[str, bool]]:
    """The formulas of real notes, again from the first when there are fewer than `count`."""
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    FEATURE.syntax(md, MathOptions(code_spans=True))
    md.core.ruler.disable("math")
    formulas = [
        (token.content, token.type != "math_inline")
        for folder in folders
        for path in sorted(folder.rglob("*.md"))
        for token in flat(md.parse(path.read_text("utf-8", "replace")))
        if token.type in ("math_inline", "math_display", "math_block")
    ]
    if not formulas:
        sys.exit("no formulas in these folders")
    return (formulas * (count // len(formulas) + 1))[:count]


def flat(tokens: list[Token]) -> Iterator[Token]:
    """All tokens, inner ones too."""
    for token in tokens:
        yield token
        if token.children:
            yield from flat(token.children)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=90_000)
    options = parser.parse_args()
    formulas = found(options.folders, options.count) if options.folders else made(options.count)
    different = len(set(formulas))
    begin = time.perf_counter()
    refused = sum(set_formula(tex, display).fault is not None for tex, display in formulas)
    seconds = time.perf_counter() - begin
    print(
        f"{len(formulas):,} formulas, {different:,} different, {refused:,} refused:"
        f" {seconds:.2f} s, {len(formulas) / seconds:,.0f} a second"
    )


if __name__ == "__main__":
    main()
