# SPDX-License-Identifier: Apache-2.0
"""Linked Art in: what has a field comes in, what points at others becomes a link, what has neither is reported."""

import json
from pathlib import Path
from typing import Any

import pytest

from ortaq.core.lost import Lost
from ortaq.doors.imports import linked_art
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.imports.source import source_of
from ortaq.nodes.identity import Identity
from ortaq.records.models import Record

CONTEXT = "https://linked.art/ns/v1/linked-art.json"
JUG: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "https://x.example/jug",
    "type": "HumanMadeObject",
    "_label": "Jug",
    "identified_by": [
        {"type": "Name", "content": "Dolça", "language": [{"id": "http://id.loc.gov/vocabulary/iso639-1/az", "type": "Language"}]},
        {"type": "Name", "content": "Küzə", "classified_as": [{"id": "http://vocab.getty.edu/aat/300404670", "type": "Type"}],
         "language": [{"id": "http://id.loc.gov/vocabulary/iso639-1/az", "type": "Language", "_label": "az-Latn"}]},
        {"type": "Identifier", "content": "KP 5", "classified_as": [{"id": "http://vocab.getty.edu/aat/300312355", "type": "Type"}]},
    ],
    "produced_by": {
        "type": "Production",
        "timespan": {"type": "TimeSpan", "begin_of_the_begin": "-0049-01-01T00:00:00Z", "end_of_the_end": "0014-12-31T23:59:59Z"},
        "carried_out_by": [{"id": "https://x.example/ali", "type": "Person", "_label": "Əli"}],
        "influenced_by": [{"id": "https://x.example/other", "type": "HumanMadeObject", "_label": "Other"}],
    },
    "modified_by": [
        {"type": "Modification"},
        {"type": "Modification", "technique": [{"id": "http://vocab.getty.edu/aat/300053027", "type": "Type", "_label": "Cleaning"}]},
    ],
    "equivalent": [{"id": "http://www.wikidata.org/entity/Q42", "type": "HumanMadeObject"}],
    "secret": {"depth": [1, 2]},
}  # fmt: skip


def items(tmp_path: Path, *documents: Any) -> list[Item]:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(list(documents)))
    return list(linked_art.read(source_of(file), START))


def test_object_comes_in_with_names_dates_links_and_what_is_lost(home: Path, tmp_path: Path) -> None:
    [found] = items(tmp_path, JUG)

    assert found.draft and found.draft.kind == "object"
    assert found.draft.body == {
        "source_id": "object:https://x.example/jug",
        "title": {"az-Latn": ["Küzə"], "az": ["Dolça"], "und": ["Jug"]},
        "number": "KP 5",
        "made": "-0049/0014",
        "identifiers": [{"scheme": "wikidata", "value": "Q42"}],
        "links": [
            {"role": "made_by", "to": "agent:https://x.example/ali"},
            {"role": "related_to", "to": "object:https://x.example/other", "note": "produced by / influenced by"},
            {
                "role": "related_to",
                "to": "term:http://vocab.getty.edu/aat/300053027",
                "note": "modified by 2 / technique",
            },
        ],
    }
    assert [(one.path, one.count) for one in found.lost] == [("modified_by/type", 1), ("secret/depth", 2)]
    assert Lost("secret/depth", 2, "1", "no field takes it") in found.lost
    assert {str((one.body or {})["source_id"]) for one in found.named} == {
        "agent:https://x.example/ali", "object:https://x.example/other", "term:http://vocab.getty.edu/aat/300053027",
    }  # fmt: skip


def test_activity_of_which_there_is_no_record_is_kept_in_words(home: Path, tmp_path: Path) -> None:
    treatment = {
        "type": "Modification", "_label": "Təmizləmə", "referred_to_by": [{"type": "LinguisticObject", "content": "Yüngül iş"}],
        "timespan": {"type": "TimeSpan", "begin_of_the_begin": "2020-01-01T00:00:00Z", "end_of_the_end": "2021-12-31T23:59:59Z"},
        "carried_out_by": [{"id": "https://x.example/us", "type": "Group", "_label": "Muzey"}],
    }  # fmt: skip

    [found] = items(tmp_path, {**JUG, "modified_by": [treatment], "secret": None})

    body = dict(found.draft.body or {}) if found.draft else {}
    assert body["description"] == {"und": ["Modified by: Təmizləmə; Yüngül iş; 2020/2021"]}
    assert {"role": "related_to", "to": "agent:https://x.example/us", "note": "modified by / carried out by"} in body[
        "links"
    ]
    assert {one.why for one in found.lost} == {"it came in as words of the description"}


def test_building_is_a_monument_and_a_point_is_a_location(home: Path, tmp_path: Path) -> None:
    house = {"id": "https://x.example/h", "type": "HumanMadeObject", "_label": "House", "classified_as": [{"id": "http://vocab.getty.edu/aat/300004792", "type": "Type"}]}  # fmt: skip
    place = {"id": "https://x.example/p", "type": "Place", "_label": "Şəki", "defined_by": "POINT (47.2 41.2)"}

    [one, other] = [item.draft for item in items(tmp_path, house, place)]

    assert one and one.kind == "monument"
    assert other and (other.body or {})["point"] == {"lat": 41.2, "lon": 47.2}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"type": "Nothing", "id": "x:y"}, "import.unknown-class"),
        ({"type": ["Person"], "id": "x:y"}, "import.unknown-class"),
        ({"type": "Person"}, "import.no-identifier"),
        ({"type": "Person", "id": {"a": 1}}, "import.no-identifier"),
    ],
)
def test_document_that_says_not_what_it_is_is_refused(
    home: Path, tmp_path: Path, document: dict[str, Any], code: str
) -> None:
    [found] = items(tmp_path, document)
    assert found.error and found.error.code == code


def test_odd_values_take_nothing_down(home: Path, tmp_path: Path) -> None:
    odd = [None, True, 7, "x", [], {}, [[]], [None, "x", {"type": "Name"}], {"id": 7, "type": "Type"}]
    names = [
        *JUG,
        "classified_as",
        "referred_to_by",
        "dimension",
        "subject_to",
        "representation",
        "part",
        "attributed_by",
    ]
    documents = [{**JUG, name: value} for name in names if name not in ("id", "type") for value in odd]

    assert [one.error for one in items(tmp_path, *documents)] == [None] * len(documents)


def test_what_is_named_becomes_what_comes_later_whichever_comes_first(node: Identity, tmp_path: Path) -> None:
    person = {"@context": CONTEXT, "id": "https://x.example/ali", "type": "Person", "_label": "Usta Əli"}
    first, second = tmp_path / "jug.json", tmp_path / "ali.json"
    first.write_text(json.dumps(JUG))
    second.write_text(json.dumps(person))

    run_import([first], Options())
    counts = run_import([second], Options()).counts
    again = run_import([first, second], Options()).counts

    assert (counts.made, counts.revised, again.unchanged) == (0, 1, 2)
    jug, smith = (
        Record.objects.get(kind="object", source_id="object:https://x.example/jug"),
        Record.objects.get(kind="agent"),
    )
    assert next(link["to"] for link in json.loads(jug.change.body or "{}")["links"]) == smith.uri
