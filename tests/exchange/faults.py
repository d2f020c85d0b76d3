# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between nodes, each in a form that is as long as one asks for. All of them end in `Federation.check`."""

import os
import random
import threading
import time
from pathlib import Path

from tests.exchange.members import Federation, Member

_AHEAD = Path(__file__).with_name("two_hours_ahead")


def away(three: Federation, count: int, label: str) -> str:
    """A node is down while another writes *count* changes."""
    baku, _, bishkek = three.members
    bishkek.kill()
    baku.write(count, label)
    bishkek.start()
    seconds = three.wait_until_same()
    return f"{count} changes taken up {seconds:.1f} s after the node was back"


def cut(three: Federation, count: int, cuts: int, chance: random.Random, label: str) -> str:
    """The stream is cut *cuts* times at random bytes while *count* changes pass."""
    baku, astana, bishkek = three.members
    before = baku.wire.cuts
    bytes_each = max(
        2_000, 2 * 220 * count // cuts
    )  # so that it takes about as many connections as there are to be cuts
    baku.wire.cut = lambda: chance.randrange(1, bytes_each) if baku.wire.cuts - before < cuts else None
    baku.write(count, label)
    while baku.wire.cuts - before < cuts:
        for taking in (astana, bishkek):
            taking.rounds(baku, 5)
    three.heal()
    three.wait_until_same()
    return f"{baku.wire.cuts - before} cuts, {count} changes"


def killed(three: Federation, kills: int, count: int, chance: random.Random, label: str) -> str:
    """Sender or receiver is killed (`kill -9`, with all its processes) at random moments while changes are written and taken."""
    baku, astana, _bishkek = three.members
    for number in range(kills):
        victim = chance.choice((baku, astana))
        other = astana if victim is baku else baku
        writing = threading.Thread(target=other.write, args=(count, f"{label}-{number}"))
        writing.start()
        time.sleep(chance.uniform(0, 3))
        victim.kill()
        writing.join()
        victim.start()
    three.wait_until_same()
    return f"{kills} kills, {kills * count} changes"


def divided(three: Federation, count: int, label: str) -> str:
    """Astana and Bishkek do not reach Baku; all three write; then they meet again."""
    baku, astana, bishkek = three.members
    three.divide(baku, astana, bishkek)
    before = baku.heads()
    for one in three.members:
        one.write(count, f"{label}-{one.name}")
    three_seconds = _until_same_of(three, astana, bishkek)
    assert {node: seq for node, seq in baku.heads().items() if node != baku.id} == {
        node: seq for node, seq in before.items() if node != baku.id
    }
    three.heal()
    seconds = three.wait_until_same()
    return f"the two had each other's after {three_seconds:.1f} s, all had all {seconds:.1f} s after healing"


def _until_same_of(three: Federation, *members: Member) -> float:
    """Wait until *members* have each other's logs, whatever they have of others'."""
    began = time.monotonic()

    def logs(one: Member) -> dict[str, int]:
        heads = one.heads()
        return {other.id: heads.get(other.id, 0) for other in members}

    while logs(members[0]) != logs(members[1]):
        assert time.monotonic() - began < 60
        time.sleep(0.2)
    return time.monotonic() - began


def parted(three: Federation, count: int, label: str) -> str:
    """A partner is ended, both write, and it is taken back."""
    baku, astana, bishkek = three.members
    assert astana.ortaq("partner", "end", baku.id).returncode == 0
    baku.write(count, f"{label}-baku")
    astana.write(count, f"{label}-astana")
    _until_same_of(three, baku, bishkek)
    assert astana.heads()[baku.id] < baku.heads()[baku.id]
    three.join(astana, baku)
    seconds = three.wait_until_same()
    return f"all had all {seconds:.1f} s after the partner was taken back"


def repeated(three: Federation, count: int, times: int, label: str) -> str:
    """The same log is asked for by several processes of a node at once: everything comes more than once, in any order."""
    baku, astana, bishkek = three.members
    baku.write(count, label)
    asking = [
        threading.Thread(target=taking.rounds, args=(baku, times)) for taking in (astana, bishkek) for _ in range(2)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    three.wait_until_same()
    return f"{count} changes asked for by two processes of each node at once"


def owner_gone(three: Federation, count: int, label: str) -> str:
    """A node writes, reaches one partner only, and is gone for ever: the third takes its log from that partner."""
    baku, astana, bishkek = three.members
    left = (astana, bishkek)
    baku.wire.barred = {bishkek.key()}
    baku.wire.drop()
    baku.write(count, label)
    _until_same_of(three, baku, astana)
    had, log = bishkek.heads()[baku.id], {one for one in baku.changes() if one[0] == baku.id}
    assert had < len(log)
    baku.kill()
    seconds = three.wait_until_same(left)
    for one in left:
        assert {change for change in one.changes() if change[0] == baku.id} == log
        one.write(count // 10, f"{label}-{one.name}")
    three.wait_until_same(left)
    return f"{len(log) - had} changes of who is gone were at the third after {seconds:.0f} s, from who had them"


def clock_off(three: Federation, count: int, label: str) -> str:
    """The clock of one node is two hours off."""
    baku, astana, bishkek = three.members
    bishkek.stop()
    bishkek.more = {"PYTHONPATH": os.pathsep.join([str(_AHEAD), os.environ.get("PYTHONPATH", "")])}
    bishkek.start()
    bishkek.write(count, f"{label}-bishkek")
    baku.write(count, f"{label}-baku")
    seconds = three.wait_until_same()
    offsets = [
        one.rows(f"SELECT clock_offset FROM nodes_partner WHERE node_id = '{bishkek.id}'") for one in (baku, astana)
    ]
    bishkek.stop()
    bishkek.more = {}
    bishkek.start()
    return f"all had all after {seconds:.1f} s, clocks differ by {offsets} s"
