# SPDX-License-Identifier: Apache-2.0
"""The fonts of the pages, cut from the full fonts of npm: three small files a family, so that a page loads only what it shows.

A file holds all letters that stand beside each other in a word: a font that is split inside an alphabet, as those of font
services are (ə apart from a), loses the spacing of pairs such as "və". `fonts.css` names the files with their ranges.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

Ranges = tuple[tuple[int, int], ...]

# az tr uz tk en in Latin letters, and the signs that every text has; ʻ ʼ ’ are letters or marks of Uzbek.
LATIN = "ÄäÇçƏəĞğİıŇňÖöŞşÜüÝýŽžʻʼ" + "©«®°±²³·»×÷§¶¡¿½" + "‐‑–—‘’‚“”„†•…‰′″‹›€₸₺₼₽№™←→↑↓−≈≤≥"
# ru kk ky, and az uz tk tg as they were or are written in Cyrillic letters.
CYRILLIC = "ЁёЂђЄєІіЇїЎўҐґҒғҖҗҚқҜҝҢңҤҥҮүҰұҲҳҶҷҸҹҺһӘәӢӣӨөӮӯ" + "".join(map(chr, range(0x410, 0x450)))
ASCII: Ranges = ((0x20, 0x7E), (0xA0, 0xA0), (0x2002, 0x200B), (0x202F, 0x202F))  # and the spaces
# Other Latin and Cyrillic letters, marks and signs: names of other languages, transliterations.
MORE: Ranges = (
    (0x80, 0x24F), (0x2B0, 0x36F), (0x400, 0x52F), (0x1C80, 0x1C88), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2000, 0x22FF),
    (0x2C60, 0x2C7F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F), (0xA720, 0xA7FF), (0xFB00, 0xFB06),
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """css: what the sheets call it; axes: what stays of a variable font, a number pins an axis; features: OpenType features kept."""

    css: str
    file: str
    source: str
    licence: str
    axes: dict[str, float | tuple[float, float]]
    features: tuple[str, ...]
    weights: str


# Source is a reserved name, which a changed font may not have; Inter has none.
FAMILIES = (
    Family(
        css="Inter",
        file="inter",
        source="inter-ui/variable/InterVariable.woff2",
        licence="inter-ui/LICENSE.txt",
        axes={"wght": (400, 650), "opsz": 14},
        features=("kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "cv05", "ss03"),
        weights="400 650",
    ),
    Family(
        css="Ortaq Serif",
        file="ortaq-serif",
        source="source-serif/WOFF2/VAR/SourceSerif4Variable-Roman.ttf.woff2",
        licence="source-serif/LICENSE.md",
        axes={"wght": 560, "opsz": 30},
        features=("kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum"),
        weights="100 900",
    ),
)


def write_fonts(modules: Path, folder: Path) -> None:
    """Write the files of every family with their licences, and `fonts.css`."""
    folder.mkdir(parents=True)
    rules = []
    for family in FAMILIES:
        shutil.copy(modules / family.licence, folder / f"{family.file}-LICENSE.txt")
        for part, wanted in parts().items():
            name = f"{family.file}-{part}.woff2"
            write_part(family, modules / family.source, wanted, folder / name)
            rules.append(face(family, name, unicode_range(wanted)))
    (folder / "fonts.css").write_text("\n\n".join(rules) + "\n", encoding="utf-8")


def parts() -> dict[str, set[int]]:
    """The characters of each file. The rarest first: of two faces that have a letter, browsers take the one named last."""
    cyrillic = set(map(ord, CYRILLIC))
    latin = set(map(ord, LATIN)) | spread(ASCII)
    return {"more": spread(MORE) - cyrillic - latin, "cyrillic": cyrillic, "latin": latin}


def spread(ranges: Ranges) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def write_part(family: Family, source: Path, wanted: Iterable[int], target: Path) -> None:
    """Cut *wanted* out of the font, pin its axes, and call it what the sheets call it."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options(
        layout_features=list(family.features), hinting=False, name_IDs=[1, 2, 3, 4, 6], notdef_outline=True
    )
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, family.axes)
    for record in font["name"].names:
        record.string = "Regular" if record.nameID == 2 else family.css
    font.flavor = "woff2"
    font.save(target)


def unicode_range(codes: set[int]) -> str:
    """The codes as CSS writes them: `U+20-7E,U+A0`."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def face(family: Family, file: str, codes: str) -> str:
    return re.sub(
        r"\n +",
        "\n  ",
        f"""@font-face {{
        font-family: '{family.css}';
        font-style: normal;
        font-display: swap;
        font-weight: {family.weights};
        src: url('{file}') format('woff2');
        unicode-range: {codes};
}}""",
    )
