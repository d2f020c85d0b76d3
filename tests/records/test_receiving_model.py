# SPDX-License-Identifier: Apache-2.0
"""Whatever two other nodes write, and however it comes here (cut, doubled, out of order, altered, by way of each other): no accepted
change is lost, no forged one is taken, and once all has come as it was signed, all of it is here.
"""

import random
from typing import Any

import orjson
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ortaq.core.canonical import canonical
from ortaq.core.change import from_wire
from ortaq.core.digest import digest_of
from ortaq.nodes.identity import identity
from ortaq.nodes.models import Fork, Quarantined
from ortaq.records.models import Change, Record
from ortaq.records.receiving import accept_bodies, position_of, receive_lines, waiting_bodies
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import write_place
from tests.peer import Peer

PEERS = st.sampled_from([0, 1])
NAMES = st.sampled_from(["a", "b", "c"])
AUDIENCES = st.sampled_from(["public", "partners", "node"])


class Nodes(RuleBasedStateMachine):
    """This node, in its database, and two others, in memory. bodies: what each has signed, also where it withholds it."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()

    @initialize()
    def begin(self) -> None:
        self.peers = [Peer().known(), Peer().known()]
        self.bodies: list[dict[int, Any]] = [{}, {}]
        self.own = write_place("own", az="Öz").uri

    @rule(peer=PEERS, name=NAMES, audience=AUDIENCES, is_withheld=st.booleans(), word=st.integers(0, 3))
    def write(self, peer: int, name: str, audience: str, is_withheld: bool, word: int) -> None:
        body = {"source_id": name, "title": {"kk": [f"Жер {name} {word}"]}}
        is_withheld = audience != "public" and (is_withheld or audience == "node")
        self.peers[peer].write("place", body, source_id=name, audience=audience, withheld=is_withheld)
        self.bodies[peer][self.peers[peer].seq] = body

    @rule(peer=PEERS, name=NAMES)
    def withdraw(self, peer: int, name: str) -> None:
        if self.peers[peer].uri(name) in self.peers[peer].versions:
            self.peers[peer].write("place", None, source_id=name)

    @rule(peer=PEERS, name=NAMES, is_own=st.booleans())
    def answer(self, peer: int, name: str, is_own: bool) -> None:
        """An opinion on a record of ours or of the other one, which may not be here yet."""
        author = self.peers[peer]
        about = self.own if is_own else self.peers[1 - peer].uri(name)
        author.opinion(about, source_id=f"o{author.seq}")
        self.bodies[peer][author.seq] = orjson.loads(author.lines[-1])["body"]

    @rule(version=st.sampled_from(["node", "partners", "public"]))
    def narrow_or_widen(self, version: str) -> None:
        write_place("own", az="Öz", audience=version)

    @rule(
        peer=PEERS,
        source=PEERS,
        start=st.integers(0, 10),
        count=st.integers(0, 12),
        how=st.sampled_from(["whole", "cut", "doubled", "shuffled", "altered", "forged"]),
        seed=st.integers(0, 9),
    )
    def deliver(self, peer: int, source: int, start: int, count: int, how: str, seed: int) -> None:
        owner, chance = self.peers[peer], random.Random(seed)
        at = max(0, position_of(owner.id) - start)
        lines = owner.lines[at : at + count]
        if how == "cut" and lines:
            lines[-1] = lines[-1][: len(lines[-1]) // 2]
        elif how == "doubled":
            lines = [line for line in lines for _ in range(2)]
        elif how == "shuffled":
            chance.shuffle(lines)
        elif how == "altered" and lines:
            number = chance.randrange(len(lines))
            place = chance.randrange(len(lines[number]))
            lines[number] = lines[number][:place] + bytes([lines[number][place] ^ 1]) + lines[number][place + 1 :]
        elif how == "forged":
            body = {"title": {"kk": ["Жалған"]}}
            lines = [*lines, owner.line(owner.header("place", body, source_id="f"), body, key=self.peers[1 - peer].key)]
        receive_lines(owner.id, lines, source=self.peers[source].id)

    @rule(peer=PEERS, is_true=st.booleans())
    def bodies_come(self, peer: int, is_true: bool) -> None:
        owner, known = self.peers[peer], self.bodies[peer]
        given = [
            (seq, known[seq] if is_true else {"title": {"kk": ["Басқа"]}}) for seq in waiting_bodies(owner.id, limit=9)
        ]
        accept_bodies(owner.id, given, source=owner.id)

    @rule()
    def own_log_comes_back(self) -> None:
        lines = [
            orjson.dumps({"change": row.wire(), "body": None}) for row in Change.objects.filter(node=identity().id)
        ]
        assert receive_lines(identity().id, lines, source=self.peers[0].id).error is None

    @precondition(lambda self: hasattr(self, "peers"))
    @invariant()
    def what_is_here_is_what_was_signed(self) -> None:
        for peer, bodies in zip(self.peers, self.bodies, strict=True):
            rows = list(Change.objects.filter(node=peer.id).order_by("seq"))
            assert [row.header() for row in rows] == [
                from_wire(orjson.loads(line)["change"])[0] for line in peer.lines[: len(rows)]
            ]
            for row in rows:
                assert (
                    row.body is None
                    or digest_of(row.body.encode()) == digest_of(canonical(bodies[row.seq])) == row.digest
                )
        assert not Fork.objects.exists()

    def teardown(self) -> None:
        try:
            if hasattr(self, "peers"):
                for peer in self.peers:
                    done = receive_lines(peer.id, peer.lines[position_of(peer.id) :], source=peer.id)
                    assert (done.position, done.error) == (peer.seq, None)
                    assert not Quarantined.objects.filter(
                        log=peer.id, is_body=False, settled_at=None, seq__lte=peer.seq
                    ).exists()
                self.what_is_here_is_what_was_signed()
                assert list(verify_log()) == []
                assert list(verify_projection()) == []
                for record in Record.objects.exclude(node=identity().id):
                    assert record.state != Record.WITHHELD or record.audience == f"node:{record.node}"
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


def test_three_nodes(node: Any) -> None:
    """Each example runs in a transaction of its own, which is rolled back."""
    run_state_machine_as_test(Nodes, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
