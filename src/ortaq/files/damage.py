# SPDX-License-Identifier: Apache-2.0
"""Where damaged bytes are kept aside, and what is noted when right ones have taken their place."""

from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from ortaq.core import digest as digests
from ortaq.files.models import Damage, StoredFile
from ortaq.people.audit import note

# where right bytes came from, if not from a partner
BROUGHT: Final = "brought"  # somebody has uploaded or imported the same file again
ITSELF: Final = (
    "itself"  # a second look found the very bytes right: the first reading was at fault, or somebody has put them back
)
BACKUP: Final = "backup"


def aside_of(digest: str) -> Path:
    """Return where the damaged bytes of *digest* are kept until it is healed; for an expert of the disk, and in case that nothing better is found."""
    name = digests.raw(digest).hex()
    return Path(settings.HOME) / "damaged" / name


def note_healed(row: StoredFile, source: str) -> None:
    """Put down that the bytes of *row* are right again; in the transaction that puts them in place. source: as `Damage.source`."""
    now = timezone.now()
    StoredFile.objects.filter(pk=row.digest).update(fault="", checked_at=now)
    Damage.objects.filter(digest=row.digest, healed_at=None).update(healed_at=now, source=source[:200], failure={})
    note("file.healed", institution=row.institution, subject=row.digest, source=source, bytes=row.bytes)
    row.fault, row.checked_at = "", now
