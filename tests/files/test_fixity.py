# SPDX-License-Identifier: Apache-2.0
"""Kept files are read again: what is damaged is found, noted once, moved aside and given to nobody until it is right."""

import datetime
import io
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from ortaq.files import fixity, healing
from ortaq.files.damage import BACKUP, BROUGHT, ITSELF, aside_of
from ortaq.files.errors import CopyAltered, DiskLow, FileDamaged
from ortaq.files.fixity import check_files, due, in_turn, open_damage, verify_files
from ortaq.files.models import Damage, StoredFile
from ortaq.files.pace import A_FILE, Pace, Stopped
from ortaq.files.queries import whole_file
from ortaq.files.store import drop, keep, open_file, path_of

pytestmark = pytest.mark.django_db


def kept(text: bytes) -> StoredFile:
    return keep(io.BytesIO(text), "x")


def flip(digest: str) -> None:
    """One bit of one byte, in the very file on the disk."""
    with path_of(digest).open("r+b") as file:
        file.seek(1)
        byte = file.read(1)[0]
        file.seek(1)
        file.write(bytes([byte ^ 1]))


def long_ago() -> None:
    StoredFile.objects.update(checked_at=timezone.now() - datetime.timedelta(days=31))


def checked() -> fixity.Tally:
    return check_files(list(in_turn()), Pace())


def test_what_was_just_kept_is_not_due_and_after_a_month_it_is() -> None:
    row = kept(b"one")
    assert list(due()) == []
    assert list(due(timezone.now() + datetime.timedelta(days=31))) == [row]


def test_no_days_are_no_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(b"one")
    long_ago()
    monkeypatch.setattr(settings, "FIXITY_DAYS", 0)
    assert list(due()) == []


def test_sound_files_are_noted_as_read() -> None:
    kept(b"one"), kept(b"two")
    long_ago()
    assert checked() == fixity.Tally(2, 6, 0)
    assert list(due()) == []
    assert not Damage.objects.exists()


def damage_of(kind: str, row: StoredFile) -> None:
    path = path_of(row.digest)
    if kind == fixity.ALTERED:
        flip(row.digest)
    elif kind == fixity.MISSING:
        path.unlink()
    elif kind == fixity.SIZE_WRONG:
        StoredFile.objects.filter(pk=row.pk).update(bytes=99)
    else:
        path.unlink()
        path.symlink_to(path)  # opening it fails, also for root


@pytest.mark.parametrize("kind", [fixity.ALTERED, fixity.MISSING, fixity.UNREADABLE, fixity.SIZE_WRONG])
def test_damage_is_noted_once_and_the_bytes_are_given_to_nobody(kind: str) -> None:
    row, told = kept(b"one"), []
    damage_of(kind, row)
    for _time in range(2):
        check_files(list(in_turn()), Pace(), lambda damage, found: told.append((damage.code, found.digest)))
    assert told == [(kind, row.digest)]
    assert [(one.digest, one.code, one.healed_at) for one in Damage.objects.all()] == [(row.digest, kind, None)]
    with pytest.raises(FileDamaged):
        whole_file(row.digest)
    assert [(fault.code, fault.where) for fault in verify_files()] == [(kind, row.digest)]


def test_wrong_bytes_are_kept_aside_and_named_by_verify() -> None:
    row = kept(b"one")
    flip(row.digest)
    checked()
    assert not path_of(row.digest).exists()
    assert aside_of(row.digest).read_bytes() == b"ooe"
    (fault,) = verify_files()
    assert str(aside_of(row.digest)) in fault.what
    with pytest.raises(FileDamaged):
        open_file(row.digest)


def test_verify_alone_changes_nothing() -> None:
    row = kept(b"one")
    flip(row.digest)
    assert [fault.code for fault in verify_files()] == [fixity.ALTERED]
    assert path_of(row.digest).exists()
    assert not Damage.objects.exists()


def test_file_that_was_replaced_while_it_was_read_is_left_alone() -> None:
    row = kept(b"one")
    flip(row.digest)
    reading = fixity.read(row, Pace())
    kept(b"one")  # somebody brings it again
    assert not fixity.note_damage(row, reading)
    assert list(verify_files()) == []


