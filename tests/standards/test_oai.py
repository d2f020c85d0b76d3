# SPDX-License-Identifier: Apache-2.0
"""The answers of the OAI-PMH door are valid by the schemas of those who made the protocol: every verb, every error, every kind."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from lxml import etree

from ortaq.doors.exports.formats import FORMATS
from ortaq.doors.harvest.following import catch_up
from ortaq.nodes.models import Node
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Change, Record
from ortaq.site.kinds import KINDS
from tests.doors.oai.test_oai import BAD
from tests.security.payloads import hostile
from tests.standards.schemas import needs_schemas, oai_schema

pytestmark = needs_schemas


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return oai_schema()


@pytest.fixture
def filled(node: Any, place: Any, opinion: Any) -> Any:
    """A record of every kind with every field filled, some that is gone, and one of another node."""
    place("geo:target", az="Şəki")
    for kind in (one for one in KINDS if not one.is_by_node):
        body = {**hostile(kind), "source_id": f"hostile:{kind.name}"}
        for name in kind.bounded_by:
            body[name] = "geo:target"
        write_change(Draft(kind.name, body), by=node.uri)
    place("geo:gone")
    write_change(Draft("place", None, "public", Record.objects.get(source_id="geo:gone").uri), by=node.uri)
    place("geo:foreign")
    other, own = "a" * 26, Record.objects.get(source_id="geo:foreign")
    uri = f"urn:ortaq:{other}:{'b' * 16}"
    Node.objects.create(id=other, name="Other", is_self=False)
    Change.objects.filter(record=own.uri).update(node=other, record=uri)
    Record.objects.filter(pk=own.pk).update(node=other, uri=uri)
    catch_up()
    return node


def asked(schema: etree.XMLSchema, **arguments: str) -> etree._Element:
    response = Client().get("/oai", {name.rstrip("_"): value for name, value in arguments.items()})
    document = etree.fromstring(response.content)
    schema.assertValid(document)
    return document


@pytest.mark.parametrize("verb", ["Identify", "ListMetadataFormats", "ListSets"])
def test_what_tells_of_the_node(filled: Any, schema: etree.XMLSchema, verb: str) -> None:
    assert asked(schema, verb=verb).find("{*}error") is None


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.prefix)
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_lists_in_every_format(
    filled: Any, schema: etree.XMLSchema, verb: str, form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HARVEST_PAGE", 3)
    monkeypatch.setattr("ortaq.doors.oai.answers._IDENTIFIERS_A_PAGE", 1)
    document, identifiers = asked(schema, verb=verb, metadataPrefix=form.prefix), set()
    while True:
        identifiers |= {one.findtext("{*}identifier") for one in document.iter("{*}header")}
        token = document.findtext(".//{*}resumptionToken")
        if not token:
            break
        document = asked(schema, verb=verb, resumptionToken=token)
    expected = set(Record.objects.values_list("uri", flat=True))
    if form.kinds is not None:
        expected = set(Record.objects.filter(kind__in=form.kinds).values_list("uri", flat=True))
    assert identifiers == expected


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.prefix)
def test_single_records_in_every_format(filled: Any, schema: etree.XMLSchema, form: Any) -> None:
    for uri, kind in Record.objects.values_list("uri", "kind"):
        document = asked(schema, verb="GetRecord", identifier=uri, metadataPrefix=form.prefix)
        error = document.find("{*}error")
        refused = error.get("code") if error is not None else None
        takes = form.kinds is None or kind in form.kinds
        assert refused == (None if takes else "cannotDisseminateFormat")
        asked(schema, verb="ListMetadataFormats", identifier=uri)


@pytest.mark.parametrize(("verb", "arguments", "expected"), BAD)
def test_errors(filled: Any, schema: etree.XMLSchema, verb: str, arguments: dict[str, str], expected: str) -> None:
    assert asked(schema, verb=verb, **arguments).find("{*}error").get("code") == expected
