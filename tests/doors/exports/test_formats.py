# SPDX-License-Identifier: Apache-2.0
"""Records in the formats of others: what each says, whom it can describe, and that LIDO comes back as it went out."""

from pathlib import Path
from typing import Any

import pytest
import rdflib
from lxml import etree

from ortaq.core.audience import STRANGER
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.core.nature import Nature
from ortaq.core.vocabulary import GIVEN_ROLES
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.described import days
from ortaq.doors.exports.formats import BY_NAME, document
from ortaq.doors.imports import lido
from ortaq.doors.imports.item import START
from ortaq.doors.imports.source import source_of
from ortaq.records.door import Draft, write_changes
from ortaq.site.kinds import KINDS
from tests.security.payloads import hostile
from tests.standards.schemas import lido_schema, needs_schemas

CRM = rdflib.Namespace("http://www.cidoc-crm.org/cidoc-crm/")
EDM = rdflib.Namespace("http://www.europeana.eu/schemas/edm/")
BASE = "https://node.example"


@pytest.fixture
def filled(node: Any) -> Any:
    """A jug with all that LIDO has a place for, and records of other kinds around it."""
    named = [
        ("term", {"source_id": "t:jug", "title": {"az": ["Küzə"], "en": ["Jug", "Ewer"]}, "scheme": "types", "identifiers": [{"scheme": "aat", "value": "300194567"}]}),
        ("term", {"source_id": "t:copper", "title": {"en": "Copper"}, "scheme": "materials"}),
        ("agent", {"source_id": "a:smith", "title": {"az": "Usta Əli"}, "agent_type": "person", "life": "1780/1840"}),
        ("agent", {"source_id": "a:museum", "title": {"az": "Muzey", "en": "Museum"}, "agent_type": "institution"}),
        ("place", {"source_id": "p:sheki", "title": {"az": "Şəki", "ru": "Шеки"}, "point": {"lat": 41.2, "lon": 47.2}}),
        ("event", {"source_id": "e:show", "title": {"en": "Show"}, "event_type": "exhibition", "held": "2023-12-02/2023-12-05"}),
        ("object", {
            "source_id": "o:jug", "title": {"az": ["Mis küzə", "Dolça"], "ru": "Медный кувшин"}, "description": {"az": "Naxışlı.\nÇox gözəl."},
            "types": ["t:jug"], "materials": ["t:copper"], "made": "1801/1825", "measurements": ["hündürlük 24 sm"], "number": "EM-17",
            "inscriptions": [{"text": "Əli", "lang": "az"}], "rights": "CC0", "images": ["https://x.example/jug.jpg"],
            "identifiers": [{"scheme": "wikidata", "value": "Q42"}], "sources": ["Kataloq, s. 7"], "countries": ["AZ"],
            "links": [
                {"role": "made_by", "to": "a:smith", "note": "misgər"}, {"role": "kept_by", "to": "a:museum"},
                {"role": "located_in", "to": "p:sheki"}, {"role": "depicts", "to": "p:sheki"}, {"role": "about", "to": "t:jug"},
                {"role": "part_of", "to": "https://x.example/set"}, {"role": "shown_at", "to": "e:show"},
            ],
        }),
        ("monument", {"source_id": "m:palace", "title": {"az": "Saray"}, "built": "-0100/12XX", "protection": [{"list": "WHL", "level": "world"}]}),
        ("opinion", {"about": "m:palace", "motivation": "comment", "lang": "az", "text": "Gözəldir"}),
    ]  # fmt: skip
    outcomes = write_changes([Draft(kind, body) for kind, body in named], by=node.uri)
    assert [one.error for one in outcomes if one.error] == []
    return node


def written(name: str) -> bytes:
    return b"".join(document(BY_NAME[name], records(STRANGER), STRANGER, BASE))


def uri(node: Any, source_id: str) -> rdflib.URIRef:
    return rdflib.URIRef(record_uri(node.id, local_id_of_source(source_id)))


def graph(data: bytes) -> rdflib.Graph:
    found = rdflib.Graph()
    found.parse(data=data, format="xml")
    return found


@needs_schemas
def test_lido_is_valid(filled: Any) -> None:
    tree = etree.fromstring(written("lido"))
    assert len(tree) == 2  # the jug and the palace: LIDO describes no people, places and terms
    lido_schema().assertValid(tree)


def test_lido_comes_back_as_it_went_out(filled: Any, tmp_path: Path) -> None:
    file = tmp_path / "out.xml"
    file.write_bytes(written("lido"))
    [jug, _palace] = list(lido.read(source_of(file), START))
    assert jug.draft is not None and jug.draft.body is not None
    body, named = dict(jug.draft.body), {draft.body["source_id"]: draft.body for draft in jug.also if draft.body}
    for name in ("title", "description", "made", "measurements", "number", "inscriptions", "rights", "images"):
        before = {"az": ["Mis küzə", "Dolça"], "ru": ["Медный кувшин"]} if name == "title" else BODY[name]
        assert body[name] == before, name
    assert {"scheme": "wikidata", "value": "Q42"} in body["identifiers"]
    assert "Kataloq, s. 7" in body["sources"]
    assert [named[one]["title"] for one in body["types"]] == [{"az": ["Küzə"], "en": ["Jug", "Ewer"]}]
    assert [named[one]["title"] for one in body["materials"]] == [{"en": ["Copper"]}]
    links = {(link["role"], str(named.get(link["to"], {}).get("title", link["to"]))) for link in body["links"]}
    assert links >= {
        ("made_by", "{'az': ['Usta Əli']}"), ("kept_by", "{'az': ['Muzey'], 'en': ['Museum']}"),
        ("located_in", "{'az': ['Şəki'], 'ru': ['Шеки']}"), ("depicts", "{'az': ['Şəki'], 'ru': ['Шеки']}"),
        ("about", "{'az': ['Küzə'], 'en': ['Jug', 'Ewer']}"), ("part_of", "https://x.example/set"),
    }  # fmt: skip
    smith = next(one for one in named.values() if one["title"] == {"az": ["Usta Əli"]})
    assert (smith["agent_type"], smith["life"]) == ("person", "1780/1840")
    sheki = next(one for one in named.values() if one["title"] == {"az": ["Şəki"], "ru": ["Шеки"]})
    assert sheki["point"] == {"lat": 41.2, "lon": 47.2}


