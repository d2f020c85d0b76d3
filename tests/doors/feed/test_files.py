# SPDX-License-Identifier: Apache-2.0
"""Files of a partner: which come by themselves, which when somebody asks, and what becomes of those that do not come."""

import datetime
import io
from typing import Any

import pytest
from django.utils import timezone

from ortaq.core.digest import digest_of
from ortaq.doors.feed import files as feed_files
from ortaq.doors.feed.files import FileRounds
from ortaq.files.models import AskedFile, FetchedFile
from ortaq.files.previews import preview_of
from ortaq.files.store import keep, open_file
from ortaq.nodes.models import Partner
from ortaq.records.receiving import receive_lines
from ortaq.records.wanting import AGAIN_AFTER_SECONDS, ask_for_file, drop_previews, is_one_new
from tests.doors.feed.owner import Owner, Reply, owner
from tests.factories import join, viewer
from tests.files.conftest import picture

__all__ = ["owner", "picture"]
DATA = b"0123456789" * 500


def ask(owner: Owner, digest: str, source_id: str = "m:1", *, login: str = "leyla") -> None:
    ask_for_file(viewer(join(login)), owner.uri(source_id), digest)


def bytes_of(digest: str) -> bytes:
    return b"".join(open_file(digest))


def failure_of(digest: str) -> tuple[str, bool]:
    row = AskedFile.objects.get(digest=digest)
    return row.failure["code"], row.is_given_up


def test_on_demand_nothing_comes_unless_somebody_asks(owner: Owner) -> None:
    partner, digest = owner.partner(), owner.has(DATA)
    assert FileRounds().once(partner).fetched == 0
    ask(owner, digest)
    assert is_one_new(owner.id)
    done = FileRounds().once(partner)
    assert (done.fetched, done.bytes, done.errors) == (1, len(DATA), [])
    assert bytes_of(digest) == DATA
    assert FetchedFile.objects.get().node == owner.id
    assert not AskedFile.objects.exists()


def test_file_that_is_too_large_for_the_terms_comes_when_somebody_asks(owner: Owner) -> None:
    partner, digest = owner.partner(Partner.UP_TO, files_bytes=100), owner.has(DATA)
    small = owner.has(b"small", source_id="m:2")
    done = FileRounds().once(partner)
    assert (done.fetched, done.left) == (1, 1)
    assert bytes_of(small) == b"small"
    ask(owner, digest)
    assert FileRounds().once(partner).fetched == 1


def test_what_is_asked_for_comes_before_the_rest(owner: Owner) -> None:
    partner = owner.partner(Partner.ALL)
    owner.has(b"first", source_id="m:1")
    wanted = owner.has(b"second", source_id="m:2")
    ask(owner, wanted, "m:2")
    FileRounds().once(partner)
    assert owner.asked[0][0] == wanted


def test_file_goes_on_where_it_was_cut(owner: Owner) -> None:
    partner, digest = owner.partner(), owner.has(DATA)
    owner.replies[digest] = Reply(200, DATA, breaks_after=1234)
    ask(owner, digest)
    rounds = FileRounds()
    assert rounds.once(partner).is_cut_off
    assert failure_of(digest) == ("outward.cut-short", False)
    assert rounds.once(partner).errors == []  # not again at once
    AskedFile.objects.update(tried_at=timezone.now() - datetime.timedelta(seconds=AGAIN_AFTER_SECONDS + 1))
    owner.replies[digest] = Reply(206, DATA[1234:])
    assert rounds.once(partner).fetched == 1
    assert owner.asked[-1] == (digest, "bytes=1234-")
    assert bytes_of(digest) == DATA


def test_what_the_owner_refuses_waits_until_somebody_asks_again(owner: Owner) -> None:
    partner, digest = owner.partner(), owner.has(DATA)
    del owner.replies[digest]
    ask(owner, digest)
    rounds = FileRounds()
    assert [error.code for error in rounds.once(partner).errors] == ["exchange.refused"]
    assert failure_of(digest) == ("exchange.refused", True)
    assert rounds.once(partner).errors == []
    owner.replies[digest] = Reply(200, DATA)
    ask(owner, digest, login="other")
    assert rounds.once(partner).fetched == 1


