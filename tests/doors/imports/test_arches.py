# SPDX-License-Identifier: Apache-2.0
"""Business data of Arches: what can be told without a mapping, what a mapping says, and rows that belong together."""

import json
from pathlib import Path
from typing import Any

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import arches, table
from ortaq.doors.imports.item import START, Item, Mark
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.source import source_of

ID, OTHER = "147b0000-bc03-11e6-af48-80e6500ee4e4", "247b0000-bc03-11e6-af48-80e6500ee4e4"
SHAPE = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [47.2, 41.2]}}],
}
GRAPH = [
    {
        "nodes": [
            {"nodeid": "n1", "name": "Monument Name"},
            {"nodeid": "n2", "name": "Builder"},
            {"nodeid": "n4", "name": "Near"},
        ]
    }
]


def document(*data: dict[str, Any], **more: Any) -> dict[str, Any]:
    tiles = [{"tileid": "t", "nodegroup_id": "g", "sortorder": 0, "data": one} for one in data]
    resources = [{"tiles": tiles, "resourceinstance": {"resourceinstanceid": ID, "graph_id": "x"}}]
    return {
        "business_data": {"resources": [*resources, {"tiles": [], "resourceinstance": {"resourceinstanceid": OTHER}}]},
        **more,
    }


def items(tmp_path: Path, value: Any, mapping: Columns | None = None) -> list[Item]:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(value))
    return list(arches.read(source_of(file), START, mapping))


def test_names_of_nodes_say_what_a_value_means(home: Path, tmp_path: Path) -> None:
    data = {"n1": {"az": {"value": "Saray", "direction": "ltr"}, "ru": {"value": "Дворец"}}, "n2": "Usta Əli", "n3": SHAPE, "n4": [OTHER], "n5": 12}  # fmt: skip

    found, other = items(tmp_path, document(data, graph=GRAPH))

    assert found.draft and found.draft.body == {
        "source_id": f"arches:{ID}",
        "title": {"az": ["Saray"], "ru": ["Дворец"]},
        "description": {"und": ["Builder: Usta Əli"]},
        "point": {"lat": 41.2, "lon": 47.2},
        "links": [{"role": "related_to", "to": f"arches:{OTHER}", "note": "Near"}],
    }
    assert "tiles/data/n5" in {one.path for one in found.lost}
    assert other.draft and (other.draft.body or {})["title"] == {"und": [f"Arches {OTHER}"]}


def test_without_names_only_the_form_tells(home: Path, tmp_path: Path) -> None:
    found, _ = items(tmp_path, document({"a": "2016-12-06", "b": ID.replace("1", "3"), "c": "Saray", "d": "Ev"}))

    assert found.draft and (found.draft.body or {})["title"] == {"und": ["Saray"]}
    assert {one.path for one in found.lost} >= {"title", "tiles/data/a", "tiles/data/b", "tiles/data/d"}


def test_mapping_goes_by_the_id_or_the_name_of_a_node(home: Path, tmp_path: Path) -> None:
    mapping = Columns(
        "monument", {"Monument Name": "title.az", "n3": "point", "n2": "links.made_by"}, "reg:", prefix={"n2": "agent:"}
    )

    found, _ = items(
        tmp_path,
        document({"n1": "Saray", "n2": ["Əli", "Vəli"], "n3": SHAPE, "n9": "x"}, {"n1": "Qəsr"}, graph=GRAPH),
        mapping,
    )

    assert found.draft and found.draft.body == {
        "source_id": f"reg:{ID}",
        "title": {"az": ["Saray", "Qəsr"]},
        "point": {"lat": 41.2, "lon": 47.2},
        "links": [{"role": "made_by", "to": "agent:Əli"}, {"role": "made_by", "to": "agent:Vəli"}],
    }
    assert ("tiles/data/n9", "the mapping leaves it out") in {(one.path, one.why) for one in found.lost}


def test_mapping_to_a_field_that_is_none_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(OrtaqError) as found:
        items(tmp_path, document({"n1": "x"}), Columns("monument", {"n1": "nothing"}))
    assert found.value.code == "import.bad-mapping"


def test_odd_values_take_nothing_down(home: Path, tmp_path: Path) -> None:
    odd = [
        None,
        True,
        7,
        "x",
        [],
        {},
        [[]],
        {"features": 7},
        {"features": [{"geometry": {"type": "Point", "coordinates": ["a", None]}}]},
        [{"resourceId": 7}],
    ]
    for value in odd:
        assert [one.error for one in items(tmp_path, document({"n1": value}, {"n1": "Saray"}, graph=GRAPH))] == [
            None,
            None,
        ]
    for one in ({"business_data": 7}, {"business_data": {"resources": [7, {}]}}, {"business_data": {"resources": [{"tiles": 7, "resourceinstance": {"resourceinstanceid": 7}}]}}):  # fmt: skip
        assert {item.error.code for item in items(tmp_path, one) if item.error} <= {"import.no-identifier"}


ROWS = "ResourceID,Name,Material,Year\n1,Qala,daş,1424\n1,Hasar,kərpic,1500\n2,Ev,ağac,1600\n1,Yenə,ağac,1\n"
COLUMNS = Columns("monument", {"ResourceID": "source_id", "Name": "title.az", "Material": "materials", "Year": "built"}, "r:", terms={"Material": "m"})  # fmt: skip


def test_rows_of_one_resource_are_one_record(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text(ROWS)

    found = list(table.read(source_of(file), START, COLUMNS))

    assert [(one.number, one.line) for one in found] == [(2, 2), (3, 4), (4, 5)]
    assert found[0].draft and found[0].draft.body == {
        "source_id": "r:1", "title": {"az": ["Qala", "Hasar"]}, "materials": ["term:m:daş", "term:m:kərpic"], "built": "1424",
    }  # fmt: skip
    assert [(one.path, one.sample) for one in found[0].lost] == [("built", "1500")]
    assert [one.number for one in table.read(source_of(file), Mark(2, 2, 0), COLUMNS)] == [3, 4]
