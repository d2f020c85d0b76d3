# SPDX-License-Identifier: Apache-2.0
"""Images of the store drawn by other processes: whatever is in a file ends at most one of those, and everything is bounded."""

import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ortaq.files import pictures
from ortaq.files.errors import FileAbsent, PictureAbsent, PictureBusy
from ortaq.files.images import painters, pyramids, service
from ortaq.files.images.asked import Drawing, asked
from ortaq.files.images.errors import ImageInPreparation
from ortaq.files.images.painters import CannotPaint, Painters
from ortaq.files.images.tiles import Kept
from ortaq.files.store import keep
from tests.files.conftest import png_header

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test has found out the next one does not know; the painters of a test end with it."""
    service._known.clear()
    monkeypatch.setattr(service, "_DRAWN", Kept(lambda: settings.TILE_CACHE_BYTES))
    fresh = Painters(1)
    monkeypatch.setattr(service, "PAINTERS", fresh)
    yield
    fresh.end()


def stored(data: bytes) -> str:
    return keep(io.BytesIO(data), "image").digest


def tile(digest: str, address: str = "0,0,256,256/max/0/default.jpg") -> Drawing:
    region, size, rotation, last = address.split("/")
    return service.resolved(digest, asked(region, size, rotation, *last.split(".")))


def opened(data: bytes) -> Any:
    import pyvips

    return pyvips.Image.new_from_buffer(data, "").copy_memory()


@pytest.mark.parametrize("ending", [".png", ".jpg", ".gif", ".webp", ".tif", ".avif"])
def test_small_image_is_drawn(picture: Callable[..., bytes], ending: str, home: Path) -> None:
    digest = stored(picture(ending, 640, 480))
    assert (service.look_at(digest).width, service.look_at(digest).height) == (640, 480)
    made = opened(service.drawn(digest, tile(digest)))
    assert (made.width, made.height) == (256, 256)
    assert not list((home / "derived").rglob("*"))


def test_large_image_gets_a_pyramid_once(
    picture: Callable[..., bytes], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = stored(picture(".jpg", 4000, 3000))
    made = opened(service.drawn(digest, tile(digest, "3000,2000,512,512/max/0/default.jpg")))
    assert (made.width, made.height) == (512, 512)
    (kept,) = (path for path in (home / "derived").glob("??/*"))
    assert kept.name.endswith("-pyramid.tif")
    monkeypatch.setattr(pyramids, "_built", None)
    service.drawn(digest, tile(digest, "0,0,512,512/max/0/default.jpg"))
    pictures.forget(digest)
    assert not kept.exists()


def test_pyramid_that_is_deleted_is_made_again(picture: Callable[..., bytes], home: Path) -> None:
    digest = stored(picture(".png", 4000, 3000))
    service.drawn(digest, tile(digest))
    for path in (home / "derived").glob("??/*"):
        path.unlink()
    assert service.drawn(digest, tile(digest, "256,0,256,256/max/0/default.jpg"))


def test_who_asks_before_it_is_ready_is_told_to_wait(
    picture: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyramids, "_WAIT_SECONDS", 0)
    digest = stored(picture(".png", 4000, 3000))
    with pytest.raises(ImageInPreparation):
        service.drawn(digest, tile(digest))
    deadline = time.monotonic() + 30
    while pyramids._making and time.monotonic() < deadline:
        time.sleep(0.05)
    assert service.drawn(digest, tile(digest))


def test_measures_begin_the_pyramid(picture: Callable[..., bytes], home: Path) -> None:
    digest = stored(picture(".png", 4000, 3000))
    service.begin(digest)
    deadline = time.monotonic() + 30
    while pyramids._making and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [path.name.rpartition("-")[2] for path in (home / "derived").glob("??/*")] == ["pyramid.tif"]


def test_without_room_no_pyramid_is_begun(picture: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyramids, "free_bytes", lambda: 1000)
    digest = stored(picture(".png", 4000, 3000))
    with pytest.raises(PictureBusy):
        service.drawn(digest, tile(digest))
    service.begin(digest)  # and who only looks at the measures gets them


BROKEN = [
    b"\x89PNG\r\n\x1a\n" + b"\xff" * 5000,
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01" + b"\0" * 100,
    b"GIF89a\xff\0\xff\0" + b"\x80" * 50,
    b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 500,
    png_header(1000, 1000),
    png_header(20_000, 20_000),
]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_broken_image_is_absent_and_the_next_one_is_drawn(data: bytes, picture: Callable[..., bytes]) -> None:
    digest = stored(data)
    for _ in range(2):
        with pytest.raises(PictureAbsent):
            service.drawn(digest, tile(digest))
    good = stored(picture(".png", 300, 300))
    assert service.drawn(good, tile(good))


def test_truncated_tiff_is_absent(picture: Callable[..., bytes]) -> None:
    import pyvips

    whole = pyvips.Image.gaussnoise(2500, 2000).cast("uchar").write_to_buffer(".tif", tile=True, pyramid=True)
    digest = stored(whole[: len(whole) * 2 // 3])
    with pytest.raises(PictureAbsent):
        _ = [
            service.drawn(digest, tile(digest, f"{left},1800,128,128/max/0/default.jpg"))
            for left in range(0, 2500, 128)
        ]


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"text"])
def test_what_is_no_image_is_absent(data: bytes) -> None:
    with pytest.raises(PictureAbsent):
        service.look_at(stored(data))


def test_bytes_that_are_gone_are_absent(picture: Callable[..., bytes], home: Path) -> None:
    digest = stored(picture(".png", 300, 300))
    for path in (home / "files").glob("??/*"):
        path.unlink()
    with pytest.raises(FileAbsent):
        service.look_at(digest)


def test_bomb_ends_no_more_than_its_process(picture: Callable[..., bytes], home: Path) -> None:
    """An interlaced PNG must be held whole: 20,000 × 20,000 pixels of four times two bytes are 3.2 GB."""
    start = time.monotonic()
    digest = stored(_interlaced(20_000, 20_000))
    with pytest.raises((PictureAbsent, ImageInPreparation)):
        service.drawn(digest, tile(digest))
    while pyramids._making and time.monotonic() - start < 60:
        time.sleep(0.1)
    with pytest.raises(PictureAbsent):
        service.drawn(digest, tile(digest))
    assert [path.suffix for path in (home / "derived").glob("??/*")] == [".failed"]
    assert time.monotonic() - start < 60
    good = stored(picture(".png", 300, 300))
    assert service.drawn(good, tile(good))


def _interlaced(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    body = zlib.compress(b"\0" * (width * 8 + 1) * 100, 9)
    head = struct.pack(">IIBBBBB", width, height, 16, 6, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_painter_that_was_killed_is_replaced(picture: Callable[..., bytes]) -> None:
    digest = stored(picture(".png", 300, 300))
    service.drawn(digest, tile(digest))
    (painter,) = service.PAINTERS._idle
    os.kill(painter.pid, signal.SIGKILL)
    assert service.drawn(digest, tile(digest, "0,0,100,100/max/0/default.jpg"))
    assert service.PAINTERS._idle[0].pid != painter.pid


def test_painter_that_hangs_is_ended(picture: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    digest = stored(picture(".png", 300, 300))
    service.look_at(digest)
    (painter,) = service.PAINTERS._idle
    monkeypatch.setattr(painters, "_DRAW_SECONDS", 0.3)
    monkeypatch.setattr(painters, "Painter", _NoPainter)
    os.kill(painter.pid, signal.SIGSTOP)
    with pytest.raises(PictureAbsent):
        service.drawn(digest, tile(digest))
    assert not Path(f"/proc/{painter.pid}").exists()


class _NoPainter:
    has_answered = went_home = False

    def ask(self, question: bytes) -> bytes:
        raise painters._Gone

    def end(self) -> None:
        pass


def test_painter_ends_with_who_asks_it(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from ortaq.files.images.painters import Painter\n"
        "print(Painter().pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False)
    pid, deadline = int(done.stdout), time.monotonic() + 20
    while _is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_running(pid)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_painter_may_not_write_nor_take_much(picture: Callable[..., bytes]) -> None:
    digest = stored(picture(".png", 300, 300))
    service.drawn(digest, tile(digest))
    limits = Path(f"/proc/{service.PAINTERS._idle[0].pid}/limits").read_text("ascii")
    soft = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
    assert int(soft["Max address space"]) <= 1024**3 and soft["Max file size"] == "0"
    assert int(soft["Max cpu time"]) < 60


def test_more_askers_than_painters_are_served_in_turn(picture: Callable[..., bytes]) -> None:
    digest = stored(picture(".png", 900, 900))
    service.look_at(digest)
    found: list[bytes] = []

    def ask(left: int) -> None:
        found.append(service.PAINTERS.draw(service._source(digest, "image/png"), tiles[left]))

    tiles = {left: tile(digest, f"{left},0,100,100/max/0/default.jpg") for left in range(0, 800, 100)}
    threads = [threading.Thread(target=ask, args=(left,)) for left in tiles]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 8 and len(service.PAINTERS._idle) == 1


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch, picture: Callable[..., bytes]) -> None:
    digest = stored(picture(".png", 300, 300))
    drawing = tile(digest)
    monkeypatch.setattr(painters, "_WAIT_SECONDS", 0.05)
    with service.PAINTERS._turn(), pytest.raises(PictureBusy):
        service.drawn(digest, drawing)


def test_what_was_drawn_is_kept_up_to_a_number_of_bytes() -> None:
    kept = Kept(lambda: 1000)
    for number in range(20):
        kept.keep(number, b"x" * 100)
        kept.get(0)
    assert len(kept) == 10 and kept.get(0) and kept.get(19) and kept.get(1) is None
    kept.keep("large", b"x" * 500)
    kept.keep(0, b"y" * 100)
    assert kept.get("large") is None and kept.get(0) == b"y" * 100 and len(kept) == 10


def test_cannot_paint_says_why(picture: Callable[..., bytes]) -> None:
    digest = stored(picture(".png", 300, 300))
    source = service._source(digest, "image/jpeg")
    with pytest.raises(CannotPaint, match=r"(?i)jpeg"):
        service.PAINTERS.look(source)
