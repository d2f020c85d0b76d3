# SPDX-License-Identifier: Apache-2.0
"""Parts of images: the right pixels in the right size, whatever the image lies in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pyvips

from ortaq.files.images.asked import Drawing, asked
from ortaq.files.images.drawing import CannotDraw, Easel, Source, in_srgb
from ortaq.files.images.pyramid import build

MOST = 10**9


@pytest.fixture
def easel() -> Easel:
    return Easel(pyvips)


def steps(width: int, height: int) -> Any:
    """An image whose red tells the column and whose green the row, in 256 steps; blue is 60."""
    xy = pyvips.Image.xyz(width, height)
    red, green = (xy[n].linear(256 / side, 0) for n, side in ((0, width), (1, height)))
    return red.bandjoin([green, 60]).cast("uchar").copy(interpretation="srgb")


def drawing(address: str, width: int, height: int) -> Drawing:
    region, size, rotation, last = address.split("/")
    return asked(region, size, rotation, *last.split(".")).on(width, height)


def opened(data: bytes) -> Any:
    return pyvips.Image.new_from_buffer(data, "").copy_memory()


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Source]:
    def write(image: Any, name: str, media_type: str, **options: Any) -> Source:
        path = tmp_path / name
        image.write_to_file(str(path), **options)
        return Source(str(path), media_type, MOST)

    return write


PYRAMID = {"tile": True, "pyramid": True, "tile_width": 256, "tile_height": 256, "compression": "jpeg", "Q": 95}


@pytest.mark.parametrize("below", [False, True], ids=["levels in pages", "levels below"])
@pytest.mark.parametrize(
    "address",
    ["full/max/0/default.png", "1000,500,256,256/max/0/default.png", "1024,512,512,512/256,/0/default.png",
     "333,77,1111,900/200,/0/default.png", "2999,1999,1,1/1,1/0/default.png", "full/64,/0/default.png"],
)  # fmt: skip
def test_part_of_a_pyramid_has_its_pixels(
    easel: Easel, written: Callable[..., Source], address: str, below: bool
) -> None:
    source = written(steps(3000, 2000), "a.tif", "image/tiff", subifd=below, **PYRAMID)
    assert easel.look(source).tile == 256
    asked_for = drawing(address, 3000, 2000)
    found, part = opened(easel.draw(source, asked_for)), asked_for.region
    assert (found.width, found.height) == (asked_for.width, asked_for.height)
    for x, y in ((0.5, 0.5), (0.1, 0.9), (0.95, 0.05)):
        column, row = int(x * (found.width - 1)), int(y * (found.height - 1))
        red, green, blue = found(column, row)
        assert abs(red - (part.left + (column + 0.5) / found.width * part.width) * 256 / 3000) < 5
        assert abs(green - (part.top + (row + 0.5) / found.height * part.height) * 256 / 2000) < 5
        assert abs(blue - 60) < 6


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp"), ("a.gif", "image/gif"),
     ("a.tif", "image/tiff"), ("a.avif", "image/avif")],
)  # fmt: skip
def test_small_image_is_drawn_from_itself(
    easel: Easel, written: Callable[..., Source], name: str, media_type: str
) -> None:
    source = written(steps(300, 200), name, media_type)
    look = easel.look(source)
    assert (look.width, look.height, look.tile) == (300, 200, 0)
    found = opened(easel.draw(source, drawing("100,50,100,100/50,/0/default.png", 300, 200)))
    assert (found.width, found.height) == (50, 50)
    red, green, _ = found(25, 25)
    assert abs(red - 150 * 256 / 300) < 12 and abs(green - 100 * 256 / 200) < 12  # 256 colours are enough for GIF


def test_larger_image_needs_a_pyramid(easel: Easel, written: Callable[..., Source], tmp_path: Path) -> None:
    source = written(steps(3000, 2000), "a.png", "image/png")
    with pytest.raises(CannotDraw):
        easel.draw(source, drawing("full/300,/0/default.jpg", 3000, 2000))
    target = tmp_path / "pyramid.tif"
    build(pyvips, source, str(target))
    made = Source(str(target), "image/tiff", MOST)
    assert easel.look(made) == type(easel.look(made))(3000, 2000, 512)
    red, green, _ = opened(easel.draw(made, drawing("full/300,/0/default.png", 3000, 2000)))(150, 100)
    assert abs(red - 128) < 5 and abs(green - 128) < 5


@pytest.mark.parametrize("is_small", [True, False])
def test_image_is_drawn_upright(easel: Easel, written: Callable[..., Source], tmp_path: Path, is_small: bool) -> None:
    width, height = (300, 200) if is_small else (3000, 2000)
    image = steps(width, height).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", 6)
    source = written(image, "a.jpg", "image/jpeg")
    assert (easel.look(source).width, easel.look(source).height) == (height, width)
    if not is_small:
        build(pyvips, source, str(tmp_path / "p.tif"))
        source = Source(str(tmp_path / "p.tif"), "image/tiff", MOST)
        assert (easel.look(source).width, easel.look(source).height) == (height, width)
    found = opened(easel.draw(source, drawing("full/20,/0/default.png", height, width)))
    red, green, _ = found(0, 0)  # what was at the bottom on the left is at the top on the left
    assert red < 20 and green > 230


@pytest.mark.parametrize(
    ("turn", "corner"),
    [("0", (0, 0)), ("90", (0, 255)), ("180", (255, 255)), ("270", (255, 0)), ("!0", (255, 0)), ("!180", (0, 255))],
)
def test_mirrored_and_turned(easel: Easel, written: Callable[..., Source], turn: str, corner: tuple[int, int]) -> None:
    source = written(steps(300, 200), "a.png", "image/png")
    found = opened(easel.draw(source, drawing(f"full/max/{turn}/default.png", 300, 200)))
    assert (found.width, found.height) == ((200, 300) if turn in ("90", "270") else (300, 200))
    red, green, _ = found(0, 0)
    assert abs(red - corner[0]) < 8 and abs(green - corner[1]) < 8


def test_turned_a_little_it_is_whole_on_nothing_or_on_white(easel: Easel, written: Callable[..., Source]) -> None:
    source = written(steps(300, 200), "a.png", "image/png")
    png = opened(easel.draw(source, drawing("full/max/30/default.png", 300, 200)))
    assert (png.bands, png(0, 0)[3], png(png.width // 2, png.height // 2)[3]) == (4, 0, 255)
    assert abs(png.width - (300 * 0.866 + 200 * 0.5)) < 3 and abs(png.height - (300 * 0.5 + 200 * 0.866)) < 3
    jpg = opened(easel.draw(source, drawing("full/max/30/default.jpg", 300, 200)))
    assert jpg.bands == 3 and min(jpg(2, 2)) > 240


def test_qualities(easel: Easel, written: Callable[..., Source]) -> None:
    source = written(steps(300, 200), "a.png", "image/png")
    gray = opened(easel.draw(source, drawing("full/max/0/gray.png", 300, 200)))
    assert gray.bands == 1 and 20 < gray.avg() < 235
    for form in ("png", "jpg", "webp"):
        two = opened(easel.draw(source, drawing(f"full/max/0/bitonal.{form}", 300, 200)))[0]
        middle = (two > 20).ifthenelse(two < 235, 0).avg()
        assert middle == 0 if form == "png" else middle < 20


def test_see_through_stays_so_in_png_and_is_white_in_jpeg(easel: Easel, written: Callable[..., Source]) -> None:
    image = pyvips.Image.black(300, 200, bands=4).copy(interpretation="srgb")
    source = written(image, "a.png", "image/png")
    assert opened(easel.draw(source, drawing("full/30,/0/default.png", 300, 200)))(5, 5) == [0, 0, 0, 0]
    assert opened(easel.draw(source, drawing("full/30,/0/default.jpg", 300, 200)))(5, 5) == [255, 255, 255]
    assert opened(easel.draw(source, drawing("full/30,/0/bitonal.png", 300, 200)))(5, 5)[0] == 255


@pytest.mark.parametrize("kind", ["grey16", "rgb16", "cmyk", "b-w"])
def test_other_colours_come_in_eight_bits_of_srgb_or_grey(kind: str) -> None:
    found = in_srgb(steps(30, 20).colourspace(kind))
    assert found.format == "uchar" and found.interpretation == ("b-w" if kind in ("grey16", "b-w") else "srgb")
    assert found.bands == (1 if kind in ("grey16", "b-w") else 3)


def test_what_claims_too_many_pixels_is_not_opened(easel: Easel, written: Callable[..., Source]) -> None:
    source = written(steps(300, 200), "a.png", "image/png")
    bounded = Source(source.path, source.media_type, 59_999)
    with pytest.raises(CannotDraw):
        easel.look(bounded)
    with pytest.raises(CannotDraw):
        build(pyvips, bounded, f"{source.path}.tif")


def test_tiles_with_another_depth_are_no_pyramid_to_show(easel: Easel, written: Callable[..., Source]) -> None:
    deep = {**PYRAMID, "compression": "deflate"}
    assert easel.look(written(steps(3000, 2000).colourspace("rgb16"), "a.tif", "image/tiff", **deep)).tile == 0
    flat = {"tile": True, "tile_width": 256, "tile_height": 256}
    assert easel.look(written(steps(3000, 2000), "b.tif", "image/tiff", **flat)).tile == 0
    assert easel.look(written(steps(900, 600), "c.tif", "image/tiff", **flat)).tile == 256
