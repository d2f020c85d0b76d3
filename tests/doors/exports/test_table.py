# SPDX-License-Identifier: Apache-2.0
"""A kind as a table that no spreadsheet will run."""

import csv
import io

import pytest

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.table import BOM, guarded, table
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_change
from ortaq.records.registry import KINDS


def rows(kind: str) -> list[dict[str, str]]:
    data = b"".join(table(KINDS[kind], lambda: records(STRANGER, kind), STRANGER))
    assert data.startswith(BOM)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_fields_languages_and_roles_are_columns(node: Identity) -> None:
    bodies = [
        {
            "source_id": "m:1",
            "title": {"az": ["Saray", "Xan sarayı"], "ru": "Дворец"},
            "point": {"lat": -1.5, "lon": 2},
        },
        {
            "source_id": "m:2",
            "title": {"kk": 'Кесене, "ескі"'},
            "description": {"kk": "Бір\nекі"},
            "links": [{"role": "part_of", "to": "m:1"}],
            "protection": [{"list": "A", "number": "1"}, {"list": "B"}],
        },
    ]
    for body in bodies:
        write_change(Draft("monument", body), by=node.uri)

    first, second = rows("monument")

    assert list(first) == [
        "uri", "audience", "source_id", "title.az", "title.kk", "title.ru", "description.kk", "links.part_of",
        "point.lat", "point.lon", "protection.list", "protection.number",
    ]  # fmt: skip
    assert (first["title.az"], first["title.ru"], first["point.lat"]) == ("Saray | Xan sarayı", "Дворец", "-1.5")
    assert (second["title.kk"], second["description.kk"]) == ('Кесене, "ескі"', "Бір\nекі")
    assert (second["links.part_of"], second["protection.list"]) == ("m:1", "A | B")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1-1", "'+1-1"), ("-cmd|'/C calc'!A0", "'-cmd|'/C calc'!A0"), ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("-12.5", "-12.5"), ("Şəki", "Şəki"), ("", ""), ("a=1", "a=1"),
        ("'=1", "''=1"), ("\n=1", "'\n=1"), ("＝1", "'＝1"), ("'a", "'a"),
    ],
)  # fmt: skip
def test_cell_is_no_formula(cell: str, safe: str) -> None:
    assert guarded(cell) == safe


def test_formula_in_a_title_is_neutralised(node: Identity) -> None:
    write_change(Draft("place", {"title": {"en": "=1+1"}}), by=node.uri)

    assert rows("place")[0]["title.en"] == "'=1+1"


def test_records_of_several_kinds_share_a_table(node: Identity) -> None:
    write_change(Draft("place", {"source_id": "p:1", "title": {"az": "Şəki"}, "countries": ["AZ"]}), by=node.uri)
    write_change(Draft("monument", {"source_id": "m:1", "title": {"az": "Saray"}, "built": "1762"}), by=node.uri)

    data = b"".join(table(None, lambda: records(STRANGER), STRANGER))
    place, monument = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))

    assert list(place) == ["uri", "kind", "audience", "source_id", "title.az", "countries", "built"]
    assert (place["kind"], place["countries"], place["built"]) == ("place", "AZ", "")
    assert (monument["kind"], monument["title.az"], monument["built"]) == ("monument", "Saray", "1762")
