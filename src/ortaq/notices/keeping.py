# SPDX-License-Identifier: Apache-2.0
"""What the keepers of the node are told: that a file is damaged. A dying disk gives one notice with a number, not a thousand."""

from django.utils import timezone

from ortaq.nodes.identity import identity
from ortaq.notices import sorts
from ortaq.notices.models import Notice
from ortaq.notices.queries import not_to_be_told
from ortaq.people.queries import keepers


def tell_of_damage() -> None:
    """Tell the keepers of one more damaged file; in the transaction that notes it."""
    people = keepers()
    unwanted = not_to_be_told(people, sorts.KEEPING)
    for person in people:
        if person not in unwanted:
            _tell(person)


def _tell(person: int) -> None:
    now = timezone.now()
    unseen = Notice.objects.filter(person_id=person, code=sorts.DAMAGED, seen_at=None).order_by("-id").first()
    if unseen is None:
        Notice.objects.create(
            person_id=person, at=now, code=sorts.DAMAGED, sort=sorts.KEEPING, by=identity().uri, facts={"count": 1}
        )
    else:
        facts = {"count": int(unseen.facts.get("count", 1)) + 1}
        Notice.objects.filter(pk=unseen.pk).update(at=now, facts=facts, mailed_at=None)
