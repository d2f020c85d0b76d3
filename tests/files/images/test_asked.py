# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of the IIIF Image API: examples of the specification, and what holds for every image and every address."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ortaq.core.errors import OrtaqError
from ortaq.files.images.asked import MOST_AREA, MOST_SIDE, Drawing, asked

SIDES = st.integers(1, 60_000)
NUMBERS = st.decimals(0, 400, places=3).map(lambda one: format(one, "f"))
WHOLE = st.integers(0, 70_000).map(str)


def drawn(address: str, width: int = 300, height: int = 200) -> Drawing:
    region, size, rotation, last = address.split("/")
    quality, _, form = last.partition(".")
    return asked(region, size, rotation, quality, form).on(width, height)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("full", (0, 0, 300, 200)),
        ("square", (50, 0, 200, 200)),
        ("125,15,120,140", (125, 15, 120, 140)),
        ("pct:41.6,7.5,40,70", (125, 15, 120, 140)),
        ("125,15,200,200", (125, 15, 175, 185)),  # cropped at the edge
        ("pct:41.6,7.5,66.6,100", (125, 15, 175, 185)),
        ("pct:0,0,.001,100", (0, 0, 1, 200)),
    ],
)
def test_regions_of_the_specification(region: str, expected: tuple[int, int, int, int]) -> None:
    found = drawn(f"{region}/max/0/default.jpg").region
    assert (found.left, found.top, found.width, found.height) == expected


@pytest.mark.parametrize(
    ("size", "expected", "canonical"),
    [
        ("max", (300, 200), "max"),
        ("^max", (5017, 3344), "^max"),
        ("150,", (150, 100), "150,100"),
        (",150", (225, 150), "225,150"),
        ("^360,", (360, 240), "^360,240"),
        ("^,240", (360, 240), "^360,240"),
        ("pct:50", (150, 100), "150,100"),
        ("^pct:120", (360, 240), "^360,240"),
        ("225,100", (225, 100), "225,100"),
        ("^360,360", (360, 360), "^360,360"),
        ("!225,100", (150, 100), "150,100"),
        ("^!360,360", (360, 240), "^360,240"),
        ("!2000,3000", (300, 200), "max"),  # as large as may be, not refused
        ("300,200", (300, 200), "max"),
        ("^300,200", (300, 200), "max"),
        ("1,", (1, 1), "1,1"),
    ],
)
def test_sizes_of_the_specification(size: str, expected: tuple[int, int], canonical: str) -> None:
    found = drawn(f"full/{size}/0/default.jpg")
    assert (found.width, found.height) == expected
    assert found.canonical == f"full/{canonical}/0/default.jpg"


def test_large_images_come_no_larger_than_the_limits() -> None:
    found = drawn("full/max/0/default.jpg", 25_000, 20_000)
    assert found.width * found.height <= MOST_AREA and found.canonical == "full/max/0/default.jpg"
    assert drawn("full/max/0/default.jpg", 25_000, 10).width == MOST_SIDE


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("all/max/0/default.jpg", "image.region-malformed"),
        ("1,2,3/max/0/default.jpg", "image.region-malformed"),
        ("-1,0,3,3/max/0/default.jpg", "image.region-malformed"),
        ("1.5,0,3,3/max/0/default.jpg", "image.region-malformed"),
        ("pct:+1,0,3,3/max/0/default.jpg", "image.region-malformed"),
        ("٣,0,3,3/max/0/default.jpg", "image.region-malformed"),
        (f"{'9' * 400},0,3,3/max/0/default.jpg", "image.region-malformed"),
        ("0,0,0,5/max/0/default.jpg", "image.region-empty"),
        ("300,0,5,5/max/0/default.jpg", "image.region-empty"),
        ("pct:100,0,5,5/max/0/default.jpg", "image.region-empty"),
        ("pct:0,0,0,5/max/0/default.jpg", "image.region-empty"),
        ("full/full/0/default.jpg", "image.size-malformed"),
        ("full/,/0/default.jpg", "image.size-malformed"),
        ("full/!100,/0/default.jpg", "image.size-malformed"),
        ("full/0,/0/default.jpg", "image.size-malformed"),
        ("full/0,0/0/default.jpg", "image.size-malformed"),
        ("full/!0,5/0/default.jpg", "image.size-malformed"),
        ("full/pct:0/0/default.jpg", "image.size-malformed"),
        ("full/,^240/0/default.jpg", "image.size-malformed"),
        ("full/301,/0/default.jpg", "image.size-enlarges"),
        ("full/,201/0/default.jpg", "image.size-enlarges"),
        ("full/pct:101/0/default.jpg", "image.size-enlarges"),
        ("full/10,201/0/default.jpg", "image.size-enlarges"),
        ("full/^9000,1/0/default.jpg", "image.size-beyond-limits"),
        ("full/^5000,5000/0/default.jpg", "image.size-beyond-limits"),
        ("full/max/361/default.jpg", "image.rotation-malformed"),
        ("full/max/-1/default.jpg", "image.rotation-malformed"),
        ("full/max/1e2/default.jpg", "image.rotation-malformed"),
        ("full/max/!/default.jpg", "image.rotation-malformed"),
        ("full/max/0/native.jpg", "image.quality-unknown"),
        ("full/max/0/default.jp2", "image.format-unknown"),
        ("full/max/0/default.", "image.format-unknown"),
    ],
)
def test_what_cannot_be_is_refused(address: str, code: str) -> None:
    with pytest.raises(OrtaqError) as refused:
        drawn(address)
    assert (refused.value.code, refused.value.status) == (code, 400)


