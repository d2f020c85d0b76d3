# SPDX-License-Identifier: Apache-2.0
"""Reads of notices and of what people follow. What a notice points at is looked at anew each time: it may be hidden by now."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import record_uri
from ortaq.nodes.identity import identity
from ortaq.notices import sorts
from ortaq.notices.models import Choice, Follow, Notice
from ortaq.people.models import Person
from ortaq.people.queries import institutions
from ortaq.records.copies import copies_of, proposals_for
from ortaq.records.models import Link, Record, WorkingCopy
from ortaq.records.queries import visible


def notices_for(person: Person, viewer: Viewer) -> QuerySet[Notice]:
    """Return what *person* may be told of now, newest first; viewer: that person."""
    seen = Record.objects.filter(visible(viewer), uri=OuterRef("record"))
    subject = Record.objects.filter(visible(viewer), uri=OuterRef("about"))
    proposal = proposals_for(viewer).filter(key=OuterRef("copy"))
    returned = copies_of(viewer).filter(key=OuterRef("copy"), state=WorkingCopy.RETURNED)
    of_record = Q(copy="") & (Exists(seen.filter(state=Record.LIVE)) | (Q(code=sorts.WITHDRAWN) & Exists(seen)))
    of_subject = Q(about="") | Q(code=sorts.MADE) | Exists(subject)
    of_copy = (Q(code=sorts.PROPOSED) & Exists(proposal)) | (Q(code=sorts.RETURNED) & Exists(returned))
    return Notice.objects.filter((of_record & of_subject) | of_copy, person=person).order_by("-id")


def count_unseen(person: Person, viewer: Viewer) -> int:
    return notices_for(person, viewer).filter(seen_at=None).count()


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


def is_following(person: Person, target: str) -> bool:
    return Follow.objects.filter(target=target, person=person).exists()


def follows_of(person: Person) -> QuerySet[Follow]:
    """Return what *person* follows, the newest first; some of it may be hidden from them by now."""
    return Follow.objects.filter(person=person).order_by("-id")


def institution_names() -> dict[str, dict[str, list[str]]]:
    """Return the names (language maps) of this node's institutions by URI."""
    node = identity().id
    return {record_uri(node, one.id): one.name for one in institutions()}
