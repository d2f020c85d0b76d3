# SPDX-License-Identifier: Apache-2.0
"""Fifty readers at once: alone, and while somebody imports into the same node. The second is measured against the first."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from bench.corpus import records, source_id
from bench.floors import quantiles
from bench.pages import OPINIONS
from bench.process import ORTAQ, Failed, Peak, environment
from bench.serving import Client, served, together
from bench.table import Row, megabytes, milliseconds
from bench.workspace import Workspace, tell
from ortaq.core.identifiers import local_id_of_source, split_uri

READERS = 50
_PAGES_EACH = 12
_IMPORTED = 20_000
_SLOWER_AT_MOST = 3.0
_QUESTIONS = ("m%C9%99scid", "%D0%A8%D3%99%D0%BA%D0%B8", "qala", "")


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield how long the same pages take both times, and the memory of the server."""
    size = workspace.largest
    home = workspace.node(size).home
    more = _more(workspace)
    with served(home, _present(workspace, size)) as (port, peak):
        pages = _pages(port, size)
        clients = [Client(port) for _ in range(READERS)]
        tell(f"{READERS} readers ask for {len(pages)} pages, alone and beside an import")
        alone = _asked(clients, pages)
        with subprocess.Popen(
            [ORTAQ, "import", more], env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as importer:
            beside = _asked(clients, pages)
            was_running = importer.poll() is None
        if importer.returncode:
            raise Failed(f"the import beside the readers ended with {importer.returncode}")
        yield _row(size, alone, beside, was_running, peak)


def _row(size: int, alone: list[float], beside: list[float], was_running: bool, peak: Peak) -> Row:
    ours, floor = quantiles(beside), quantiles(alone)
    ratio = ours[1] / floor[1]
    return Row(
        f"{READERS} readers beside an import, {size:,}",
        f"{milliseconds(ours)}, server {megabytes(peak.anonymous)}",
        floor=f"alone {milliseconds(floor)}",
        ratio=f"{ratio:.2f}",
        target=f"p95 ≤ {_SLOWER_AT_MOST:g} × alone",
        met=ratio <= _SLOWER_AT_MOST if was_running else None,
        facts={
            "beside_ms": ours,
            "alone_ms": floor,
            "bytes": peak.anonymous,
            "import_outlasted_the_readers": was_running,
        },
    )


def _asked(clients: Sequence[Client], pages: Sequence[str]) -> list[float]:
    return together(lambda client, page: client.get(page), clients, pages)


def _present(workspace: Workspace, size: int) -> int:
    """How many records are to be found before the readers come: with the opinions, if the pages were measured before."""
    return size + (sum(OPINIONS) if (workspace.folder / "opinions.jsonl").exists() else 0)


def _more(workspace: Workspace) -> Path:
    """A file to import meanwhile: records that are not there yet."""
    file = workspace.folder / "meanwhile.jsonl"
    with file.open("wb") as stream:
        for record in records(_IMPORTED, seed=7):
            stream.write(orjson.dumps({**record, "source_id": f"meanwhile:{record['source_id']}"}) + b"\n")
    return file


def _pages(port: int, size: int) -> list[str]:
    """A mix as readers ask for: half records, a quarter results, the rest suggestions and the first page."""
    node, _ = split_uri(orjson.loads(Client(port).get("/api/search?limit=1"))["hits"][0]["uri"])
    pages = []
    for number in range(READERS * _PAGES_EACH):
        record = f"/r/{node}:{local_id_of_source(source_id(number * 37 % (size // 2)))}"
        question = _QUESTIONS[number % len(_QUESTIONS)]
        pages.append(
            (record, f"/search?q={question}", record, f"/suggestions?q={question[:3] or 'qa'}", record, "/")[number % 6]
        )
    return pages
