# SPDX-License-Identifier: Apache-2.0
"""Signatures are checked beside other work, and as surely when the process that checks them is gone."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ortaq.core.errors import BadKey, BadProof
from ortaq.core.proof import SigningKey
from ortaq.records.checking import Checker

KEY = SigningKey(bytes(range(32)))
MANY = 1_000


@pytest.fixture
def checker() -> Iterator[Checker]:
    with Checker() as one:
        yield one


def add(checker: Checker, count: int, *, wrong: int = -1) -> None:
    for number in range(count):
        data = number.to_bytes(64, "big")
        checker.add(data, KEY.sign(data if number != wrong else bytes(64 * [7])), KEY.public)


def children() -> set[int]:
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return {int(one) for one in found}


@pytest.mark.parametrize(
    ("count", "wrong"), [(0, None), (1, None), (1, 0), (50, 49), (MANY, None), (MANY, 0), (MANY, 777)]
)
def test_the_first_wrong_one_is_named(checker: Checker, count: int, wrong: int | None) -> None:
    add(checker, count, wrong=-1 if wrong is None else wrong)
    assert checker.first_wrong() == wrong


def test_each_question_is_about_what_was_added_since_the_last(checker: Checker) -> None:
    for wrong in (300, None, 2, None):
        add(checker, 400, wrong=-1 if wrong is None else wrong)
        assert checker.first_wrong() == wrong


def test_a_few_are_checked_without_another_process(checker: Checker) -> None:
    before = children()
    add(checker, 20)
    assert checker.first_wrong() is None
    assert children() <= before


@pytest.mark.parametrize("kill_after", [200, 600, MANY])
def test_a_killed_process_changes_no_answer(checker: Checker, kill_after: int) -> None:
    before = children()
    for number in range(MANY):
        data = number.to_bytes(64, "big")
        checker.add(data, KEY.sign(data if number != 150 else bytes(64)), KEY.public)
        if number == kill_after - 1:
            (child,) = children() - before
            os.kill(child, signal.SIGKILL)
    assert checker.first_wrong() == 150
    add(checker, MANY, wrong=900)
    assert checker.first_wrong() == 900


def test_the_process_ends_with_the_block() -> None:
    before = children()
    with Checker() as checker:
        add(checker, MANY)
        assert len(children() - before) == 1
    assert children() <= before


ASKING = """
import os, sys
from ortaq.records.checking import Checker
from ortaq.core.proof import SigningKey
key, checker = SigningKey(bytes(range(32))), Checker()
for number in range(300):
    data = number.to_bytes(64, "big")
    checker.add(data, key.sign(data), key.public)
assert checker.first_wrong() is None
print(open("/proc/self/task/%d/children" % os.getpid()).read(), flush=True)
sys.stdin.read()
"""


def test_the_process_ends_when_who_asks_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ASKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asking:
        assert asking.stdout is not None
        (child,) = map(int, asking.stdout.readline().split())
        watched = os.pidfd_open(child)
        asking.kill()
    assert select.select([watched], [], [], 60)[0] == [watched]
    os.close(watched)


def test_what_cannot_be_a_signature_is_refused_at_once(checker: Checker) -> None:
    with pytest.raises(BadProof):
        checker.add(bytes(64), b"short", KEY.public)
    with pytest.raises(BadKey):
        checker.add(bytes(64), bytes(64), "zNoKey")
    assert checker.first_wrong() is None
