# SPDX-License-Identifier: Apache-2.0
"""Harvesting: what a repository offers comes in, says where it is from, goes on where it stopped, and is never believed blindly."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from ortaq.core.errors import OrtaqError
from ortaq.doors.imports.harvest.errors import (
    AlreadyHarvesting,
    FormatUnreadable,
    HarvestLoops,
    NotOai,
    RepositoryRefused,
)
from ortaq.doors.imports.harvest.protocol import Repository
from ortaq.doors.imports.harvest.running import Wishes, harvest
from ortaq.doors.imports.harvest.state import kept_state
from ortaq.nodes.outward.client import client
from ortaq.records.models import Record
from ortaq.records.queries import body_of
from tests.factories import Write
from tests.nodes.outward.hosts import asking, host

OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-27T10:00:00Z</responseDate><request/>{}</OAI-PMH>'
IDENTIFY = "<Identify><repositoryName>Muzey</repositoryName><granularity>{}</granularity></Identify>"
DC = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title xml:lang="az">{}</dc:title><dc:creator>Usta Əli</dc:creator><dc:date>1424</dc:date><dc:identifier>http://www.wikidata.org/entity/Q1</dc:identifier><dc:relation>x</dc:relation></oai_dc:dc>'
LIDO = '<lido:lido xmlns:lido="http://www.lido-schema.org"><lido:lidoRecID lido:type="local">{0}</lido:lidoRecID><lido:descriptiveMetadata><lido:objectIdentificationWrap><lido:titleWrap><lido:titleSet><lido:appellationValue xml:lang="az">{0}</lido:appellationValue></lido:titleSet></lido:titleWrap></lido:objectIdentificationWrap></lido:descriptiveMetadata></lido:lido>'
Answer = Callable[[dict[str, str]], str | tuple[int, str, str]]


def record(identifier: str, content: str = "", *, about: str = "") -> str:
    status = "" if content else ' status="deleted"'
    metadata = f"<metadata>{content}</metadata>" if content else ""
    return f"<record><header{status}><identifier>{identifier}</identifier><datestamp>2026-11-01T00:00:00Z</datestamp></header>{metadata}{about}</record>"


def page(*records: str, token: str = "") -> str:
    more = f"<resumptionToken>{token}</resumptionToken>" if token else ""
    return f"<ListRecords>{''.join(records)}{more}</ListRecords>"


class Museum:
    """A repository whose pages are written down: token → answer; the empty one is the first. asked: what came; waited: how long the harvester did."""

    def __init__(self, pages: dict[str, Any], granularity: str = "YYYY-MM-DDThh:mm:ssZ") -> None:
        self.pages, self.granularity = pages, granularity
        self.asked: list[dict[str, str]] = []
        self.waited: list[float] = []

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        target = request.split(b" ", 2)[1].decode()
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        if query["verb"] == "Identify":
            said: Any = IDENTIFY.format(self.granularity)
        else:
            self.asked.append(query)
            said = self.pages[query.get("resumptionToken", "")]
            said = said.pop(0) if isinstance(said, list) else said
        status, headers = "200 OK", ""
        if isinstance(said, tuple):
            status, headers, said = said
        body = (said if said.startswith("<!") or "OAI-PMH" in said else OAI.format(said)).encode()
        connection.sendall(f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@contextmanager
def opened(museum: Museum) -> Iterator[Repository]:
    """The museum at one address, which stays the same as long as the block lasts."""
    with host(museum) as port, asking() as ask:
        yield Repository(f"http://museum.test:{port}/oai", ask, museum.waited.append)


@pytest.fixture(autouse=True)
def _folder(node: Any, home: Any) -> None:
    home.mkdir(exist_ok=True)


def titles() -> dict[str, str]:
    live = Record.objects.filter(state=Record.LIVE, source_id__contains="#").order_by("id")
    return {one.source_id.partition("#")[2]: next(iter(orjson.loads(one.title).values()))[0] for one in live}


DUBLIN = Wishes("oai_dc")


def test_records_come_in_and_say_where_they_are_from(node: Any) -> None:
    with opened(
        Museum(
            {
                "": page(record("oai:m:1", DC.format("Birinci")), token="t"),
                "t": page(record("oai:m:2", DC.format("İkinci"))),
            }
        )
    ) as museum:
        told = harvest(museum, DUBLIN)
    assert told.counts["made"] == 2 and told.is_whole
    assert titles() == {"oai:m:1": "Birinci", "oai:m:2": "İkinci"}
    one = Record.objects.select_related("change").get(source_id=f"{museum.base}#oai:m:1")
    body = body_of(one)
    assert body["sources"][0] == f"Muzey, {museum.base}, oai:m:1, 2026-11-01T00:00:00Z"
    assert {"scheme": "oai", "value": "oai:m:1"} in body["identifiers"]
    assert {"scheme": "wikidata", "value": "Q1"} in body["identifiers"]
    assert body["created"] == "1424" and "Usta Əli" in body["description"]["und"][0]
    assert (one.node, one.author, one.change.by) == (node.id, node.uri, node.uri)


def test_lido_comes_in(node: Any) -> None:
    with opened(Museum({"": page(record("oai:m:1", LIDO.format("Küzə")))})) as museum:
        assert harvest(museum, Wishes()).counts["made"] == 1
        assert museum._ask is not None
    assert Record.objects.get(source_id=f"{museum.base}#oai:m:1").kind == "object"


def test_second_harvest_asks_for_what_is_new_and_withdraws_what_is_gone() -> None:
    first, later = (
        page(record("oai:m:1", DC.format("A")), record("oai:m:2", DC.format("B"))),
        page(record("oai:m:2"), record("oai:m:9"), record("oai:m:3", DC.format("C"))),
    )
    script = Museum({"": [first, later, page(record("oai:m:1", DC.format("A")))]})
    with opened(script) as museum:
        harvest(museum, DUBLIN)
        told = harvest(museum, DUBLIN)
        again = harvest(museum, DUBLIN)
    assert "from" not in script.asked[0] and script.asked[1]["from"] == "2026-11-27T10:00:00Z"
    assert told.counts == {"made": 1, "revised": 0, "unchanged": 0, "withdrawn": 1, "refused": 0}
    assert again.counts["unchanged"] == 1
    assert titles() == {"oai:m:1": "A", "oai:m:3": "C"}


def test_a_harvest_from_a_day_on_does_not_pass_for_the_whole() -> None:
    script = Museum({"": page(record("oai:m:1", DC.format("A")))})
    with opened(script) as museum:
        harvest(museum, Wishes("oai_dc", since="2026-11-01"))
        harvest(museum, DUBLIN)
        harvest(museum, Wishes("oai_dc", since="2026-11-01"))
        harvest(museum, DUBLIN)
    assert [one.get("from") for one in script.asked] == ["2026-11-01", None, "2026-11-01", "2026-11-27T10:00:00Z"]


def test_a_repository_of_days_is_asked_by_days() -> None:
    script = Museum(
        {"": [page(record("oai:m:1", DC.format("A"))), "<error code='noRecordsMatch'/>"]}, granularity="YYYY-MM-DD"
    )
    with opened(script) as museum:
        harvest(museum, DUBLIN)
        assert harvest(museum, DUBLIN).is_whole
    assert script.asked[1]["from"] == "2026-11-27"


def test_what_was_stopped_goes_on_where_it_was() -> None:
    pages = {
        "": page(record("oai:m:1", DC.format("A")), token="t"),
        "t": [("500 Broken", "", "no"), page(record("oai:m:2", DC.format("B")))],
    }
    script = Museum(pages)
    with opened(script) as museum:
        with pytest.raises(NotOai, match="status 500"):
            harvest(museum, DUBLIN)
        assert titles() == {"oai:m:1": "A"}
        assert harvest(museum, DUBLIN).taken == 1
    assert [one.get("resumptionToken") for one in script.asked] == [None, "t", "t"]
    assert titles() == {"oai:m:1": "A", "oai:m:2": "B"}


def test_limit_stops_after_a_page_and_the_next_call_goes_on() -> None:
    pages = {"": page(record("oai:m:1", DC.format("A")), token="t"), "t": page(record("oai:m:2", DC.format("B")))}
    with opened(Museum(pages)) as museum:
        told = harvest(museum, Wishes("oai_dc", limit=1))
        assert (told.taken, told.is_whole) == (1, False)
        assert harvest(museum, DUBLIN).is_whole
    assert titles() == {"oai:m:1": "A", "oai:m:2": "B"}


def test_a_token_that_is_no_longer_known_begins_the_harvest_anew() -> None:
    refused = "<error code='badResumptionToken'>old</error>"
    pages = {
        "": page(record("oai:m:1", DC.format("A")), token="t"),
        "t": [("500 Broken", "", "no"), refused, page(record("oai:m:2", DC.format("B")))],
    }
    with opened(Museum(pages)) as museum:
        with pytest.raises(NotOai):
            harvest(museum, DUBLIN)
        told = harvest(museum, DUBLIN)
    assert told.is_whole and titles() == {"oai:m:1": "A", "oai:m:2": "B"}


def test_patience_has_an_end() -> None:
    busy = ("503 Busy", "Retry-After: 7\r\n", "later")
    script = Museum({"": [busy, busy, page(record("oai:m:1", DC.format("A")))]})
    with opened(script) as museum:
        assert harvest(museum, DUBLIN).taken == 1
    assert script.waited == [7.0, 7.0]
    script = Museum({"": ("503 Busy", "Retry-After: 99999999\r\n", "later")})
    with opened(script) as museum, pytest.raises(NotOai, match="503"):
        harvest(museum, DUBLIN)
    assert script.waited == [120.0] * 4


FAULTS = [
    ({"": page(record("oai:m:1", DC.format("A")), token="t"), "t": page(record("oai:m:2", DC.format("B")), token="t")}, HarvestLoops),
    ({"": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">&b;</OAI-PMH>'}, NotOai),
    ({"": "<error code='cannotDisseminateFormat'>no</error>"}, RepositoryRefused),
    ({"": "<!-- not OAI --><html/>"}, NotOai),
    ({"": "<Identify/>"}, NotOai),
]  # fmt: skip


@pytest.mark.parametrize(("pages", "error"), FAULTS)
def test_faults_of_a_repository_are_named(pages: dict[str, Any], error: type[OrtaqError]) -> None:
    with opened(Museum(pages)) as museum, pytest.raises(error):
        harvest(museum, DUBLIN)


def test_one_bad_record_stops_no_other(node: Any) -> None:
    own = f"urn:ortaq:{node.id}:{'a' * 16}"
    bad = [
        record("oai:m:1", "<other xmlns='x:y'/>"),
        record(own, DC.format("Bizim")),
        record("oai:m:3", DC.format(" ")),
        record("oai:m:4", DC.format("Yaxşı")),
    ]
    with opened(Museum({"": page(*bad)})) as museum:
        told = harvest(museum, DUBLIN)
    assert [error.code for _identifier, error in told.refused] == [
        "harvest.no-content",
        "harvest.own-record",
        "import.no-title",
    ]
    assert titles() == {"oai:m:4": "Yaxşı"}


def test_record_of_another_node_is_a_copy_of_ours_that_points_at_it() -> None:
    uri = f"urn:ortaq:{'b' * 26}:{'c' * 16}"
    about = '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"><originDescription><baseURL>http://first.test/oai</baseURL><identifier>oai:first:1</identifier></originDescription></provenance></about>'
    with opened(Museum({"": page(record(uri, DC.format("A"), about=about))})) as museum:
        harvest(museum, DUBLIN)
    copy = Record.objects.select_related("change").get(source_id=f"{museum.base}#{uri}")
    assert copy.uri != uri
    assert body_of(copy)["links"] == [{"role": "same_as", "to": uri}]
    assert "http://first.test/oai, oai:first:1" in body_of(copy)["sources"]


def test_no_repository_overwrites_what_another_wrote(place: Write) -> None:
    place("lido:K", az="Bizim")
    with (
        opened(Museum({"": page(record("lido:K", LIDO.format("K")))})) as first,
        opened(Museum({"": page(record("lido:K", LIDO.format("L")))})) as second,
    ):
        harvest(first, Wishes())
        harvest(second, Wishes())
    assert sorted(
        next(iter(orjson.loads(one.title).values()))[0] for one in Record.objects.filter(kind__in=("place", "object"))
    ) == ["Bizim", "K", "L"]


def test_no_address_inside_is_asked(node: Any) -> None:
    with client() as ask, pytest.raises(OrtaqError) as refused:
        harvest(Repository("http://127.0.0.1:9/oai", ask), DUBLIN)
    assert refused.value.code.startswith("outward.")


def test_two_harvests_of_one_set_do_not_meet(home: Any) -> None:
    with (
        opened(Museum({"": page(record("oai:m:1", DC.format("A")))})) as museum,
        kept_state(museum.base, "oai_dc", ""),
        pytest.raises(AlreadyHarvesting),
    ):
        harvest(museum, DUBLIN)


def test_a_format_that_cannot_be_read_is_refused_before_anything_is_asked() -> None:
    script = Museum({})
    with opened(script) as museum, pytest.raises(FormatUnreadable):
        harvest(museum, Wishes("marc"))
    assert script.asked == []
