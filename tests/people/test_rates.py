# SPDX-License-Identifier: Apache-2.0
import errno
import os
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ortaq.people import rates
from ortaq.people.rates import Rate, take

FIVE = Rate("five", 5, 10)


def test_bucket_empties_and_fills_again(home: Path) -> None:
    taken = [take(FIVE, "a", now=100.0) for _ in range(6)]
    assert [one.remaining for one in taken] == [4, 3, 2, 1, 0, 0]
    assert [one.wait for one in taken] == [0, 0, 0, 0, 0, 2]
    assert taken[4].reset == 10
    assert take(FIVE, "a", now=102.0).wait == 0
    assert take(FIVE, "a", now=102.5).wait == 2
    assert take(FIVE, "a", now=1_000.0).remaining == 4


def test_askers_and_rates_do_not_share_a_bucket(home: Path) -> None:
    for _ in range(5):
        take(FIVE, "a", now=1.0)
    assert take(FIVE, "b", now=1.0).remaining == 4
    assert take(Rate("other", 5, 10), "a", now=1.0).remaining == 4


def test_looking_takes_nothing(home: Path) -> None:
    assert take(FIVE, "a", asks=0, now=1.0).remaining == 5
    for _ in range(5):
        take(FIVE, "a", now=1.0)
    assert take(FIVE, "a", asks=0, now=1.0).wait == 2


def test_no_limit_is_no_limit(home: Path) -> None:
    assert all(take(Rate("free", 0), "a").wait == 0 for _ in range(100))
    assert not (home / "cache").exists()


def test_table_does_not_grow_with_the_askers(home: Path) -> None:
    for number in range(3_000):
        take(FIVE, f"2001:db8::{number:x}", now=5.0)
    [file] = (home / "cache").iterdir()
    assert file.stat().st_size == rates._ROWS * rates._ROW_BYTES


def test_table_has_its_blocks_before_it_is_mapped(home: Path) -> None:
    take(FIVE, "a", now=5.0)
    [file] = (home / "cache").iterdir()
    assert file.stat().st_blocks * 512 >= rates._ROWS * rates._ROW_BYTES


def test_process_counts_alone_where_the_disk_has_no_room(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert [take(FIVE, "a", now=100.0).wait for _ in range(6)] == [0, 0, 0, 0, 0, 2]


def test_exhausted_bucket_is_not_driven_out_by_others(home: Path) -> None:
    for _ in range(5):
        take(FIVE, "greedy", now=5.0)
    for number in range(20_000):
        take(FIVE, str(number), now=5.0)
    assert take(FIVE, "greedy", now=5.0).wait > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 20), st.integers(1, 60), st.uuids())
def test_never_more_than_the_rate_within_its_time(
    home: Path, steps: list[float], asks: int, seconds: int, who: object
) -> None:
    rate, now, allowed = Rate("r", asks, seconds), 1_000.0, []
    for step in steps:
        now += step
        if not take(rate, str(who), now=now).wait:
            allowed.append(now)
    for start in allowed:
        # a bucket that was full may be emptied while it fills again: twice the rate, and no more
        assert sum(start <= one < start + seconds for one in allowed) <= 2 * asks


def _ask(home: Path, count: int) -> int:
    from django.conf import settings as django_settings

    django_settings.HOME = home
    return sum(take(Rate("shared", 500, 100_000), "a").wait == 0 for _ in range(count))


def test_processes_share_the_buckets(home: Path) -> None:
    with get_context("fork").Pool(3) as pool:
        allowed = pool.starmap(_ask, [(home, 300)] * 3)
    assert sum(allowed) == 500
