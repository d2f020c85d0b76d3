# SPDX-License-Identifier: Apache-2.0
"""Killed while notices are made from the log: who was mentioned is told of each opinion that is in it, once."""

import http.client
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.interruption import Ortaq
from tests.serving import Serve, served_again
from tests.visitor import PASSWORD, Visitor

_PLACE = '{"kind":"place","source_id":"a:1","title":{"az":"Şəki"}}\n'
_COUNT = """
from ortaq.site.node import open_node
open_node(create=False)
import json
from ortaq.notices.following import catch_up
from ortaq.notices.models import Notice
from ortaq.records.models import Change
catch_up()
told = list(Notice.objects.filter(person__login="orxan", code="person.mentioned").values_list("change", flat=True))
said = list(Change.objects.filter(kind="opinion").values_list("id", flat=True))
print(json.dumps([sorted(told), sorted(said)]))
"""


def test_killed_node_tells_of_every_mention_once(
    ortaq: Ortaq,
    serve: Serve,
    command_environment: dict[str, str],
    tmp_path: Path,
    chance: random.Random,
    rounds: int,
) -> None:
    (tmp_path / "in.jsonl").write_text(_PLACE, "utf-8")
    assert ortaq("import", tmp_path / "in.jsonl").returncode == 0
    about = json.loads(ortaq("search", "Şəki", "--json").stdout)["hits"][0]["uri"]
    node = serve()
    visitor = Visitor(node.port)
    visitor.join(node.first_link)
    _join(node.port, ortaq("user", "invite").stdout.strip())
    for number in range(max(3, rounds // 5)):
        visitor.port = node.port
        talking = threading.Thread(target=_talk, args=(visitor, about, number))
        talking.start()
        time.sleep(chance.uniform(0.5, 2.0))
        node.kill(family=chance.random() < 0.5)
        talking.join()
        node = served_again(serve)
    node.stop()
    asked = subprocess.run(
        [sys.executable, "-c", _COUNT], env=command_environment, capture_output=True, text=True, timeout=60
    )
    told, said = json.loads(asked.stdout)
    print(f"{len(told)} notices of {len(said)} opinions after {max(3, rounds // 5)} kills")
    assert told == said
    assert len(set(told)) == len(told) > rounds // 5


def _join(port: int, link: str) -> None:
    person = Visitor(port)
    path = "/welcome/" + link.rpartition("/")[2]
    person.ask("GET", path)
    form = {"name": "Orxan", "login": "orxan", "password": PASSWORD, "again": PASSWORD}
    status, page = person.ask("POST", path, form)
    assert status == 302, page


def _talk(visitor: Visitor, about: str, number: int) -> None:
    """Mention somebody in one opinion after the other until nobody answers any more."""
    for count in itertools.count():
        try:
            visitor.give_opinion(about, f"@orxan, rəy {number}/{count}")
        except (OSError, http.client.HTTPException):
            return
