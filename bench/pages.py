# SPDX-License-Identifier: Apache-2.0
"""Pages as a reader gets them at the largest size: how long they take, and how many SQL statements a record page needs."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson

from bench.corpus import source_id
from bench.floors import quantiles
from bench.process import ORTAQ, environment, run
from bench.serving import Client, served, together
from bench.table import Row, milliseconds
from bench.workspace import Workspace, tell
from ortaq.core.identifiers import local_id_of_source, split_uri

QUERIES = 12
OPINIONS = (1, 300)
_MONUMENTS = (60, 61)  # their numbers in the corpus; of each hundred, records 56 to 99 are monuments
_ASKED = 40


def measured(workspace: Workspace) -> Iterator[Row]:
    """Yield the record page with 1 and with 300 opinions, then the other pages."""
    size = workspace.largest
    home = workspace.node(size).home
    _give_opinions(workspace, home)
    with served(home, size + sum(OPINIONS)) as (port, _):
        client = Client(port)
        records = _addresses(client)
        counts = json.loads(run([sys.executable, "-m", "bench.page_queries", *records], environment(home)).output)
        for opinions, address, count in zip(OPINIONS, records, counts, strict=True):
            yield _record(opinions, count, counts, _times(client, address))
        for name, address in (
            ("home page", "/"),
            ("results page", "/search?q=m%C9%99scid"),
            ("map of results", "/search/points?q=m%C9%99scid"),
        ):
            yield Row(f"{name}, {size:,}", milliseconds(_times(client, address)))


def _give_opinions(workspace: Workspace, home: Path) -> None:
    tell(f"giving {sum(OPINIONS)} opinions")
    file = workspace.folder / "opinions.jsonl"
    with file.open("wb") as stream:
        for number, count in zip(_MONUMENTS, OPINIONS, strict=True):
            for opinion in range(count):
                line = {
                    "kind": "opinion",
                    "source_id": f"opinion:{number}:{opinion}",
                    "about": source_id(number),
                    "motivation": "comment",
                    "lang": "az",
                    "text": f"Divarda çat görünür, {opinion + 1}-ci dəfə.",
                }
                stream.write(orjson.dumps(line) + b"\n")
    run([ORTAQ, "import", file], environment(home))


def _addresses(client: Client) -> list[str]:
    """Return the addresses of the pages of the monuments, by the node's name in any hit."""
    node, _ = split_uri(orjson.loads(client.get("/api/search?limit=1"))["hits"][0]["uri"])
    return [f"/r/{node}:{local_id_of_source(source_id(number))}" for number in _MONUMENTS]


def _times(client: Client, address: str) -> tuple[float, float]:
    client.get(address)
    return quantiles(together(lambda one, page: one.get(page), [client], [address] * _ASKED))


def _record(opinions: int, count: int, counts: list[int], times: tuple[float, float]) -> Row:
    return Row(
        f"record page, {opinions} opinion{'s' if opinions > 1 else ''}",
        f"{count} SQL, {milliseconds(times)}",
        target=f"{counts[0]} SQL, ≤ {QUERIES}",
        met=count == counts[0] and count <= QUERIES,
        facts={"queries": count, "ms": times},
    )
