# SPDX-License-Identifier: Apache-2.0
"""`ortaq files check` and `ortaq files heal`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import orjson
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ortaq.core.errors import N_, OrtaqError
from ortaq.files.fixity import Tally, check_files, in_turn, open_damage
from ortaq.files.models import Damage
from ortaq.files.pace import Pace
from ortaq.site.fixing import A_ROUND, names_of_records, note_damage
from ortaq.site.fixing import heal as heal_one


class FolderAbsent(OrtaqError):
    code, status = "files.folder-absent", 404
    say = N_("There is no folder %(folder)s. Name one that 'ortaq backup' has made, or that has such folders in it.")


def check(*, as_json: bool) -> int:
    """Print what is damaged, one a line; return 1 if anything is."""
    tally = _checked()
    damages = list(open_damage())
    for damage in damages:
        _print(damage, as_json, state="damaged")
    _say(f"{tally.files} files with {tally.bytes} bytes read; {len(damages)} are damaged")
    if damages:
        _say("say 'ortaq files heal', with --from BACKUP if there is one")
    return 1 if damages else 0


def heal(folders: Sequence[Path], *, known: bool, as_json: bool) -> int:
    """Print what was healed and what was not; return 1 if something still is damaged."""
    for folder in folders:
        if not folder.is_dir():
            raise FolderAbsent(folder=folder)
    if not known:
        tally = _checked()
        _say(f"{tally.files} files with {tally.bytes} bytes read")
    left = 0
    for damage in list(open_damage()):
        fault = heal_one(damage, Pace(), [*folders, *settings.HEAL_FROM])
        left += fault is not None
        now = Damage.objects.filter(pk=damage.pk).first()
        if now is not None:
            _print(now, as_json, state="damaged" if fault else "healed", why=str(fault or now.source))
    _say(f"{left} files are still damaged" if left else "no file is damaged")
    return 1 if left else 0


def _checked() -> Tally:
    """Read every file once, those first that were not read for longest; each round is noted, and killed it has done what it did."""
    began, seen, tally = timezone.now(), set[str](), Tally()
    unread = in_turn().filter(Q(checked_at=None) | Q(checked_at__lt=began))
    while rows := [row for row in unread[:A_ROUND] if row.digest not in seen]:
        done = check_files(rows, Pace(), note_damage)
        seen.update(
            row.digest for row in rows
        )  # what was replaced while it was read is not noted, and not read again now
        tally.files, tally.bytes = tally.files + done.files, tally.bytes + done.bytes
    return tally


def _print(damage: Damage, as_json: bool, *, state: str, why: str = "") -> None:
    named = names_of_records(damage.digest)
    if as_json:
        line = {"state": state, "code": damage.code, "file": damage.digest, "records": named, "why": why}
        print(orjson.dumps(line).decode())
    else:
        by = f"; named by {', '.join(named)}" if named else ""
        print(f"{state} {damage.digest}: {damage.code}{by}" + (f" ({why})" if why else ""))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
