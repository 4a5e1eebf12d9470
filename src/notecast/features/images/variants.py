"""Pillow at work: one picture to WebP files of several widths.

Entry point: `variants_of`. Turned as its EXIF data says, in sRGB, without any
metadata (a photograph may tell where it was taken). A variant that saves
nothing is not kept.
"""

import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from notecast.model import Made

FORMATS = {".png": {"PNG"}, ".jpg": {"JPEG", "MPO"}, ".jpeg": {"JPEG", "MPO"}}
"""What a file of that name should hold. MPO, of some cameras, is JPEG with more behind it."""
WORTH = 0.9
"""Part of the size of the original that a variant has at most."""
LARGEST = 16383
"""Pixels of a side that WebP can hold."""
METHOD = 4
"""Effort of the encoder from 0 to 6; more takes twice as long for one part in fifty."""
COLOURS = 1 << 15
"""With more than these a PNG is a photograph, which is not kept without loss."""


def variants_of(source: Path, suffix: str, widths: Sequence[int], quality: int, into: Path) -> Made:
    """Makes the variants of one picture.

    Args:
        source: The file.
        suffix: What its name ends in, in small letters.
        widths: Wanted widths in pixels, rising.
        quality: From 1 to 100.
        into: Folder for the files `480.webp` and so on.

    Returns:
        The files, with the fact `variants`: names and widths, rising. Nothing for pictures
        that move or have more than eight bits a colour; a fault for a file that cannot be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source) as image:
                if image.format not in FORMATS[suffix]:
                    return Made(fault=_misnamed(suffix, image.format or ""))
                moves = image.format == "PNG" and getattr(image, "is_animated", False)
                if moves or image.mode.startswith(("I", "F")):
                    return Made()
                image.load()
                upright = ImageOps.exif_transpose(image)
                ready = in_srgb(upright)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return Made(
                fault=(
                    "image-is-within-limits",
                    "has more pixels than are decoded, so there are no smaller variants of it",
                    "save it smaller: readers' devices have to decode it too",
                )
            )
        except Exception as error:  # whatever a broken file makes the decoders raise
            return Made(fault=_broken(error))
        made: list[tuple[str, int]] = []
        limit = source.stat().st_size * WORTH
        for width in reversed(_useful(widths, ready.width)):
            data = _encoded(ready, width, quality, drawn=suffix == ".png")
            if data is not None and len(data) <= limit:
                limit = len(data)  # what is narrower and larger is no use
                name = f"{width}.webp"
                (into / name).write_bytes(data)
                made.insert(0, (name, width))
    return Made(tuple(name for name, _ in made), {"variants": made} if made else {})


def _useful(widths: Sequence[int], own: int) -> list[int]:
    """The widths that are worth a file, and the picture's own if it is below the largest."""
    if own > max(widths):
        return list(widths)
    return [*(width for width in widths if width * 1.1 <= own), own]


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture as RGB or RGBA in the colours that browsers assume."""
    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA") if image.mode != "RGBA" else image
        alpha = image.getchannel("A")
        colours = image.convert("RGB")
    else:
        colours = image if image.mode in ("RGB", "CMYK", "L") else image.convert("RGB")
    profile = image.info.get("icc_profile")
    if profile:
        try:
            # What Pillow cannot convert has been read as if it had none: as it is.
            made = ImageCms.profileToProfile(
                colours,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
            colours = made or colours
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    result = colours.convert("RGB")
    if alpha is not None:
        result.putalpha(alpha)
    return result


def _encoded(image: Image.Image, width: int, quality: int, *, drawn: bool) -> bytes | None:
    height = max(1, round(image.height * width / image.width))
    if max(width, height) > LARGEST:
        return None
    small = image
    if width != image.width:
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    lossy = _webp(small, quality=quality)
    if drawn and image.getcolors(COLOURS) is not None:
        # Plots and screenshots: sharp edges, often even smaller without loss.
        exact = _webp(small, quality=75, lossless=True)
        if len(exact) <= len(lossy) * 1.15:
            return exact
    return lossy


def _webp(image: Image.Image, *, quality: int, lossless: bool = False) -> bytes:
    out = BytesIO()
    image.save(
        out,
        "WEBP",
        quality=quality,
        lossless=lossless,
        method=METHOD,
        icc_profile=b"",
        exif=b"",
        xmp=b"",
    )
    return out.getvalue()


def _misnamed(suffix: str, found: str) -> tuple[str, str, str]:
    return (
        "image-name-fits",
        f"holds {found or 'something else'} and not what its name says, "
        "so there are no smaller variants of it",
        f"save it as {suffix[1:].upper()}, or give it the right name",
    )


def _broken(error: Exception) -> tuple[str, str, str]:
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return (
            "image-is-whole",
            "is not an image",
            "open it: a file of Git LFS that was not fetched is a few lines of text",
        )
    said = str(error).strip() or type(error).__name__
    return (
        "image-is-whole",
        f"is damaged ({said}), so there are no smaller variants of it",
        "save it again; the file is published as it is",
    )
