# SPDX-License-Identifier: Apache-2.0
"""Killed while many records are changed, and again while that is undone: each is changed once, each is as it was before."""

import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.interruption import Ortaq, verified
from tests.serving import Serve, ServedNode, served_again
from tests.visitor import Visitor

_RECORDS = 4_000
_FORM = {"field": "countries", "operation": "add", "value.countries.0": "KZ", "value.countries.1": "", "note": "Ölkə"}


def test_killed_change_of_many_goes_on_and_writes_nothing_twice(
    ortaq: Ortaq, serve: Serve, tmp_path: Path, chance: random.Random, rounds: int
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("".join(_lines()), "utf-8")
    assert ortaq("import", file).returncode == 0
    node = serve()
    keeper = Visitor(node.port)
    keeper.join(node.first_link)

    status, page = keeper.ask("POST", "/many?kind=place", _FORM)
    assert status == 302, page
    address = _newest(keeper)
    _waited(keeper, address, "Waits for you")
    node, kills = _driven(keeper, node, serve, address, "write", chance, rounds // 5)
    verified(ortaq)
    assert [record.get("countries") for record in _places(ortaq)] == [["AZ", "KZ"]] * _RECORDS
    assert _versions(keeper) == {2}

    node, undo_kills = _driven(keeper, node, serve, address, "undo", chance, rounds // 5)
    verified(ortaq)
    assert [record.get("countries") for record in _places(ortaq)] == [["AZ"]] * _RECORDS
    assert _versions(keeper) == {3}
    node.stop()
    print(f"{_RECORDS} records changed under {kills} kills, undone under {undo_kills}; each was written once each way")
    assert min(kills, undo_kills) > 0


def _lines() -> Iterator[str]:
    for number in range(_RECORDS):
        record = {"kind": "place", "source_id": f"a:{number}", "title": {"az": f"Kənd {number}"}, "countries": ["AZ"]}
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _driven(
    keeper: Visitor, node: ServedNode, serve: Serve, address: str, order: str, chance: random.Random, most: int
) -> tuple[ServedNode, int]:
    """Press a button and kill the node until the work that it began is done; return the node and how often it was killed."""
    status, page = keeper.ask("POST", address, {"do": order})
    assert status == 302, page
    begun, kills = _newest(keeper), 0
    while not _is_done(keeper, begun):
        if kills < most:
            time.sleep(chance.uniform(0.05, 1.0))
            node.kill(family=chance.random() < 0.5)
            node, kills = served_again(serve), kills + 1
            keeper.port = node.port
        else:
            time.sleep(0.5)
    return node, kills


def _newest(keeper: Visitor) -> str:
    _status, page = keeper.ask("GET", "/many/jobs")
    return re.findall(r"/many/jobs/[a-z2-7]+", page)[0]


def _is_done(keeper: Visitor, address: str) -> bool:
    status, page = keeper.ask("GET", address)
    assert status == 200, page
    assert "Failed" not in page
    return "4000 records were changed" in re.sub(r"[\s,.]+", " ", page).replace("4 000", "4000")


def _waited(keeper: Visitor, address: str, words: str) -> None:
    for _ in range(240):
        if words in keeper.ask("GET", "/many/jobs")[1]:
            return
        time.sleep(0.5)
    raise AssertionError(keeper.ask("GET", address)[1])


def _places(ortaq: Ortaq) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ortaq("export", "--kind", "place").stdout.splitlines()]


def _versions(keeper: Visitor) -> set[int]:
    status, text = keeper.ask("GET", "/api/records?kind=place&limit=100")
    assert status == 200, text
    return {record["version"] for record in json.loads(text)["records"]}
