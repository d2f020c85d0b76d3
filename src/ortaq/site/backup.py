# SPDX-License-Identifier: Apache-2.0
"""A whole node in one folder, taken while it runs, and a node made again from it, on either database.

The log is the truth: what is derived from it (records, links, index) is not in the backup but made anew.
"""

import contextlib
import gzip
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection

from ortaq.core import change as changes
from ortaq.core import digest as digests
from ortaq.core.canonical import canonical
from ortaq.core.errors import N_, OrtaqError
from ortaq.core.proof import kept
from ortaq.files.models import Damage, FetchedFile, StoredFile, Upload
from ortaq.nodes.identity import forget_identity, identity
from ortaq.nodes.models import Actor, Fork, Key, Node, Objection, Partner, PartnerGroup, Quarantined
from ortaq.notices.models import Choice, Follow, Mark, Notice
from ortaq.people.models import (
    AuditEntry,
    Institution,
    Invitation,
    LinkedIdentity,
    Membership,
    Office,
    Person,
    PersonalToken,
)
from ortaq.records import bounds, log, store
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Change, Record, WorkingCopy
from ortaq.records.projection import derive
from ortaq.records.receiving import state_of
from ortaq.records.registry import KINDS
from ortaq.records.sharing import line_of
from ortaq.records.store import Written

FORMAT = 2
_TABLES = (
    Node, Key, Partner, PartnerGroup, Actor, Quarantined, Objection, Fork, Institution, Person, Membership, Office, Invitation, AuditEntry, StoredFile, Damage, FetchedFile, WorkingCopy,
    Follow, Choice, Notice, Mark, PersonalToken, LinkedIdentity, Authenticator,
)  # fmt: skip


class TargetNotEmpty(OrtaqError):
    code, status = "backup.target-not-empty", 409
    say = N_("%(target)s is not empty. Name a folder that does not exist yet.")


class NotABackup(OrtaqError):
    code, status = "backup.unreadable", 422
    say = N_("%(source)s is not a whole backup: %(reason)s. Take another one.")


class NodeNotEmpty(OrtaqError):
    code, status = "backup.node-not-empty", 409
    say = N_("The node in %(home)s has records already. Restore into a new folder (--home) and an empty database.")


