# SPDX-License-Identifier: Apache-2.0
"""How the exchange with each partner stands: how far, what waits, what is in the way; for the pages and the command."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, QuerySet

from ortaq.files.room import free_bytes
from ortaq.nodes.errors import NoRoom
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Fork, Objection, Partner, Quarantined
from ortaq.records.models import Record
from ortaq.records.receiving import position_of

EXCHANGES, ASKS, ASKED, ENDED = "exchanges", "asks", "asked", "ended"
PAUSED, PAUSED_BY_THEM, UNREACHABLE, STOPPED, FORK = "paused", "paused-by-them", "unreachable", "stopped", "fork"
_NOT_YET: Final = {Partner.ASKING: ASKS, Partner.ASKED: ASKED, Partner.ENDED: ENDED}
_WITHHELD_KEPT_SECONDS = 20  # counting them reads every record


@dataclass(frozen=True, slots=True)
class Status:
    """position, seq: up to where its log is here, and how long it is, as it last said; withheld: records whose bodies we do not get;
    refused: changes in quarantine; objections: what it did not accept of ours."""

    partner: Partner
    position: int
    withheld: int = 0
    refused: int = 0
    objections: int = 0
    forks: int = 0

    @property
    def seq(self) -> int:
        return max(self.partner.node.head_seq, self.position)

    @property
    def lag(self) -> int:
        return self.seq - self.position

    @property
    def failure(self) -> dict[str, Any]:
        """Return why nothing comes from it, empty if something does. A full disk is seen here: it may not have let us write it down."""
        if self.partner.exchanges and not free_bytes():
            return NoRoom(node=own_id()).as_dict()
        return dict(self.partner.failure or {}) if self.partner.failures else {}

    @property
    def is_unreachable(self) -> bool:
        return str(self.failure.get("code", "")).startswith("outward.")

    @property
    def state(self) -> str:
        """Return what stands foremost in the way, or that nothing does."""
        partner = self.partner
        if partner.state in _NOT_YET:
            return _NOT_YET[partner.state]
        if self.forks:
            return FORK
        if partner.is_paused or partner.has_paused:
            return PAUSED if partner.is_paused else PAUSED_BY_THEM
        if self.is_unreachable:
            return UNREACHABLE
        return STOPPED if self.failure else EXCHANGES


def status_of(partner: Partner) -> Status:
    return statuses([partner])[0]


def statuses(partners: Iterable[Partner]) -> list[Status]:
    """Return how it stands with each of *partners*: some queries for all, and one for each."""
    refused = _counts(Quarantined.objects.filter(settled_at=None), "source")
    objections = _counts(Objection.objects.all(), "partner_id")
    forks = _counts(Fork.objects.filter(settled_at=None), "log")
    withheld = _withheld()
    return [
        Status(
            partner,
            position_of(partner.node_id),
            withheld.get(partner.node_id, 0),
            refused.get(partner.node_id, 0),
            objections.get(partner.node_id, 0),
            forks.get(partner.node_id, 0),
        )
        for partner in partners
    ]


def _counts(rows: QuerySet[Any], by: str) -> dict[str, int]:
    found = rows.order_by().values(by).annotate(count=Count("pk"))
    return {row[by]: row["count"] for row in found}


def _withheld() -> dict[str, int]:
    found: dict[str, int] | None = cache.get("partners:withheld")
    if found is None:
        found = _counts(Record.objects.filter(state=Record.WITHHELD), "node")
        cache.set("partners:withheld", found, _WITHHELD_KEPT_SECONDS)
    return found
