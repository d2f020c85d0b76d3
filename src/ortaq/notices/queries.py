# SPDX-License-Identifier: Apache-2.0
"""Reads of notices and of what people follow. What a notice points at is looked at anew each time: it may be hidden by now."""

import datetime
from collections.abc import Iterable
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import record_uri
from ortaq.nodes.identity import identity
from ortaq.notices import sorts
from ortaq.notices.models import Choice, Follow, Mark, Notice
from ortaq.people import rules
from ortaq.people.models import Person
from ortaq.people.queries import institutions
from ortaq.records.copies import copies_of, proposals_for
from ortaq.records.models import Link, Record, WorkingCopy
from ortaq.records.queries import visible

DIGEST_DAY: Final = "digest"
_MAILED_WITHIN = datetime.timedelta(days=7)


def notices_for(person: Person, viewer: Viewer) -> QuerySet[Notice]:
    """Return what *person* may be told of now, newest first; viewer: that person."""
    seen = Record.objects.filter(visible(viewer), uri=OuterRef("record"))
    subject = Record.objects.filter(visible(viewer), uri=OuterRef("about"))
    proposal = proposals_for(viewer).filter(key=OuterRef("copy"))
    returned = copies_of(viewer).filter(key=OuterRef("copy"), state=WorkingCopy.RETURNED)
    of_record = Q(copy="") & (Exists(seen.filter(state=Record.LIVE)) | (Q(code=sorts.WITHDRAWN) & Exists(seen)))
    of_subject = Q(about="") | Q(code=sorts.MADE) | Exists(subject)
    of_copy = (Q(code=sorts.PROPOSED) & Exists(proposal)) | (Q(code=sorts.RETURNED) & Exists(returned))
    of_node = Q(code__in=sorts.KEEPERS if rules.may_keep(viewer) else ())
    return Notice.objects.filter((of_record & of_subject) | of_copy | of_node, person=person).order_by("-id")


def count_unseen(person: Person, viewer: Viewer, *, at_most: int | None = None) -> int:
    """Return how many new notices *person* has; counting ends at *at_most*."""
    return notices_for(person, viewer).filter(seen_at=None)[:at_most].count()


def unanswered(person: Person, viewer: Viewer) -> QuerySet[Notice]:
    """Return the opinions, replies and mentions that wait for *person*: neither answered by them nor settled."""
    own = Link.objects.filter(
        target=OuterRef("record"), record__author__in=viewer.actors, record__state=Record.LIVE, role="reply_to"
    )
    waiting = notices_for(person, viewer).filter(code__in=sorts.ANSWERABLE, settled_at=None)
    return waiting.exclude(sort=sorts.FOLLOWED).exclude(Exists(own))


def channels_of(person: Person) -> dict[str, str]:
    """Return the channel of every sort, in their order."""
    chosen = dict(Choice.objects.filter(person=person).values_list("sort", "channel"))
    return {sort: chosen.get(sort, sorts.DEFAULT) for sort in sorts.SORTS}


def not_to_be_told(people: Iterable[int], sort: str) -> set[int]:
    """Return those of *people* (ids) who do not want to hear of *sort* at all."""
    chosen = Choice.objects.filter(person_id__in=list(people), sort=sort, channel=sorts.NONE)
    return set(chosen.values_list("person_id", flat=True))


def is_following(person: Person, target: str) -> bool:
    return Follow.objects.filter(target=target, person=person).exists()


def follows_of(person: Person) -> QuerySet[Follow]:
    """Return what *person* follows, the newest first; some of it may be hidden from them by now."""
    return Follow.objects.filter(person=person).order_by("-id")


def institution_names() -> dict[str, dict[str, list[str]]]:
    """Return the names (language maps) of this node's institutions by URI."""
    node = identity().id
    return {record_uri(node, one.id): one.name for one in institutions()}


def unmailed(person: Person, viewer: Viewer) -> QuerySet[Notice]:
    """Return what the next digest of *person* says: new, of a sort that they want by mail, not older than a week."""
    wanted = [sort for sort, channel in channels_of(person).items() if channel == sorts.DIGEST]
    since = timezone.now() - _MAILED_WITHIN
    return notices_for(person, viewer).filter(seen_at=None, mailed_at=None, sort__in=wanted, at__gte=since)


def people_with_news() -> QuerySet[Person]:
    """Return the people who have an address and notices that no digest has looked at."""
    news = Notice.objects.filter(person=OuterRef("pk"), mailed_at=None)
    return Person.objects.filter(Exists(news), is_active=True).exclude(email="").order_by("id")


def newest_notice(person: Person) -> int:
    """Return the id of the newest notice of *person*; 0 if there is none."""
    return Notice.objects.filter(person=person).order_by("-id").values_list("id", flat=True).first() or 0


def day_of_digest() -> int:
    """Return the day (its ordinal) whose digests have been sent last."""
    return Mark.objects.filter(name=DIGEST_DAY).values_list("number", flat=True).first() or 0
