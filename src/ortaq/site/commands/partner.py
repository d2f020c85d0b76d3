# SPDX-License-Identifier: Apache-2.0
"""`ortaq partner …` and `ortaq sync`: with whom this node exchanges, on what terms, and one round of it."""

import sys

import orjson

from ortaq.doors.feed import asking, deciding, status
from ortaq.doors.feed.deciding import Decided
from ortaq.doors.feed.exchanging import Exchange
from ortaq.nodes import partners
from ortaq.nodes.document import fingerprint
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner

_SAID = {
    status.ASKED: "waits for their answer",
    status.ASKS: "asks us: 'ortaq partner accept'",
    status.EXCHANGES: "exchanges",
    status.UNREACHABLE: "exchanges",  # why it does not just now stands in the failure
    status.STOPPED: "exchanges",
    status.FORK: "exchanges",
    status.PAUSED: "paused by us",
    status.PAUSED_BY_THEM: "paused by them",
    status.ENDED: "ended",
}


def add(address: str, trust: str) -> int:
    """Ask who is there, show what to compare by voice, and propose."""
    document = asking.ask_who(address)
    decided = deciding.propose(document, trust=trust)
    print(f"{_name(decided.partner)}  {document.address}", file=sys.stderr)
    print(f"Compare by voice with its administrator:  {fingerprint(document.node)}", file=sys.stderr)
    print(f"This node's own, for them to compare:     {fingerprint(own_id())}", file=sys.stderr)
    return _told(decided)


def accept(name: str, trust: str) -> int:
    return _told(deciding.accept(partners.partner_of(name), trust=trust))


def pause(name: str) -> int:
    return _told(deciding.tell(partners.partner_of(name), deciding.PAUSE))


def resume(name: str) -> int:
    return _told(deciding.tell(partners.partner_of(name), deciding.RESUME))


def end(name: str) -> int:
    return _told(deciding.tell(partners.partner_of(name), deciding.END))


def _told(decided: Decided) -> int:
    """Say how it stands here; that the other side could not be told is the error with which the command ends."""
    print(f"{decided.partner.node_id}  {_SAID[status.status_of(decided.partner).state]}")
    if decided.unsaid is not None:
        raise decided.unsaid
    return 0


def set_terms(name: str, trust: str | None, files: str | None, files_mb: int | None) -> int:
    partner = partners.partner_of(name)
    files_bytes = files_mb * 1_000_000 if files_mb is not None else None
    deciding.set_terms(partner, trust=trust, files=files, files_bytes=files_bytes)
    print(f"{partner.node_id}  gets what is for {'partners' if partner.trust == Partner.PARTNER else 'everyone'}")
    return 0


def settle(name: str) -> int:
    """The change that is here holds: take the log up again."""
    partner = partners.partner_of(name)
    print(f"{partner.node_id}  {deciding.settle(partner)} settled")
    return 0


def list_partners(*, as_json: bool) -> int:
    for one in status.statuses(partners.partners()):
        node, facts = one.partner.node, facts_of(one)
        line = "  ".join([node.id, _name(one.partner), node.address, _SAID[one.state], f"{one.position} of {one.seq}"])
        print(orjson.dumps(facts).decode() if as_json else line)
    return 0


def facts_of(one: status.Status) -> dict[str, object]:
    partner = one.partner
    return {
        "node": partner.node_id,
        "name": partner.node.names or {"und": [partner.node.name]},
        "address": partner.node.address,
        "state": _SAID[one.state],
        "trust": partner.trust,
        "position": one.position,
        "seq": one.seq,
        "withheld": one.withheld,
        "refused": one.refused,
        "objections": one.objections,
        "forks": one.forks,
        "reached_at": partner.reached_at.isoformat() if partner.reached_at else None,
        "failure": one.failure,
    }


def sync(*, as_json: bool) -> int:
    """One round with each partner; exit code 1 if one of them could not be followed."""
    code = 0
    for partner in partners.exchanging():
        done = Exchange().once(partner)
        said = f"{partner.node_id}  {_name(partner)}  {done.accepted} new, {done.position} of {done.seq}"
        print(orjson.dumps(done.as_dict()).decode() if as_json else said)
        for error in [*done.refused, *([done.error] if done.error else [])]:
            code = 1
            print(f"ortaq: {error.code}: {error}", file=sys.stderr)
    return code


def _name(partner: Partner) -> str:
    return (
        " / ".join(dict.fromkeys(text for texts in partner.node.names.values() for text in texts)) or partner.node.name
    )
