# SPDX-License-Identifier: Apache-2.0
"""An upload grows piece by piece, is whole when it is, and leaves nothing behind when it is not."""

import datetime
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from ortaq.core.digest import digest_of
from ortaq.files import actions, parts
from ortaq.files.actions import begin_upload, cancel_upload, note_attached, receive, sweep
from ortaq.files.errors import (
    ChecksumWrong,
    DiskLow,
    FileInUse,
    FileTooLarge,
    LongerThanSaid,
    OffsetWrong,
    QuotaFull,
    TooManyAtOnce,
    TooManyOpen,
    TooManyPixels,
    TooManyStarted,
    UploadAbsent,
    UploadBusy,
    UploadFinished,
)
from ortaq.files.models import StoredFile, Upload
from ortaq.files.queries import room_of
from ortaq.files.store import path_of
from ortaq.people.errors import Denied, SignInRequired
from tests.factories import institution, join, viewer
from tests.files.conftest import png_header

DATA = bytes(range(256)) * 40


def nobody(_digests: list[str]) -> set[str]:
    return set()


def send(who: Any, data: bytes, name: str = "plan.bin", *, size: int | None = None) -> Upload:
    upload = begin_upload(who, name=name, size=len(data) if size is None else size)
    return receive(who, upload.key, 0, io.BytesIO(data))


def lying(home: Path) -> list[str]:
    """Every file of the node that is there because of an upload."""
    folders = (home / "uploads", home / "files", home / "derived")
    return sorted(p.name for folder in folders for p in folder.rglob("*") if p.is_file() and p.name != "lock")


def test_pieces_become_a_file_that_stays_loose(contributor: Any, home: Path) -> None:
    upload = begin_upload(contributor, name="../plan.bin", said_type="text/plain", size=len(DATA))
    upload = receive(contributor, upload.key, 0, io.BytesIO(DATA[:5000]))
    assert (upload.received, upload.is_whole) == (5000, False)
    upload = receive(contributor, upload.key, 5000, io.BytesIO(DATA[5000:]))
    assert (upload.name, upload.digest) == ("plan.bin", digest_of(DATA))
    row = StoredFile.objects.get()
    assert (row.bytes, row.institution) == (len(DATA), contributor.standing.institution)
    assert row.loose_until > timezone.now() + datetime.timedelta(days=settings.UPLOAD_DAYS - 1)
    assert path_of(upload.digest).read_bytes() == DATA
    assert lying(home) == [path_of(upload.digest).name]


def test_empty_file_is_a_file(contributor: Any) -> None:
    assert send(contributor, b"").digest == digest_of(b"")


def test_upload_without_length_is_whole_once_it_is_said(contributor: Any) -> None:
    upload = begin_upload(contributor, name="a", size=None)
    receive(contributor, upload.key, 0, io.BytesIO(DATA))
    upload = receive(contributor, upload.key, len(DATA), io.BytesIO(b""), announced=0, size=len(DATA))
    assert upload.digest == digest_of(DATA)


def test_wrong_offset_is_refused_and_changes_nothing(contributor: Any) -> None:
    upload = begin_upload(contributor, name="a", size=10)
    receive(contributor, upload.key, 0, io.BytesIO(b"01234"))
    for offset in (0, 4, 6, 10):
        with pytest.raises(OffsetWrong):
            receive(contributor, upload.key, offset, io.BytesIO(b"x"))
    assert parts.part(upload.key).read_bytes() == b"01234"


def test_more_than_declared_leaves_nothing(contributor: Any, home: Path) -> None:
    upload = begin_upload(contributor, name="a", size=10)
    with pytest.raises(LongerThanSaid):
        receive(contributor, upload.key, 0, io.BytesIO(b"x" * 11))
    assert (lying(home), Upload.objects.count()) == ([], 0)


def test_announced_excess_is_refused_before_a_byte_is_read(contributor: Any, home: Path) -> None:
    upload, stream = begin_upload(contributor, name="a", size=10), io.BytesIO(b"x" * 11)
    with pytest.raises(LongerThanSaid):
        receive(contributor, upload.key, 0, stream, announced=11)
    assert (stream.tell(), lying(home)) == (0, [])


