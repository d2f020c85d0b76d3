# SPDX-License-Identifier: Apache-2.0
"""How the kept files of the node are: what was read again and when, what is damaged, what was healed; for its keepers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.doors.web.accounts.confirming import signed_in
from ortaq.doors.web.institutions.node import for_keepers
from ortaq.doors.web.origins import name_of_node
from ortaq.doors.web.partners.telling import said_of
from ortaq.files import damage as damages
from ortaq.files import fixity
from ortaq.files.models import Damage, StoredFile
from ortaq.files.queries import kept_files, standing_of_files
from ortaq.people.viewers import viewer_of
from ortaq.records.hiding import mark_hidden
from ortaq.records.models import Record
from ortaq.records.queries import records_naming

_DAMAGED_AT_MOST = 100
_HEALED_AT_MOST = 30
_FAULTS = {
    fixity.ALTERED: N_("Its bytes have changed"),
    fixity.MISSING: N_("Its bytes are gone"),
    fixity.UNREADABLE: N_("Its bytes cannot be read"),
    fixity.SIZE_WRONG: N_("Its size is noted wrongly"),
}
_SOURCES = {
    damages.BROUGHT: N_("somebody has brought the same file again"),
    damages.ITSELF: N_("a second look found the bytes right"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A damage as it is read. records: those that name the file and that the reader may see; hidden: how many others there are."""

    damage: Damage
    row: StoredFile | None
    fault: str
    records: Sequence[tuple[Record, names.Shown | None]]
    hidden: int
    failure: str
    source: str

    @property
    def found_at(self) -> str:
        return self.damage.found_at.isoformat()

    @property
    def healed_at(self) -> str:
        return self.damage.healed_at.isoformat() if self.damage.healed_at else ""


@require_safe
@signed_in
def node_files(request: HttpRequest) -> HttpResponse:
    for_keepers(request)
    viewer, standing = viewer_of(request), standing_of_files(settings.FIXITY_DAYS)
    open_now = fixity.open_damage()
    healed = Damage.objects.exclude(healed_at=None).order_by("-healed_at", "-id")[:_HEALED_AT_MOST]
    context: dict[str, Any] = {
        "standing": standing,
        "oldest": standing.oldest.isoformat() if standing.oldest else "",
        "count": open_now.count(),
        "damaged": _told(list(open_now[:_DAMAGED_AT_MOST]), viewer),
        "healed": _told(list(healed), viewer),
        "days": settings.FIXITY_DAYS,
        "folders": settings.HEAL_FROM,
    }
    return render(request, "web/institution/files.html", context)


def _told(found: Sequence[Damage], viewer: Viewer) -> list[Told]:
    rows = kept_files(one.digest for one in found)
    named = records_naming([one.digest for one in found], viewer)
    mark_hidden([record for records, _hidden in named.values() for record in records], viewer)
    return [_one(one, rows.get(one.digest), *named.get(one.digest, ([], 0))) for one in found]


def _one(damage: Damage, row: StoredFile | None, seen: Sequence[Record], hidden: int) -> Told:
    return Told(
        damage,
        row,
        _(_FAULTS.get(damage.code, damage.code)),
        [(one, names.title_of(one)) for one in seen],
        hidden,
        said_of(damage.failure) if damage.failure else "",
        _source(damage.source),
    )


def _source(source: str) -> str:
    if source.startswith(f"{damages.BACKUP}: "):
        return _("copied from the backup %(folder)s") % {"folder": source.partition(": ")[2]}
    if source in _SOURCES:
        return _(_SOURCES[source])
    shown = name_of_node(source)
    return _("fetched from %(node)s") % {"node": shown.text if shown else source} if source else ""
