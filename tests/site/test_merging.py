# SPDX-License-Identifier: Apache-2.0
"""Merged records on the command line: verified, indexed anew, taken to another node, restored, and killed on the way."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ENGINE
from tests.interruption import Ortaq, verified

_LINES = [
    {"kind": "place", "source_id": "a", "title": {"az": "Şəki"}},
    {"kind": "place", "source_id": "b", "title": {"az": "Nuxa"}, "sources": ["Xəritə"]},
    {"kind": "monument", "source_id": "m", "title": {"az": "Saray"}, "links": [{"role": "located_in", "to": "b"}]},
    {"kind": "opinion", "source_id": "o", "about": "b", "motivation": "comment", "lang": "az", "text": "Gözəl"},
    {"kind": "place", "source_id": "c", "title": {"az": "Şəki şəhəri"}},
]
# b goes into a, and both into c, which is younger than what was said about b
_NODE = """
from ortaq.site.node import open_node
me = open_node(create=False)
import json, sys
from ortaq.core.audience import Viewer
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.opinions.queries import opinions_about
from ortaq.records.merging import merge_of, merge_records, take_back
from ortaq.records.models import Record
from ortaq.records.queries import body_of, links_to, record_of
keeper = Viewer(me.uri, is_keeper=True)
uris = {name: record_uri(me.id, local_id_of_source(name)) for name in "abcmo"}
def merge(winner, loser):
    kept, other = record_of(uris[winner], keeper), record_of(uris[loser], keeper)
    own = {name: value for name, value in body_of(kept).items() if name != "links"}
    merge_records(keeper, kept.uri, other.uri, body=own, expected=(kept.version, other.version))
def back(loser):
    winner = merge_of(record_of(uris[loser], keeper), keeper).winner
    take_back(keeper, uris[loser], expected_version=winner.version)
"""
_SEEN = """
print(json.dumps({
    "states": dict(Record.objects.order_by("source_id").values_list("source_id", "state")),
    "links": sorted(link.record.source_id for link in links_to(uris["c"], keeper, limit=9)),
    "said": [one.body["text"] for one in opinions_about(uris["c"], keeper).said if one.record],
    "bodies": {name: body_of(record_of(uris[name], keeper)) for name in "abc" if Record.objects.filter(uri=uris[name])},
}))
"""


def run(environment: dict[str, str], code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _NODE + code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture
def merged(ortaq: Ortaq, command_environment: dict[str, str], tmp_path: Path) -> Ortaq:
    """The command on a node where three places have become one."""
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in _LINES), "utf-8")
    assert ortaq("import", file).returncode == 0
    run(command_environment, 'merge("a", "b"); merge("c", "a")')
    return ortaq


def test_node_with_merged_records_verifies_and_is_indexed_anew(
    merged: Ortaq, command_environment: dict[str, str], tmp_path: Path
) -> None:
    assert verified(merged) == (9, 5)
    assert merged("reindex").returncode == 0
    assert verified(merged) == (9, 5)
    hits = json.loads(merged("search", "Nuxa", "--json").stdout)["hits"]
    assert [hit["source_id"] for hit in hits if hit["kind"] == "place"] == []
    again = merged("import", tmp_path / "in.jsonl")
    assert again.returncode == 1
    assert again.stderr.count("was merged into another record") == 2
    assert verified(merged) == (9, 5)


def test_import_of_an_export_means_the_same_at_another_node(
    merged: Ortaq, command_environment: dict[str, str], tmp_path: Path
) -> None:
    before = run(command_environment, _SEEN)
    assert (before["links"], before["said"]) == (["m", "o"], ["Gözəl"])
    out = tmp_path / "out.jsonl"
    assert merged("export", "--audience", "node", "--output", out).returncode == 0
    home = merged("import", out)
    assert (home.returncode, "3 unchanged" in home.stdout) == (0, True), home.stdout + home.stderr
    away = {**command_environment, "ORTAQ_HOME": f"{tmp_path}/away"}
    if ENGINE == "postgresql":
        return  # another node would need a database of its own
    for words in (("import", out), ("verify",), ("import", out)):
        done = subprocess.run([*_command(), *words], env=away, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "3 unchanged" in done.stdout
    after = run(away, _SEEN)
    assert (after["links"], after["said"]) == (before["links"], before["said"])
    assert after["bodies"]["c"]["links"] == before["bodies"]["c"]["links"]


@pytest.mark.skipif(ENGINE != "sqlite", reason="the restored node would need a second database")
def test_restored_node_has_the_same_merges_and_takes_them_back(
    merged: Ortaq, command_environment: dict[str, str], tmp_path: Path
) -> None:
    before = run(command_environment, _SEEN)
    assert merged("backup", tmp_path / "backup").returncode == 0
    other = {**command_environment, "ORTAQ_HOME": f"{tmp_path}/restored"}
    for words in (("restore", tmp_path / "backup"), ("verify",)):
        done = subprocess.run([*_command(), *words], env=other, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    assert run(other, _SEEN) == before
    back = run(other, 'back("b"); back("a")\n' + _SEEN)
    assert back["states"] == dict.fromkeys("abcmo", "live")
    assert all("links" not in body for body in back["bodies"].values())


def test_killed_merges_are_done_whole_or_not_at_all(merged: Ortaq, command_environment: dict[str, str]) -> None:
    """The two changes of a merge are one transaction: after each kill, the other is withdrawn just if the kept one replaces it."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    run(command_environment, 'back("b"); back("a")')
    code = _NODE + 'print("ready", flush=True)\nfor _ in range(10_000): merge("a", "b"); back("b")'
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=command_environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.05, 0.4))
        process.kill()
        process.wait()
        process.stdout.close()
        seen = run(command_environment, _SEEN)
        is_replaced = bool(seen["bodies"]["a"].get("links"))
        assert seen["states"]["b"] == ("withdrawn" if is_replaced else "live")
        verified(merged)
        if is_replaced:
            run(command_environment, 'back("b")')


def _command() -> list[str]:
    return [str(Path(sys.executable).with_name("ortaq"))]
