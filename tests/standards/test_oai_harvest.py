# SPDX-License-Identifier: Apache-2.0
"""A harvester that nobody here wrote takes everything from a node that is really served, while another process writes."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from oaipmh_scythe import Scythe
from oaipmh_scythe.client import RetryConfig
from oaipmh_scythe.models import Record as Harvested

from tests.interruption import ORTAQ
from tests.serving import ServedNode, started_node

RECORDS = 300
A_PAGE = 7
# Another process: revises, withdraws, narrows and adds, until its input ends, and says each time that it did; at last, what.
WRITER = """
import random, sys, threading, orjson
from ortaq.site.node import open_node
node = open_node(create=False)
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Record
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
uris = dict(Record.objects.filter(source_id__startswith="geo:").values_list("source_id", "uri"))
names, chance, gone, made, number = sorted(uris), random.Random(4), set(), [], 0
print("ready", flush=True)
while not stop.is_set():
    number += 1
    print("wrote", flush=True)
    name = chance.choice(names)
    if name in gone or number % 3:
        if name not in gone:
            write_change(Draft("place", {"source_id": name, "title": {"az": f"Ad {number}"}}), by=node.uri)
        made.append(write_change(Draft("place", {"source_id": f"new:{number}", "title": {"az": "Yeni"}}), by=node.uri).uri)
    elif number % 2:
        gone.add(name)
        write_change(Draft("place", None, "public", uris[name]), by=node.uri)
    else:
        gone.add(name)
        write_change(Draft("place", {"source_id": name, "title": {"az": "Gizli"}}, "node"), by=node.uri)
print(orjson.dumps({"gone": [uris[name] for name in gone], "made": made, "writes": number}).decode(), flush=True)
"""


@pytest.fixture
def environment(command_environment: dict[str, str]) -> dict[str, str]:
    return {**command_environment, "ORTAQ_HARVEST_PAGE": str(A_PAGE), "ORTAQ_API_STRANGER_RATE": "0"}


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[ServedNode]:
    lines = [
        orjson.dumps({"kind": "place", "source_id": f"geo:{n:04}", "title": {"az": f"Yer {n}"}}) for n in range(RECORDS)
    ]
    lines += [
        orjson.dumps({"kind": "place", "source_id": f"own:{n}", "title": {"az": "Gizli"}, "audience": "node"})
        for n in range(20)
    ]
    file = tmp_path / "places.jsonl"
    file.write_bytes(b"\n".join(lines))
    done = subprocess.run([ORTAQ, "import", str(file)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    node = started_node(environment)
    yield node
    node.stop()
    if node.process.stderr:
        node.process.stderr.close()


def harvester(node: ServedNode) -> Scythe:
    waits = RetryConfig(max_retries=5, default_retry_after=1)
    return Scythe(f"http://127.0.0.1:{node.port}/oai", retry_config=waits)


def harvest(node: ServedNode, **asked: str) -> list[Harvested]:
    with harvester(node) as client:
        return list(client.list_records(metadata_prefix="oai_dc", **asked))


def list_is_up(node: ServedNode, uri: str, *, gone: bool) -> None:
    """Wait until the list says of *uri* what was written last."""
    address = f"http://127.0.0.1:{node.port}/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={uri}"
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with urllib.request.urlopen(address) as answer:
            text = answer.read()
        if b"<error" not in text and (b'status="deleted"' in text) == gone:
            return
        time.sleep(0.1)
    pytest.fail(f"{uri} did not come into the list")


def test_everything_is_harvested_while_others_write(served: ServedNode, environment: dict[str, str]) -> None:
    before = {one.header.identifier: one for one in harvest(served)}
    assert len(before) == RECORDS
    instant = max(one.header.datestamp for one in before.values())
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
    met = []
    with harvester(served) as client:
        for one in client.list_records(metadata_prefix="oai_dc"):
            if len(met) % A_PAGE == 0:
                assert writer.stdout.readline() == "wrote\n"  # not a page without a write
            met.append(one)
    said, _ = writer.communicate("")
    done = orjson.loads(said.splitlines()[-1])

    seen = {one.header.identifier: one.header.deleted for one in met}  # the last word on each
    gone = set(done["gone"])
    assert before.keys() - gone <= {uri for uri, is_deleted in seen.items() if not is_deleted}
    assert before.keys() <= seen.keys()
    assert {uri for uri, is_deleted in seen.items() if is_deleted} <= gone

    list_is_up(served, done["made"][-1], gone=False)
    later = {one.header.identifier: one.header.deleted for one in harvest(served, from_=instant)}
    now = {**dict.fromkeys(before, False), **later}
    assert {uri for uri, is_deleted in now.items() if is_deleted} == gone
    assert {uri for uri, is_deleted in now.items() if not is_deleted} == (before.keys() - gone) | set(done["made"])
    whole = {one.header.identifier: one.header.deleted for one in harvest(served)}
    assert whole == now
