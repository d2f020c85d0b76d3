# SPDX-License-Identifier: Apache-2.0
"""A round with a partner that answers what a hostile one would: nothing is taken that it may not say, and the round ends."""

import contextlib
import errno
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import OperationalError

from ortaq.doors.feed import asking, exchanging, status
from ortaq.doors.feed.exchanging import Exchange
from ortaq.nodes import partners
from ortaq.nodes.models import Actor, Fork, Head, Partner, Quarantined
from ortaq.nodes.outward.client import Answer
from ortaq.records.models import Change
from ortaq.records.receiving import position_of, receive_lines
from tests.peer import AT, Peer

Lines = Callable[[str], list[bytes]]


class Wire:
    """What stands in the place of the signed client: answers from memory, asks nobody."""

    def __init__(self) -> None:
        self.offset_seconds = 0
        self.logs: dict[str, list[bytes]] = {}
        self.heads: list[dict[str, Any]] = []
        self.end: dict[str, Any] | None = None
        self.told: list[Any] = []

    def lines(self, url: str, **bounds: Any) -> Iterator[bytes]:
        log, after = url.rpartition("/log/")[2].partition("?")[0], int(url.partition("after=")[2].partition("&")[0])
        found = self.logs.get(log, [])
        yield from found[after:]
        yield orjson.dumps({"end": self.end or {"position": len(found), "seq": len(found), "digest": ""}})

    def get(self, url: str, **bounds: Any) -> Answer:
        if url.endswith("/heads"):
            return Answer(200, {}, orjson.dumps({"heads": self.heads}))
        return Answer(200, {}, orjson.dumps({"digest": f"uEi{'A' * 44}"}))

    def post(self, url: str, *, body: bytes, **bounds: Any) -> Answer:
        self.told.append((url.rpartition("/exchange/")[2], orjson.loads(body)))
        return Answer(200, {}, b"" if url.endswith("/bodies") else b"{}")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()

    @contextlib.contextmanager
    def asking_of(partner: Partner) -> Iterator[Wire]:
        yield wire

    monkeypatch.setattr(asking, "asking_of", asking_of)
    return wire


@pytest.fixture
def peer(node: Any, wire: Wire) -> Peer:
    peer = Peer().known()
    Partner.objects.create(node_id=peer.id, state=Partner.ACTIVE, trust=Partner.PARTNER)
    wire.logs[peer.id] = peer.lines
    return peer


def once(peer: Peer) -> Any:
    return Exchange().once(Partner.objects.select_related("node").get(node=peer.id))


def test_round_takes_all_there_is(peer: Peer, wire: Wire) -> None:
    for number in range(2_500):
        peer.place(str(number))
    done = once(peer)
    assert (done.accepted, done.position, done.seq, done.error) == (2_500, 2_500, 2_500, None)
    partner = Partner.objects.get()
    assert (partner.failures, partner.taken) == (0, 2_500)
    assert partner.reached_at is not None


