"""R36: bytes that are no UTF-8 are decoded by rule or refused, and never silently garbled."""

import codecs

from ..conftest import SiteFolder

TEXT = "---\ntitle: 标题\n---\n\n汉字 text é\n"
GOOD = {
    "utf8-bom.md": codecs.BOM_UTF8 + TEXT.encode(),
    "utf16-le.md": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf16-be.md": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "cr-only.md": TEXT.replace("\n", "\r").encode(),
    "crlf.md": TEXT.replace("\n", "\r\n").encode(),
    "mixed-ends.md": TEXT.encode().replace(b"\n", b"\r\n", 2).replace(b"\r\n\n", b"\r\n\r"),
    "nul.txt.md": TEXT.replace("text", "te\0xt").encode(),
}
BAD = {
    "gb18030.md": TEXT.encode("gb18030"),
    "latin1.md": "---\ntitle: Titel\n---\n\nGröße café\n".encode("latin-1"),
    "truncated.md": TEXT.encode()[:-3] + b"\xe6\xb1",
    "surrogates.md": b"---\ntitle: T\n---\n\n\xed\xa0\x80 x\n",
    "overlong.md": b"---\ntitle: T\n---\n\n\xc0\xaf x\n",
}


def test_encodings(site: SiteFolder) -> None:
    for name, data in {**GOOD, **BAD}.items():
        site.write(f"notes/{name}", data)
    site.write("notes/empty.md", b"")
    site.write("notes/only-bom.md", codecs.BOM_UTF8)
    result = site.build()
    named = {problem.path: problem for problem in result.problems}
    for name in GOOD:
        page = site.page(f"/notes/{'nul-txt' if 'nul' in name else name.removesuffix('.md')}/")
        assert "汉字 text é" in page and "标题</h1>" in page, name
        assert "�" not in page, name
    for name in BAD:
        # Either nothing is published or the author is told where the bytes are.
        assert f"notes/{name}" in named, name
        problem = named[f"notes/{name}"]
        assert (problem.line or problem.severity == "warning") and problem.hint, name
    for path, data in site.tree().items():
        if path.endswith((".html", ".xml", ".json")):
            data.decode("utf-8")
            assert b"\x00" not in data, path
            assert "Ã©".encode() not in data and "æ±".encode() not in data, path
    assert (site.output / "notes/empty/index.html").is_file()
    assert (site.output / "notes/only-bom/index.html").is_file()
