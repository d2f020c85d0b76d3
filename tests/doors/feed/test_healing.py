# SPDX-License-Identifier: Apache-2.0
"""A damaged file comes back from a partner: whoever gave it, or whom it may have been given; what comes is looked at first."""

import io
from typing import Any

import pytest

from ortaq.doors.feed import healing as feed_healing
from ortaq.doors.feed.files import FileRounds
from ortaq.doors.feed.healing import heal_from_partners, partners_who_may_have
from ortaq.files import fetching
from ortaq.files.fixity import check_files, in_turn, open_damage, verify_files
from ortaq.files.models import Damage, FetchedFile, StoredFile
from ortaq.files.pace import Pace
from ortaq.files.store import keep, path_of
from ortaq.nodes.models import Partner
from ortaq.records.door import Draft, write_change
from tests.doors.feed.owner import Owner, Reply, owner

__all__ = ["owner"]
DATA = b"0123456789" * 500


@pytest.fixture(autouse=True)
def _line(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    from ortaq.doors.feed import files

    monkeypatch.setattr(feed_healing, "asking_of", files.asking_of)


def own_file(node: Any, *, audience: str = "public") -> StoredFile:
    row = keep(io.BytesIO(DATA), "a.txt")
    file = {"digest": row.digest, "name": "a.txt", "media_type": row.media_type, "bytes": row.bytes}
    write_change(Draft("material", {"title": {"az": "Plan"}, "files": [file]}, audience), by=node.uri)
    return row


def damage(row: StoredFile) -> StoredFile:
    path_of(row.digest).write_bytes(b"x" + DATA[1:])
    assert check_files(list(in_turn()), Pace()).damaged == 1
    return row


def said(row: StoredFile) -> list[str] | None:
    found = heal_from_partners(row, Pace())
    return None if found is None else [error.code for error in found]


def test_own_file_comes_back_from_a_partner_that_has_fetched_it(node: Any, owner: Owner) -> None:
    owner.partner()
    row = damage(own_file(node))
    owner.replies[row.digest] = Reply(200, DATA)
    assert said(row) is None
    assert list(verify_files()) == []
    assert Damage.objects.get().source == owner.id
    assert not FetchedFile.objects.exists()  # that it has a file of ours opens nothing for its records


def test_file_of_a_partner_comes_back_from_it(node: Any, owner: Owner) -> None:
    partner, digest = owner.partner(Partner.ALL), owner.has(DATA)
    assert FileRounds().once(partner).fetched == 1
    row = damage(StoredFile.objects.get(pk=digest))
    assert said(row) is None
    assert list(verify_files()) == []


def test_file_comes_on_from_where_it_was_cut(node: Any, owner: Owner) -> None:
    owner.partner()
    row = damage(own_file(node))
    owner.replies[row.digest] = Reply(200, DATA, breaks_after=1234)
    assert said(row) == ["outward.cut-short"]
    owner.replies[row.digest] = Reply(206, DATA[1234:])
    assert said(row) is None
    assert owner.asked[-1] == (row.digest, "bytes=1234-")
    assert path_of(row.digest).read_bytes() == DATA


def test_wrong_bytes_of_a_partner_take_no_place(node: Any, owner: Owner) -> None:
    owner.partner()
    row = damage(own_file(node))
    owner.replies[row.digest] = Reply(200, b"y" * len(DATA))
    assert said(row) == ["file.copy-altered"]
    assert open_damage().count() == 1
    assert not fetching.part_of(row.digest).exists()


def test_partner_that_does_not_have_it_is_no_way(node: Any, owner: Owner) -> None:
    owner.partner()
    row = damage(own_file(node))
    assert said(row) == ["exchange.refused"]


def test_nobody_hears_the_digest_of_what_is_not_for_them(node: Any, owner: Owner) -> None:
    owner.partner()
    row = damage(own_file(node, audience="node"))
    assert said(row) == []
    assert list(partners_who_may_have(row.digest)) == []
    assert owner.asked == []
