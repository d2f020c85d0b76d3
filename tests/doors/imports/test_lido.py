# SPDX-License-Identifier: Apache-2.0
"""LIDO in: what has a field comes in, what has none is reported."""

from pathlib import Path
from typing import Any

import pytest

from ortaq.core.lost import Lost
from ortaq.doors.imports import lido
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

RECORD = """<lido:lido xmlns:lido="http://www.lido-schema.org" xmlns:gml="http://www.opengis.net/gml"
 xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <lido:lidoRecID lido:type="local" lido:source="Museum">M/1</lido:lidoRecID>
 <lido:objectPublishedID lido:type="uri">http://www.wikidata.org/entity/Q1</lido:objectPublishedID>
 <lido:category><lido:term>thing</lido:term></lido:category>
 <lido:descriptiveMetadata xml:lang="aze">
  <lido:objectClassificationWrap><lido:objectWorkTypeWrap><lido:objectWorkType>
   <lido:conceptID lido:type="uri">http://vocab.getty.edu/aat/300185750</lido:conceptID>
   <lido:term xml:lang="en">carpets</lido:term><lido:term>xalça</lido:term><lido:term lido:addedSearchTerm="yes">toxuculuq</lido:term>
  </lido:objectWorkType></lido:objectWorkTypeWrap></lido:objectClassificationWrap>
  <lido:objectIdentificationWrap>
   %(title)s
   <lido:inscriptionsWrap><lido:inscriptions><lido:inscriptionTranscription xml:lang="fa">عمل</lido:inscriptionTranscription></lido:inscriptions></lido:inscriptionsWrap>
   <lido:repositoryWrap><lido:repositorySet lido:type="current">
    <lido:repositoryName><lido:legalBodyID lido:type="local">17</lido:legalBodyID>
     <lido:legalBodyName><lido:appellationValue>Xalça Muzeyi</lido:appellationValue></lido:legalBodyName></lido:repositoryName>
    <lido:workID lido:type="inventory">KP 5</lido:workID>
    <lido:repositoryLocation><lido:placeID lido:type="uri">https://www.geonames.org/587084</lido:placeID>
     <lido:namePlaceSet><lido:appellationValue>Bakı</lido:appellationValue></lido:namePlaceSet>
     <lido:gml><gml:Point><gml:pos>40.37 49.89</gml:pos></gml:Point></lido:gml></lido:repositoryLocation>
   </lido:repositorySet></lido:repositoryWrap>
   <lido:objectDescriptionWrap><lido:objectDescriptionSet><lido:descriptiveNoteValue>Birinci
       sətir.

       İkinci.</lido:descriptiveNoteValue></lido:objectDescriptionSet></lido:objectDescriptionWrap>
   <lido:objectMeasurementsWrap><lido:objectMeasurementsSet><lido:objectMeasurements><lido:measurementsSet>
    <lido:measurementType>uzunluq</lido:measurementType><lido:measurementUnit>sm</lido:measurementUnit>
    <lido:measurementValue>210</lido:measurementValue></lido:measurementsSet></lido:objectMeasurements>
   </lido:objectMeasurementsSet></lido:objectMeasurementsWrap>
  </lido:objectIdentificationWrap>
  <lido:eventWrap>
   <lido:eventSet><lido:event>
    <lido:eventType><lido:conceptID>http://terminology.lido-schema.org/lido00007</lido:conceptID></lido:eventType>
    <lido:eventActor><lido:actorInRole><lido:actor lido:type="person">
     <lido:actorID lido:type="uri">https://d-nb.info/gnd/118</lido:actorID>
     <lido:nameActorSet><lido:appellationValue lido:pref="alternative">L. K.</lido:appellationValue>
      <lido:appellationValue lido:pref="preferred">Kərimov, Lətif</lido:appellationValue></lido:nameActorSet>
     <lido:vitalDatesActor><lido:earliestDate>1906</lido:earliestDate><lido:latestDate>1991</lido:latestDate></lido:vitalDatesActor>
    </lido:actor><lido:roleActor><lido:term>rəssam</lido:term></lido:roleActor></lido:actorInRole></lido:eventActor>
    <lido:eventDate><lido:date><lido:earliestDate>1950-01-01</lido:earliestDate><lido:latestDate>1950-12-31</lido:latestDate></lido:date></lido:eventDate>
    <lido:eventMaterialsTech><lido:materialsTech><lido:termMaterialsTech>
     <skos:Concept rdf:about="http://vocab.getty.edu/aat/300243430"><skos:prefLabel xml:lang="en">wool</skos:prefLabel></skos:Concept>
    </lido:termMaterialsTech></lido:materialsTech></lido:eventMaterialsTech>
   </lido:event></lido:eventSet>
   <lido:eventSet><lido:event><lido:eventType><lido:term>sərgi</lido:term></lido:eventType>
    <lido:eventDate><lido:displayDate>1970</lido:displayDate></lido:eventDate></lido:event></lido:eventSet>
  </lido:eventWrap>
  <lido:objectRelationWrap>
   <lido:subjectWrap><lido:subjectSet><lido:subject><lido:subjectConcept><lido:term>nar</lido:term></lido:subjectConcept></lido:subject></lido:subjectSet></lido:subjectWrap>
   <lido:relatedWorksWrap><lido:relatedWorkSet><lido:relatedWork><lido:object><lido:objectNote>başqası</lido:objectNote></lido:object></lido:relatedWork></lido:relatedWorkSet></lido:relatedWorksWrap>
  </lido:objectRelationWrap>
 </lido:descriptiveMetadata>
 <lido:administrativeMetadata xml:lang="en">
  <lido:rightsWorkWrap><lido:rightsWorkSet><lido:creditLine>Carpet Museum</lido:creditLine></lido:rightsWorkSet></lido:rightsWorkWrap>
  <lido:recordWrap><lido:recordID lido:type="local">r1</lido:recordID>
   <lido:recordInfoSet><lido:recordInfoLink>https://example.org/1</lido:recordInfoLink></lido:recordInfoSet></lido:recordWrap>
  <lido:resourceWrap><lido:resourceSet>
   <lido:resourceRepresentation><lido:linkResource>https://example.org/1.jpg</lido:linkResource></lido:resourceRepresentation>
   <lido:resourceRepresentation><lido:linkResource>1.tif</lido:linkResource></lido:resourceRepresentation>
  </lido:resourceSet></lido:resourceWrap>
 </lido:administrativeMetadata>
</lido:lido>"""
TITLE = """<lido:titleWrap><lido:titleSet><lido:appellationValue>Xalı</lido:appellationValue>
 <lido:appellationValue lido:pref="preferred">Qarabağ xalçası</lido:appellationValue>
 <lido:appellationValue xml:lang="en">Karabakh carpet</lido:appellationValue></lido:titleSet></lido:titleWrap>"""


