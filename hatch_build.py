"""Makes the mathematical font while the package is built.

Pages need a font with an OpenType MATH table, or big delimiters stay small. STIX
Two Math (SIL Open Font License 1.1) comes from a package on the index, is cut
down to the signs that formulas use, mended where browsers need it, and put into the
package under another name, as its licence asks of changed versions. The result
is not kept in the repository. A wheel also says what it carries of others, as a
software bill of materials (PEP 770).
"""

import hashlib
import json
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TARGET = Path("src/notecast/_data/fonts/notecast-math.woff2")
BILL = Path("src/notecast/_data/notecast.cdx.json")
FAMILY = "Notecast Math"
# Latin, Greek, accents, punctuation, operators, arrows and mathematical alphabets.
UNICODES = (
    "20-7E,A0-FF,131,237,2C6-2DD,300-338,391-3F6,2010-2037,203E-2057,2061-2064,20D0-20DC,20E1,"
    "2102-2138,2190-21FF,2200-22FF,2308-230B,231C-231F,23B4-23B5,23DC-23E1,25A0-25CF,27C2,"
    "27E6-27EF,27F5-27FF,2A00-2A06,2A3F,2A7D-2A7E,2AAF-2AB0,2AEB,FE00-FE01,1D400-1D467,"
    "1D49C-1D537,1D538-1D56B,1D6A4-1D6E1,1D6E2-1D71B,1D7CE-1D7E1"
)


class MathFont(BuildHookInterface):  # type: ignore[misc]
    """Runs before wheels and editable installs are made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        target = Path(self.root) / TARGET
        # Made anew when this file has changed since.
        made = target.stat().st_mtime if target.is_file() else 0.0
        if made < Path(__file__).stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            with as_file(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf") as source:
                make_font(source, target)
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][str(target)] = "notecast/_data/fonts/notecast-math.woff2"
            bill = Path(self.root) / BILL
            bill.write_text(bill_of_materials(target, self.metadata.version), encoding="utf-8")
            build_data["sbom_files"].append(str(BILL))


def make_font(source: Path, target: Path) -> None:
    """Writes the subset as WOFF2; the same bytes for the same font and tools."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source, recalcTimestamp=False)
    variants = font["MATH"].table.MathVariants
    _let_arrows_stretch(variants)
    _let_accents_stretch(font, variants)
    _let_accents_be_wide(font, variants)
    _let_lines_be_short(font, variants)
    _keep_widths_close(font, variants)
    _mark_bearings(font, variants)
    _lower_primes(font)
    _raise_accents(font)
    options = subset.Options()
    options.layout_features = ["ssty"]
    options.flavor = "woff2"
    options.hinting = False
    options.notdef_outline = True
    # Copyright, licence and its address stay in the font, as the licence asks.
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(UNICODES))
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 4}:
            record.string = FAMILY
        elif record.nameID == 6:
            record.string = FAMILY.replace(" ", "")
    subset.save_font(font, str(target), options)


def bill_of_materials(font: Path, version: str) -> str:
    """What the wheel carries beside our own code, in the form of CycloneDX 1.6; no dates in it.

    What it needs from elsewhere is in the metadata of the wheel (`Requires-Dist`).
    """
    from fontTools.ttLib import TTFont

    data = font.read_bytes()
    licence = [{"license": {"id": "OFL-1.1"}}]
    made = TTFont(font)
    original = {
        "type": "file",
        "name": "STIX Two Math",
        "version": f"{made['head'].fontRevision:.3f}",
        "copyright": made["name"].getDebugName(0),
        "licenses": licence,
        "externalReferences": [{"type": "website", "url": "https://www.stixfonts.org/"}],
    }
    carried = {
        "type": "file",
        "bom-ref": "notecast-math",
        "name": font.name,
        "description": f"{FAMILY}, a subset of STIX Two Math under another name",
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(data).hexdigest()}],
        "licenses": licence,
        "pedigree": {"ancestors": [original]},
    }
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "notecast",
                "name": "notecast",
                "version": version,
                "purl": f"pkg:pypi/notecast@{version}",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [carried],
        "dependencies": [{"ref": "notecast", "dependsOn": ["notecast-math"]}],
    }
    return json.dumps(whole, indent=2) + "\n"


