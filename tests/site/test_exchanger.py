# SPDX-License-Identifier: Apache-2.0
"""The process beside the server that follows the partners."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from ortaq.doors.feed import exchanging
from ortaq.nodes.models import Partner
from ortaq.site import exchanger
from tests.peer import Peer


class Busy:
    """Rounds with a partner that has no place for who waits: every answer comes at once, and is empty."""

    rounds = 0
    stop = threading.Event()

    def once(self, partner: Partner, *, wait: int) -> Any:
        Busy.rounds += 1
        if Busy.rounds == 3:
            Busy.stop.set()
        return SimpleNamespace(error=None, accepted=0)


def test_partner_without_a_place_is_not_asked_without_end(node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = Peer().known()
    Partner.objects.create(node_id=peer.id, state=Partner.ACTIVE)
    waits: list[float] = []
    monkeypatch.setattr(exchanging, "Exchange", Busy)
    monkeypatch.setattr(Busy.stop, "wait", waits.append)
    monkeypatch.setattr(exchanger, "connection", SimpleNamespace(close=lambda: None))
    exchanger._follow(peer.id, Busy.stop)
    assert waits == [2.0, 2.0, 2.0]
