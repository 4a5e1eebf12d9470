"""Makes the mathematical font while the package is built.

Pages need a font with an OpenType MATH table, or big delimiters stay small. STIX
Two Math (SIL Open Font License 1.1) comes from a package on the index, is cut
down to the signs that formulas use, mended in two places, and put into the
package under another name, as its licence asks of changed versions. The result
is not kept in the repository. A wheel also says what it carries of others, as a
software bill of materials (PEP 770).
"""

import hashlib
import json
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
        if not target.is_file():
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
    _let_tildes_stretch(font, variants)
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


def _let_tildes_stretch(font: Any, variants: Any) -> None:
    """The spacing tilde (U+02DC), which MathML uses, gets the widths of the combining one."""
    names, order = font.getBestCmap(), font.getReverseGlyphMap()
    known = dict(
        zip(variants.HorizGlyphCoverage.glyphs, variants.HorizGlyphConstruction, strict=True)
    )
    known.setdefault(names[0x2DC], known[names[0x303]])
    glyphs = sorted(known, key=order.__getitem__)
    variants.HorizGlyphCoverage.glyphs = glyphs
    variants.HorizGlyphConstruction = [known[glyph] for glyph in glyphs]
    variants.HorizGlyphCount = len(glyphs)
