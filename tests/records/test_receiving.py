# SPDX-License-Identifier: Apache-2.0
"""What other nodes have signed comes in whole and in order; what they have not signed so, or may not sign, does not."""

import os
from dataclasses import replace
from typing import Any

import orjson
import pytest

from ortaq.core.audience import STRANGER, AudienceTooWide
from ortaq.core.canonical import canonical
from ortaq.core.digest import digest_of
from ortaq.core.proof import SigningKey
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Fork, Key, Quarantined
from ortaq.opinions.actions import Words, give_opinion
from ortaq.records.announcing import announce_node, make_recovery_key, rotate_key
from ortaq.records.checking import Checker
from ortaq.records.models import Change, Record
from ortaq.records.queries import limit_of_answers_to, record_of, records_for
from ortaq.records.receiving import accept_bodies, position_of, receive_lines, waiting_bodies
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import Write, join, viewer
from tests.peer import Peer


@pytest.fixture
def peer(node: Any) -> Peer:
    return Peer().known()


def take(peer: Peer, *lines: bytes) -> Any:
    return receive_lines(peer.id, list(lines or peer.lines), source=peer.id)


def test_a_batch_that_was_broken_off_shifts_no_signature(peer: Peer) -> None:
    """What it left with the checker would else stand for the lines of the next one, and let a forged one in."""
    peer.place("1")
    forged = orjson.loads(peer.place("2"))
    forged["change"]["audience"] = "node"
    checker = Checker()
    for data in (bytes(64), bytes(64)):
        checker.add(data, SigningKey(bytes(32)).sign(data), SigningKey(bytes(32)).public)
    lines = [*peer.lines[:-1], orjson.dumps(forged)]
    done = receive_lines(peer.id, lines, source=peer.id, checker=checker)
    assert done.error is not None and done.error.code == "change.signature-wrong"
    assert done.accepted == len(lines) - 1
    is_sound()


def is_sound() -> None:
    assert list(verify_log()) == []
    assert list(verify_projection()) == []


def test_log_of_another_node_is_here(peer: Peer) -> None:
    peer.place("1")
    peer.place("2")
    peer.place("1", title={"kk": ["Шымкент"], "ru": ["Чимкент"]})
    peer.write("place", None, source_id="2")
    done = take(peer)
    assert (done.position, done.accepted, done.error) == (4, 4, None)
    assert record_of(peer.uri("1"), STRANGER).title == '{"kk":["Шымкент"],"ru":["Чимкент"]}'
    assert record_of(peer.uri("2"), STRANGER).state == Record.WITHDRAWN
    is_sound()


def test_same_lines_again_change_nothing(peer: Peer) -> None:
    peer.place("1")
    peer.place("2")
    take(peer)
    before = list(Change.objects.values())
    done = take(peer)
    assert (done.repeated, done.accepted, done.error) == (2, 0, None)
    assert list(Change.objects.values()) == before


def test_lines_in_another_order_wait_for_those_before(peer: Peer) -> None:
    one, two, three = peer.place("1"), peer.place("2"), peer.place("3")
    done = take(peer, one, three, two)
    assert done.position == 1
    assert done.error.code == "change.gap"
    assert take(peer, two, three).position == 3
    assert not Quarantined.objects.filter(settled_at=None).exists()


ATTACKS = {
    "changed-body": ("change.body-altered", True),
    "changed-header": ("change.signature-wrong", False),
    "another-node-signs": ("change.key-unknown", False),
    "other-owner": ("change.owner-wrong", False),
    "actor-of-another": ("change.owner-wrong", False),
    "version-skipped": ("change.version-wrong", False),
    "version-repeated": ("change.version-wrong", False),
    "seq-skipped": ("change.gap", False),
    "prior-of-another": ("change.fork", False),
    "kind-changed": ("change.kind-wrong", False),
    "from-the-future": ("change.from-the-future", False),
    "deep-json": ("change.body-altered", True),
    "no-json": ("change.unreadable", False),
    "unsigned-part": ("change.unreadable", False),
    "wrong-type": ("change.unreadable", False),
    "body-of-no-kind": ("change.body-unknown", True),
    "unknown-field": ("change.body-unknown", True),
    "erases-the-future": ("change.version-wrong", False),
}