def test_bytes_that_somebody_brings_again_heal_the_file() -> None:
    row = kept(b"one")
    flip(row.digest)
    checked()
    kept(b"one")
    assert whole_file(row.digest).fault == ""
    assert list(verify_files()) == []
    assert not aside_of(row.digest).exists()
    assert Damage.objects.get().source == BROUGHT


def test_second_look_finds_what_was_put_back_by_hand() -> None:
    row = kept(b"one")
    path_of(row.digest).unlink()
    checked()
    assert not healing.heal_from_itself(row, Pace())
    path_of(row.digest).write_bytes(b"one")
    assert [fault.what for fault in verify_files()] == [
        "its bytes are right, but it is noted as damaged: say 'ortaq files heal'"
    ]
    assert healing.heal_from_itself(row, Pace())
    assert list(verify_files()) == []
    assert Damage.objects.get().source == ITSELF


def test_wrong_size_is_corrected_from_the_bytes() -> None:
    row = kept(b"one")
    damage_of(fixity.SIZE_WRONG, row)
    checked()
    assert healing.heal_from_itself(StoredFile.objects.get(), Pace())
    assert StoredFile.objects.get().bytes == 3
    assert list(verify_files()) == []


def backup_with(folder: Path, digest: str, text: bytes) -> Path:
    copy = folder / "files" / path_of(digest).parent.name / path_of(digest).name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(text)
    return folder


@pytest.mark.parametrize("kind", [fixity.ALTERED, fixity.MISSING, fixity.UNREADABLE])
def test_file_is_healed_from_the_newest_backup_that_has_it_unharmed(kind: str, tmp_path: Path) -> None:
    row = kept(b"one")
    backup_with(tmp_path / "backups" / "2026-01-01", row.digest, b"one")
    backup_with(tmp_path / "backups" / "2026-02-01", row.digest, b"eno")
    (tmp_path / "backups" / "2026-03-01").mkdir()
    damage_of(kind, row)
    checked()
    assert healing.heal_from_folders(row, [tmp_path / "nothing", tmp_path / "backups"], Pace())
    assert b"".join(open_file(row.digest)) == b"one"
    assert list(verify_files()) == []
    assert list(open_damage()) == []
    assert Damage.objects.get().source == f"{BACKUP}: {tmp_path / 'backups' / '2026-01-01'}"
    assert not aside_of(row.digest).exists()
    assert list((Path(settings.HOME) / "files" / "incoming").iterdir()) == []


def test_wrong_copy_takes_no_place(tmp_path: Path) -> None:
    row = kept(b"one")
    flip(row.digest)
    checked()
    with pytest.raises(CopyAltered):
        healing.heal_from_folders(row, [backup_with(tmp_path / "backup", row.digest, b"eno")], Pace())
    assert not path_of(row.digest).exists()
    assert aside_of(row.digest).read_bytes() == b"ooe"
    assert open_damage().count() == 1


def test_copy_for_which_there_is_no_room_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = kept(b"one")
    path_of(row.digest).unlink()
    checked()
    folder = backup_with(tmp_path / "backup", row.digest, b"one")
    monkeypatch.setattr(settings, "DISK_FLOOR_BYTES", 2**62)
    with pytest.raises(DiskLow):
        healing.heal_from_folders(row, [folder], Pace())
    assert open_damage().count() == 1


def test_dropped_file_takes_what_was_kept_aside_with_it() -> None:
    row = keep(io.BytesIO(b"one"), "x", loose_until=timezone.now())
    flip(row.digest)
    checked()
    assert drop(row.digest)
    assert not aside_of(row.digest).exists()


def test_pace_bounds_bytes_a_second() -> None:
    pace, began = Pace(100_000), time.monotonic()
    for _piece in range(5):
        pace.spend(10_000)
    assert 0.4 < time.monotonic() - began < 2


def test_reading_stops_at_once_and_keeps_what_was_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, stop = [kept(text) for text in (b"one", b"two", b"three")], threading.Event()
    long_ago()

    class Watched(Pace):
        def spend(self, count: int) -> None:
            super().spend(count)
            if count == A_FILE and next(opened) == 1:
                stop.set()

    opened = iter(range(10))
    with pytest.raises(Stopped):
        check_files(list(in_turn()), Watched(stop=stop))
    assert due().count() == len(rows) - 1


def test_reading_leaves_no_file_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    kept(b"one")
    checked()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