def _let_arrows_stretch(variants: Any) -> None:
    """Ends of arrows overlap by nothing in the original: browsers then never extend them."""
    need = variants.MinConnectorOverlap
    for construction in variants.HorizGlyphConstruction:
        parts = construction.GlyphAssembly.PartRecords if construction.GlyphAssembly else []
        for place, part in enumerate(parts):
            extends = bool(part.PartFlags & 1)
            if (place > 0 or extends) and part.StartConnectorLength < need:
                part.StartConnectorLength = min(2 * need, part.FullAdvance // 2)
            if (place < len(parts) - 1 or extends) and part.EndConnectorLength < need:
                part.EndConnectorLength = min(2 * need, part.FullAdvance // 2)


def _let_accents_stretch(font: Any, variants: Any) -> None:
    """Spacing hat and tilde, which MathML uses, get the widths of the combining ones."""
    names, order = font.getBestCmap(), font.getReverseGlyphMap()
    known = dict(
        zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True)
    )
    known.setdefault(names[0x2DC], known[names[0x303]])
    known.setdefault(names[0x2C6], known[names[0x302]])
    glyphs = sorted(known, key=order.__getitem__)
    variants.HorizGlyphCoverage.glyphs = glyphs
    variants.HorizGlyphConstruction = [known[glyph] for glyph in glyphs]
    variants.HorizGlyphCount = len(glyphs)


STEP = 1.12
WIDEST = 9_000


def _let_accents_be_wide(font: Any, variants: Any) -> None:
    """Wide hats and tildes come in fine steps up to 9 em; in the original in five up to 2.4."""
    names = font.getBestCmap()
    for name in (names[0x302], names[0x303]):
        index = variants.HorizGlyphCoverage.glyphs.index(name)
        # Combining and spacing accents share one.
        construction = variants.HorizGlyphConstruction[index]
        known = [
            (record.VariantGlyph, record.AdvanceMeasurement)
            for record in construction.MathGlyphVariantRecord
        ]
        records = [_variant(*known[0]), _variant(*known[1])]
        width = float(known[1][1])
        while (width := width * STEP) < WIDEST:
            source, own = next((one for one in known if one[1] >= width), known[-1])
            glyph = f"{name}.w{round(width)}"
            font.setGlyphOrder([*font.getGlyphOrder(), glyph])
            _draw(font, glyph, source, width / own, round(width))
            records.append(_variant(glyph, round(width)))
        construction.MathGlyphVariantRecord = records
        construction.VariantCount = len(records)


def _variant(glyph: str, advance: int) -> Any:
    from fontTools.ttLib.tables.otTables import MathGlyphVariantRecord

    record = MathGlyphVariantRecord()
    record.VariantGlyph, record.AdvanceMeasurement = glyph, advance
    return record


LINE = 0x203E
"""What \\overline and \\underline are made of."""
WIDTHS = (100, 200, 300, 400, 512)


def _let_lines_be_short(font: Any, variants: Any) -> None:
    """A line above or below may be as narrow as an i; in the original it has half an em."""
    name = font.getBestCmap()[LINE]
    index = variants.HorizGlyphCoverage.glyphs.index(name)
    construction = variants.HorizGlyphConstruction[index]
    advance, _ = font["hmtx"][name]
    glyphs = [name, *(f"{name}.w{width}" for width in WIDTHS[1:])]
    font.setGlyphOrder([*font.getGlyphOrder(), *glyphs[1:]])
    records = []
    # The shortest takes the name of the original, from which the others are drawn.
    for glyph, width in reversed(list(zip(glyphs, WIDTHS, strict=True))):
        # Room on both sides of the line: browsers put ink on ink.
        line = font["glyf"][name]
        bottom, top = line.yMin - ROOM, line.yMax + ROOM - 1
        # WebKit gives what it stretches all the room down to the baseline, so that stands on it.
        drop = 0 if glyph == name else bottom
        ends = ((0, bottom - drop), (0, top - drop))
        _draw(font, glyph, name, width / advance, width, drop=drop, specks=ends)
        records.insert(0, _variant(glyph, width))
    construction.MathGlyphVariantRecord = records
    construction.VariantCount = len(records)
    for part in construction.GlyphAssembly.PartRecords:
        part.glyph, part.FullAdvance = glyphs[-1], WIDTHS[-1]


RADICAL = "uni221A"
CLOSE = 70
"""How much wider than the smallest one a larger form of a sign may be, in 1/1000 em."""


def _keep_widths_close(font: Any, variants: Any) -> None:
    """Draws the larger forms of brackets and roots as narrow as the small ones.

    Chromium gives a stretched sign the room of the widest of all its forms (MathML
    Core, "preferred inline size of a glyph stretched along the block axis"): behind
    every short root there would be a gap of 0.4 em.
    """
    done: set[str] = set()
    for base, construction in zip(
        variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True
    ):
        if base.startswith(("integral", "uni222", "uni2A0")):
            continue
        most: int = font["hmtx"][base][0] + (0 if base == RADICAL else CLOSE)
        assembly = construction.GlyphAssembly
        for name in [
            *(record.VariantGlyph for record in construction.MathGlyphVariantRecord),
            *(part.glyph for part in (assembly.PartRecords if assembly else ())),
        ]:
            advance = font["hmtx"][name][0]
            if advance > most and name not in done:
                done.add(name)
                _draw(font, name, name, most / advance, most)


def _mark_bearings(font: Any, variants: Any) -> None:
    """Lets pieces of tall signs be as wide as their advance, by two specks too small to see.

    Chromium takes what is inked for the width of a sign made of pieces, so that a
    bar would stand on the letter that follows.
    """
    done: set[str] = set()
    for construction in variants.VertGlyphConstruction:
        for part in construction.GlyphAssembly.PartRecords if construction.GlyphAssembly else ():
            advance = font["hmtx"][part.glyph][0]
            if part.glyph not in done:
                done.add(part.glyph)
                bottom = font["glyf"][part.glyph].yMin
                ends = ((0, bottom), (advance - 1, bottom))
                _draw(font, part.glyph, part.glyph, 1.0, advance, specks=ends)


PRIMES = (0x2032, 0x2033, 0x2034, 0x2057)


def _lower_primes(font: Any) -> None:
    """Primes stand in a superscript, which raises them; in the original they are high already."""
    names = font.getBestCmap()
    for name in (names[code] for code in PRIMES if code in names):
        advance, _ = font["hmtx"][name]
        _draw(font, name, name, 1.3, round(1.3 * advance), height=1.5, drop=font["glyf"][name].yMin)


ACCENTS = (0x2C6, 0x2C7, 0x2D8, 0x2D9, 0x2DA, 0x2DC, 0xA8, 0xAF, 0xB4, 0x2CA, 0x2CB)
ROOM = 50


def _raise_accents(font: Any) -> None:
    """Keeps accents off their letters: browsers put ink on ink, so a speck lies below."""
    names = font.getBestCmap()
    for name in (names[code] for code in ACCENTS if code in names):
        advance, _ = font["hmtx"][name]
        bottom = font["glyf"][name].yMin - ROOM
        _draw(font, name, name, 1.0, advance, specks=((advance // 2, bottom),))


def _draw(
    font: Any,
    target: str,
    source: str,
    scale: float,
    advance: int,
    *,
    height: float = 1.0,
    drop: int = 0,
    specks: Iterable[tuple[int, int]] = (),
) -> None:
    """Draws a glyph anew, `scale` times as wide and `height` times as high, lowered by `drop`.

    `specks` are squares of a thousandth of an em, which stretch what counts as its ink.
    """
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    recorded = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[source].draw(recorded)
    pen = TTGlyphPen(None)
    recorded.replay(TransformPen(pen, (scale, 0, 0, height, 0, -drop * height)))
    for x, y in specks:
        corners = ((x, y), (x, y + 1), (x + 1, y + 1), (x + 1, y))
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    glyph = pen.glyph()
    font["glyf"][target] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][target] = (advance, glyph.xMin if glyph.numberOfContours else 0)
