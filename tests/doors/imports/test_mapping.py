# SPDX-License-Identifier: Apache-2.0
"""Columns become fields as the mapping says, or it is said why not."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ortaq.doors.imports.errors import BadCell, BadMapping
from ortaq.doors.imports.mapping import Columns, Plan, read_mapping


def draft(mapping: Columns, row: dict[str, str]) -> Any:
    return Plan(mapping, list(row), "t.csv", "public").draft(list(row.values()))


def test_each_sort_of_field_can_be_filled() -> None:
    row = {
        "id": "7", "Ad": "Şəki Xan Sarayı|Xan Sarayı", "Имя": "Дворец", "Lat": "41,2", "Lon": "47.19", "Tip": "palace",
        "Mat": "Kərpic", "Ölkə": "AZ", "Saxlanır": "agent:reserve", "QID": "Q1", "Siyahı": "UNESCO", "Səviyyə": "world",
    }  # fmt: skip
    columns = {
        "id": "source_id", "Ad": "title.az", "Имя": "title.ru", "Lat": "point.lat", "Lon": "point.lon", "Tip": "types",
        "Mat": "materials", "Ölkə": "countries", "Saxlanır": "links.kept_by", "QID": "identifiers.wikidata",
        "Siyahı": "protection.list", "Səviyyə": "protection.level",
    }  # fmt: skip
    mapping = Columns(
        "monument", columns, "m:", {"areas": ["heritage"]}, {"Ad": "|"}, {"Tip": "term:"}, {"Mat": "material"}
    )

    found, terms = draft(mapping, row)

    assert found.body == {
        "source_id": "m:7",
        "title": {"az": ["Şəki Xan Sarayı", "Xan Sarayı"], "ru": ["Дворец"]},
        "point": {"lat": 41.2, "lon": 47.19},
        "types": ["term:palace"],
        "materials": ["term:material:Kərpic"],
        "countries": ["AZ"],
        "areas": ["heritage"],
        "links": [{"role": "kept_by", "to": "agent:reserve"}],
        "identifiers": [{"scheme": "wikidata", "value": "Q1"}],
        "protection": [{"list": "UNESCO", "level": "world"}],
    }
    assert [term.body for term in terms] == [
        {"source_id": "term:material:Kərpic", "title": {"und": ["Kərpic"]}, "scheme": "material"}
    ]


def test_kind_and_audience_may_be_columns() -> None:
    mapping = Columns("place", {"k": "kind", "a": "audience", "n": "title.az"})

    found, _ = draft(mapping, {"k": "monument", "a": "node", "n": "x"})

    assert (found.kind, found.audience) == ("monument", "node")


def test_row_without_an_id_keeps_its_own_as_long_as_it_stays_the_same() -> None:
    mapping = Columns("place", {"n": "title.az"}, "p:")
    one, same, other = (draft(mapping, {"n": name})[0].body["source_id"] for name in ("Şəki", "Şəki", "Bakı"))

    assert one == same != other


@pytest.mark.parametrize(
    ("text", "point"),
    [("POINT (47.19 41.2)", (41.2, 47.19)), ("41.2, 47.19", (41.2, 47.19)), ("41,2; 47,19", (41.2, 47.19))],
)
def test_point_in_one_cell(text: str, point: tuple[float, float]) -> None:
    found, _ = draft(Columns("place", {"p": "point"}), {"p": text})

    assert (found.body["point"]["lat"], found.body["point"]["lon"]) == point


@pytest.mark.parametrize(
    ("target", "text"), [("point.lat", "north"), ("point", "here"), ("population", "many"), ("population", "1.5")]
)
def test_bad_cell_names_its_column(target: str, text: str) -> None:
    with pytest.raises(BadCell, match="'c'"):
        draft(Columns("place", {"c": target}), {"c": text})


def test_guard_of_our_export_is_taken_off() -> None:
    assert draft(Columns("place", {"c": "title.az"}), {"c": "'=1+1"})[0].body["title"] == {"az": ["=1+1"]}


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"n": "name.az"}, "'name.az', which is no field"),
        ({"n": "title"}, "'title', which is no field"),
        ({"n": "point.north"}, "'point.north'"),
        ({"m": "title.az"}, "no column 'm'"),
        ({"n": "population.x"}, "'population.x'"),
    ],
)
def test_mapping_that_does_not_fit_says_where(columns: dict[str, str], problem: str) -> None:
    with pytest.raises(BadMapping, match=problem):
        draft(Columns("place", columns), {"n": "x"})


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "not JSON"),
        (b"[]", "no JSON object"),
        (b'{"kind": "place"}', "'columns' is missing"),
        (b'{"kind": "place", "columns": {}, "colums": {}}', "'colums' is unknown"),
        (b'{"kind": "place", "columns": {"a": 1}}', "'a' must go to a text"),
        (b'{"kind": 1, "columns": []}', "'columns' must be an object"),
    ],
)
def test_bad_mapping_file_says_what_is_wrong(tmp_path: Path, data: bytes, problem: str) -> None:
    file = tmp_path / "m.json"
    file.write_bytes(data)

    with pytest.raises(BadMapping, match=problem):
        read_mapping(file)


def test_mapping_is_read_as_it_was_written(tmp_path: Path) -> None:
    mapping = Columns("place", {"n": "title.az", "x": None}, "p:", {"audience": "node"}, {"n": "|"})
    file = tmp_path / "m.json"
    file.write_bytes(mapping.as_json())

    assert read_mapping(file) == mapping
    assert orjson.loads(mapping.as_json())["kind"] == "place"
