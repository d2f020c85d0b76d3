# SPDX-License-Identifier: Apache-2.0
"""`ortaq serve` killed while opinions are given: what was answered is in the log, once; nothing else but what was under way."""

import http.client
import itertools
import json
import random
import threading
import time
from pathlib import Path

from tests.interruption import Ortaq, verified
from tests.serving import Serve, served_again
from tests.visitor import Visitor

PLACE = '{"kind":"place","source_id":"a:1","title":{"az":"Şəki"}}\n'


def test_killed_server_keeps_every_opinion_it_confirmed(
    ortaq: Ortaq, serve: Serve, tmp_path: Path, chance: random.Random, rounds: int
) -> None:
    (tmp_path / "in.jsonl").write_text(PLACE, "utf-8")
    assert ortaq("import", tmp_path / "in.jsonl").returncode == 0
    about = json.loads(ortaq("search", "Şəki", "--json").stdout)["hits"][0]["uri"]
    node = serve()
    visitor = Visitor(node.port)
    visitor.join(node.first_link)
    confirmed: list[str] = []
    tried: list[str] = []

    for number in range(max(3, rounds // 5)):
        visitor.port = node.port
        talking = threading.Thread(target=_talk, args=(visitor, about, number, tried, confirmed))
        talking.start()
        time.sleep(chance.uniform(0.2, 2.0))
        node.kill(family=chance.random() < 0.5)
        talking.join()
        verified(ortaq)
        node = served_again(serve)

    node.stop()
    texts = [json.loads(line).get("text") for line in ortaq("export").stdout.splitlines()]
    said = [text for text in texts if text]
    print(f"{len(confirmed)} confirmed of {len(tried)} tried, {len(said)} in the log")
    assert len(said) == len(set(said))
    assert set(confirmed) <= set(said) <= set(tried)
    assert len(confirmed) > rounds // 5
    verified(ortaq)


def _talk(visitor: Visitor, about: str, number: int, tried: list[str], confirmed: list[str]) -> None:
    """Give one opinion after the other until nobody answers any more."""
    for count in itertools.count():
        text = f"Rəy {number}/{count}"
        tried.append(text)
        try:
            visitor.give_opinion(about, text)
        except (OSError, http.client.HTTPException):
            return
        confirmed.append(text)
