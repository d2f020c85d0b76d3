# SPDX-License-Identifier: Apache-2.0
"""The thread beside a server sweeps, and goes on after a fault."""

import threading
import time

import pytest

from ortaq.site import sweeping


def test_thread_sweeps_the_whole_store_first_and_goes_on_after_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    stop = threading.Event()

    def swept(*, whole_store: bool) -> bool:
        asked.append(whole_store)
        if len(asked) == 3:
            stop.set()
        return len(asked) > 1

    monkeypatch.setattr(sweeping, "_FIRST_AFTER_SECONDS", 0)
    monkeypatch.setattr(sweeping, "_EVERY_SECONDS", 0)
    monkeypatch.setattr(sweeping, "_swept", swept)
    started = time.monotonic()
    sweeping.sweep_now_and_then(stop)
    assert asked == [True, True, False]
    assert time.monotonic() - started < 10


@pytest.mark.django_db(transaction=True)
def test_sweep_runs_on_an_empty_node(home: object) -> None:
    assert sweeping._swept(whole_store=True)
