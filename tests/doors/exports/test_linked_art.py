# SPDX-License-Identifier: Apache-2.0
"""Linked Art out: valid whatever a record holds, what it does not say is named by field, and the rest comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from ortaq.core import linked_art as la
from ortaq.core.audience import STRANGER
from ortaq.core.errors import OrtaqError
from ortaq.core.kind import Kind
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.formats import JSON_FORMATS, json_lines
from ortaq.doors.imports import linked_art
from ortaq.doors.imports.item import START
from ortaq.doors.imports.source import source_of
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_changes
from ortaq.site.commands.export import export_records
from ortaq.site.kinds import KINDS
from tests.security.payloads import hostile
from tests.standards.schemas import SCHEMAS, linked_art_validator, needs_schemas

BODIES: list[tuple[str, dict[str, Any]]] = [
    ("term", {"source_id": "term:http://vocab.getty.edu/aat/300194567", "title": {"az": ["Küzə"], "en": ["Jug", "Ewer"]}, "scheme": "aat", "identifiers": [{"scheme": "aat", "value": "300194567"}]}),
    ("agent", {"source_id": "a:smith", "title": {"az": "Usta Əli"}, "agent_type": "person", "life": "1780/1840", "office": {"az": "misgər"}}),
    ("agent", {"source_id": "a:band", "title": {"und-Cyrl": "Ансамбль"}, "agent_type": "group", "website": "https://band.example"}),
    ("place", {"source_id": "p:sheki", "title": {"az": "Şəki", "ru": "Шеки"}, "point": {"lat": 41.2, "lon": 47.2, "precision_m": 50}, "countries": ["AZ"]}),
    ("event", {"source_id": "e:show", "title": {"en": "Show"}, "event_type": "exhibition", "status": "held", "held": "2023-12-02/2023-12-05", "links": [{"role": "held_at", "to": "p:sheki"}, {"role": "performed_by", "to": "a:band"}]}),
    ("object", {
        "source_id": "o:jug", "title": {"az": ["Mis küzə", "Dolça"], "ru": "Медный кувшин"}, "description": {"az": "Naxışlı.\nÇox gözəl."},
        "types": ["term:http://vocab.getty.edu/aat/300194567"], "made": "1801/1825", "measurements": ["hündürlük 24 sm"], "number": "EM-17",
        "inscriptions": [{"text": "Əli", "lang": "az"}], "rights": "CC0", "images": ["https://x.example/jug.jpg"],
        "identifiers": [{"scheme": "wikidata", "value": "Q42"}, {"scheme": "old book", "value": "7"}],
        "sources": ["Kataloq, s. 7", "https://x.example/jug"], "areas": ["museums"],
        "links": [
            {"role": "made_by", "to": "a:smith", "note": "misgər"}, {"role": "located_in", "to": "p:sheki"},
            {"role": "depicts", "to": "p:sheki"}, {"role": "part_of", "to": "https://x.example/set"}, {"role": "shown_at", "to": "e:show"},
        ],
    }),
    ("monument", {"source_id": "m:palace", "title": {"az": "Saray"}, "built": "1797~", "point": {"lat": 41.2, "lon": 47.2}, "protection": [{"list": "WHL", "level": "world"}]}),
    ("material", {"source_id": "x:book", "title": {"kk": "Кітап"}, "text": {"kk": "Мәтін", "ru": "Текст"}, "languages": ["kk"], "licence": "https://creativecommons.org/licenses/by/4.0/", "created": "1990-05"}),
    ("work", {"source_id": "w:film", "title": {"en": "Film"}, "work_type": "film", "made": "1945", "languages": ["az"]}),
    ("opinion", {"about": "m:palace", "motivation": "comment", "lang": "az", "text": "Gözəldir"}),
]  # fmt: skip
_SCHEMAS = {
    "HumanMadeObject": "object", "Person": "person", "Group": "group", "Place": "place", "LinguisticObject": "text",
    "Activity": "event", "Type": "concept", "PropositionalObject": "abstract", "Set": "set",
}  # fmt: skip


@pytest.fixture
def filled(node: Identity) -> Identity:
    outcomes = write_changes([Draft(kind, body) for kind, body in BODIES], by=node.uri)
    assert [one.error for one in outcomes if one.error] == []
    return node


def exported() -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in json_lines(JSON_FORMATS["linked-art"], records(STRANGER), STRANGER, "https://n.example")
    ]


def faults(document: dict[str, Any]) -> list[str]:
    return [
        f"{list(one.absolute_path)}: {one.message[:200]}"
        for one in linked_art_validator(_SCHEMAS[document["type"]]).iter_errors(document)
    ]


@needs_schemas
def test_every_kind_goes_out_valid(filled: Identity) -> None:
    assert {one["_label"]: faults(one) for one in exported()} == {one["_label"]: [] for one in exported()}
    assert len(exported()) == len(BODIES)


@needs_schemas
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_by_node], ids=lambda kind: kind.name)
def test_hostile_body_goes_out_valid(node: Identity, kind: Kind) -> None:
    body = {**hostile(kind), "source_id": f"k:{kind.name}", **dict.fromkeys(kind.bounded_by[:1], "k:agent")}
    outcomes = write_changes(
        [Draft("agent", {**hostile(KINDS["agent"]), "source_id": "k:agent"}), Draft(kind.name, body)], by=node.uri
    )

    assert [one.error for one in outcomes if one.error] == []
    assert [fault for one in exported() for fault in faults(one)] == []


def test_what_is_not_in_the_report_comes_back(filled: Identity, tmp_path: Path) -> None:
    file, report = tmp_path / "out.jsonl", tmp_path / "report.json"
    export_records(format="linked-art", query="", kind=None, audience="public", output=file, report=report)
    said = json.loads(report.read_text())
    back = {item.draft.body["source_id"].partition(":")[2]: item.draft for item in linked_art.read(source_of(file), START) if item.draft and item.draft.body}  # fmt: skip

    assert said["counts"] == {"records_out": len(BODIES), "whole": 9, "left_out": 0}
    for record, (kind, body) in zip(said["records"], [*BODIES[:-1], BODIES[-1]], strict=True):
        draft = back[record["uri"]]
        lost = {one["path"].partition("/")[0] for one in record["lost"]}
        stored = KINDS[kind].validate(body)
        returned = KINDS[draft.kind].validate(draft.body or {})
        if kind == "opinion":  # comes back as a material that is about the monument
            assert (draft.kind, returned["text"]) == ("material", {"az": ["Gözəldir"]})
            continue
        assert draft.kind == kind
        for name in stored.keys() - lost - {"source_id", "links", "types", "identifiers", "about", "text", "sources"}:
            assert returned[name] == stored[name], (kind, name)
        assert {one["value"] for one in stored.get("identifiers", ())} <= {
            one["value"] for one in returned.get("identifiers", ())
        }
        assert set(stored.get("sources", ())) <= set(returned.get("sources", ()))
        links = {(one["role"], one.get("note")) for one in stored.get("links", ())}
        assert links <= {(one["role"], one.get("note")) for one in returned.get("links", ())}, kind


def test_report_names_by_field_what_is_not_said(filled: Identity, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    export_records(
        format="linked-art", query="", kind="monument", audience="public", output=tmp_path / "out", report=report
    )

    [record] = json.loads(report.read_text())["records"]
    assert [(one["path"], one["count"]) for one in record["lost"]] == [("protection", 1)]
    assert "WHL" in record["lost"][0]["sample"]


def test_format_without_losses_has_no_report(filled: Identity, tmp_path: Path) -> None:
    with pytest.raises(OrtaqError) as found:
        export_records(format="jsonl", query="", kind=None, audience="public", output=None, report=tmp_path / "r")
    assert found.value.code == "export.no-report"


@pytest.mark.parametrize(
    "path", [[la.Step("produced_by"), la.Step("part", 12), la.Step("carried_out_by")], [la.Step("shows", 1)]]
)
def test_path_comes_back_from_the_note_that_says_it(path: list[la.Step]) -> None:
    assert la.path_of(la.note_of(path)) == path


@needs_schemas
def test_tables_say_what_the_schemas_say() -> None:
    for name, properties in la.PROPERTIES.items():
        stem = _SCHEMAS.get(name) or {"VisualItem": "image", "DigitalObject": "digital"}.get(
            name, "event" if name in la.EVENTS else "concept"
        )
        known = json.loads((SCHEMAS / "linked_art" / f"{stem}.json").read_bytes())["properties"]
        assert [
            prop for prop in [*properties, *la.PARTS.get(name, {})] if prop not in known and prop != "part"
        ] == [], name
