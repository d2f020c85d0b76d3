# SPDX-License-Identifier: Apache-2.0
"""Guesses are few, however they come."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from ortaq.people import throttle
from ortaq.people.errors import TooManyFailures
from ortaq.people.models import Attempt

LIMIT = throttle.Limit("test", times=3, seconds=60)


def test_attempts_are_counted_each_for_whom_they_concern(db: Any) -> None:
    for _ in range(3):
        throttle.take(LIMIT, "leyla", "10.0.0.1")
    with pytest.raises(TooManyFailures):
        throttle.take(LIMIT, "leyla", "10.0.0.1")
    throttle.take(LIMIT, "leyla", "10.0.0.2")
    throttle.take(LIMIT, "aysel", "10.0.0.1")


def test_right_guess_gives_its_attempt_back(db: Any) -> None:
    for _ in range(10):
        throttle.take(LIMIT, "leyla")
        throttle.give_back(LIMIT, "leyla")


def test_waiting_ends(db: Any) -> None:
    for _ in range(3):
        throttle.take(LIMIT, "leyla")
    Attempt.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    throttle.take(LIMIT, "leyla")


def test_neither_login_nor_address_is_kept(db: Any) -> None:
    throttle.take(LIMIT, "leyla", "10.0.0.1")
    assert "leyla" not in str(Attempt.objects.values().get())
    assert "10.0.0" not in str(Attempt.objects.values().get())


def test_code_works_once(db: Any) -> None:
    assert throttle.first_time("code", "1", "123456", seconds=60)
    assert not throttle.first_time("code", "1", "123456", seconds=60)
    assert throttle.first_time("code", "2", "123456", seconds=60)
