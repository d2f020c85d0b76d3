# SPDX-License-Identifier: Apache-2.0
"""What an address of the IIIF Image API 3.0 asks for, in whole pixels: plain arithmetic. https://iiif.io/api/image/3.0/

Region, then size, then rotation, then quality, then format. What cannot be is refused with a code and a sentence.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ortaq.files.images.errors import (
    FormatUnknown,
    QualityUnknown,
    RegionEmpty,
    RegionMalformed,
    RotationMalformed,
    SizeBeyondLimits,
    SizeEnlarges,
    SizeMalformed,
)

MOST_SIDE: Final = 8_192  # what a drawing may measure; viewers ask for tiles, people for prints on A3
MOST_AREA: Final = 4_096 * 4_096
QUALITIES: Final = ("default", "color", "gray", "bitonal")
MEDIA_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}

_WHOLE = r"[0-9]{1,9}"
_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,12})?|\.[0-9]{1,12})"
_PIXELS = re.compile(rf"({_WHOLE}),({_WHOLE}),({_WHOLE}),({_WHOLE})\Z")
_SHARES = re.compile(rf"pct:({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})\Z")
_SIZE = re.compile(
    rf"(?P<up>\^?)(?:(?P<max>max)|pct:(?P<share>{_NUMBER})"
    rf"|(?P<fit>!?)(?P<both>{_WHOLE}),(?P<high>{_WHOLE})|(?P<wide>{_WHOLE}),|,(?P<tall>{_WHOLE}))\Z"
)
_ROTATION = re.compile(rf"(!?)({_NUMBER})\Z")
_SHOWN = 40  # of what was asked, in messages


@dataclass(frozen=True, slots=True)
class Region:
    """Part of an image, in its pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn of one image.

    width, height  to which the region is scaled; turning may then change them
    degrees        clockwise, 0 up to 360, after mirroring
    canonical      the one address among all that ask for the same, from the region on
    """

    region: Region
    width: int
    height: int
    is_mirrored: bool
    degrees: float
    quality: str
    format: str
    canonical: str

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]


@dataclass(frozen=True, slots=True)
class Asked:
    """An address whose parts are well formed; on which image, `on` says."""

    region: str
    size: str
    is_mirrored: bool
    degrees: Fraction
    quality: str
    format: str

    def on(self, width: int, height: int) -> Drawing:
        """Return what it asks for of an image of that size; raises RegionEmpty, SizeEnlarges, SizeBeyondLimits."""
        region = _region(self.region, width, height)
        wide, high = _size(self.size, region)
        parts = (
            _canonical_region(region, width, height),
            _canonical_size(region, wide, high),
            ("!" if self.is_mirrored else "") + _decimal(self.degrees),
            f"{self.quality}.{self.format}",
        )
        return Drawing(
            region, wide, high, self.is_mirrored, float(self.degrees), self.quality, self.format, "/".join(parts)
        )  # fmt: skip


def asked(region: str, size: str, rotation: str, quality: str, form: str) -> Asked:
    """Return the parts of an address, checked for their form; raises RegionMalformed, SizeMalformed, RotationMalformed, QualityUnknown, FormatUnknown."""
    if region not in ("full", "square") and not _PIXELS.match(region) and not _SHARES.match(region):
        raise RegionMalformed(region=region[:_SHOWN])
    if not _SIZE.match(size):
        raise SizeMalformed(size=size[:_SHOWN])
    turn = _ROTATION.match(rotation)
    if turn is None or Fraction(turn[2]) > 360:
        raise RotationMalformed(rotation=rotation[:_SHOWN])
    if quality not in QUALITIES:
        raise QualityUnknown(quality=quality[:_SHOWN], known=", ".join(QUALITIES))
    if form not in MEDIA_TYPES:
        raise FormatUnknown(format=form[:_SHOWN], known=", ".join(MEDIA_TYPES))
    kept = "default" if quality == "color" else quality
    return Asked(region, size, bool(turn[1]), Fraction(turn[2]) % 360, kept, form)


def fitted(width: int, height: int, most_wide: int = MOST_SIDE, most_high: int = MOST_SIDE) -> tuple[int, int]:
    """Return the largest size of the same shape, larger or smaller, within *most_wide* × *most_high* and the limits."""
    most_wide, most_high = min(most_wide, MOST_SIDE), min(most_high, MOST_SIDE)
    scale = min(most_wide / width, most_high / height, math.sqrt(MOST_AREA / (width * height)))
    wide = min(most_wide, max(1, round(width * scale)))
    high = min(most_high, max(1, round(height * scale)))
    while wide * high > MOST_AREA:  # both were rounded up
        wide, high = (wide - 1, high) if wide >= high else (wide, high - 1)
    return wide, high


def _region(text: str, width: int, height: int) -> Region:
    if text == "full":
        return Region(0, 0, width, height)
    if text == "square":
        side = min(width, height)
        return Region((width - side) // 2, (height - side) // 2, side, side)
    if pixels := _PIXELS.match(text):
        left, top, wide, high = map(int, pixels.groups())
        right, bottom = min(left + wide, width), min(top + high, height)
    else:
        left, top, right, bottom = _from_shares(text, width, height)
    if right <= left or bottom <= top:
        raise RegionEmpty(region=text[:_SHOWN], width=width, height=height)
    return Region(left, top, right - left, bottom - top)


def _from_shares(text: str, width: int, height: int) -> tuple[int, int, int, int]:
    """Edges are rounded, not lengths: regions that meet in per cent meet in pixels. However thin, a region has a pixel."""
    match = _SHARES.match(text)
    assert match is not None
    x, y, wide, high = (Fraction(one) / 100 for one in match.groups())
    edges = []
    for start, length, whole in ((x, wide, width), (y, high, height)):
        first = round(start * whole)
        last = max(round((start + length) * whole), first + 1 if length else first)
        edges.append((first, min(last, whole)))
    return edges[0][0], edges[1][0], edges[0][1], edges[1][1]


def _size(text: str, region: Region) -> tuple[int, int]:
    match = _SIZE.match(text)
    assert match is not None
    may_grow = bool(match["up"])
    if match["max"] or match["fit"]:
        limits = (int(match["both"]), int(match["high"])) if match["fit"] else (MOST_SIDE, MOST_SIDE)
        if 0 in limits:
            raise SizeMalformed(size=text[:_SHOWN])
        return _fitted_within(region, *limits, may_grow=may_grow)
    wide, high = _exactly(match, region)
    if wide < 1 or high < 1:
        raise SizeMalformed(size=text[:_SHOWN])
    if not may_grow and (wide > region.width or high > region.height):
        raise SizeEnlarges(size=text[:_SHOWN], width=region.width, height=region.height)
    if wide > MOST_SIDE or high > MOST_SIDE or wide * high > MOST_AREA:
        raise SizeBeyondLimits(size=text[:_SHOWN], width=wide, height=high, side=MOST_SIDE, area=MOST_AREA)
    return wide, high


def _fitted_within(region: Region, wide: int, high: int, *, may_grow: bool) -> tuple[int, int]:
    if not may_grow:
        wide, high = min(wide, region.width), min(high, region.height)
    return fitted(region.width, region.height, wide, high)


def _exactly(match: re.Match[str], region: Region) -> tuple[int, int]:
    """The sizes that say what comes out; a side that follows from the other is never less than a pixel."""
    if match["both"]:
        return int(match["both"]), int(match["high"])
    if match["wide"]:
        wide = int(match["wide"])
        return wide, _side(Fraction(wide * region.height, region.width))
    if match["tall"]:
        high = int(match["tall"])
        return _side(Fraction(high * region.width, region.height)), high
    share = Fraction(match["share"]) / 100
    return _side(share * region.width), _side(share * region.height)


def _side(exact: Fraction) -> int:
    return max(1, round(exact)) if exact else 0


def _canonical_region(region: Region, width: int, height: int) -> str:
    is_full = (region.width, region.height) == (width, height)
    return "full" if is_full else f"{region.left},{region.top},{region.width},{region.height}"


def _canonical_size(region: Region, wide: int, high: int) -> str:
    if (wide, high) == _fitted_within(region, MOST_SIDE, MOST_SIDE, may_grow=False):
        return "max"
    if wide <= region.width and high <= region.height:
        return f"{wide},{high}"
    return "^max" if (wide, high) == fitted(region.width, region.height) else f"^{wide},{high}"


def _decimal(number: Fraction) -> str:
    """Written out, without zeros at the end; no longer than it was typed, for its denominator divides a power of ten."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{number.numerator / number.denominator:.12f}".rstrip("0")