def test_another_file_is_thrown_away_and_said(owner: Owner) -> None:
    partner, digest = owner.partner(), owner.has(DATA)
    owner.replies[digest] = Reply(200, b"x" * len(DATA))
    ask(owner, digest)
    FileRounds().once(partner)
    assert failure_of(digest) == ("file.fetched-altered", True)
    assert not FetchedFile.objects.exists()


def test_who_asks_does_not_learn_that_others_have_the_bytes(owner: Owner) -> None:
    """The owner names a file of ours that it does not have: no proof, no file, and no word that it is here."""
    keep(io.BytesIO(DATA), "gizli.txt")
    partner, digest = owner.partner(), owner.has(DATA)
    owner.replies[f"{digest}/proof"] = Reply(200, b'{"proof": "uEiNo"}')
    ask(owner, digest)
    FileRounds().once(partner)
    assert failure_of(digest) == ("file.not-given", True)
    assert "here" not in AskedFile.objects.get().failure["message"]
    assert not FetchedFile.objects.exists()


def test_what_no_record_names_any_more_is_not_waited_for(owner: Owner) -> None:
    partner, digest = owner.partner(), owner.has(DATA)
    ask(owner, digest)
    owner.write("monument", None, source_id="m:1")
    receive_lines(owner.id, owner.lines[-1:], source=owner.id)
    FileRounds().once(partner)
    assert owner.asked == []
    assert not AskedFile.objects.exists()