def items(tmp_path: Path, text: str) -> list[Item]:
    file = tmp_path / "lido.xml"
    file.write_text(text, encoding="utf-8")
    return list(lido.read(source_of(file), START))


def one(tmp_path: Path, title: str = TITLE) -> Item:
    [item] = items(tmp_path, RECORD % {"title": title})
    assert item.error is None
    return item


def body(item: Item) -> dict[str, Any]:
    assert item.draft is not None and item.draft.body is not None
    return dict(item.draft.body)


def test_object_has_what_lido_says(tmp_path: Path) -> None:
    assert body(one(tmp_path)) == {
        "source_id": "lido:Museum:M/1",
        "title": {"az": ["Qarabağ xalçası", "Xalı"], "en": ["Karabakh carpet"]},
        "description": {"az": ["Birinci sətir.\nİkinci."]},
        "types": ["term:http://vocab.getty.edu/aat/300185750"],
        "materials": ["term:http://vocab.getty.edu/aat/300243430"],
        "inscriptions": [{"text": "عمل", "lang": "fa"}],
        "measurements": ["uzunluq 210 sm"],
        "made": "1950",
        "number": "KP 5",
        "rights": "Carpet Museum",
        "images": ["https://example.org/1.jpg"],
        "links": [
            {"role": "kept_by", "to": "agent:lido:Museum:17"},
            {"role": "located_in", "to": "place:https://www.geonames.org/587084"},
            {"role": "made_by", "to": "agent:https://d-nb.info/gnd/118", "note": "rəssam"},
            {"role": "about", "to": "term:lido:Museum:nar"},
        ],
        "identifiers": [
            {"scheme": "inventory", "value": "KP 5"},
            {"scheme": "wikidata", "value": "Q1"},
            {"scheme": "recordID", "value": "r1"},
        ],
        "sources": ["https://example.org/1"],
    }


