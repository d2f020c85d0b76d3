# SPDX-License-Identifier: Apache-2.0
"""A node with partners in every state there is, and agreements that some have signed; run in a process of that node.

`python -m tests.journeys.neighbourhood ADDRESS` prints what there is, as JSON; ADDRESS: of who takes a question and never answers,
so that a partner stays as it is while pages are looked at.
"""

import json
import sys
from typing import Any

NAMES = {"kk": ["Қазақстан Республикасының мәдени мұрасының Астанадағы түйіні"], "en": ["Node of Astana"]}


def fill(address: str) -> dict[str, Any]:
    """Return the ids of the partners by their state, and the local names of agreements and of what is Astana's."""
    from ortaq.nodes.groups import make_group
    from ortaq.nodes.identity import own_id
    from ortaq.nodes.kind import record_of_node
    from ortaq.people.models import Person
    from ortaq.records.models import Change
    from ortaq.records.receiving import receive_lines
    from ortaq.roadmap.actions import sign_agreement
    from tests.factories import viewer
    from tests.peer import Peer

    partners = {state: _partner(address, state, more) for state, more in _states().items()}
    peer: Peer = partners["exchanges"]
    keeper = viewer(Person.objects.get(login="leyla"))
    # also a party that is no partner of ours: nothing is known of it but its id
    parties = [record_of_node(one) for one in (own_id(), peer.id, partners["paused"].id, Peer().id)]

    def agree(source_id: str, nodes: list[str], *texts: str) -> str:
        uri = ""
        for text in texts:
            uri = _agreement(keeper.actor, source_id, nodes, text)
        return uri

    def yes(uri: str, source_id: str) -> bytes:
        change = Change.objects.filter(record=uri).latest("version")
        return peer.write(
            "assent", {"about": uri, "version": change.version, "digest": change.digest}, source_id=source_id
        )

    partly, full = agree("partly", parties, "Bərpa edirik."), agree("full", parties[:2], "Qoruyuruq.")
    for uri in (partly, full):
        sign_agreement(keeper, uri, version=1)
    agree("partly", parties, "Birgə bərpa edirik.")
    lines = [
        peer.announce(),
        peer.place("geo:1", title={"kk": ["Түркістан"]}),
        yes(partly, "yes:1"),
        yes(full, "yes:2"),
        peer.place("geo:2", withheld=True, audience="partners"),
        peer.opinion(full, source_id="opinion:1"),
    ]
    receive_lines(peer.id, lines, source=peer.id)
    _trouble(partners["fork"])
    records = {
        "partly": partly,
        "full": full,
        "place": peer.uri("geo:1"),
        "assent": peer.uri("yes:1"),
        "node": record_of_node(peer.id),
    }
    return {
        "partners": {state: one.id for state, one in partners.items()},
        "records": {what: uri.removeprefix("urn:ortaq:") for what, uri in records.items()},
        "group": make_group(
            {"kk": ["Каспий түйіндері"], "az": ["Xəzər qovşaqları"]}, [one.id for one in partners.values()][:3]
        ).key,
    }


def _states() -> dict[str, dict[str, Any]]:
    from ortaq.nodes.models import Partner

    away = {"code": "outward.unreachable", "message": "", "facts": {"url": "https://kg.example", "reason": "nobody"}}
    return {
        "exchanges": {"state": Partner.ACTIVE, "trust": Partner.PARTNER},
        "asks": {"state": Partner.ASKING},
        "asked": {"state": Partner.ASKED},
        "ended": {"state": Partner.ENDED},
        "paused": {"state": Partner.ACTIVE, "is_paused": True},
        "paused-by-them": {"state": Partner.ACTIVE, "has_paused": True},
        "unreachable": {"state": Partner.ACTIVE, "is_paused": False, "failures": 3, "failure": away},
        "fork": {"state": Partner.ACTIVE},
    }


def _partner(address: str, state: str, more: dict[str, Any]) -> Any:
    from django.utils import timezone

    from ortaq.nodes.models import Node, Partner
    from tests.peer import Peer

    peer = Peer().known()
    where = "http://127.0.0.1:9" if state == "unreachable" else address
    names = NAMES if state == "exchanges" else {"en": [f"Node that is {state}"], "ky": ["Бишкек түйүнү"]}
    Node.objects.filter(pk=peer.id).update(
        address=where, names=names, countries=["KZ"], head_seq=40, software="ortaq 0.4"
    )
    reached = None if "ask" in state else timezone.now()
    Partner.objects.create(node_id=peer.id, reached_at=reached, failed_at=timezone.now(), **more)
    return peer


def _agreement(actor: str, source_id: str, nodes: list[str], text: str) -> str:
    from ortaq.records.door import Draft, write_change

    title = {
        "az": ["Ortaq irsin qorunması haqqında saziş"],
        "kk": ["Ортақ мұраны қорғау туралы келісім"],
        "en": [f"Agreement, {source_id}"],
    }
    body = {
        "source_id": source_id,
        "title": title,
        "parties": nodes,
        "text": {"az": [text], "kk": ["Бірге қорғаймыз."]},
    }
    return str(write_change(Draft("agreement", body), by=actor).uri)


def _trouble(peer: Any) -> None:
    """Two histories, changes in quarantine of both sorts, and what the other side did not accept of ours."""
    from django.utils import timezone

    from ortaq.nodes.models import Fork, Objection, Partner, Quarantined

    gap = {"code": "change.gap", "message": "", "facts": {"seq": "9", "node": peer.id, "expected": "4"}}
    of_tomorrow = {"code": "change.of-tomorrow", "message": "Wait for the next release.", "facts": {}}
    rows: list[dict[str, Any]] = [
        {"seq": 4, "code": "change.gap", "facts": gap},
        {"seq": 2, "code": "change.of-tomorrow", "facts": of_tomorrow, "is_body": True, "is_told": True},
    ]
    for row in rows:
        Quarantined.objects.create(log=peer.id, source=peer.id, attempts=3, **row)
    for seq, settled in ((3, None), (1, timezone.now())):
        Fork.objects.create(
            log=peer.id,
            seq=seq,
            digest=f"uEi{'A' * 44}",
            other=f"uEi{'B' * 44}",
            header={},
            source="c" * 26,
            settled_at=settled,
        )
    partner = Partner.objects.get(node_id=peer.id)
    Objection.objects.create(
        partner=partner, log="x", seq=7, code="change.gap", message="Change 7 came where 4 should."
    )


if __name__ == "__main__":
    from ortaq.site.node import open_node

    open_node(create=False)
    print(json.dumps(fill(sys.argv[1])))
