"""Smaller variants of pictures, made with Pillow: which there are, what is in them, when."""

import re
import shutil
import subprocess
import sys
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from notecast.builder import make
from notecast.features.images import SMALL

from ..conftest import SiteFolder, age


def photograph(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture of many colours, the same every time."""
    columns = bytes((x * 7 + y * 13 + (x * y) % 31) % 256 for y in range(64) for x in range(64))
    tile = Image.frombytes("L", (64, 64), columns).resize((width, height), Image.Resampling.BICUBIC)
    image = Image.merge("RGB", (tile, tile.transpose(Image.Transpose.ROTATE_180), tile))
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize((width, height)))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 1700, height: int = 425, **options: Any) -> bytes:
    return saved(photograph(width, height), "JPEG", quality=95, **options)


def variants(site: SiteFolder, address: str = "/notes/a/") -> dict[int, Image.Image]:
    """The variants that a page names, by width; all of them exist."""
    found = re.findall(r'<source type="image/webp" srcset="([^"]*)"', site.page(address))
    images = {}
    for entry in [entry for srcset in found for entry in srcset.split(", ")]:
        url, _, width = entry.partition(" ")
        image = Image.open(BytesIO(site.tree()[url.lstrip("/")]))
        assert image.format == "WEBP"
        assert f"{image.width}w" == width
        images[image.width] = image
    return images


def made(site: SiteFolder) -> list[str]:
    return [path for path in site.tree() if path.startswith("static/images/")]


def test_large_pictures_have_smaller_variants(site: SiteFolder) -> None:
    original = jpeg()
    site.write("notes/photo.jpg", original)
    site.note("a.md", "![A photo](photo.jpg)\n", title="A")
    assert site.build().problems == []
    found = variants(site)
    assert sorted(found) == [480, 800, 1200, 1600]
    assert [found[width].height for width in sorted(found)] == [120, 200, 300, 400]
    sizes = [(site.output / path).stat().st_size for path in made(site)]
    assert max(sizes) < len(original)
    page = site.page("/notes/a/")
    assert 'sizes="(min-width: 700px) 650px, 100vw"><img src="/notes/photo.jpg"' in page
    assert 'width="1700" height="425" loading="lazy"' in page
    assert "<figcaption>A photo</figcaption>" in page
    assert site.tree()["notes/photo.jpg"] == original


def test_the_widest_variant_is_as_wide_as_the_picture(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg(850, 500))
    site.note("a.md", "![[photo.jpg]] ![x](photo.jpg)\n", title="A")
    site.build()
    # 800 is so near that it saves nothing.
    assert sorted(variants(site)) == [480, 850]
    assert len(made(site)) == 2


def test_a_width_of_the_author_is_what_browsers_choose_by(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x|300](photo.jpg)\n\n![[photo.jpg|200]]\n", title="A")
    site.build()
    found = re.findall(r'sizes="([^"]*)"', site.page("/notes/a/"))
    assert found == ["(max-width: 300px) 100vw, 300px", "(max-width: 200px) 100vw, 200px"]


def test_small_moving_and_other_pictures_are_left_alone(site: SiteFolder) -> None:
    frames = [photograph(900, 700).rotate(turn) for turn in (0, 90)]
    files = {
        "small.png": saved(Image.new("RGB", (2000, 2000), "white"), "PNG"),
        "moving.gif": saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "moving.png": saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
        "deep.png": saved(photograph(900, 700).convert("L").convert("I;16"), "PNG"),
        "drawn.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">%s</svg>'
        % (b"<!-- x -->" * 5000),
        "unused.png": saved(photograph(900, 700), "PNG"),
    }
    for name, data in files.items():
        site.write(f"notes/{name}", data)
    text = "".join(f"![x]({name})\n\n" for name in files if name != "unused.png")
    site.note("a.md", text + "[a link](unused.png)\n", title="A")
    assert len(files["small.png"]) <= SMALL < len(files["moving.png"])
    assert site.build().problems == []
    assert "<picture>" not in site.page("/notes/a/")
    assert made(site) == []


def test_variants_that_save_nothing_are_not_made(site: SiteFolder) -> None:
    tight = saved(photograph(1500, 900), "JPEG", quality=5)
    site.write("notes/photo.jpg", tight)
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build()
    assert all(len(site.tree()[path]) < len(tight) for path in made(site))
    assert 1500 not in variants(site)


def test_pictures_stand_as_their_camera_was_held(site: SiteFolder) -> None:
    upright = Image.new("RGB", (600, 1000), "blue")
    upright.paste(photograph(600, 900), (0, 100))
    upright.paste("red", (0, 0, 600, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned to the left
    exif[0x010F] = "SECRET CAMERA"
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    site.write("notes/photo.jpg", saved(lying, "JPEG", quality=95, exif=exif))
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build()
    found = variants(site)
    assert sorted(found) == [480, 600]
    red, green, blue = found[480].convert("RGB").getpixel((240, 20))  # type: ignore[misc]
    assert red > 200 and green < 60 and blue < 60
    assert 'width="600" height="1000"' in site.page("/notes/a/")
    assert not any(b"SECRET" in site.tree()[path] for path in made(site))


def test_transparency_is_kept(site: SiteFolder) -> None:
    site.write("notes/rgba.png", saved(photograph(1000, 600, "RGBA"), "PNG"))
    palette = photograph(1000, 600).quantize(64)
    palette.info["transparency"] = 3
    site.write("notes/palette.png", saved(palette, "PNG"))
    site.note("a.md", "![x](rgba.png)\n", title="A")
    site.note("b.md", "![x](palette.png)\n", title="B")
    site.build()
    for address in ("/notes/a/", "/notes/b/"):
        image = variants(site, address)[480]
        low, high = image.convert("RGBA").getchannel("A").getextrema()
        assert low < 10 and high > 245, address  # type: ignore[operator]


def test_drawings_are_kept_without_loss(site: SiteFolder) -> None:
    plot = Image.new("RGB", (1200, 900), "white")
    draw = ImageDraw.Draw(plot)
    for number in range(600):
        draw.line(
            (number * 7 % 1200, number * 13 % 900, number * 31 % 1200, number * 17 % 900),
            fill=(number % 5 * 60, 0, 90),
        )
    site.write("notes/plot.png", saved(plot, "PNG"))
    site.note("a.md", "![x](plot.png)\n", title="A")
    site.build()
    assert variants(site)[1200].convert("RGB").tobytes() == plot.tobytes()


def test_other_colours_become_those_of_browsers(site: SiteFolder) -> None:
    # A profile in which red and blue are each other's.
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {
        bytes(swapped[at : at + 4]): at
        for at in range(132, 132 + 12 * int.from_bytes(swapped[128:132], "big"), 12)
    }
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    swapped[red + 4 : red + 8], swapped[blue + 4 : blue + 8] = (
        swapped[blue + 4 : blue + 8],
        swapped[red + 4 : red + 8],
    )
    image = photograph(1000, 600)
    image.paste("red", (0, 0, 1000, 300))
    site.write("notes/x.png", saved(image, "PNG", icc_profile=bytes(swapped)))
    cmyk = Image.new("CMYK", (1000, 600), (0, 255, 255, 0))
    cmyk.paste(photograph(1000, 300).convert("CMYK"), (0, 300))
    site.write("notes/y.jpg", saved(cmyk, "JPEG", quality=95))
    site.note("a.md", "![x](x.png)\n", title="A")
    site.note("b.md", "![x](y.jpg)\n", title="B")
    assert site.build().problems == []
    first, second = variants(site)[480], variants(site, "/notes/b/")[480]
    r, g, b = first.convert("RGB").getpixel((200, 50))  # type: ignore[misc]
    assert b > 230 and r < 60 and g < 60
    r, g, b = second.convert("RGB").getpixel((200, 50))  # type: ignore[misc]
    assert r > 200 and g < 60 and b < 60
    assert "icc_profile" not in first.info


def bomb() -> bytes:
    """A PNG file that says it has forty thousand pixels each way."""
    data = bytearray(saved(photograph(400, 300), "PNG"))
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


BROKEN: dict[str, tuple[str, bytes, str, str]] = {
    "cut off": ("a.jpg", jpeg()[:40_000], "image-is-whole", "is damaged ("),
    "cut off within PNG": (
        "a.png",
        saved(photograph(900, 700), "PNG")[:80_000],
        "image-is-whole",
        "is damaged (",
    ),
    "text": (
        "a.png",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "image-is-whole",
        "is not an image",
    ),
    "empty": ("a.png", b"", "image-is-whole", "is not an image"),
    "another format": ("a.png", jpeg(), "image-name-fits", "holds JPEG and not what its name"),
    "WebP": (
        "a.jpg",
        saved(photograph(1500, 900), "WEBP", lossless=True),
        "image-name-fits",
        "holds WEBP",
    ),
    "too large": ("a.png", bomb(), "image-is-within-limits", "has more pixels than are decoded"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_pictures_are_told_and_published(site: SiteFolder, case: str) -> None:
    name, data, rule, said = BROKEN[case]
    site.write(f"notes/{name}", data)
    site.write("notes/good.jpg", jpeg())
    site.note("a.md", f"Text.\n\nSee ![x]({name}) here.\n\n![x]({name})\n", title="A")
    site.note("b.md", f"![x](good.jpg)\n\n![x]({name})\n", title="B")
    site.build()
    (problem,) = site.problems
    assert (problem.rule, problem.severity) == (rule, "warning")
    assert str(problem).startswith("notes/a.md:7:")
    assert f'the picture "{name}" {said}' in problem.message
    assert "<picture>" not in site.page("/notes/a/")
    assert site.tree()[f"notes/{name}"] == data
    assert len(variants(site, "/notes/b/")) == 4
    # Told again by a build that has nothing to do, and by one that reads the note anew.
    site.build()
    assert site.rules() == [rule]
    site.note("b.md", f"More.\n\n![x]({name})\n", title="B")
    site.build()
    assert site.rules() == [rule]


def test_an_unchanged_build_opens_no_picture(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    monkeypatch.setattr(make, "is_settled", lambda state, now: True)  # as after two seconds
    site.build()
    before = site.tree()

    def refuse(*_: Any) -> Any:
        raise AssertionError("nothing is to be made")

    monkeypatch.setattr(make, "make_chunk", refuse)
    assert site.build().written == 0
    # An edit of the text makes no picture again, and does not even read it.
    monkeypatch.setattr(make, "digest_bytes", refuse)
    site.note("a.md", "More.\n\n![x](photo.jpg)\n", title="A")
    site.build()
    assert {path: site.tree()[path] for path in made(site)} == {
        path: before[path] for path in made(site)
    }
    assert len(made(site)) == 4


def test_a_clean_build_is_the_same(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.write("notes/plot.png", saved(photograph(900, 600, "RGBA"), "PNG"))
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build()
    site.note("a.md", "![x](photo.jpg)\n\n![y](plot.png)\n", title="A")
    site.build()
    grown = site.tree()
    for path in (site.root / ".notecast", site.output):
        shutil.rmtree(path)
    site.build(jobs=2)
    assert site.tree() == grown
    site.build(use_cache=False)
    assert site.tree() == grown


def test_variants_lost_from_the_cache_are_made_again(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build()
    before = site.tree()
    folder = next((site.root / ".notecast" / "made").iterdir())
    (folder / "480.webp").unlink()
    (site.output / made(site)[0]).unlink()
    site.build()
    assert site.tree() == before


def test_variants_go_with_their_picture(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build()
    first = made(site)
    assert {path.parent.name for path in (site.root / ".notecast/made").rglob("*.webp")}
    site.write("notes/photo.jpg", jpeg(1700, 900))
    site.build()
    second = made(site)
    assert second and not set(first) & set(second)
    owned = (site.output / ".notecast-files").read_text(encoding="utf-8").split("\n")
    assert set(second) <= set(owned) and not set(first) & set(owned)
    site.note("a.md", "Text.\n", title="A")
    site.build()
    assert made(site) == []
    assert list((site.root / ".notecast" / "made").iterdir()) == []


def test_off_and_other_options(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    site.build(config={"images.widths": [300, 640], "images.quality": 40})
    assert sorted(variants(site)) == [300, 640]
    small = sum(len(site.tree()[path]) for path in made(site))
    site.build(config={"images.widths": [300, 640], "images.quality": 90})
    assert sum(len(site.tree()[path]) for path in made(site)) > small * 1.3
    site.build(config={"images": "off"})
    assert made(site) == []
    assert "<picture>" not in site.page("/notes/a/")


def test_feeds_name_variants_by_whole_addresses(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A", date="2025-01-01")
    site.build(config={"base_url": "https://example.org/sub"})
    addresses = re.findall(r'srcset="([^"]*)"', site.page("/notes/a/"))[0].split(", ")
    assert all(entry.startswith("/sub/static/images/") for entry in addresses)
    feed = (site.output / "feed.json").read_text(encoding="utf-8")
    assert "https://example.org/sub/static/images/" in feed
    assert not re.search(r'[", ]/sub/static/images', feed)


WITHOUT = """
import sys
class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "PIL":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hide())
import importlib.util as util
find = util.find_spec
util.find_spec = lambda name, package=None: None if name == "PIL" else find(name, package)
from notecast.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(("choice", "told"), [("auto", 0), ("on", 1)])
def test_without_pillow_pictures_are_published_as_they_are(
    site: SiteFolder, choice: str, told: int
) -> None:
    site.write("site.yaml", f"title: T\nimages: {choice}\n")
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "build", str(site.root), "--no-search", "--jobs", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("image-variants-can-be-made") == told
    assert "<picture>" not in site.page("/notes/a/")
    assert (site.output / "notes" / "photo.jpg").is_file()
    # With Pillow again the same site has them.
    site.build()
    assert len(made(site)) == 4


def test_an_unchanged_build_does_not_load_pillow(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "![x](photo.jpg)\n", title="A")
    age(site.root)
    program = (
        "import sys; from notecast.__main__ import main; main(); "
        "print('PIL' in sys.modules, file=sys.stderr)"
    )
    loaded = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program, "build", str(site.root), "--no-search", "--jobs", "1"],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded.append(done.stderr.split()[-1])
    assert loaded == ["True", "False"]
    assert len(made(site)) == 4


def test_links_around_a_picture_lead_to_the_original(site: SiteFolder) -> None:
    site.write("notes/photo.jpg", jpeg())
    site.note("a.md", "[![x](photo.jpg)](photo.jpg)\n", title="A")
    site.build()
    page = site.page("/notes/a/")
    assert '<a href="/notes/photo.jpg"><picture>' in page
    assert site.tree()["notes/photo.jpg"] == jpeg()
