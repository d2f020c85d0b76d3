# SPDX-License-Identifier: Apache-2.0
"""Tiles of an image of half a gigapixel: ours by HTTP with everything that belongs to it, beside iipsrv on the same file, where it is installed."""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench import iipsrv
from bench.floors import quantiles
from bench.process import ORTAQ, Peak, environment, run
from bench.serving import Client, served, together
from bench.table import Row, megabytes, milliseconds, thousands
from bench.workspace import Workspace, tell

WIDTH, HEIGHT, TILE = 25_000, 20_000, 256
CLIENTS, CROWD = 4, 50
_TILES, _OF_CROWD = 2_400, 5_000
_ROUNDS = 3  # of both in turn; the best of each counts, for foreign load only slows down
_AT_LEAST = 0.8
_MOST_BYTES = 1_500_000_000
_FACTORS = (1, 2, 4, 8)


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield the rate of tiles, and the memory of the server while a crowd zooms."""
    image = _image(workspace.folder)
    home = workspace.folder / "node-tiles"
    line = {"kind": "material", "source_id": "scan:1", "title": {"en": "Scan"}, "files": [{"path": image.name}]}
    (workspace.folder / "scan.jsonl").write_bytes(orjson.dumps(line))
    run([ORTAQ, "import", workspace.folder / "scan.jsonl"], environment(home))
    with served(home, 1) as (port, peak):
        address = _address(Client(port))
        tell(f"{CLIENTS} clients ask for {_TILES:,} tiles, {_ROUNDS} times")
        yield _rate(port, address, image)
        tell(f"{CROWD} clients zoom")
        crowd = [Client(port) for _ in range(CROWD)]
        yield _crowd(_timed(crowd, [f"{address}/{tile}" for tile in _tiles(_OF_CROWD, 99)])[1], peak)


def _image(folder: Path) -> Path:
    """A tiled pyramid with the noise of a scanner, as archives have them."""
    import pyvips

    tell(f"making an image of {WIDTH:,} × {HEIGHT:,} pixels")
    xy = pyvips.Image.xyz(WIDTH, HEIGHT)
    red, green = (xy[axis].linear(200 / side, 20) for axis, side in ((0, WIDTH), (1, HEIGHT)))
    blue = (xy[0] * 0.02).sin() * (xy[1] * 0.03).cos() * 80 + 128
    noise = pyvips.Image.gaussnoise(WIDTH, HEIGHT, mean=0, sigma=5)
    scan = (red.bandjoin([green, blue]) + noise).cast("uchar").copy(interpretation="srgb")
    file = folder / "scan.tif"
    scan.tiffsave(
        str(file), tile=True, pyramid=True, tile_width=TILE, tile_height=TILE, compression="jpeg", Q=85, bigtiff=True
    )
    return file


def _address(client: Client) -> str:
    found = orjson.loads(client.get("/api/search?limit=1"))["hits"][0]["uri"]
    body = orjson.loads(client.get(f"/api/records/{found.removeprefix('urn:ortaq:')}"))["body"]
    return f"/iiif/image/{body['files'][0]['digest']}"


def _tiles(count: int, seed: int) -> list[str]:
    """Tiles here and there on four levels, each next to no other: nobody's cache has them."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        side = TILE * chance.choice(_FACTORS)
        left, top = (chance.randrange(length // side) * side for length in (WIDTH, HEIGHT))
        found.append(f"{left},{top},{side},{side}/{TILE},{TILE}/0/default.jpg")
    return found


def _rate(port: int, address: str, image: Path) -> Row:
    ours, theirs = [], []
    clients = [Client(port) for _ in range(CLIENTS)]
    for turn in range(_ROUNDS):
        tiles = _tiles(_TILES, turn)
        ours.append(_timed(clients, [f"{address}/{tile}" for tile in tiles]))
        if iipsrv.program():
            with iipsrv.running(os.cpu_count() or 1, image.parent) as ports:
                others = [iipsrv.IipsrvClient(ports[number % len(ports)]) for number in range(CLIENTS)]
                theirs.append(_timed(others, [f"IIIF={image.name}/{tile}" for tile in tiles]))
    rate, seconds = max(ours, key=lambda one: one[0])
    floor = max(theirs, key=lambda one: one[0])[0] if theirs else 0.0
    ratio = rate / floor if floor else 0.0
    return Row(
        f"tiles of {WIDTH * HEIGHT / 1e6:.0f} megapixels, {CLIENTS} clients",
        f"{thousands(rate)}/s, {milliseconds(quantiles(seconds))}",
        floor=f"iipsrv {thousands(floor)}/s" if floor else "iipsrv: apt-get install iipimage-server",
        ratio=f"{ratio:.2f}" if floor else "",
        target=f"≥ {_AT_LEAST:g} of iipsrv",
        met=ratio >= _AT_LEAST if floor else None,
        facts={"tiles_a_second": [one[0] for one in ours], "of_iipsrv": [one[0] for one in theirs]},
    )


def _timed(clients: Sequence[Any], asked: Sequence[str]) -> tuple[float, list[float]]:
    get: Callable[[Any, str], bytes] = lambda client, one: client.get(one)  # noqa: E731
    started = time.perf_counter()
    seconds = together(get, clients, asked)
    return len(asked) / (time.perf_counter() - started), seconds


def _crowd(seconds: list[float], peak: Peak) -> Row:
    return Row(
        f"{CROWD} clients zoom in {WIDTH * HEIGHT / 1e6:.0f} megapixels",
        f"{milliseconds(quantiles(seconds))}, server {megabytes(peak.anonymous)}",
        target=f"memory ≤ {megabytes(_MOST_BYTES)}",
        met=peak.anonymous <= _MOST_BYTES,
        facts={"bytes": peak.anonymous, "resident_bytes": peak.resident},
    )
