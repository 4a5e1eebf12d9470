"""Whatever a notebook holds, reading it never raises, never takes long, and nothing runs."""

import base64
import json
import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notecast.features.notebooks import FEATURE
from notecast.loader.markdown.sanitize import MAX_DEPTH, is_deep
from notecast.model import HOLE

from .test_cases import CASES, load
from .write import code, display, markdown, notebook, picture, png, stream

SYNTAX = """
cells source input outputs metadata cell_type markdown code raw heading output_type stream text
name stdout stderr data text/plain text/html image/png image/svg+xml text/latex text/markdown error
traceback ename evalue tags hide-input attachments worksheets nbformat language_info notecast title
draft date authors level pyout png # | $ ``` <b> </div> <script> 0 [[x]]
"""
WORDS = [*SYNTAX.split(), "\x1b[31m", "\r", "\x00", "\x02", "\x020"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(WORDS),
    st.text(max_size=9),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)
OUTPUTS = st.fixed_dictionaries(
    {
        "output_type": st.sampled_from(
            ["stream", "display_data", "execute_result", "error", "pyout"]
        )
    },
    optional={
        "data": st.dictionaries(
            st.sampled_from([word for word in WORDS if "/" in word]), ANYTHING, max_size=3
        ),
        **dict.fromkeys(("text", "name", "traceback", "evalue", "metadata", "png"), ANYTHING),
    },
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["markdown", "code", "raw", "heading"])},
    optional={
        "source": st.one_of(st.lists(st.sampled_from(WORDS)), ANYTHING),
        "outputs": st.one_of(st.lists(OUTPUTS, max_size=3), ANYTHING),
        "metadata": ANYTHING,
        "attachments": ANYTHING,
        "level": ANYTHING,
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {"cells": st.lists(st.one_of(CELLS, ANYTHING), max_size=5)}, optional={"metadata": ANYTHING}
)


def holds_together(data: bytes) -> None:
    for html in ("own", "untrusted"):
        post, body = load(data, html=html)
        assert (post, body) == load(data, html=html)
        numbers = [int(number) for number in re.findall(f"{HOLE}(\\d+){HOLE}", body.html)]
        assert all(number < len(post.holes) for number in numbers)
        left = re.sub(f"{HOLE}\\d+{HOLE}", "", body.html)
        assert not re.search("[\x00\x02\x03\x04\x05\x08\x1b]", left)
        named = {hole.data[0] for hole in post.holes if hole.feature == "notebooks"}
        assert named <= FEATURE.unpack(data).keys()


@settings(max_examples=250, deadline=None)
@given(NOTEBOOKS)
def test_any_notebook(value: Any) -> None:
    holds_together(json.dumps(value).encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_any_json(value: Any) -> None:
    holds_together(json.dumps(value).encode("utf-8", "surrogatepass"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 4000), st.binary(max_size=6), st.integers(0, 40))
def test_any_damage(case: Any, place: int, junk: bytes, removed: int) -> None:
    data = case.read_bytes()
    holds_together(data[:place] + junk + data[place + removed :])


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        (b"", (0, 0), "the file is empty"),
        (b'{"cells": [\n  {"a": 1,}\n]}', (2, 11), "a key in double quotes is missing"),
        (b'{"cells": [\n  {"a": 1}\n  {"b": 2}\n]}', (3, 3), "a comma or a closing bracket"),
        (b'{"cells": [{"source": "abc', (1, 23), "in the middle of the notebook|never ends"),
        (b'{"cells": [\n<<<<<<< HEAD\n{"a": 1},\n', (2, 1), "a merge that was not finished"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", (1, 1), "Git LFS"),
        (b"<!DOCTYPE html><html></html>", (1, 1), "a web page"),
        (b"[1, 2]", (1, 0), "no notebook"),
        (b'{"cells": []} x', (1, 15), "behind the end"),
        (b"{" * 100_000, (1, 2), "a key in double quotes"),
        (b'{"cells": ' + b"[" * 200_000, (0, 0), "nested too deeply"),
    ],
)
def test_no_json(data: bytes, place: tuple[int, int], says: str) -> None:
    post, body = load(data)
    (problem,) = post.problems
    assert (problem.rule, problem.severity) == ("notebook-is-json", "error")
    assert re.search(says, problem.message), problem.message
    assert (problem.line, problem.column) == place
    assert problem.hint
    assert not post.readable and not body.html


def test_json_without_cells() -> None:
    (problem,) = load(b'{"metadata": {}}')[0].problems
    assert problem.rule == "notebook-has-cells"


def test_bytes_that_are_no_text() -> None:
    post, _ = load(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    assert [problem.rule for problem in post.problems] == ["file-is-utf-8"]
    assert not post.readable


def test_numbers_that_python_refuses() -> None:
    post, _ = load(b'{"cells": [], "nbformat": ' + b"9" * 9999 + b', "x": NaN, "y": 1e999}')
    assert post.readable


def test_output_of_fifty_megabytes() -> None:
    text = "".join(f"epoch {number}: loss {number / 7:.6f}\n" for number in range(1_700_000))
    assert len(text) > 45_000_000
    data = notebook(markdown("# Log\n\nText.\n"), code("train()", stream(text)))
    started = time.process_time()
    post, body = load(data)
    assert time.process_time() - started < 10
    assert len(body.html) < 100_000
    assert "epoch 0: " in body.html and "epoch 1699999: " in body.html
    (problem,) = post.problems
    assert problem.rule == "output-is-short"
    assert f"{len(text):,} characters" in problem.message


@pytest.mark.parametrize(
    "output",
    [
        stream("x\r" * 3_000_000),
        stream("a\x08" * 3_000_000),
        stream("\x1b[31m" * 2_000_000),
        stream("ab\r" * 100_000 + "x" * 100_000),
        display(text_html="<div>" * 300_000),
        display(text_html="<b>x" * 300_000),
        display(text_html="<table><tr><td>" * 60_000),
        display(text_html="<" * 1_500_000),
        display(text_latex="$" + "{" * 90_000 + "$", text_plain="x"),
        display(text_markdown="> " * 40_000),
        display(text_markdown="[" * 90_000),
        display(image_png="A" * 9_000_000),
        display(image_svg__xml="<svg " + "a " * 2_000_000),
        {"output_type": "error", "traceback": ["\x1b[0;31m-" * 500_000]},
    ],
    ids=lambda output: next(iter(output.get("data", output))),
)
def test_nothing_takes_long(output: dict[str, Any]) -> None:
    started = time.process_time()
    post, body = load(notebook(code("x", output), markdown("After.")))
    assert time.process_time() - started < 8
    assert post.readable and "After." in body.html


def test_pictures_never_stand_in_the_page() -> None:
    large = png(900, 700)
    url = f"data:image/png;base64,{base64.b64encode(large).decode()}"
    _, body = load(
        notebook(
            markdown(
                "# A\n\n![x](attachment:a.png)", attachments={"a.png": {"image/png": url[22:]}}
            ),
            code("x", picture(large), display(text_html=f'<img src="{url}">')),
        )
    )
    assert "base64" not in body.html
    assert body.html.count("<img") == 3


def test_depth_of_html_counts_what_is_open() -> None:
    assert not is_deep("<p>a<br><li><td>" * MAX_DEPTH)
    assert not is_deep("<b>x</b>" * 2 * MAX_DEPTH)
    assert is_deep("<b>" * (MAX_DEPTH + 1))
