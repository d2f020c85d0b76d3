# SPDX-License-Identifier: Apache-2.0
"""Who may have a file of another node's record brought here, and what bounds it."""

from typing import Any

import pytest

from ortaq.core.audience import STRANGER
from ortaq.files.errors import FileAbsent, FileTooLarge
from ortaq.files.models import AskedFile
from ortaq.nodes.models import Partner
from ortaq.people.errors import Denied, SignInRequired
from ortaq.people.models import AuditEntry
from ortaq.people.rates import Rate
from ortaq.records import wanting
from ortaq.records.errors import Absent
from ortaq.records.wanting import OwnerAway, TooManyFetches, TooManyWaiting, ask_for_file
from tests.doors.feed.owner import Owner, owner
from tests.factories import join, viewer, write_place

__all__ = ["owner"]


@pytest.fixture
def digest(owner: Owner) -> str:
    owner.partner()
    return owner.has(b"0123456789")


def test_who_writes_here_may_ask_and_it_is_written_down(owner: Owner, digest: str) -> None:
    leyla = viewer(join("leyla"))
    ask_for_file(leyla, owner.uri("m:1"), digest)
    ask_for_file(leyla, owner.uri("m:1"), digest)
    row = AskedFile.objects.get()
    assert (row.digest, row.node, row.by, row.is_given_up) == (digest, owner.id, leyla.actor, False)
    entry = AuditEntry.objects.get(action="file.asked-for")
    assert (entry.actor, entry.subject, entry.facts) == (leyla.actor, owner.uri("m:1"), {"bytes": 10})


def test_others_may_not(owner: Owner, digest: str) -> None:
    with pytest.raises(SignInRequired):
        ask_for_file(STRANGER, owner.uri("m:1"), digest)
    with pytest.raises(Denied):
        ask_for_file(viewer(join("oxucu", role="reader")), owner.uri("m:1"), digest)
    assert not AskedFile.objects.exists()


def test_only_what_a_readable_record_names(owner: Owner, digest: str) -> None:
    leyla = viewer(join("leyla"))
    with pytest.raises(FileAbsent):
        ask_for_file(leyla, owner.uri("m:1"), f"uEi{'A' * 44}")
    with pytest.raises(Absent):
        ask_for_file(leyla, owner.uri("nothing"), digest)
    hidden = owner.has(b"gizli", source_id="m:2", audience="node")
    with pytest.raises(Absent):
        ask_for_file(leyla, owner.uri("m:2"), hidden)
    with pytest.raises(FileAbsent):
        ask_for_file(leyla, write_place("geo:1").uri, digest)
    assert not AskedFile.objects.exists()


@pytest.mark.parametrize("change", [{"is_paused": True}, {"has_paused": True}, {"state": Partner.ENDED}])
def test_not_of_a_node_that_does_not_exchange(owner: Owner, digest: str, change: dict[str, Any]) -> None:
    Partner.objects.update(**change)
    with pytest.raises(OwnerAway):
        ask_for_file(viewer(join("leyla")), owner.uri("m:1"), digest)


def test_not_what_this_node_would_not_take(owner: Owner, digest: str, settings: Any) -> None:
    settings.MAX_FILE_BYTES = 5
    with pytest.raises(FileTooLarge):
        ask_for_file(viewer(join("leyla")), owner.uri("m:1"), digest)


def test_not_without_end(owner: Owner, digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanting, "AN_HOUR", Rate("file-fetch", 1, 3600))
    more = [owner.has(bytes([number]), source_id=f"n:{number}") for number in range(2)]
    leyla, other = viewer(join("leyla")), viewer(join("other"))
    ask_for_file(leyla, owner.uri("m:1"), digest)
    with pytest.raises(TooManyFetches):
        ask_for_file(leyla, owner.uri("n:0"), more[0])
    monkeypatch.setattr(wanting, "MOST_WAITING", 1)
    with pytest.raises(TooManyWaiting):
        ask_for_file(other, owner.uri("n:1"), more[1])
