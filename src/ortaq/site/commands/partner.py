# SPDX-License-Identifier: Apache-2.0
"""`ortaq partner …` and `ortaq sync`: with whom this node exchanges, on what terms, and one round of it."""

import sys

import orjson
from django.utils import timezone

from ortaq.doors.feed import asking
from ortaq.doors.feed.exchanging import Exchange
from ortaq.nodes import partners
from ortaq.nodes.document import fingerprint
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Fork, Partner, Quarantined
from ortaq.records.receiving import position_of

_NEXT = {
    Partner.ASKED: "waits for their answer",
    Partner.ASKING: "asks us: 'ortaq partner accept'",
    Partner.ACTIVE: "exchanges",
    Partner.ENDED: "ended",
}


def add(address: str, trust: str) -> int:
    """Ask who is there, show what to compare by voice, and propose."""
    document = asking.ask_who(address)
    partner = partners.propose(document, trust=trust)
    print(f"{_name(partner)}  {document.address}", file=sys.stderr)
    print(f"Compare by voice with its administrator:  {fingerprint(document.node)}", file=sys.stderr)
    print(f"This node's own, for them to compare:     {fingerprint(own_id())}", file=sys.stderr)
    said = "accept" if partner.state == Partner.ACTIVE else "propose"
    if asking.say(partner.node.address, said) == Partner.ACTIVE:
        partners.accepted_by(partner)
    print(f"{partner.node_id}  {_NEXT[partner.state]}")
    return 0


def accept(name: str, trust: str) -> int:
    partner = partners.partner_of(name)
    partners.accept(partner, trust=trust)
    asking.say(partner.node.address, "accept")
    print(f"{partner.node_id}  {_NEXT[partner.state]}")
    return 0


def pause(name: str) -> int:
    return _tell(name, "pause")


def resume(name: str) -> int:
    return _tell(name, "resume")


def end(name: str) -> int:
    return _tell(name, "end")


def _tell(name: str, word: str) -> int:
    """Do it here, whether or not the other side can be told now."""
    partner = partners.partner_of(name)
    {"pause": partners.pause, "resume": partners.resume, "end": partners.end}[word](partner)
    asking.say(partner.node.address, word)
    print(f"{partner.node_id}  {_state(partner)}")
    return 0


def set_terms(name: str, trust: str | None, files: str | None, files_mb: int | None) -> int:
    partner = partners.partner_of(name)
    partners.set_terms(
        partner, trust=trust, files=files, files_bytes=files_mb * 1_000_000 if files_mb is not None else None
    )
    print(f"{partner.node_id}  gets what is for {'partners' if partner.trust == Partner.PARTNER else 'everyone'}")
    return 0


def settle(name: str) -> int:
    """The change that is here holds: take the log up again."""
    partner = partners.partner_of(name)
    count = Fork.objects.filter(log=partner.node_id, settled_at=None).update(settled_at=timezone.now())
    Quarantined.objects.filter(log=partner.node_id, code="change.fork").update(settled_at=timezone.now())
    print(f"{partner.node_id}  {count} settled")
    return 0


def list_partners(*, as_json: bool) -> int:
    for one in partners.partners():
        facts = facts_of(one)
        line = "  ".join(
            [one.node_id, _name(one), one.node.address, _state(one), f"{facts['position']} of {facts['seq']}"]
        )
        print(orjson.dumps(facts).decode() if as_json else line)
    return 0


def facts_of(partner: Partner) -> dict[str, object]:
    position = position_of(partner.node_id)
    return {
        "node": partner.node_id,
        "name": partner.node.names or {"und": [partner.node.name]},
        "address": partner.node.address,
        "state": _state(partner),
        "trust": partner.trust,
        "position": position,
        "seq": max(partner.node.head_seq, position),
        "refused": Quarantined.objects.filter(log=partner.node_id, settled_at=None).count(),
        "forks": Fork.objects.filter(log=partner.node_id, settled_at=None).count(),
        "reached_at": partner.reached_at.isoformat() if partner.reached_at else None,
        "failure": partner.failure if partner.failures else {},
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


def _state(partner: Partner) -> str:
    if partner.state == Partner.ACTIVE and (partner.is_paused or partner.has_paused):
        return "paused by us" if partner.is_paused else "paused by them"
    return _NEXT[partner.state]
