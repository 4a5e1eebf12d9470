"""Bytes of a note to text: encodings by rule, line ends, and what may not stand in a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notecast.loader.decode import decode

CHINESE = "# 扩散模型\n\n我们从一个简单的分布出发，逐步加入噪声，得到高斯分布。DDPM 如此。\n"


def said(data: bytes) -> list[str]:
    return [str(problem) for problem in decode(data, "n.md")[1]]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain", "plain"),
        (CHINESE.encode(), CHINESE),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        (b"a\r\nb\rc\nd\r\n", "a\nb\nc\nd\n"),
        (b"a\r\rb", "a\n\nb"),
        ("no\u00a0break\u2028\ufeffinside 😀".encode(), "no\u00a0break\u2028\ufeffinside 😀"),
        (b"tab\tstays", "tab\tstays"),
    ],
)
def test_clean_files_cause_no_word(data: bytes, text: str) -> None:
    assert decode(data, "n.md") == (text, [])


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32"),
        ("utf-32-be", b"\x00\x00\xfe\xff", "UTF-32"),
        ("gb18030", b"", "GB18030"),
    ],
)
def test_other_encodings_are_read_and_named(codec: str, mark: bytes, name: str) -> None:
    text, problems = decode(mark + CHINESE.replace("\n", "\r\n").encode(codec), "n.md")
    assert text == CHINESE
    assert [str(problem) for problem in problems] == [
        f"n.md: warning: the file is in {name}; it was read as such [file-is-utf-8]\n"
        "    hint: save the file as UTF-8"
    ]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ("Café, déjà vu.\n".encode("latin-1"), 1, "byte 3 (0xE9) is not UTF-8"),
        ("Ligne\nnaïve àéîöü\n".encode("latin-1"), 2, "byte 8 (0xEF) is not UTF-8"),
        ("扩散模型\n".encode()[:-2], 1, "byte 9 (0xE5) is not UTF-8"),
        ("擴散模型與機率".encode("big5"), 1, "byte 0 (0xC2) is not UTF-8"),
        (b"\xef\xbb\xbfmark\xff", 1, "byte 7 (0xFF) is not UTF-8"),
        (b"good\n\xff\xff", 2, "byte 5 (0xFF) is not UTF-8"),
        ("no mark".encode("utf-16-le"), 1, "byte 1 is NUL: the file is UTF-16 without a byte"),
        (b"\xff\xfea\x00b", 1, "byte 4 is not valid UTF-16"),
    ],
)
def test_what_no_rule_reads_is_refused_with_its_byte(data: bytes, line: int, message: str) -> None:
    text, problems = decode(data, "n.md")
    assert text == ""
    assert [(p.severity, p.line, p.rule) for p in problems] == [("error", line, "file-is-utf-8")]
    assert problems[0].message.startswith(message)


def test_control_characters_are_dropped_with_one_warning() -> None:
    text, _ = decode(b"a\x08b\nc\x00d\x0c\x1b\x7f\xc2\x85e\xef\xbf\xbf", "n.md")
    assert text == "ab\ncde"
    assert said(b"$\x08eta$\n\n$\x07lpha$") == [
        "n.md:1:2: warning: 2 control characters were dropped (U+0008 at 1:2, U+0007 at 3:2) "
        "[text-has-no-control-characters]\n    hint: delete them; if a script read \\a, \\b or \\f "
        "as an escape, write it again"
    ]
    assert "… " not in said(b"\x01" * 5)[0]
    assert said(b"\x01" * 6)[0].count("U+0001") == 5


def test_surrogates_join_or_are_replaced() -> None:
    pair = "\ud83d\ude00".encode("utf-8", "surrogatepass")
    assert decode(b"a" + pair, "n.md") == ("a😀", [])
    text, problems = decode(b"a\xed\xa0\x80b", "n.md")
    assert text == "a\ufffdb"
    assert problems[0].message == "1 lone surrogate was replaced (U+D800 at 1:2)"


def test_the_hint_is_about_what_happened() -> None:
    assert "half of it" in said(b"a\xed\xa0\x80b")[0]


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    text, problems = decode(data, "n.md")
    text.encode()
    assert not any(char < " " and char not in "\t\n" for char in text)
    if text != data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n"):
        assert problems or data.startswith(b"\xef\xbb\xbf")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_utf_8_is_itself(text: str) -> None:
    read, problems = decode(text.encode(), "n.md")
    if not problems and "\r" not in text and not text.startswith("\ufeff"):
        assert read == text
