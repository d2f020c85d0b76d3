# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between nodes, in short: after each fault all three hold the same set. `make soak` has these in long, and the others."""

import random
import time

import pytest

from tests.conftest import ENGINE
from tests.exchange import delivery, faults
from tests.exchange.members import Federation


@pytest.mark.skipif(
    ENGINE != "sqlite", reason="once is enough in make test; ORTAQ_TEST_DATABASE=postgresql make soak does it there"
)
def test_after_every_fault_all_nodes_hold_the_same_set(three: Federation) -> None:
    chance = random.Random(4)
    acts = {
        "cut": lambda: faults.cut(three, 400, 8, chance, "cut"),
        "away": lambda: faults.away(three, 800, "away"),
        "killed": lambda: faults.killed(three, 1, 300, chance, "killed"),
        "twisted": lambda: delivery.twisted(
            three, 40, 1, chance, "twisted", ("lines twice", "two swapped", "request twice")
        ),
        "parted": lambda: faults.parted(three, 30, "parted"),
    }
    for name, act in acts.items():
        began = time.monotonic()
        told = act()
        count, seconds = three.compare(), time.monotonic() - began
        print(f"{name} ({seconds:.0f} s): {told}; {count} changes at each of three nodes")
    print(f"{three.check()} changes at each of three nodes, all verified")