def test_what_is_left_keeps_nothing_behind_it_waiting(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a round's files are too large, or fail; the next rounds look on behind them."""
    monkeypatch.setattr(feed_files, "A_ROUND", 2)
    partner = owner.partner(Partner.UP_TO, files_bytes=100)
    for number in range(3):
        owner.has(DATA + bytes([number]), source_id=f"large:{number}")
    refused = owner.has(b"refused", source_id="refused")
    del owner.replies[refused]
    small = owner.has(b"small", source_id="small")
    rounds, more = FileRounds(), True
    while more:
        more = rounds.once(partner).has_more
    assert bytes_of(small) == b"small"
    owner.replies[refused] = Reply(200, b"refused")
    late = owner.has(b"late", source_id="late")
    while (
        not FetchedFile.objects.filter(digest=refused).exists() or not FetchedFile.objects.filter(digest=late).exists()
    ):
        assert rounds.once(partner).errors == []


def test_broken_way_stops_the_round_at_once(owner: Owner) -> None:
    partner = owner.partner(Partner.ALL)
    first, second = owner.has(b"first", source_id="m:1"), owner.has(b"second", source_id="m:2")
    owner.replies[first] = Reply(200, b"first", breaks_after=2)
    rounds = FileRounds()
    assert rounds.once(partner).is_cut_off
    assert [path for path, _range in owner.asked] == [first]
    owner.replies[first] = Reply(206, b"rst")
    assert rounds.once(partner).fetched == 1  # it goes on behind what broke, and comes back to it
    assert bytes_of(second) == b"second"
    assert rounds.once(partner).fetched == 1
    assert bytes_of(first) == b"first"


def test_new_terms_are_looked_at_from_the_beginning(owner: Owner) -> None:
    partner, digest = owner.partner(Partner.UP_TO, files_bytes=100), owner.has(DATA)
    rounds = FileRounds()
    assert rounds.once(partner).left == 1
    partner.files = Partner.ALL
    assert rounds.once(partner).fetched == 1
    assert bytes_of(digest) == DATA


def test_bytes_are_not_asked_for_where_they_are_here(owner: Owner, node: Any) -> None:
    keep(io.BytesIO(DATA), "eyni.txt")
    partner, digest = owner.partner(Partner.ALL), owner.has(DATA)

    def prove(url: str, **bounds: Any) -> Any:
        nonce = url.rpartition("nonce=")[2]
        return Reply(200, b'{"proof": "%s"}' % digest_of(nonce.encode() + DATA).encode()).answer()

    owner.get = prove  # type: ignore[method-assign]
    done = FileRounds().once(partner)
    assert (done.fetched, done.bytes, owner.asked) == (1, 0, [])
    assert FetchedFile.objects.get().digest == digest


def test_of_pictures_a_small_one_comes_and_of_the_rest_nothing(owner: Owner, picture: Any) -> None:
    partner, data = owner.partner(Partner.THUMBNAILS), picture(".jpg", 1600, 800)
    image = owner.has(data, media_type="image/jpeg", source_id="m:1")
    text = owner.has(DATA, source_id="m:2")
    owner.replies[f"{image}/preview"] = Reply(200, picture(".webp", 960, 480))
    rounds = FileRounds()
    done = rounds.once(partner)
    assert (done.fetched, done.left, done.errors) == (1, 1, [])
    found = preview_of(image, owner.id)
    assert found is not None
    assert (found.width, found.height) == (960, 480)
    assert not FetchedFile.objects.exists()
    assert [path for path, _range in owner.asked] == [f"{image}/preview"]
    ask(owner, image)
    assert rounds.once(partner).bytes == len(data)
    assert preview_of(image, owner.id) is None  # the file itself shows better what it is
    assert not FetchedFile.objects.filter(digest=text).exists()


def test_new_picture_gets_its_preview_in_the_next_round(owner: Owner, picture: Any) -> None:
    partner, rounds = owner.partner(Partner.THUMBNAILS), FileRounds()
    rounds.once(partner)
    image = owner.has(b"no matter", media_type="image/png")
    owner.replies[f"{image}/preview"] = Reply(200, picture(".webp", 100, 100))
    assert rounds.once(partner).fetched == 1


@pytest.mark.parametrize(
    "reply",
    [None, Reply(200, b"not a picture"), Reply(200, b"x" * 3_000_000)],
    ids=["refused", "no picture", "too long"],
)
def test_preview_that_is_none_is_not_asked_for_again_today(owner: Owner, picture: Any, reply: Reply | None) -> None:
    partner, rounds = owner.partner(Partner.THUMBNAILS), FileRounds()
    image, other = (owner.has(data, media_type="image/png", source_id=f"{data!r}") for data in (b"1", b"2"))
    owner.replies[f"{other}/preview"] = Reply(200, picture(".webp", 100, 100))
    if reply:
        owner.replies[f"{image}/preview"] = reply
    done = rounds.once(partner)
    assert (done.fetched, len(done.errors), done.is_cut_off) == (1, 1, False)
    rounds.once(partner)
    rounds.once(partner)
    assert [path for path, _range in owner.asked] == [f"{image}/preview", f"{other}/preview"]


def test_owner_that_is_busy_is_asked_again(owner: Owner, picture: Any) -> None:
    partner, rounds = owner.partner(Partner.THUMBNAILS), FileRounds()
    image = owner.has(b"1", media_type="image/png")
    owner.replies[f"{image}/preview"] = Reply(503, b"{}")
    assert rounds.once(partner).is_cut_off
    owner.replies[f"{image}/preview"] = Reply(200, picture(".webp", 100, 100))
    assert [rounds.once(partner).fetched for _ in range(2)] == [0, 1]  # what broke comes last
    assert preview_of(image, owner.id) is not None


def test_preview_goes_when_no_record_of_its_node_names_the_file(owner: Owner, picture: Any) -> None:
    partner = owner.partner(Partner.THUMBNAILS)
    image = owner.has(b"1", media_type="image/png")
    owner.replies[f"{image}/preview"] = Reply(200, picture(".webp", 100, 100))
    FileRounds().once(partner)
    assert drop_previews() == 0
    owner.write("monument", None, source_id="m:1")
    receive_lines(owner.id, owner.lines[-1:], source=owner.id)
    assert drop_previews() == 1
    assert preview_of(image, owner.id) is None