def forged(peer: Peer, attack: str) -> bytes:
    """The next line of *peer*'s log as an attacker would have it."""
    body = {"source_id": "9", "title": {"kk": ["Тараз"]}}
    header = peer.header("place", body, source_id="9")
    sign = peer.line
    entry = orjson.loads(sign(header, body))
    match attack:
        case "changed-body":
            entry["body"]["title"]["kk"] = ["Тараз!"]
        case "changed-header":
            entry["change"]["audience"] = "partners"
        case "another-node-signs":
            return sign(header, body, key=SigningKey(os.urandom(32)))
        case "other-owner":
            return sign(replace(header, record=Peer().uri("1")), body)
        case "actor-of-another":
            return sign(replace(header, by=Peer().uri("1")), body)
        case "version-skipped":
            return sign(replace(header, version=2), body)
        case "version-repeated":
            return sign(replace(header, record=peer.uri("1"), version=1), body)
        case "seq-skipped":
            return sign(replace(header, seq=header.seq + 1), body)
        case "prior-of-another":
            return sign(replace(header, prior=digest_of(b"another")), body)
        case "kind-changed":
            return sign(replace(header, record=peer.uri("1"), version=2, kind="term"), body)
        case "from-the-future":
            return sign(replace(header, at="2999-01-01T00:00:00Z"), body)
        case "deep-json":
            return b'{"change":' + orjson.dumps(entry["change"]) + b',"body":' + b"[" * 900 + b"]" * 900 + b"}"
        case "no-json":
            return b'{"change": '
        case "unsigned-part":
            entry["change"]["more"] = 1
        case "wrong-type":
            entry["change"]["seq"] = "2"
        case "body-of-no-kind":
            return sign(replace(header, kind="spaceship"), body)
        case "unknown-field":
            strange = {**body, "colour": "blue"}
            return sign(replace(header, digest=digest_of(canonical(strange))), strange)
        case "erases-the-future":
            return sign(replace(header, erases=(7,)), body)
    return orjson.dumps(entry)


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_refused_named_and_kept_apart(peer: Peer, attack: str) -> None:
    code, header_stays = ATTACKS[attack]
    take(peer, peer.place("1"))
    done = take(peer, forged(peer, attack))
    refused = [done.error] if done.error else done.refused
    assert [error.code for error in refused] == [code]
    assert position_of(peer.id) == (2 if header_stays else 1)
    assert {record.uri for record in records_for(STRANGER)} == {peer.uri("1")}
    assert Quarantined.objects.get(settled_at=None).code == code
    is_sound()


@pytest.mark.parametrize(
    "attack", [name for name, (code, stays) in ATTACKS.items() if not stays and code != "change.fork"]
)
def test_log_goes_on_once_the_line_comes_as_it_should(peer: Peer, attack: str) -> None:
    take(peer, peer.place("1"))
    take(peer, forged(peer, attack))
    peer.place("2")
    assert take(peer).position == 2
    assert not Quarantined.objects.filter(settled_at=None).exists()


def test_history_written_anew_is_a_fork(peer: Peer) -> None:
    take(peer, peer.place("1"), peer.place("2"))
    other = Peer()
    other.key, other.first, other.id = peer.key, peer.first, peer.id
    other.place("1", title={"kk": ["Басқа"]})
    done = take(peer, *other.lines)
    assert done.error.code == "change.fork"
    fork = Fork.objects.get()
    assert (fork.log, fork.seq) == (peer.id, 1)
    assert position_of(peer.id) == 2


def test_own_log_with_a_change_that_we_never_made_is_a_fork(place: Write, node: Any) -> None:
    place("1", az="Şəki")
    thief = Peer()
    thief.key, thief.first, thief.id = node.key, node.key.public, node.id
    thief.place("stolen")
    done = receive_lines(node.id, thief.lines, source=Peer().id)
    assert done.error.code == "change.fork"
    assert Change.objects.count() == 1


