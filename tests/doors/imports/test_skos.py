# SPDX-License-Identifier: Apache-2.0
"""SKOS in, in its three forms; nothing outside the file is asked for."""

from pathlib import Path

import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports import skos
from ortaq.doors.imports.formats import format_of
from ortaq.doors.imports.item import START, Item
from ortaq.doors.imports.source import source_of

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://x.example/> .
ex:list a skos:ConceptScheme ; skos:prefLabel "Növlər"@az .
ex:fort a skos:Concept ; skos:inScheme ex:list ; skos:prefLabel "Qala"@az, "Крепость"@ru ; skos:altLabel "Hasar"@az ;
  skos:definition "Bir."@az ; skos:scopeNote "İki."@az ; skos:notation "1.2" ; skos:broader ex:building ;
  skos:exactMatch <http://vocab.getty.edu/aat/300006909> ; skos:closeMatch <https://y.example/castle> ;
  ex:colour "red", [ ex:deep "blue" ] .
"""
JSON = '{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#"}, "@id": "https://x.example/a", "@type": "skos:Concept", "skos:prefLabel": {"@value": "Ad", "@language": "az"}}'
XML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">
<skos:Concept rdf:about="https://x.example/a"><skos:prefLabel xml:lang="az">{"id": "1-2", "value": "Ad"}</skos:prefLabel></skos:Concept></rdf:RDF>"""


def items(tmp_path: Path, text: str) -> list[Item]:
    file = tmp_path / "words.txt"
    file.write_text(text)
    assert format_of(source_of(file)) == "skos"
    return list(skos.read(source_of(file), START))


def test_concept_comes_in_with_labels_notes_and_relations(tmp_path: Path) -> None:
    fort, scheme = items(tmp_path, TURTLE)

    assert fort.draft and fort.draft.body == {
        "source_id": "term:https://x.example/fort",
        "scheme": "Növlər",
        "title": {"az": ["Qala", "Hasar"], "ru": ["Крепость"]},
        "description": {"az": ["Bir.", "Scope note: İki."]},
        "links": [
            {"role": "broader", "to": "term:https://x.example/building"},
            {"role": "member_of", "to": "term:https://x.example/list"},
            {"role": "related_to", "to": "https://y.example/castle", "note": "close match"},
        ],
        "identifiers": [{"scheme": "aat", "value": "300006909"}, {"scheme": "notation", "value": "1.2"}],
    }
    assert sorted((one.path, one.sample) for one in fort.lost) == [("ex:colour", "red"), ("ex:colour/ex:deep", "blue")]
    assert [(one.body or {})["source_id"] for one in fort.named] == ["term:https://x.example/building"]
    assert scheme.draft and (scheme.draft.body or {})["identifiers"] == [{"scheme": "skos", "value": "ConceptScheme"}]


@pytest.mark.parametrize("text", [JSON, XML], ids=["json-ld", "xml"])
def test_other_forms_say_the_same(tmp_path: Path, text: str) -> None:
    [found] = items(tmp_path, text)
    assert found.draft and (found.draft.body or {})["title"] == {"az": ["Ad"]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (JSON.replace('{"skos": "http://www.w3.org/2004/02/skos/core#"}', '["https://x.example/context", {"skos": "http://www.w3.org/2004/02/skos/core#"}]'), "import.remote-context"),
        (JSON.replace('"@id"', '"@import": "file:///etc/passwd", "@id"'), "import.remote-context"),
        (XML.replace("<rdf:RDF", '<!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/passwd">]><rdf:RDF', 1), "import.xml-forbidden"),
        (XML.replace("</rdf:RDF>", ""), "import.not-rdf"),
        (TURTLE + "ex:x ex:y", "import.not-rdf"),
    ],
)  # fmt: skip
def test_what_reaches_outside_or_is_broken_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(OrtaqError) as found:
        items(tmp_path, text)
    assert found.value.code == code
