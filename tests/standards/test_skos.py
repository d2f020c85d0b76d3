# SPDX-License-Identifier: Apache-2.0
"""The word lists of MIDAS, the archaeology of YSO and a thesaurus of Arches come in; what the report does not name goes out again."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.namespace import RDF, SKOS

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.formats import BY_NAME, document
from ortaq.doors.imports.graphs import Graph, Triple
from ortaq.doors.imports.run import Options, run_import
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change, Record
from tests.standards.schemas import SCHEMAS, needs_schemas

RECORDS = SCHEMAS.parent / "records"
pytestmark = needs_schemas
_SORTS = (SKOS.Concept, SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection)
_DATED = {"title", "description", "identifier"}


def files() -> list[Path]:
    return [*sorted((RECORDS / "skos").iterdir()), RECORDS / "arches" / "rdf_export_thesaurus.xml"]


def graph_in(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path, format="turtle" if path.suffix == ".ttl" else "xml")


def exported() -> rdflib.Graph:
    data = b"".join(document(BY_NAME["skos"], records(STRANGER), STRANGER))
    return rdflib.Graph().parse(data=data, format="xml")


def test_every_list_comes_in_and_a_second_import_changes_nothing(node: Identity, tmp_path: Path) -> None:
    summary = run_import(files(), Options(report=tmp_path / "report.json"))

    assert summary.is_clean
    for path, found in zip(files(), summary.files, strict=True):
        known = graph_in(path)
        subjects = {subject for sort in _SORTS for subject in known.subjects(RDF.type, sort)}
        assert (found.format, found.counts.records_in) == ("skos", len(subjects)), path.name
        assert found.counts.made + found.counts.revised + found.counts.unchanged == len(subjects)

    before = Change.objects.count()
    assert run_import(files(), Options()).counts.unchanged == summary.counts.records_in
    assert Change.objects.count() == before


def test_labels_in_three_languages_and_broader_terms_come_in(node: Identity) -> None:
    run_import([RECORDS / "skos" / "yso-archaeology.ttl"], Options())

    term = Record.objects.get(source_id="term:http://www.yso.fi/onto/yso/p12484")
    broader = Record.objects.get(source_id="term:http://www.yso.fi/onto/yso/p4624")
    body = json.loads(term.change.body or "{}")
    assert body["title"] == {"en": ["Paleolithic period"], "fi": ["paleoliittinen kausi"], "sv": ["paleolitisk tid"]}
    assert broader.uri in [link["to"] for link in body["links"] if link["role"] == "broader"]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_the_report_does_not_name_goes_out_again(node: Identity, tmp_path: Path, path: Path) -> None:
    run_import([path], Options(report=tmp_path / "report.json"))
    found, out = graph_in(path), exported()
    own = {str(same): str(subject) for subject, same in out.subject_objects(SKOS.exactMatch)}
    lost: Counter[str] = Counter()
    for record in json.loads((tmp_path / "report.json").read_text())["files"][0]["records"]:
        for loss in record.get("lost", ()):
            lost[loss["path"].rpartition(":")[2].rpartition("/")[2]] += loss["count"]

    gone = Counter(
        name for subject, predicate, value in found if (name := missing(subject, predicate, value, own, out))
    )
    assert {name: count for name, count in gone.items() if count > lost[name]} == {}


def missing(subject: Any, predicate: Any, value: Any, own: dict[str, str], out: rdflib.Graph) -> str:
    """The name of the predicate if the statement did not go out, in this or the other direction; empty if it did."""
    name = str(predicate).rpartition("#")[2].rpartition("/")[2]
    about = rdflib.URIRef(own.get(str(subject), str(subject)))
    if isinstance(value, rdflib.Literal):
        text = Graph.text(Triple("", "", str(value), False)).text
        texts = {str(one) for one in out.objects(about)}
        return "" if text in texts or text == str(subject) else name
    other = rdflib.URIRef(own.get(str(value), str(value)))
    turned = {"narrower": SKOS.broader, "hasTopConcept": SKOS.topConceptOf, "member": SKOS.inScheme}
    if predicate == RDF.type:
        return "" if (about, RDF.type, value) in out else name
    if name in turned:
        return "" if (other, turned[name], about) in out else name
    return "" if (about, predicate, other) in out else name
