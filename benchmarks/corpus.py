"""Makes a folder of research notes to measure with: the same notes for the same seed.

    python benchmarks/corpus.py FOLDER --notes 10000 [--seed 1] [--bytes 6000]

The mix follows what real collections hold: Chinese and English prose, two
blocks of code, about nine formulas, a table, lists, links to other notes, tags
and categories by a skewed distribution. All text differs from note to note, so
that no cache of fragments can cheat.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

HAN = (
    "模型数据训练梯度损失函数注意力机制序列长度分布样本网络结构参数估计方法结果分析实验比较"
    "收敛速度误差特征空间变换矩阵向量概率密度采样过程时间步长计算复杂显存优化器学习率"
    "卷积池化残差归一化激活编码解码生成判别对抗变分推断流模型扩散去噪反向传播前向"
)
LATIN = (  # noqa: SIM905
    "model data training gradient loss function attention sequence length distribution sample "
    "network structure parameter estimate method result analysis experiment convergence rate "
    "error feature space transform matrix vector probability density step cost memory optimizer "
    "convolution pooling residual normalisation activation encoder decoder variational inference "
    "we note that under this assumption the bound holds for every choice of and it follows"
).split()
CATEGORIES = [
    "LLM",
    "Computer Vision",
    "Generative Model",
    "Multimodal",
    "Python",
    "Theory/Optimisation",
]
TAGS = [f"tag-{number}" for number in range(120)]
SYMBOLS = ["x", "y", "z", "w", "h", "u", "v", r"\theta", r"\alpha", r"\mu", r"\sigma", r"\epsilon"]


class Writer:
    """Writes one note after the other from one stream of random numbers."""

    def __init__(self, seed: int, count: int, size: int) -> None:
        self._random = random.Random(seed)
        self._count = count
        self._size = size

    def notes(self) -> Iterator[tuple[str, str]]:
        """Path and text of each note."""
        for number in range(self._count):
            yield f"{number % 100:02}/note-{number}.md", self._note(number)

    def _note(self, number: int) -> str:
        rnd = self._random
        chinese = rnd.random() < 0.6
        tags = sorted({self._skewed(TAGS) for _ in range(rnd.randint(1, 4))})
        day = f"20{rnd.randint(15, 25)}-{rnd.randint(1, 12):02}-{rnd.randint(1, 28):02}"
        header = (
            f'---\ntitle: "{self._sentence(chinese)[:40].strip()} {number}"\ndate: {day}\n'
            f"category: {self._skewed(CATEGORIES)}\ntags: [{', '.join(tags)}]\n"
            f"lang: {'zh-CN' if chinese else 'en'}\n---\n\n"
        )
        parts = [self._paragraph(chinese)]
        makers = [
            lambda: f"## {self._sentence(chinese)[:24].strip(' ，。.')}",
            lambda: self._code(),
            lambda: f"$$\n{self._formula(4)}\n$$",
            lambda: self._table(chinese),
            lambda: "\n".join(f"- {self._sentence(chinese)}" for _ in range(4)),
            lambda: self._code(),
            lambda: "\n".join(f"{n}. {self._sentence(chinese)}" for n in range(1, 4)),
            lambda: f"> {self._sentence(chinese)}",
        ]
        length, turn = len(parts[0].encode()), 0
        while length < self._size:
            text = makers[turn]() if turn < len(makers) else ""
            more = [text, self._paragraph(chinese)] if text else [self._paragraph(chinese)]
            parts += more
            length += sum(len(part.encode()) + 2 for part in more)
            turn += 1
        return header + "\n\n".join(parts) + "\n"

    def _skewed(self, items: list[str]) -> str:
        """The first items far more often than the last ones, as with real tags."""
        return items[min(int(self._random.expovariate(6 / len(items))), len(items) - 1)]

    def _sentence(self, chinese: bool) -> str:
        rnd = self._random
        if chinese:
            half = "".join(rnd.choice(HAN) for _ in range(rnd.randint(8, 18)))
            rest = "".join(rnd.choice(HAN) for _ in range(rnd.randint(6, 14)))
            return f"{half}，{rnd.choice(LATIN)} {rest}。"
        words = [rnd.choice(LATIN) for _ in range(rnd.randint(8, 18))]
        return " ".join(words).capitalize() + "."

    def _paragraph(self, chinese: bool) -> str:
        rnd = self._random
        sentences = [self._sentence(chinese) for _ in range(rnd.randint(2, 5))]
        place = rnd.randrange(len(sentences))
        extra = rnd.choice(
            [
                f" **{self._sentence(chinese)[:10]}** ",
                f" ${self._formula(1)}$ ",
                f" `{rnd.choice(LATIN)}_{rnd.randint(1, 99)}` ",
                f" [{rnd.choice(LATIN)}]({self._target()}) ",
                f" ${self._formula(1)}$ ",
            ]
        )
        sentences.insert(place, extra)
        return ("" if chinese else " ").join(sentences)

    def _target(self) -> str:
        number = self._random.randrange(self._count)
        return f"../{number % 100:02}/note-{number}.md"

    def _formula(self, terms: int) -> str:
        rnd = self._random
        made = []
        for _ in range(terms):
            a, b = rnd.choice(SYMBOLS), rnd.choice(SYMBOLS)
            made.append(
                rnd.choice(
                    [
                        rf"\frac{{{a}_{{{rnd.randint(1, 99)}}}}}{{1 + {b}^2}}",
                        rf"\sum_{{i=1}}^{{{rnd.randint(2, 99)}}} {a}_i {b}_i",
                        rf"\sqrt{{{a}^2 + {rnd.randint(2, 9)}{b}}}",
                        rf"\mathbb{{E}}\left[{a} \mid {b}_{{{rnd.randint(1, 9)}}}\right]",
                    ]
                )
            )
        return " + ".join(made)

    def _code(self) -> str:
        rnd = self._random
        lines = [
            "import numpy as np",
            "",
            f"def step_{rnd.randint(1, 9999)}(x, rate={rnd.random():.3f}):",
        ]
        for _ in range(rnd.randint(5, 9)):
            a, b = rnd.choice(LATIN), rnd.choice(LATIN)
            lines.append(f"    {a} = np.dot(x, {rnd.randint(1, 99)}) + len('{b}')  # {b}")
        lines += [
            "    for i in range(10):",
            f"        print(f'{{i}}: {rnd.choice(LATIN)}')",
            "    return x",
        ]
        return "```python\n" + "\n".join(lines) + "\n```"

    def _table(self, chinese: bool) -> str:
        rnd = self._random
        rows = [
            f"| {rnd.choice(LATIN)} | {rnd.choice(LATIN)} | {rnd.choice(LATIN)} |",
            "| --- | --: | :-: |",
        ]
        rows += [
            f"| {rnd.choice(LATIN)} | {rnd.randint(1, 999)} | {self._sentence(chinese)[:8]} |"
            for _ in range(4)
        ]
        return "\n".join(rows)


def write_corpus(folder: Path, count: int, seed: int = 1, size: int = 6000) -> None:
    """Writes the notes below `folder`."""
    for path, text in Writer(seed, count, size).notes():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=6000)
    arguments = parser.parse_args()
    write_corpus(arguments.folder, arguments.notes, arguments.seed, arguments.bytes)
