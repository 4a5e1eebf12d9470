"""Ordinary links over a whole site: addresses from the root, anchors of other programs."""

import pytest

from ..conftest import PNG, SiteFolder


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("blog/source/images/a b.png", "/images/a%20b.png"),
        ("blog/static/img/x.png", "/img/x.png"),
        ("images/x.png", "/images/x.png"),
    ],
)
def test_a_picture_named_from_the_root_of_another_site(
    site: SiteFolder, file: str, written: str
) -> None:
    site.write(f"notes/{file}", PNG)
    site.note("blog/source/_posts/a.md", f"![x]({written})\n", title="A")
    assert site.build().problems == []
    address = f"/notes/{file}".replace(" ", "%20")
    assert f'src="{address}"' in site.page("/notes/blog/source/_posts/a/")


def test_an_address_of_a_page_is_not_looked_for_in_folders(site: SiteFolder) -> None:
    site.note("blog/archive/README.md", title="Old")
    site.note("blog/a.md", "[all](/archive/)\n", title="A")
    assert site.build().problems == []
    assert 'href="/archive/">all' in site.page("/notes/blog/a/")


def test_anchors_of_pages_copied_from_github(site: SiteFolder) -> None:
    site.note("a.md", '[s](#one)\n\n<a id="user-content-one"></a>\nText\n', title="A")
    assert site.build().problems == []
    assert 'href="#user-content-one"' in site.page("/notes/a/")


@pytest.mark.parametrize(
    "written", ["![x](x.png)", "![x](./x.png)", "{% asset_img x.png %}", '<img src="x.png">']
)
def test_a_picture_in_the_folder_that_has_the_name_of_its_note(
    site: SiteFolder, written: str
) -> None:
    site.write("notes/_posts/java/001-rest/x.png", PNG)
    site.note("_posts/java/001-rest.md", f"{written}\n", title="A")
    # What lies beside the note comes first, and what has the same name elsewhere is not meant.
    site.write("notes/_posts/java/002-b/y.png", PNG)
    site.write("notes/_posts/java/y.png", PNG)
    site.note("_posts/java/002-b.md", "![y](y.png)\n", title="B")
    assert site.build().problems == []
    assert 'src="/notes/_posts/java/001-rest/x.png"' in site.page("/notes/_posts/java/001-rest/")
    assert 'src="/notes/_posts/java/y.png"' in site.page("/notes/_posts/java/002-b/")


@pytest.mark.parametrize(
    ("fragment", "anchor"),
    [("_2", "安装"), ("_3", "使用"), ("v2ray", "使用-v2ray-代理"), ("v2ray_1", "关闭-v2ray")],
)
def test_anchors_of_mkdocs_in_chinese_notes(site: SiteFolder, fragment: str, anchor: str) -> None:
    text = "# 笔记\n\n## 安装\n\n## 使用\n\n## 使用 V2Ray 代理\n\n## 关闭 V2Ray\n"
    site.write("notes/a.md", text)
    site.note("b.md", f"[x](a.md#{fragment}) [y](a.md#_9)\n", title="B")
    site.build()
    assert site.rules() == ["link-anchor-exists"]
    assert f'href="/notes/a/#{anchor}"' in site.page("/notes/b/")