def test_nobody_here_sees_what_another_node_keeps_to_itself(peer: Peer) -> None:
    reader = viewer(join("oxuyan"))
    take(peer, peer.place("1", audience="node", withheld=True), peer.place("2", audience="partners"))
    take(peer, peer.place("3", audience=f"partners:{Peer().id}", withheld=True))
    assert {record.uri for record in records_for(reader)} == {peer.uri("2")}
    assert not records_for(STRANGER).exists()
    assert Record.objects.get(uri=peer.uri("1")).state == Record.WITHHELD
    is_sound()


def test_withheld_body_comes_when_the_audience_widens(peer: Peer) -> None:
    body = {"source_id": "1", "title": {"kk": ["Отырар"]}}
    take(peer, peer.place("1", title=body["title"], audience="partners", withheld=True))
    assert waiting_bodies(peer.id, limit=10) == [1]
    assert (
        accept_bodies(peer.id, [(1, {**body, "title": {"kk": ["Басқа"]}})], source=peer.id).refused[0].code
        == "change.body-altered"
    )
    assert accept_bodies(peer.id, [(1, body)], source=peer.id).accepted == 1
    assert record_of(peer.uri("1"), viewer(join("oxuyan"))).title == '{"kk":["Отырар"]}'
    assert waiting_bodies(peer.id, limit=10) == []
    is_sound()


def test_record_that_is_narrowed_is_seen_no_more(peer: Peer) -> None:
    take(peer, peer.place("1"))
    take(peer, peer.place("1", audience="node", withheld=True))
    assert not records_for(viewer(join("oxuyan"))).exists()
    is_sound()


def test_opinion_on_our_record_is_seen_no_more_widely_than_it(peer: Peer, place: Write) -> None:
    ours = place("geo:1", az="Şəki", audience="node").uri
    take(peer, peer.opinion(ours, source_id="o1"))
    assert Record.objects.get(uri=peer.uri("o1")).audience == "node"
    place("geo:1", az="Şəki", audience="public")
    assert Record.objects.get(uri=peer.uri("o1")).audience == "public"
    is_sound()


def test_opinion_that_came_before_what_it_is_about(peer: Peer) -> None:
    late = Peer().known()
    late.place("1", audience="partners")
    take(peer, peer.opinion(late.uri("1"), source_id="o1"))
    assert Record.objects.get(uri=peer.uri("o1")).audience == "public"
    receive_lines(late.id, late.lines, source=peer.id)
    assert Record.objects.get(uri=peer.uri("o1")).audience == "partners"
    is_sound()


def test_another_node_replaces_nothing_of_ours(peer: Peer, place: Write) -> None:
    ours = place("geo:1", az="Şəki").uri
    body = {"title": {"kk": ["Шеки"]}, "links": [{"role": "replaces", "to": ours}]}
    take(peer, peer.write("place", body, source_id="thief"))
    assert not Record.objects.get(uri=peer.uri("thief")).links.exists()
    is_sound()


def test_erased_body_goes_here_too(peer: Peer) -> None:
    take(peer, peer.place("1"))
    header = peer.header("place", None, source_id="1", erases=(1,))
    take(peer, peer.sign(header, None))
    assert not Change.objects.exclude(body=None).exists()
    assert Record.objects.get(uri=peer.uri("1")).state == Record.ERASED


def keys(*given: tuple[Any, ...]) -> list[dict[str, Any]]:
    names = ("public", "use", "first_seq", "last_seq", "is_revoked")
    return [
        {name: value for name, value in zip(names, one, strict=False) if value not in (None, False)} for one in given
    ]


def test_key_changes_hands_by_a_change_signed_with_the_old_one(peer: Peer) -> None:
    old, new = peer.key, SigningKey(os.urandom(32))
    take(peer, peer.place("1"), peer.announce(keys((old.public, "sign", 1, 2), (new.public, "sign", 3))))
    with_old = peer.line(peer.header("place", {"title": {"kk": ["А"]}}, source_id="2"), {"title": {"kk": ["А"]}})
    assert take(peer, with_old).error.code == "change.key-unknown"
    peer.key = new
    assert take(peer, peer.place("2")).error is None
    is_sound()


