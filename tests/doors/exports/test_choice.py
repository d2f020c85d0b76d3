# SPDX-License-Identifier: Apache-2.0
import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.core.errors import UnknownKind
from ortaq.doors.exports.choice import records, records_found
from ortaq.nodes.identity import Identity
from ortaq.records.door import Draft, write_change
from ortaq.search import selection
from ortaq.search.index import Follower
from tests.factories import Write


def test_kind_limits_what_goes_out(node: Identity, place: Write) -> None:
    place("geo:1")
    write_change(Draft("monument", {"title": {"az": "M"}}), by=node.uri)

    assert [record.kind for record in records(STRANGER, "monument")] == ["monument"]
    with pytest.raises(UnknownKind):
        list(records(STRANGER, "castle"))


def test_search_limits_what_goes_out(node: Identity, place: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "_PAGE", 2)
    for number in range(5):
        place(f"geo:{number}", az=f"Şəki {number}")
    place("geo:5", az="Naxçıvan")
    place("geo:6", az="Şəki gizli", audience="node")
    with Follower() as follower:
        follower.catch_up()

    assert [record.source_id for record in records_found("Шәки", STRANGER)] == [f"geo:{number}" for number in range(5)]
    assert len(list(records_found("Шәки", Viewer(node.uri)))) == 6
    assert list(records_found("Шәки", STRANGER, "monument")) == []