@pytest.mark.parametrize(
    ("rotation", "degrees", "canonical"),
    [("0", 0, "0"), ("360", 0, "0"), ("90.0", 90, "90"), ("22.50", 22.5, "22.5"), (".5", 0.5, "0.5"), ("!0", 0, "!0")],
)
def test_rotation(rotation: str, degrees: float, canonical: str) -> None:
    found = drawn(f"full/max/{rotation}/color.png")
    assert found.degrees == degrees and found.is_mirrored == rotation.startswith("!")
    assert found.canonical == f"full/max/{canonical}/default.png"


def drawn_or_refused(address: str, width: int, height: int) -> Drawing | None:
    """Nothing but an answer of status 400 may come instead of a drawing."""
    try:
        return drawn(address, width, height)
    except OrtaqError as error:
        assert error.status == 400  # noqa: PT017
        return None


def regions() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(["full", "square"]),
        st.tuples(WHOLE, WHOLE, WHOLE, WHOLE).map(",".join),
        st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(",".join).map("pct:{}".format),
    )


def sizes() -> st.SearchStrategy[str]:
    exact = st.one_of(
        st.just("max"),
        WHOLE.map("{},".format),
        WHOLE.map(",{}".format),
        NUMBERS.map("pct:{}".format),
        st.tuples(st.sampled_from(["", "!"]), WHOLE, WHOLE).map(lambda one: f"{one[0]}{one[1]},{one[2]}"),
    )
    return st.tuples(st.sampled_from(["", "^"]), exact).map("".join)


@example(5_781, 14_768, "full", "max", "0")  # two pixels too many when both sides are rounded up
@given(SIDES, SIDES, regions(), sizes(), st.sampled_from(["0", "!90", "22.5", "0.125"]))
def test_drawing_lies_within_image_and_limits(width: int, height: int, region: str, size: str, turn: str) -> None:
    address = f"{region}/{size}/{turn}/gray.webp"
    found = drawn_or_refused(address, width, height)
    if found is None:
        return
    part = found.region
    assert 0 <= part.left < part.left + part.width <= width and 0 <= part.top < part.top + part.height <= height
    assert 1 <= found.width <= MOST_SIDE and 1 <= found.height <= MOST_SIDE and found.width * found.height <= MOST_AREA
    if not size.startswith("^"):
        assert found.width <= part.width and found.height <= part.height


@given(SIDES, SIDES, regions(), sizes(), NUMBERS)
def test_canonical_address_asks_for_the_same_and_is_its_own(
    width: int, height: int, region: str, size: str, turn: str
) -> None:
    found = drawn_or_refused(f"{region}/{size}/{turn}/color.jpg", width, height)
    assert found is None or drawn(found.canonical, width, height) == found


@given(SIDES, SIDES, st.text(max_size=12), st.text(max_size=12), st.text(max_size=6), st.text(max_size=12))
def test_whatever_is_typed_is_drawn_or_refused(
    width: int, height: int, region: str, size: str, turn: str, last: str
) -> None:
    drawn_or_refused("/".join((region.replace("/", ""), "max", "0", "default.jpg")), width, height)
    drawn_or_refused("/".join(["full", *(one.replace("/", "") for one in (size, turn, last))]), width, height)
