# SPDX-License-Identifier: Apache-2.0
"""The line format out: what goes out comes in again as it was."""

import orjson

from ortaq.core.audience import STRANGER, Viewer
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.jsonl import lines
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_change
from tests.factories import Write


def exported(viewer: Viewer) -> list[dict]:
    return [orjson.loads(line) for line in lines(records(viewer), viewer)]


def test_record_goes_out_as_a_line(node: Identity) -> None:
    body = {
        "source_id": "m:1",
        "title": {"az": "Saray"},
        "types": ["term:a"],
        "links": [{"role": "about", "to": "https://x.org"}],
    }
    write_change(Draft("monument", body), by=node.uri)

    [line] = exported(STRANGER)

    assert line["kind"] == "monument"
    assert line["title"] == {"az": ["Saray"]}
    assert line["links"] == [{"role": "about", "to": "https://x.org"}]
    assert line["types"][0].startswith("urn:ortaq:")  # no record of that id is here
    assert "audience" not in line


def test_references_go_out_as_source_ids_where_the_reader_may_see_them(node: Identity, place: Write) -> None:
    place("geo:1", az="Açıq")
    place("geo:2", audience="node", az="Gizli")
    links = [{"role": "part_of", "to": "geo:1"}, {"role": "located_in", "to": "geo:2"}]
    write_change(Draft("monument", {"title": {"az": "M"}, "links": links}), by=node.uri)

    for viewer, expected in ((Viewer(node.uri), ["geo:1", "geo:2"]), (STRANGER, ["geo:1", "urn:ortaq"])):
        [line] = [line for line in exported(viewer) if line["kind"] == "monument"]
        assert [
            link["to"].removesuffix(link["to"][9:]) if link["to"].startswith("urn") else link["to"]
            for link in line["links"]
        ] == expected


def test_audience_decides_what_goes_out(node: Identity, place: Write) -> None:
    place("geo:1")
    place("geo:2", audience="partners")
    place("geo:3", audience="node")
    place("geo:4", audience="private", by=f"{node.uri}:aaaaaaaaaaaaaaaa")

    assert [line["source_id"] for line in exported(STRANGER)] == ["geo:1"]
    assert [(line["source_id"], line.get("audience")) for line in exported(Viewer(node.uri))] == [
        ("geo:1", None), ("geo:2", "partners"), ("geo:3", "node"),
    ]  # fmt: skip


def test_withdrawn_record_stays_in(node: Identity, place: Write) -> None:
    outcome = place("geo:1")
    write_change(Draft("place", None, uri=outcome.uri), by=node.uri)

    assert exported(Viewer(node.uri)) == []


def test_many_records_go_out_in_their_order(node: Identity, place: Write, monkeypatch) -> None:
    monkeypatch.setattr("ortaq.doors.exports.choice._PIECE", 3)
    for number in range(10):
        place(f"geo:{number}")

    assert [line["source_id"] for line in exported(STRANGER)] == [f"geo:{number}" for number in range(10)]