def test_terms_agents_and_places_come_along(tmp_path: Path) -> None:
    also = {draft.body["source_id"]: (draft.kind, draft.body) for draft in one(tmp_path).also if draft.body}

    assert {source_id: kind for source_id, (kind, _) in also.items()} == {
        "term:http://vocab.getty.edu/aat/300185750": "term",
        "agent:lido:Museum:17": "agent",
        "place:https://www.geonames.org/587084": "place",
        "agent:https://d-nb.info/gnd/118": "agent",
        "term:http://vocab.getty.edu/aat/300243430": "term",
        "term:lido:Museum:nar": "term",
    }
    assert also["agent:https://d-nb.info/gnd/118"][1] == {
        "source_id": "agent:https://d-nb.info/gnd/118",
        "title": {"az": ["Kərimov, Lətif", "L. K."]},
        "agent_type": "person",
        "life": "1906/1991",
        "identifiers": [{"scheme": "gnd", "value": "118"}],
        "sources": ["https://d-nb.info/gnd/118"],
    }
    assert also["term:http://vocab.getty.edu/aat/300185750"][1]["title"] == {"en": ["carpets"], "az": ["xalça"]}
    assert also["place:https://www.geonames.org/587084"][1]["point"] == {"lat": 40.37, "lon": 49.89}


def test_what_has_no_field_is_reported_with_its_reason(tmp_path: Path) -> None:
    lost = {entry.path: entry for entry in one(tmp_path).lost}

    assert lost["category/term"] == Lost("category/term", 1, "thing", "no field takes it")
    added = "descriptiveMetadata/objectClassificationWrap/objectWorkTypeWrap/objectWorkType/term"
    assert lost[added].sample == "toxuculuq"
    image = "administrativeMetadata/resourceWrap/resourceSet/resourceRepresentation/linkResource"
    assert (lost[image].sample, lost[image].why) == ("1.tif", "it is no web address")
    work = "descriptiveMetadata/objectRelationWrap/relatedWorksWrap/relatedWorkSet/relatedWork/object/objectNote"
    assert lost[work].why == "the related work has no address to link to"
    assert lost["descriptiveMetadata/eventWrap/eventSet/event/eventDate/displayDate"].sample == "1970"


def test_every_text_is_either_in_the_records_or_in_the_report(tmp_path: Path) -> None:
    item = one(tmp_path)
    said = repr([body(item), [draft.body for draft in item.also], [(entry.sample, entry.path) for entry in item.lost]])
    # Codes that decide what a text means have done their work.
    for text in ("carpets", "xalça", "toxuculuq", "thing", "Xalça Muzeyi", "Bakı", "rəssam", "wool", "nar", "başqası"):
        assert text in said


def test_object_without_title_goes_by_its_work_type(tmp_path: Path) -> None:
    item = one(tmp_path, "")

    assert body(item)["title"] == {"en": ["carpets"], "az": ["xalça"]}
    assert any("there is no title" in entry.why for entry in item.lost)


def test_record_without_title_and_type_or_without_id_is_refused(tmp_path: Path) -> None:
    nameless = '<lido:lido xmlns:lido="http://www.lido-schema.org"><lido:lidoRecID>1</lido:lidoRecID></lido:lido>'
    unknown = '<lido:lido xmlns:lido="http://www.lido-schema.org"/>'
    wrap = f'<lido:lidoWrap xmlns:lido="http://www.lido-schema.org">{nameless}{unknown}{RECORD % {"title": TITLE}}</lido:lidoWrap>'

    found = items(tmp_path, wrap)

    assert [item.error.code if item.error else None for item in found] == [
        "import.no-title",
        "import.no-identifier",
        None,
    ]


@pytest.mark.parametrize(
    ("earliest", "latest", "made"),
    [
        ("1498", "1498", "1498"),
        ("1417", "1420", "1417/1420"),
        ("785", "", "0785/.."),
        ("-99", "14", "-0099/0014"),
        ("about", "1500", "../1500"),
        ("x", "y", None),
    ],
)
def test_dates_become_edtf(tmp_path: Path, earliest: str, latest: str, made: str | None) -> None:
    text = (RECORD % {"title": TITLE}).replace("1950-01-01", earliest).replace("1950-12-31", latest)

    assert body(items(tmp_path, text)[0]).get("made") == made
