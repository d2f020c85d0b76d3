# SPDX-License-Identifier: Apache-2.0
"""Three nodes under what goes wrong between them, as long as the issue asks; each ends with the same set everywhere, all verified."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange import faults
from tests.exchange.members import Federation, federation

MANY = int(os.environ.get("ORTAQ_SOAK_CHANGES", "20000"))


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Federation]:
    with federation(tmp_path) as found:
        yield found


def told(three: Federation, what: str) -> None:
    print(f"{what}; {three.check()} changes at each of three nodes, all verified")


def test_node_down_for_many_changes(three: Federation) -> None:
    told(three, faults.away(three, MANY, "away"))


def test_stream_cut_at_random_bytes(three: Federation, chance: random.Random, rounds: int) -> None:
    told(three, faults.cut(three, MANY, 4 * rounds, chance, "cut"))


def test_sender_and_receiver_killed(three: Federation, chance: random.Random, rounds: int) -> None:
    told(three, faults.killed(three, 4 * rounds, 100, chance, "killed"))


def test_same_log_asked_for_by_many_at_once(three: Federation) -> None:
    told(three, faults.repeated(three, MANY // 4, 20, "repeated"))


def test_clock_two_hours_off(three: Federation) -> None:
    told(three, faults.clock_off(three, MANY // 20, "clock"))


def test_partition_and_healing(three: Federation, rounds: int) -> None:
    for number in range(max(2, rounds // 10)):
        print(faults.divided(three, MANY // 40, f"divided-{number}"))
    told(three, "healed")


def test_partner_ended_and_taken_back(three: Federation, rounds: int) -> None:
    for number in range(max(2, rounds // 10)):
        print(faults.parted(three, MANY // 40, f"parted-{number}"))
    told(three, "taken back")