def back_up(target: Path) -> dict[str, int]:
    """Write the backup to *target*; return how many changes, files and people it holds."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TargetNotEmpty(target=target)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    with _snapshot():
        rows: list[Any] = [row for table in _TABLES for row in table.objects.all()]
        rows += Upload.objects.exclude(digest="")  # unfinished ones are sent again
        count = _write_changes(partial / "changes.jsonl.gz")
    shutil.copytree(Path(settings.HOME) / "keys", partial / "keys")
    gone, damaged = _copy_files(partial / "files", [row for row in rows if isinstance(row, StoredFile)])
    rows = [row for row in rows if getattr(row, "digest", "") not in gone]
    (partial / "tables.json").write_text(serializers.serialize("json", rows), "utf-8")
    _write_manifest(partial, count)
    if target.exists():
        target.rmdir()
    partial.rename(target)
    return {
        "changes": count,
        "files": sum(isinstance(row, StoredFile) for row in rows) - len(damaged),
        "people": sum(isinstance(row, Person) for row in rows),
        "damaged": len(damaged),
    }


@contextlib.contextmanager
def _snapshot() -> Iterator[None]:
    """One point in time for all reads, without keeping writers waiting."""
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _write_changes(file: Path) -> int:
    count, last = 0, 0
    with gzip.open(file, "wb", compresslevel=5) as stream:
        while rows := list(Change.objects.filter(id__gt=last).order_by("id")[:2000]):
            for row in rows:
                stream.write(line_of(row))
            count, last = count + len(rows), rows[-1].id
    return count


def _copy_files(target: Path, rows: Iterable[StoredFile]) -> tuple[set[str], set[str]]:
    """Copy the bytes of *rows*; return the digests of those that were deleted meanwhile, as only loose files may be, and of damaged ones.

    Wrong bytes do not go into a backup: somebody would take them for a second copy.
    """
    from ortaq.files.store import path_of  # late: app ready

    gone, damaged = set[str](), set[str]()
    for row in rows:
        source = path_of(row.digest)
        copy = target / source.relative_to(Path(settings.HOME) / "files")
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(source, copy)
        except FileNotFoundError:
            (damaged if row.loose_until is None else gone).add(row.digest)
            continue
        if _sha256(copy) != digests.raw(row.digest).hex():
            copy.unlink()
            damaged.add(row.digest)
    return gone, damaged


def _write_manifest(folder: Path, count: int) -> None:
    sums = {str(file.relative_to(folder)): _sha256(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    manifest = {"format": FORMAT, "changes": count, "sha256": sums}
    with (folder / "manifest.json").open("wb") as stream:
        stream.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        stream.flush()
        os.fsync(stream.fileno())


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_backup(source: Path) -> dict[str, Any]:
    """Return the manifest of the backup in *source* after comparing every file with it; raises NotABackup."""
    try:
        manifest: dict[str, Any] = orjson.loads((source / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise NotABackup(source=source, reason="manifest.json is missing or unreadable") from error
    if manifest.get("format") != FORMAT:
        raise NotABackup(source=source, reason=f"its format is {manifest.get('format')}, this release reads {FORMAT}")
    for name, sha256 in manifest["sha256"].items():
        if not (source / name).is_file() or _sha256(source / name) != sha256:
            raise NotABackup(source=source, reason=f"{name} is missing or altered")
    return manifest


def restore_keys(source: Path, home: Path) -> None:
    """Put the keys of the backup into a new home, before the node is opened."""
    if (home / "keys").exists() and any((home / "keys").glob("*.key")):
        raise NodeNotEmpty(home=home)
    shutil.copytree(source / "keys", home / "keys", dirs_exist_ok=True)


def restore(source: Path) -> int:
    """Fill the new node's tables and files from a checked backup; return the number of changes."""
    if Change.objects.exists() or Node.objects.exists():
        raise NodeNotEmpty(home=settings.HOME)
    if (source / "files").is_dir():
        shutil.copytree(source / "files", Path(settings.HOME) / "files", dirs_exist_ok=True)
    count = 0
    with log.writing():
        for row in serializers.deserialize("json", (source / "tables.json").read_text("utf-8")):
            row.save()
        known: dict[str, int] = {}
        with gzip.open(source / "changes.jsonl.gz", "rb") as stream:
            for lines in in_chunks(stream, 1000):
                count = _replay(lines, count, known)
        bounds.settle_all()
    _go_on_numbering()
    forget_identity()
    return count


def _go_on_numbering() -> None:
    """Let the database number new rows behind those that came with their numbers; SQLite does by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _TABLES):
            cursor.execute(statement)


def _replay(lines: list[bytes], count: int, known: dict[str, int]) -> int:
    """Write the changes of *lines*; known: record ids by URI, grown here."""
    written, here = [], identity().id
    for line in lines:
        count += 1
        entry = orjson.loads(line)
        header, method, signature = changes.from_wire(entry["change"])
        body = entry["body"]
        kind = KINDS[header.kind] if body is not None else None
        is_new = header.record not in known
        record_id = known.setdefault(header.record, len(known) + 1)
        written.append(
            Written(
                change_id=count,
                record_id=record_id,
                header=header,
                key=method.rpartition("#")[2],
                signature=kept(signature),
                body=canonical(body).decode("utf-8") if body is not None else None,
                derived=derive(kind, header, body, here=here),
                state=_state(header, body, here),
                is_new=is_new,
            )
        )
    store.write(written)
    return count


def _state(header: changes.Header, body: object, here: str) -> str:
    if header.node != here or body is not None:
        return state_of(header, body)
    return Record.ERASED if header.erases or header.digest else Record.WITHDRAWN