def test_what_came_before_the_stream_broke_is_taken(peer: Peer, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    from ortaq.nodes.outward.errors import CutShort

    for number in range(10):
        peer.place(str(number))

    def cut(url: str, **bounds: Any) -> Iterator[bytes]:
        yield from peer.lines[:7]
        raise CutShort(url=url)

    monkeypatch.setattr(wire, "lines", cut)
    done = once(peer)
    assert (done.accepted, done.error.code) == (7, "outward.cut-short")
    assert Partner.objects.get().failures == 1
    monkeypatch.undo()


def test_refusal_is_told_to_the_partner(peer: Peer, wire: Wire) -> None:
    peer.place("1")
    entry = orjson.loads(peer.place("2"))
    entry["change"]["audience"] = "partners"
    peer.lines[1] = orjson.dumps(entry)
    done = once(peer)
    assert (done.accepted, done.error.code) == (1, "change.signature-wrong")
    [(where, said)] = wire.told
    assert (where, said["objections"][0]["seq"], said["objections"][0]["code"]) == (
        "objections",
        2,
        "change.signature-wrong",
    )
    assert said["objections"][0]["facts"]["seq"] == "2"  # so that they read it in their own language
    assert Quarantined.objects.get().is_told


def test_partner_that_sends_without_end_has_a_daily_limit(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PARTNER_CHANGES", 3)
    for number in range(5):
        peer.place(str(number))
    assert once(peer).accepted == 5
    peer.place("6")
    done = once(peer)
    assert (done.accepted, done.error.code) == (0, "exchange.too-many-changes")
    assert position_of(peer.id) == 5


def test_nothing_is_taken_that_would_fill_the_disk(peer: Peer, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    peer.place("1")
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 10**18)
    done = once(peer)
    assert (done.accepted, done.error.code, position_of(peer.id)) == (0, "exchange.no-room", 0)
    assert Partner.objects.get().failure["code"] == "exchange.no-room"
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 0)
    assert (once(peer).accepted, Partner.objects.get().failures) == (1, 0)


def test_disk_that_is_full_is_seen_even_if_nothing_of_it_could_be_written_down(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status.status_of(Partner.objects.get()).state == status.EXCHANGES
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 10**18)
    one = status.status_of(Partner.objects.get())
    assert (one.state, one.failure["code"]) == (status.STOPPED, "exchange.no-room")


@pytest.mark.parametrize(
    "fault", [OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_write_that_fails_for_want_of_room_ends_the_round_with_a_code(
    peer: Peer, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def full(*given: Any, **named: Any) -> None:
        raise fault

    def nor_noted(*given: Any) -> None:
        raise OperationalError("database or disk is full")

    peer.place("1")
    monkeypatch.setattr(asking, "receive_lines", full)
    monkeypatch.setattr(partners, "not_reached", nor_noted)
    done = once(peer)
    assert (done.accepted, done.error.code) == (0, "exchange.no-room")


def test_other_faults_of_the_database_are_not_taken_for_a_full_disk(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise OperationalError("database is locked")

    peer.place("1")
    monkeypatch.setattr(asking, "receive_lines", broken)
    with pytest.raises(OperationalError, match="locked"):
        once(peer)


@pytest.mark.parametrize("line", [b"[]", b"{}", b"null", b"not json", b'{"end": 1}', b'{"actor": 1}', b'{"change": 1}'])
def test_line_that_is_none_ends_the_round_with_a_code(peer: Peer, wire: Wire, line: bytes) -> None:
    peer.place("1")
    peer.lines.append(line)
    done = once(peer)
    assert position_of(peer.id) == 1
    codes = [error.code for error in [*done.refused, *([done.error] if done.error else [])]]
    assert codes, "it was dropped silently"
    assert set(codes) <= {"exchange.unexpected", "change.unreadable", "actor.refused"}


def test_names_without_end_are_cut_off(peer: Peer, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_ACTORS", 3)
    peer.lines.extend([b'{"actor": {}}'] * 5)
    assert once(peer).error.code == "exchange.unexpected"


def statement(of: Peer, by: Peer) -> bytes:
    said = {"actor": of.uri("person"), "names": {"kk": ["Айгүл"]}, "at": AT}
    return orjson.dumps({"actor": {**said, "proof": by.key.prove(said, AT)}})


def test_name_of_an_actor_is_taken_from_its_own_node_alone(peer: Peer, wire: Wire) -> None:
    other = Peer().known()
    peer.lines.extend([statement(other, peer), statement(peer, peer), statement(other, other)])
    done = once(peer)
    assert [error.code for error in done.refused] == ["actor.refused"]
    assert set(Actor.objects.values_list("uri", flat=True)) == {peer.uri("person"), other.uri("person")}


def test_bodies_are_asked_for_when_the_partner_gives_more(peer: Peer, wire: Wire) -> None:
    peer.place("1", audience="partners", withheld=True)
    exchange, partner = Exchange(), Partner.objects.select_related("node").get(node=peer.id)
    asked = lambda: [where for where, _said in wire.told if where.endswith("/bodies")]  # noqa: E731
    exchange.once(partner)
    exchange.once(partner)
    assert len(asked()) == 1
    wire.end = {"seq": 1, "digest": "", "is_trusted": True}
    exchange.once(partner)
    assert len(asked()) == 2


def test_other_history_is_seen_through_a_third_node(peer: Peer, wire: Wire) -> None:
    owner, twin = Peer().known(), Peer()
    owner.place("1")
    receive_lines(owner.id, owner.lines, source=owner.id)
    twin.key, twin.first, twin.id = owner.key, owner.first, owner.id
    twin.place("1", title={"kk": ["Басқа тарих"]})
    wire.logs[owner.id] = twin.lines
    wire.heads = [{"node": owner.id, "seq": 1, "digest": twin.prior}]
    once(peer)
    fork = Fork.objects.get()
    assert (fork.log, fork.seq, fork.source, fork.other) == (owner.id, 1, peer.id, twin.prior)
    assert receive_lines(owner.id, [owner.place("2")], source=owner.id).error.code == "change.fork"


def test_claim_of_another_head_without_a_signature_is_no_fork(peer: Peer, wire: Wire) -> None:
    owner = Peer().known()
    owner.place("1")
    receive_lines(owner.id, owner.lines, source=owner.id)
    wire.logs[owner.id] = owner.lines
    wire.heads = [{"node": owner.id, "seq": 1, "digest": f"uEi{'A' * 44}"}]
    once(peer)
    assert not Fork.objects.exists()


def test_log_of_who_is_gone_comes_from_a_third_node(peer: Peer, wire: Wire) -> None:
    owner = Peer().known()
    Partner.objects.create(node_id=owner.id, state=Partner.ACTIVE, failures=exchanging.GONE_AFTER_FAILURES)
    owner.place("1")
    owner.place("2")
    wire.logs[owner.id] = owner.lines
    wire.heads = [{"node": owner.id, "seq": 2, "digest": owner.prior}]
    once(peer)
    assert position_of(owner.id) == 2
    assert Head.objects.get(log=owner.id).seq == 2


def test_log_of_who_is_no_partner_is_not_taken(peer: Peer, wire: Wire) -> None:
    stranger = Peer()
    stranger.place("1")
    wire.logs[stranger.id] = stranger.lines
    wire.heads = [{"node": stranger.id, "seq": 1, "digest": stranger.prior}]
    once(peer)
    assert not Change.objects.filter(node=stranger.id).exists()


def test_partner_that_has_paused_is_not_asked(peer: Peer) -> None:
    partner = Partner.objects.get()
    partners.pause(partner, by_them=True)
    assert partners.exchanging() == []
    partners.heard(partner)
    assert [one.node_id for one in partners.exchanging()] == [peer.id]