def test_too_large_is_refused_at_once_or_cut_at_the_limit(
    contributor: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAX_FILE_BYTES", 1_000_000)
    with pytest.raises(FileTooLarge):
        begin_upload(contributor, name="a", size=1_000_001)
    upload, stream = begin_upload(contributor, name="a", size=None), Endless()
    with pytest.raises(FileTooLarge):
        receive(contributor, upload.key, 0, stream)
    assert stream.given < 1_600_000
    assert (lying(home), Upload.objects.count()) == ([], 0)


class Endless:
    given = 0

    def read(self, size: int) -> bytes:
        self.given += size
        return b"\0" * size


def test_image_that_claims_too_many_pixels_is_refused_by_its_header(contributor: Any, home: Path) -> None:
    upload = begin_upload(contributor, name="a.png", size=3_000_000)
    with pytest.raises(TooManyPixels, match="200000 × 200000"):
        receive(contributor, upload.key, 0, io.BytesIO(png_header(200_000, 200_000)))
    assert (lying(home), Upload.objects.count()) == ([], 0)


def test_checksum_guards_a_piece(contributor: Any) -> None:
    upload = begin_upload(contributor, name="a", size=10)
    with pytest.raises(ChecksumWrong):
        receive(contributor, upload.key, 0, io.BytesIO(b"01234"), checksum=("sha1", b"no"))
    assert parts.size_of(upload.key) == 0
    right = ("sha1", hashlib.sha1(b"01234").digest())
    assert receive(contributor, upload.key, 0, io.BytesIO(b"01234"), checksum=right).received == 5


def test_second_connection_waits_and_takes_over_from_a_silent_one(
    contributor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin_upload(contributor, name="a", size=10)

    def meanwhile() -> Iterator[bytes]:
        yield b"012"
        with pytest.raises(UploadBusy):
            receive(contributor, upload.key, 3, io.BytesIO(b"3456789"))
        monkeypatch.setattr(parts, "STALE_SECONDS", -1)
        assert receive(contributor, upload.key, 3, io.BytesIO(b"3456789")).digest == digest_of(b"0123456789")
        yield b"XXX"

    with pytest.raises(UploadBusy):
        receive(contributor, upload.key, 0, Slow(meanwhile()))
    assert path_of(digest_of(b"0123456789")).read_bytes() == b"0123456789"


class Slow:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, _size: int) -> bytes:
        return next(self.pieces, b"")


def test_actor_sends_only_some_files_at_once(contributor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_AT_ONCE", 1)
    first, second = (begin_upload(contributor, name=name, size=3) for name in "ab")

    def meanwhile() -> Iterator[bytes]:
        with pytest.raises(TooManyAtOnce):
            receive(contributor, second.key, 0, io.BytesIO(b"123"))
        yield b"123"

    assert receive(contributor, first.key, 0, Slow(meanwhile())).is_whole
    assert receive(contributor, second.key, 0, io.BytesIO(b"123")).is_whole


def test_upload_is_its_owners_alone(contributor: Any) -> None:
    upload = begin_upload(contributor, name="a", size=3)
    other = viewer(join("rəşad"))
    with pytest.raises(UploadAbsent):
        receive(other, upload.key, 0, io.BytesIO(b"123"))
    with pytest.raises(UploadAbsent):
        cancel_upload(other, upload.key, in_use=nobody, kept_for=nobody)
    assert Upload.objects.get().received == 0


def test_reader_and_stranger_may_not_upload(node: Any) -> None:
    from ortaq.core.audience import STRANGER

    with pytest.raises(SignInRequired):
        begin_upload(STRANGER, name="a", size=1)
    with pytest.raises(Denied):
        begin_upload(viewer(join("oxucu", role="reader")), name="a", size=1)


def test_quota_counts_what_is_kept_and_what_arrives(node: Any) -> None:
    museum = institution("Muzey", quota_bytes=100)
    who = viewer(join("leyla", of=museum))
    send(who, b"x" * 40)
    send(who, b"x" * 40, "again, the same bytes")
    begin_upload(who, name="b", size=50)
    assert room_of(museum.id).used == 90
    with pytest.raises(QuotaFull, match="may keep 100 bytes at this node; it uses 90, and c needs 11 more"):
        begin_upload(who, name="c", size=11)
    unsaid = begin_upload(who, name="d", size=None)
    with pytest.raises(QuotaFull):
        receive(who, unsaid.key, 0, io.BytesIO(b"y" * 11))
    assert room_of(museum.id).used == 90


def test_disk_keeps_its_floor(contributor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = begin_upload(contributor, name="a", size=10)
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 10**18)
    with pytest.raises(DiskLow):
        begin_upload(contributor, name="b", size=1)
    with pytest.raises(DiskLow):
        receive(contributor, upload.key, 0, io.BytesIO(b"0123456789"))


def test_number_of_uploads_is_bounded(contributor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OPEN", 2)
    keys = [begin_upload(contributor, name="a", size=1).key for _ in range(2)]
    with pytest.raises(TooManyOpen):
        begin_upload(contributor, name="a", size=1)
    for key in keys:
        receive(contributor, key, 0, io.BytesIO(b"x"))
    monkeypatch.setattr(actions, "MOST_AN_HOUR", 2)
    with pytest.raises(TooManyStarted):
        begin_upload(contributor, name="a", size=1)


def test_cancelled_upload_leaves_nothing(contributor: Any, home: Path) -> None:
    upload = begin_upload(contributor, name="a", size=10)
    receive(contributor, upload.key, 0, io.BytesIO(b"01234"))
    cancel_upload(contributor, upload.key, in_use=nobody, kept_for=nobody)
    whole = send(contributor, DATA)
    cancel_upload(contributor, whole.key, in_use=nobody, kept_for=nobody)
    assert (lying(home), Upload.objects.count(), StoredFile.objects.count()) == ([], 0, 0)


def test_cancelling_under_way_wins(contributor: Any, home: Path) -> None:
    upload = begin_upload(contributor, name="a", size=10)

    def meanwhile() -> Iterator[bytes]:
        yield b"012"
        cancel_upload(contributor, upload.key, in_use=nobody, kept_for=nobody)
        yield b"345"

    with pytest.raises(UploadBusy):
        receive(contributor, upload.key, 0, Slow(meanwhile()))
    assert (lying(home), Upload.objects.count()) == ([], 0)


def test_file_that_others_have_too_stays(contributor: Any) -> None:
    mine, theirs = send(contributor, DATA), send(viewer(join("rəşad")), DATA)
    cancel_upload(contributor, mine.key, in_use=nobody, kept_for=nobody)
    assert path_of(theirs.digest).is_file()


def test_file_of_a_draft_is_not_deleted(contributor: Any) -> None:
    upload = send(contributor, DATA)
    with pytest.raises(FileInUse):
        cancel_upload(contributor, upload.key, in_use=set, kept_for=set)
    assert path_of(upload.digest).is_file()


def test_whole_upload_takes_no_more(contributor: Any) -> None:
    upload = send(contributor, b"123")
    with pytest.raises(UploadFinished):
        receive(contributor, upload.key, 0, io.BytesIO(b"4"))
    assert receive(contributor, upload.key, 3, io.BytesIO(b""), announced=0).is_whole


def test_sweep_removes_what_ran_out_and_keeps_what_is_wanted(contributor: Any, home: Path) -> None:
    begun = begin_upload(contributor, name="a", size=10)
    receive(contributor, begun.key, 0, io.BytesIO(b"01234"))
    loose, drafted, attached = (send(contributor, data) for data in (b"loose", b"drafted", b"attached"))
    note_attached([attached.digest])
    past = timezone.now() - datetime.timedelta(seconds=1)
    Upload.objects.filter(digest="").update(expires_at=past)
    StoredFile.objects.exclude(loose_until=None).update(loose_until=past)

    counts = sweep(lambda digests: {drafted.digest} & set(digests))

    assert (counts["uploads"], counts["files"]) == (1, 1)
    assert {row.digest for row in StoredFile.objects.all()} == {drafted.digest, attached.digest}
    assert not path_of(loose.digest).exists()
    assert not parts.part(begun.key).exists()
    assert StoredFile.objects.get(digest=drafted.digest).loose_until > timezone.now()


def test_sweep_removes_bytes_that_nothing_names(contributor: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, open_ = send(contributor, DATA), begin_upload(contributor, name="a", size=10)
    receive(contributor, open_.key, 0, io.BytesIO(b"01234"))
    stray = [home / "uploads" / ("a" * 26), home / "files" / "00" / ("0" * 62), home / "files" / "incoming" / "ab"]
    for path in stray:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
    sweep(nobody, whole_store=True)
    assert all(path.exists() for path in stray)  # they may be under way
    monkeypatch.setattr("ortaq.files.store.UNDER_WAY_SECONDS", -1)
    assert sweep(nobody, whole_store=True)["nameless"] == 3
    assert lying(home) == sorted([path_of(kept.digest).name, open_.key])
