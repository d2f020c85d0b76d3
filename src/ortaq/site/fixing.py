# SPDX-License-Identifier: Apache-2.0
"""Kept files are read again and again in the background, and what is damaged is healed: a thread beside the jobs of a server."""

import datetime
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.doors.feed.healing import heal_from_partners
from ortaq.files import healing
from ortaq.files.errors import NoCopy
from ortaq.files.fixity import check_files, due, open_damage
from ortaq.files.models import Damage, StoredFile
from ortaq.files.pace import Pace, Stopped
from ortaq.notices.keeping import tell_of_damage
from ortaq.people.audit import note
from ortaq.records.models import Attachment
from ortaq.site.alone import alone
from ortaq.site.errors import told

log = structlog.get_logger()
A_ROUND: Final = 200
NAMED_AT_MOST: Final = 20  # records in one entry of the audit trail
_LOOK_SECONDS = 60.0
_FIRST_AFTER_SECONDS = 30.0  # a server that starts has better things to do
_RETRY_SECONDS = 300.0
_NICE = 15
_AGAIN_SECONDS = (
    60,
    600,
    3600,
    6 * 3600,
    24 * 3600,
)  # until a second copy is looked for again, by how often it was in vain


def watch_files(stop: threading.Event) -> None:
    """Body of the thread: look for what is due until *stop* is set."""
    _be_modest()
    pace, wait = Pace(settings.FIXITY_BYTES or None, stop), _FIRST_AFTER_SECONDS
    while not stop.wait(wait):
        try:
            with alone("fixity") as is_alone:
                while is_alone and look_once(pace):
                    pass
            wait = _LOOK_SECONDS
        except Stopped:
            return
        except (OrtaqError, DatabaseError, OSError) as error:
            log.warning("Kept files could not be checked.", **told(error))
            wait = _RETRY_SECONDS
        finally:
            connection.close()


def look_once(pace: Pace) -> bool:
    """Heal what may be tried now, then read some files that are due; True if there is more to do at once."""
    heal_due(pace)
    tally = check_files(list(due()[:A_ROUND]), pace, _note_and_log)
    return tally.files == A_ROUND or tally.damaged > 0


def heal_due(pace: Pace) -> None:
    """Look for a second copy of each damaged file whose turn it is: soon at first, then once a day."""
    now = timezone.now()
    for damage in open_damage():
        wait = datetime.timedelta(seconds=_AGAIN_SECONDS[min(damage.tries, len(_AGAIN_SECONDS)) - 1])
        if damage.tried_at is None or damage.tried_at + wait < now:
            fault = heal(damage, pace, settings.HEAL_FROM)
            said = fault.code if fault else "it is right again"
            log.warning("A damaged file was to be healed.", digest=damage.digest, result=said)


def heal(damage: Damage, pace: Pace, folders: Sequence[Path]) -> OrtaqError | None:
    """Put right bytes in the place of damaged ones: looked at again, of a backup in *folders*, or of a partner; why it could not be, if not."""
    row = StoredFile.objects.filter(pk=damage.digest).first()
    if row is None:
        damage.delete()  # nobody wants it any more
        return None
    fault = _healed(row, pace, folders)
    if fault is None:
        return None
    now = timezone.now()
    Damage.objects.filter(pk=damage.pk).update(tried_at=now, tries=F("tries") + 1, failure=fault.as_dict())
    return fault


def _healed(row: StoredFile, pace: Pace, folders: Sequence[Path]) -> OrtaqError | None:
    if healing.heal_from_itself(row, pace):
        return None
    faults: list[OrtaqError] = []
    try:
        if healing.heal_from_folders(row, folders, pace):
            return None
    except OrtaqError as error:
        faults.append(error)
    said = heal_from_partners(row, pace)
    if said is None:
        return None
    return next(iter([*faults, *said]), NoCopy(digest=row.digest))


def note_damage(damage: Damage, row: StoredFile) -> None:
    """Write into the audit trail what is damaged and which records name it, and tell the keepers; in the transaction that notes it.

    Who reads the trail may read no more records for it: only those that everyone sees are named there, the others are counted.
    """
    named = names_of_records(row.digest, audience=PUBLIC)
    note(
        "file.damaged", institution=row.institution, subject=row.digest, code=damage.code, bytes=row.bytes,
        records=len(names_of_records(row.digest)), named=" ".join(named[:NAMED_AT_MOST]),
    )  # fmt: skip
    tell_of_damage()


def _note_and_log(damage: Damage, row: StoredFile) -> None:
    note_damage(damage, row)
    log.error("A kept file is damaged.", code=damage.code, digest=row.digest, bytes=row.bytes)


def names_of_records(digest: str, *, audience: str | None = None) -> list[str]:
    """Return the URIs of the records that name the file now; audience: only of those with this one."""
    naming = Attachment.objects.filter(digest=digest)
    if audience is not None:
        naming = naming.filter(record__audience=audience)
    found: Iterable[str] = naming.values_list("record__uri", flat=True)
    return sorted(set(found))


def _be_modest() -> None:
    """Let everybody else have the processor first; Linux counts this for the thread alone."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