def test_lost_key_is_replaced_by_the_one_kept_offline(peer: Peer) -> None:
    old, spare, new = peer.key, SigningKey(os.urandom(32)), SigningKey(os.urandom(32))
    with_spare = [(old.public, "sign", 1), (spare.public, "recover", 2)]
    take(peer, peer.announce(keys(*with_spare)))
    after = keys((old.public, "sign", 1, 1, True), with_spare[1], (new.public, "sign", 3))
    assert take(peer, peer.announce(after, key=spare)).error is None
    assert Key.objects.get(public=old.public).is_revoked
    assert (
        take(
            peer,
            peer.place(
                "1",
            ),
        ).error.code
        == "change.key-unknown"
    )
    is_sound()


@pytest.mark.parametrize(
    "given",
    [
        [("NEW", "sign", 2)],
        [("OLD", "sign", 1, 1), ("NEW", "sign", 1)],
        [("OLD", "sign", 1, 9), ("NEW", "sign", 2)],
        [("OLD", "sign", 1), ("NEW", "sign", 2)],
        [("OLD", "sign", 5, 1), ("NEW", "sign", 2)],
        [("OLD", "sign", 1, 1)],
    ],
)
def test_keys_that_do_not_follow_are_refused(peer: Peer, given: list[Any]) -> None:
    known = {"OLD": peer.first, "NEW": SigningKey(os.urandom(32)).public}
    done = take(peer, peer.announce(keys(*[(known[name], *rest) for name, *rest in given])))
    assert done.error.code == "change.keys-refused"
    assert position_of(peer.id) == 0


def test_recovery_key_signs_nothing_else(peer: Peer) -> None:
    spare = SigningKey(os.urandom(32))
    take(peer, peer.announce(keys((peer.first, "sign", 1), (spare.public, "recover", 2))))
    body = {"title": {"kk": ["А"]}}
    assert (
        take(peer, peer.line(peer.header("place", body, source_id="1"), body, key=spare)).error.code
        == "change.key-unknown"
    )


def test_own_key_rotates_and_the_log_stays_whole(place: Write, node: Any) -> None:
    place("1", az="Bir")
    first = node.key.public
    second = rotate_key()
    place("2", az="İki")
    assert list(Change.objects.order_by("seq").values_list("key", flat=True)) == [first, first, second]
    is_sound()


def test_own_lost_key(place: Write, node: Any) -> None:
    spare = SigningKey(make_recovery_key())
    place("1", az="Bir")
    third = rotate_key(revoke=True, signed_by=spare)
    place("2", az="İki")
    assert list(Change.objects.order_by("seq").values_list("key", flat=True)) == [node.key.public] * 2 + [
        spare.public,
        third,
    ]
    is_sound()


def test_node_is_announced_once(node: Any) -> None:
    assert [announce_node().status, announce_node().status] == ["made", "unchanged"]


def test_answer_to_what_another_node_shares_with_its_partners_goes_to_that_node(peer: Peer) -> None:
    """Its partners are not ours: what we say of it to all of ours would tell them of it."""
    third = Peer().id
    take(peer, peer.place("1", audience="partners"), peer.place("2", audience=f"partners:{own_id()},{third}"))
    person = viewer(join("yazan"))
    words = Words("comment", "az", "Gözəl")
    one, two = (record_of(peer.uri(name), person) for name in "12")
    assert limit_of_answers_to(one) == f"partners:{peer.id}"
    assert set(limit_of_answers_to(two).removeprefix("partners:").split(",")) == {peer.id, third}
    with pytest.raises(AudienceTooWide):
        give_opinion(one.uri, words, viewer=person, audience="partners")
    for record in (one, two):
        limit = limit_of_answers_to(record)
        assert give_opinion(record.uri, words, viewer=person, audience=limit).status == "made"
        assert Record.objects.filter(kind="opinion").latest("id").audience == limit
    is_sound()


def test_opinion_of_a_partner_is_seen_by_all_whom_our_record_names(peer: Peer, place: Write) -> None:
    third = Peer().id
    ours = place("geo:1", az="Şəki", audience=f"partners:{peer.id},{third}").uri
    take(peer, peer.opinion(ours, source_id="o1", audience=f"partners:{own_id()},{third}"))
    assert record_of(peer.uri("o1"), viewer(join("oxuyan"))).state == Record.LIVE
    is_sound()