BODY = {
    "description": {"az": ["Naxışlı.\nÇox gözəl."]}, "made": "1801/1825", "measurements": ["hündürlük 24 sm"], "number": "EM-17",
    "inscriptions": [{"text": "Əli", "lang": "az"}], "rights": "CC0", "images": ["https://x.example/jug.jpg"],
}  # fmt: skip


def test_linked_art_is_a_graph_of_the_crm(filled: Any) -> None:
    found = graph(written("crm"))
    jug, palace = uri(filled, "o:jug"), uri(filled, "m:palace")
    assert (jug, rdflib.RDF.type, CRM["E22_Human-Made_Object"]) in found
    assert (jug, CRM.P50_has_current_keeper, uri(filled, "a:museum")) in found
    assert (uri(filled, "a:museum"), rdflib.RDF.type, CRM.E74_Group) in found
    making = found.value(jug, CRM.P108i_was_produced_by)
    assert found.value(making, CRM.P14_carried_out_by) == uri(filled, "a:smith")
    time = found.value(making, CRM["P4_has_time-span"])
    assert str(found.value(time, CRM.P82a_begin_of_the_begin)).startswith("1801-01-01")
    assert str(found.value(time, CRM.P82b_end_of_the_end)).startswith("1825-12-31")
    built = found.value(found.value(palace, CRM.P108i_was_produced_by), CRM["P4_has_time-span"])
    assert str(found.value(built, rdflib.RDFS.label)) == "-0100/12XX"
    assert len(set(found.subjects(CRM.P129_is_about, palace))) == 1
    kinds = {
        str(found.value(one, rdflib.RDF.type)).rpartition("/")[2]
        for one in set(found.subjects(CRM.P1_is_identified_by))
    }
    assert {"E21_Person", "E53_Place", "E55_Type", "E7_Activity"} <= kinds


def test_edm_has_an_object_with_its_page_and_what_it_names(filled: Any) -> None:
    found = graph(written("edm"))
    jug = uri(filled, "o:jug")
    aggregation = found.value(predicate=EDM.aggregatedCHO, object=jug)
    assert str(found.value(aggregation, EDM.isShownAt)) == f"{BASE}/r/{str(jug).removeprefix('urn:ortaq:')}"
    assert str(found.value(aggregation, EDM.dataProvider)) == "Test node"
    assert found.value(aggregation, EDM.rights) is not None
    assert (uri(filled, "a:smith"), rdflib.RDF.type, EDM.Agent) in found
    assert str(found.value(jug, EDM.type)) == "IMAGE"
    assert {str(one) for one in found.objects(jug, rdflib.URIRef("http://purl.org/dc/elements/1.1/title"))} == {
        "Mis küzə",
        "Медный кувшин",
    }


def test_a_file_has_all_that_the_format_can_describe(filled: Any) -> None:
    assert written("oai-dc").count(b"<oai_dc:dc") == 9
    assert written("edm").count(b"<edm:ProvidedCHO") == 2


@pytest.mark.parametrize("name", list(BY_NAME))
def test_no_link_stops_a_format(node: Any, name: str) -> None:
    """Every role from every kind to every nature, and to what is not here."""
    targets = ["https://x.example/1", "geo:nobody", *(f"k:{kind.name}" for kind in KINDS if not kind.is_by_node)]
    drafts = []
    for kind in sorted((one for one in KINDS if not one.is_by_node), key=lambda kind: bool(kind.bounded_by)):
        body = {**hostile(kind), "source_id": f"k:{kind.name}", **dict.fromkeys(kind.bounded_by[:1], "k:agent")}
        body["links"] = [{"role": role, "to": to, "note": "qeyd"} for role in GIVEN_ROLES for to in targets]
        drafts.append(Draft(kind.name, body))
    assert [one.error for one in write_changes(drafts, by=node.uri) if one.error] == []
    tree = etree.fromstring(written(name))
    if name == "lido":
        lido_schema().assertValid(tree)
    elif name in ("edm", "crm"):
        assert len(graph(etree.tostring(tree))) > 100


@pytest.mark.parametrize(
    ("span", "expected"),
    [("1424", ("1424", "1424")), ("12XX", ("1200", "1299")), ("1801/1825", ("1801", "1825")), ("1900/..", ("1900", "")),
     ("../1900", ("", "1900")), ("2023-12-02/2023-12-05", ("2023-12-02", "2023-12-05")), ("-0100", ("-0100", "-0100")),
     ("1850~", ("1850", "1850"))],
)  # fmt: skip
def test_days_of_a_span(span: str, expected: tuple[str, str]) -> None:
    assert days(span) == expected


def test_every_kind_says_what_it_describes() -> None:
    assert {kind.nature for kind in KINDS} == set(Nature)
