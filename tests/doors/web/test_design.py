# SPDX-License-Identifier: Apache-2.0
"""The colours can be told apart by everyone, in light and dark, and no sheet brings its own."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[3] / "src/ortaq/doors/web/static/web"
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2: 1.4.3 contrast of text, 1.4.11 contrast of what one can press

# Every pair that the sheets put on each other: in front, behind, and how much they must differ.
GROUNDS = ("paper", "sheet", "tint")
PAIRS = [
    *[(front, ground, TEXT) for front in ("ink", "soft", "accent", "accent-strong") for ground in GROUNDS],
    *[(front, ground, TEXT) for front in ("grave", "good") for ground in ("paper", "sheet", f"{front}-tint")],
    *[("ink", f"{state}-tint", TEXT) for state in ("good", "caution", "grave")],
    *[("accent", f"{state}-tint", TEXT) for state in ("good", "caution", "grave")],
    ("caution", "caution-tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-grave", "grave", TEXT),
    ("paper", "ink", TEXT),
    ("ink", "mark", TEXT),
    ("accent", "mark", TEXT),
    ("soft", "line", EDGE),  # a button that cannot be pressed
    *[(edge, ground, EDGE) for edge in ("line-strong", "accent", "grave") for ground in ("paper", "sheet")],
    *[(front, "room", TEXT) for front in ("room-ink", "room-soft")],
    *[(front, "room-tint", EDGE) for front in ("room-ink", "room-focus")],
    ("room-off", "room", EDGE),
    ("accent", "land", EDGE),
    ("accent", "water", EDGE),
]


def tokens(*sheets: str) -> dict[str, str]:
    """The colours by name; a later sheet takes precedence."""
    text = "".join((STYLES / sheet).read_text(encoding="utf-8") for sheet in sheets)
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", text))


LIGHT, DARK = tokens("tokens.css"), tokens("tokens.css", "dark.css")


def luminance(colour: str) -> float:
    """The relative luminance of WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_told_apart(scheme: str) -> None:
    colours = {"light": LIGHT, "dark": DARK}[scheme]
    found = [(front, ground, contrast(colours[front], colours[ground]), least) for front, ground, least in PAIRS]
    assert [(front, ground, round(has, 2)) for front, ground, has, least in found if has < least] == []


def test_dark_sheet_sets_every_colour_anew() -> None:
    assert set(tokens("dark.css")) == set(LIGHT)


def test_no_sheet_has_colours_of_its_own() -> None:
    sheets = [path for path in STYLES.glob("*.css") if path.name not in ("tokens.css", "dark.css", "print.css")]
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(sheets)
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"#[0-9a-fA-F]{3,8}\b(?!\s*\{)(?=[^{]*;)|rgba?\(|hsla?\(|oklch\(", line.split("url(")[0])
        and "rgb(0 0 0" not in line  # a shadow
    ]
    assert found == []


def test_every_token_in_use_is_one() -> None:
    known = set(re.findall(r"--([a-z0-9-]+):", (STYLES / "tokens.css").read_text(encoding="utf-8")))
    used = {
        (path.name, name)
        for path in STYLES.glob("*.css")
        for name in re.findall(r"var\(--([a-z0-9-]+)", path.read_text(encoding="utf-8"))
    }
    assert {(sheet, name) for sheet, name in used if name not in known} == set()
