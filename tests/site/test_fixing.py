# SPDX-License-Identifier: Apache-2.0
"""The thread beside a server: finds what is damaged, tells, heals from the folder that is named, and tries again later if it cannot."""

import datetime
import io
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from ortaq.files.errors import StoreAway
from ortaq.files.models import Damage, StoredFile
from ortaq.files.pace import Pace
from ortaq.files.queries import whole_file
from ortaq.files.store import keep, path_of
from ortaq.notices.models import Choice, Notice
from ortaq.notices.queries import notices_for
from ortaq.people.models import AuditEntry
from ortaq.records.door import Draft, write_change
from ortaq.site import fixing
from tests.factories import join, viewer


def material(node: Any, text: bytes = b"one") -> tuple[StoredFile, str]:
    row = keep(io.BytesIO(text), "a.txt")
    file = {"digest": row.digest, "name": "a.txt", "media_type": row.media_type, "bytes": row.bytes}
    body = {"title": {"az": "Plan"}, "files": [file]}
    uri = write_change(Draft("material", body, "public"), by=node.uri).uri
    assert uri is not None
    return row, uri


def all_due() -> None:
    StoredFile.objects.update(checked_at=timezone.now() - datetime.timedelta(days=365))


def lose(*rows: StoredFile) -> None:
    keep(io.BytesIO(b"what is left"), "x")
    for row in rows:
        path_of(row.digest).unlink()
    all_due()
    fixing.look_once(Pace())


def test_damage_is_told_with_the_records_that_name_the_file(node: Any) -> None:
    row, uri = material(node)
    keeper, other = join("keeper", is_keeper=True), join("other", role="administrator")
    lose(row)
    entry = AuditEntry.objects.get(action="file.damaged")
    assert (entry.subject, entry.facts["code"], entry.facts["named"]) == (row.digest, "files.missing", uri)
    assert [one.code for one in notices_for(keeper, viewer(keeper))] == ["file.damaged"]
    assert list(notices_for(other, viewer(other))) == []


def test_trail_counts_the_records_that_not_everyone_sees_and_does_not_name_them(node: Any) -> None:
    row, uri = material(node)
    file = {"digest": row.digest, "name": "a.txt", "media_type": row.media_type, "bytes": row.bytes}
    write_change(Draft("material", {"title": {"az": "Gizli"}, "files": [file]}, "private"), by=node.uri)
    lose(row)
    assert {name: AuditEntry.objects.get(action="file.damaged").facts[name] for name in ("records", "named")} == {
        "records": 2,
        "named": uri,
    }


def test_store_whose_disk_is_not_there_is_no_damage(node: Any, home: Path) -> None:
    row, _uri = material(node)
    (home / "files").rename(home / "elsewhere")
    all_due()
    with pytest.raises(StoreAway):
        fixing.look_once(Pace())
    assert not Damage.objects.exists()
    shutil.rmtree(home / "files", ignore_errors=True)
    (home / "elsewhere").rename(home / "files")
    assert not fixing.look_once(Pace())
    assert whole_file(row.digest).fault == ""


def test_dying_disk_is_one_notice_until_it_was_seen(node: Any) -> None:
    keeper = join("keeper", is_keeper=True)
    lose(*(keep(io.BytesIO(text), "x") for text in (b"1", b"2", b"3")))
    assert notices_for(keeper, viewer(keeper)).get().facts == {"count": 3}
    Notice.objects.update(seen_at=timezone.now())
    lose(keep(io.BytesIO(b"4"), "x"))
    assert [one.facts["count"] for one in notices_for(keeper, viewer(keeper))] == [1, 3]


def test_who_keeps_the_node_no_more_or_does_not_want_to_hear_is_not_told(node: Any) -> None:
    keeper, silent = join("keeper", is_keeper=True), join("silent", is_keeper=True)
    Choice.objects.create(person=silent, sort="keeping", channel="none")
    lose(keep(io.BytesIO(b"1"), "x"))
    assert Notice.objects.get().person == keeper
    keeper.is_keeper = False
    keeper.save()
    assert list(notices_for(keeper, viewer(keeper))) == []


def test_damage_is_healed_from_the_folder_that_is_named(node: Any, tmp_path: Path, monkeypatch: Any) -> None:
    row, _uri = material(node)
    copy = tmp_path / "backup" / path_of(row.digest).relative_to(settings.HOME)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"one")
    monkeypatch.setattr(settings, "HEAL_FROM", [tmp_path / "backup"])
    path_of(row.digest).write_bytes(b"eno")
    all_due()
    assert fixing.look_once(Pace())  # found it: look again at once
    assert not fixing.look_once(Pace())
    assert path_of(row.digest).read_bytes() == b"one"
    assert AuditEntry.objects.get(action="file.healed").facts["source"] == f"backup: {tmp_path / 'backup'}"


def test_second_copy_is_looked_for_again_later_and_later(node: Any) -> None:
    row, _uri = material(node)
    lose(row)
    for tries in (1, 1, 1):
        fixing.look_once(Pace())
        assert Damage.objects.get().tries == tries
    assert Damage.objects.get().failure["code"] == "file.no-copy"
    for tries, seconds in ((2, 61), (2, 61), (3, 601)):
        Damage.objects.update(tried_at=timezone.now() - datetime.timedelta(seconds=seconds))
        fixing.look_once(Pace())
        assert Damage.objects.get().tries == tries


def test_damage_of_a_file_that_nobody_wants_any_more_is_forgotten(node: Any) -> None:
    row = keep(io.BytesIO(b"one"), "x")
    lose(row)
    StoredFile.objects.all().delete()
    fixing.look_once(Pace())
    assert not Damage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_thread_heals_and_ends_when_it_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ortaq.nodes.identity import create_node

    row, _uri = material(create_node("Test node"))
    path_of(row.digest).unlink()
    all_due()
    monkeypatch.setattr(fixing, "_FIRST_AFTER_SECONDS", 0)
    stop = threading.Event()
    thread = threading.Thread(target=fixing.watch_files, args=[stop])
    thread.start()
    for _time in range(100):
        if Damage.objects.filter(tries=1).exists():
            break
        thread.join(0.1)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert Damage.objects.get().tries == 1
