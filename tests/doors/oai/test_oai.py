# SPDX-License-Identifier: Apache-2.0
"""OAI-PMH: what each verb answers, what is refused by which code, and lists that go on while others write."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from ortaq.doors.harvest import queries
from ortaq.doors.harvest.following import catch_up
from ortaq.doors.harvest.models import Listed, Reach, Shelved
from ortaq.doors.oai import answers
from ortaq.files.models import FetchedFile
from ortaq.nodes.models import Node
from ortaq.records.door import Draft, write_change
from ortaq.records.models import Change, Record
from ortaq.records.receiving import receive_lines
from tests.factories import Write
from tests.peer import AT, Peer

SPACES = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HARVEST_PAGE", 2)


def ask(verb: str, *, method: str = "get", **arguments: str) -> etree._Element:
    catch_up()
    return answered(verb, method=method, **arguments)


def answered(verb: str, *, method: str = "get", **arguments: str) -> etree._Element:
    response = getattr(Client(), method)("/oai", {"verb": verb, **{k.rstrip("_"): v for k, v in arguments.items()}})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content)


def texts(document: etree._Element, path: str) -> list[str]:
    return [str(one) for one in document.xpath(path, namespaces=SPACES)]


def code(document: etree._Element) -> list[str]:
    return texts(document, "//o:error/@code")


def harvested(verb: str = "ListRecords", **arguments: str) -> list[str]:
    """The identifiers of a whole list, in its order; a deleted one with a minus before it."""
    return to_the_end(verb, ask(verb, metadataPrefix="oai_dc", **arguments))


def to_the_end(verb: str, document: etree._Element) -> list[str]:
    found: list[str] = []
    while True:
        for header in document.iter(f"{{{SPACES['o']}}}header"):
            sign = "-" if header.get("status") else ""
            found.append(sign + header.findtext("o:identifier", namespaces=SPACES))
        tokens = texts(document, "//o:resumptionToken/text()")
        if not tokens:
            return found
        document = ask(verb, resumptionToken=tokens[0])


def uri_of(source_id: str) -> str:
    return str(Record.objects.get(source_id=source_id).uri)


def test_identify(node: Any, place: Write) -> None:
    place("geo:1")
    document = ask("Identify")
    assert texts(document, "//o:repositoryName/text()") == ["Test node"]
    assert texts(document, "//o:deletedRecord/text()") == ["persistent"]
    assert texts(document, "//o:earliestDatestamp/text()") == [Listed.objects.get().at]
    assert texts(document, "//o:baseURL/text()") == ["http://testserver/oai"]
    assert texts(document, "//o:request/@verb") == ["Identify"]


def test_post_is_answered_as_get_is(node: Any, place: Write) -> None:
    place("geo:1")
    assert harvested(method="post") == harvested() == [uri_of("geo:1")]


def test_record_in_dublin_core(node: Any, place: Write) -> None:
    place("geo:1", az="Şəki", ru="Шеки")
    body = {
        "title": {"az": "Xan sarayı"}, "description": {"az": "Saray"}, "built": "1797", "countries": ["AZ"], "areas": ["heritage"],
        "links": [{"role": "located_in", "to": "geo:1"}], "identifiers": [{"scheme": "wikidata", "value": "Q1"}],
    }  # fmt: skip
    uri = write_change(Draft("monument", body), by=node.uri).uri
    document = ask("GetRecord", identifier=uri, metadataPrefix="oai_dc")
    said = [(etree.QName(one).localname, one.text) for one in document.find(".//{*}dc")]
    assert ("title", "Xan sarayı") in said and ("date", "1797") in said and ("subject", "Heritage") in said
    assert [text for name, text in said if name == "coverage"] == ["AZ", "Şəki", "Шеки"]
    assert ("identifier", uri) in said and (
        "identifier",
        f"http://testserver/r/{uri.removeprefix('urn:ortaq:')}",
    ) in said
    assert texts(document, "//o:setSpec/text()") == ["country:AZ", "kind:monument", f"node:{node.id}"]


def test_names_that_are_not_for_everyone_are_not_told(node: Any, place: Write) -> None:
    place("geo:1", audience="node", az="Gizli yer")
    body = {"title": {"az": "Saray"}, "links": [{"role": "located_in", "to": "geo:1"}]}
    uri = write_change(Draft("monument", body), by=node.uri).uri
    assert "Gizli" not in etree.tostring(ask("GetRecord", identifier=uri, metadataPrefix="oai_dc"), encoding="unicode")


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_list_goes_on_page_by_page_to_its_end(
    node: Any, place: Write, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ortaq.doors.oai.answers._IDENTIFIERS_A_PAGE", 1)
    for number in range(5):
        place(f"geo:{number}")
    write_change(Draft("place", None, "public", uri_of("geo:3")), by=node.uri)
    assert harvested(verb) == [*(uri_of(f"geo:{number}") for number in (0, 1, 2, 4)), "-" + uri_of("geo:3")]


def test_last_page_has_an_empty_token_and_each_tells_where_it_begins(node: Any, place: Write) -> None:
    for number in range(4):
        place(f"geo:{number}")
    first = ask("ListRecords", metadataPrefix="oai_dc")
    last = ask("ListRecords", resumptionToken=texts(first, "//o:resumptionToken/text()")[0])
    assert texts(first, "//o:resumptionToken/@cursor") == ["0"]
    assert texts(last, "//o:resumptionToken/@cursor") == ["2"]
    assert texts(last, "//o:resumptionToken/text()") == []
    assert not texts(ask("ListRecords", metadataPrefix="oai_dc", until="2000-01-01"), "//o:resumptionToken")


def test_nothing_is_skipped_while_others_write(node: Any, place: Write) -> None:
    for number in range(6):
        place(f"geo:{number}")
    first = ask("ListRecords", metadataPrefix="oai_dc")
    token = texts(first, "//o:resumptionToken/text()")[0]
    place("geo:0", az="Başqa ad")  # was given out already: once more
    place("geo:3", az="Başqa ad")  # was not yet: later
    write_change(Draft("place", None, "public", uri_of("geo:4")), by=node.uri)
    place("geo:6")
    rest = to_the_end("ListRecords", ask("ListRecords", resumptionToken=token))
    assert rest == [
        uri_of("geo:2"),
        uri_of("geo:5"),
        uri_of("geo:0"),
        uri_of("geo:3"),
        "-" + uri_of("geo:4"),
        uri_of("geo:6"),
    ]


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_nothing_is_skipped_when_a_row_moves_on_while_its_page_is_read(
    node: Any, place: Write, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    for number in range(6):
        place(f"geo:{number}")
    catch_up()
    as_ever = queries.entries_of

    def after_a_write(ids: Sequence[int], *, with_bodies: bool) -> list[queries.Entry]:
        monkeypatch.setattr(queries, "entries_of", as_ever)
        place("geo:1", az="Başqa ad")
        catch_up()
        return as_ever(ids, with_bodies=with_bodies)

    monkeypatch.setattr(answers, "_IDENTIFIERS_A_PAGE", 1)
    monkeypatch.setattr(queries, "entries_of", after_a_write)
    found = to_the_end(verb, answered(verb, metadataPrefix="oai_dc"))
    assert found == [uri_of(f"geo:{number}") for number in (0, 1, 2, 3, 4, 5, 1)]


def test_what_a_token_promised_may_all_have_moved_on(node: Any, place: Write) -> None:
    for number in range(3):
        place(f"geo:{number}")
    catch_up()
    Listed.objects.update(at="2020-05-05T10:00:00Z")
    first = ask("ListRecords", metadataPrefix="oai_dc", until="2020-05-05")
    place("geo:2", az="Başqa ad")
    rest = ask("ListRecords", resumptionToken=texts(first, "//o:resumptionToken/text()")[0])
    assert not code(rest)
    assert texts(rest, "//o:header/o:identifier/text()") == [uri_of("geo:1")]  # once more
    assert texts(rest, "//o:resumptionToken/text()") == []


def test_token_that_was_made_or_changed_by_hand_is_refused(node: Any, place: Write) -> None:
    for number in range(4):
        place(f"geo:{number}")
    token = texts(ask("ListRecords", metadataPrefix="oai_dc"), "//o:resumptionToken/text()")[0]
    payload, _, signature = token.rpartition(":")
    hand_made = [token[:-1], f"{payload}x:{signature}", "AAAA", "0", signature, f":{signature}", "x:y:z"]
    for one in hand_made:
        assert code(ask("ListRecords", resumptionToken=one)) == ["badResumptionToken"], one
    assert code(ask("ListIdentifiers", resumptionToken=token)) == ["badResumptionToken"]  # of another verb
    assert code(ask("ListSets", resumptionToken=token)) == ["badResumptionToken"]
    assert code(ask("ListRecords", resumptionToken=token, metadataPrefix="oai_dc")) == ["badArgument"]


def test_token_of_a_list_that_was_made_anew_is_refused(node: Any, place: Write) -> None:
    for number in range(4):
        place(f"geo:{number}")
    token = texts(ask("ListRecords", metadataPrefix="oai_dc"), "//o:resumptionToken/text()")[0]
    for model in (Reach, Listed, Shelved):
        model.objects.all().delete()
    assert code(ask("ListRecords", resumptionToken=token)) == ["badResumptionToken"]


def test_selective_harvest_takes_both_ends_in(node: Any) -> None:
    instants = ["2020-05-01T10:00:00Z", "2020-05-02T00:00:00Z", "2020-05-02T23:59:59Z", "2020-05-03T00:00:00Z"]
    for number, at in enumerate(instants):
        write_change(Draft("place", {"source_id": f"geo:{number}", "title": {"az": "A"}}), by=node.uri, at=at)
    catch_up()
    named = {uri_of(f"geo:{number}"): number for number in range(4)}

    def found(**arguments: str) -> list[int]:
        return [named[uri] for uri in harvested(**arguments)]

    assert found(from_="2020-05-02", until="2020-05-02") == [1, 2]
    assert found(from_="2020-05-02T00:00:01Z") == [2, 3]
    assert found(until="2020-05-02T00:00:00Z") == [0, 1]
    assert found(from_="2020-05-03") == [3]
    assert code(ask("ListRecords", metadataPrefix="oai_dc", from_="2020-05-04")) == ["noRecordsMatch"]
    assert code(ask("ListRecords", metadataPrefix="oai_dc", until="2020-04-30")) == ["noRecordsMatch"]


BAD = [
    ("ListRecords", {"metadataPrefix": "oai_dc", "from_": "2020-05-01", "until": "2020-05-02T00:00:00Z"}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "from_": "2020-05-03", "until": "2020-05-02"}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "from_": "2020-02-30"}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "from_": "2020-05-01T10:00Z"}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "from_": ""}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "set": "a b"}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "set": "kind:unknown"}, "noRecordsMatch"),
    ("ListRecords", {"metadataPrefix": "marc"}, "cannotDisseminateFormat"),
    ("ListRecords", {}, "badArgument"),
    ("ListRecords", {"metadataPrefix": "oai_dc", "other": "1"}, "badArgument"),
    ("ListIdentifiers", {}, "badArgument"),
    ("GetRecord", {"metadataPrefix": "oai_dc"}, "badArgument"),
    ("GetRecord", {"metadataPrefix": "oai_dc", "identifier": "no uri"}, "badArgument"),
    ("GetRecord", {"metadataPrefix": "oai_dc", "identifier": "urn:ortaq:x"}, "idDoesNotExist"),
    ("ListMetadataFormats", {"identifier": "urn:ortaq:x"}, "idDoesNotExist"),
    ("ListSets", {"resumptionToken": "x"}, "badResumptionToken"),
    ("Identify", {"identifier": "x:y"}, "badArgument"),
    ("identify", {}, "badVerb"),
    ("", {}, "badVerb"),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "arguments", "expected"), BAD)
def test_each_fault_has_its_code(node: Any, place: Write, verb: str, arguments: dict[str, str], expected: str) -> None:
    place("geo:1")
    document = ask(verb, **arguments)
    assert code(document) == [expected]
    assert bool(document.find("o:request", SPACES).attrib) == (expected not in ("badVerb", "badArgument"))


def test_what_is_there_twice_is_refused(node: Any) -> None:
    catch_up()
    assert b'code="badVerb"' in Client().get("/oai?verb=Identify&verb=ListSets").content
    assert b'code="badArgument"' in Client().get("/oai?verb=ListRecords&metadataPrefix=a&metadataPrefix=b").content


def test_nothing_here_yet(node: Any) -> None:
    assert code(ask("ListRecords", metadataPrefix="oai_dc")) == ["noRecordsMatch"]
    assert texts(ask("ListMetadataFormats"), "//o:metadataPrefix/text()")[0] == "oai_dc"


def test_harvester_waits_while_the_list_is_made(node: Any, place: Write) -> None:
    place("geo:1")
    response = Client().get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert (response.status_code, response["Retry-After"]) == (503, "20")


def test_too_many_asks_wait(node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "API_STRANGER_RATE", 2)
    catch_up()
    answers = [Client().get("/oai?verb=Identify") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 503]
    assert int(answers[-1]["Retry-After"]) > 0


def test_a_page_costs_the_same_queries_however_long_the_list_is(
    node: Any, place: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HARVEST_PAGE", 20)
    place("geo:0")
    counts = []
    for more in (1, 60):
        for number in range(more):
            body = {
                "source_id": f"m:{more}:{number}",
                "title": {"az": "M"},
                "links": [{"role": "located_in", "to": "geo:0"}],
            }
            write_change(Draft("monument", body), by=node.uri)
        catch_up()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get("/oai?verb=ListRecords&metadataPrefix=oai_dc&set=kind:monument")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_record_of_another_node_says_where_it_comes_from(node: Any, place: Write) -> None:
    """A partner signed it a week ago and sends it now: it is new here now, and keeps its name and its own instant."""
    place("geo:1")
    catch_up()
    before = Listed.objects.get().at
    peer = Peer().known()
    assert receive_lines(peer.id, [peer.place("1")], source=peer.id).accepted == 1
    document = ask("GetRecord", identifier=peer.uri("1"), metadataPrefix="oai_dc")
    origin = document.find(".//{http://www.openarchives.org/OAI/2.0/provenance}originDescription")
    assert [one.text for one in origin] == [
        f"urn:ortaq:{peer.id}", peer.uri("1"), AT, "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ]  # fmt: skip
    assert texts(document, "//o:datestamp/text()")[0] >= before > AT
    assert texts(document, "//o:setSpec/text()") == ["kind:place", f"node:{peer.id}"]
    Node.objects.filter(id=peer.id).update(address="https://other.example/")
    told = etree.tostring(ask("ListRecords", metadataPrefix="oai_dc"), encoding="unicode")
    assert "<baseURL>https://other.example/oai</baseURL>" in told


def test_what_another_node_withdraws_or_keeps_to_itself(node: Any) -> None:
    peer = Peer().known()
    receive_lines(
        peer.id, [peer.place("1"), peer.place("2"), peer.place("3", audience="node", withheld=True)], source=peer.id
    )
    assert harvested() == [peer.uri("1"), peer.uri("2")]
    lines = [
        peer.write("place", None, source_id="1"),
        peer.place("2", audience="node", withheld=True),
        peer.place("4", withheld=True),
    ]
    receive_lines(peer.id, lines, source=peer.id)
    assert harvested() == [f"-{peer.uri('1')}", f"-{peer.uri('2')}"]
    for model in (Reach, Listed, Shelved):
        model.objects.all().delete()
    assert set(harvested()) == {f"-{peer.uri('1')}", f"-{peer.uri('2')}"}


def test_files_of_another_node_have_an_address_only_where_they_are_here(node: Any) -> None:
    peer, digest = Peer().known(), "uEi" + "A" * 44
    file = {"digest": digest, "name": "plan.png", "media_type": "image/png", "bytes": 7}
    body = {"source_id": "m", "title": {"kk": ["Жоспар"]}, "files": [file]}
    receive_lines(peer.id, [peer.write("material", body, source_id="m")], source=peer.id)
    asked = {"identifier": peer.uri("m"), "metadataPrefix": "edm"}
    assert digest not in etree.tostring(ask("GetRecord", **asked), encoding="unicode")
    FetchedFile.objects.create(digest=digest, node=peer.id)
    assert f"http://testserver/files/{digest}/plan.png" in etree.tostring(ask("GetRecord", **asked), encoding="unicode")


def test_damaged_record_is_left_out(node: Any, place: Write) -> None:
    for number in range(3):
        place(f"geo:{number}")
    catch_up()
    Change.objects.filter(record=uri_of("geo:1")).update(body="{")
    assert harvested() == [uri_of("geo:0"), uri_of("geo:2")]


def test_who_asks_does_not_matter(node: Any, place: Write) -> None:
    from tests.factories import join

    place("geo:1", audience="node")
    catch_up()
    client = Client()
    client.force_login(join("leyla", role="administrator", is_keeper=True))
    response = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert b"noRecordsMatch" in response.content
    assert not response.cookies
