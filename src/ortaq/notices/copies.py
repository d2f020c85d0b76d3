# SPDX-License-Identifier: Apache-2.0
"""What happens to working copies, told in the same transaction: to the editors what is proposed, to the author what was decided."""

from typing import Any

from django.utils import timezone

from ortaq.notices import sorts
from ortaq.notices.models import Notice
from ortaq.notices.queries import not_to_be_told
from ortaq.people.queries import answerers_of, editors_of
from ortaq.records.models import WorkingCopy

_CODES = {"returned": sorts.RETURNED, "published": sorts.PUBLISHED}


def note_move(*, copy: WorkingCopy, move: str, by: str, record: str, **_more: Any) -> None:
    """Listen to `records.signals.copy_moved`."""
    # What had waited for a decision waits no more, or waits anew.
    Notice.objects.filter(copy=copy.key, code=sorts.PROPOSED).delete()
    if move == "proposed":
        author = answerers_of([copy.actor]).get(copy.actor)
        people = [person for person in editors_of(copy.institution) if person != author]
        _tell(people, sorts.PROPOSED, sorts.PROPOSALS, copy, by=by)
    elif by != copy.actor:
        author = answerers_of([copy.actor]).get(copy.actor)
        _tell([author] if author else [], _CODES[move], sorts.DECISIONS, copy, by=by, record=record)


def _tell(people: list[int], code: str, sort: str, copy: WorkingCopy, *, by: str, record: str = "") -> None:
    unwanted = not_to_be_told(people, sort)
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(
            person_id=person, at=now, code=code, sort=sort, by=by, record=record, copy="" if record else copy.key,
            facts={"kind": copy.kind},
        )
        for person in people
        if person not in unwanted
    )  # fmt: skip
