# SPDX-License-Identifier: Apache-2.0
"""Three nodes under what goes wrong between them, as long as the issue asks; each ends with the same set everywhere, all verified."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ENGINE
from tests.exchange import delivery, disk, faults
from tests.exchange.members import Federation, federation
from tests.exchange.verifying import check_by_another_verifier

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


@pytest.mark.skipif(ENGINE != "sqlite", reason="there the log is on the disk of the database server, not on the node's")
@pytest.mark.parametrize(("how", "floor"), [(disk.crowded, 24 * disk.MEGA), (disk.full, 0)])
def test_disk_of_receiver_full(tmp_path: Path, how: Callable[..., str], floor: int) -> None:
    try:
        with (
            disk.mounted(tmp_path / "Bishkek", 64) as small,
            federation(tmp_path, {"Bishkek": {"ORTAQ_DISK_FLOOR_BYTES": str(floor)}}) as three,
        ):
            told(three, how(three, small, MANY // 10, how.__name__))
    except disk.NoMount as error:
        pytest.skip(f"a disk that is small needs a mount, and that is refused: {error}")


def test_answers_twice_too_late_and_in_another_order(three: Federation, chance: random.Random, rounds: int) -> None:
    told(three, delivery.twisted(three, MANY // 200, max(2, rounds // 2), chance, "twisted"))


def test_owner_gone_for_good(three: Federation, tmp_path: Path) -> None:
    said, left = faults.owner_gone(three, MANY // 10, "gone"), (three.astana, three.bishkek)
    count = three.check(left)
    for one in left:
        check_by_another_verifier(one, tmp_path / "backup", count)
    print(f"{said}; {count} changes at both that are left, all verified, and by another verifier")
