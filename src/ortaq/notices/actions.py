# SPDX-License-Identifier: Apache-2.0
"""What people do with notices: follow, see, settle, choose how they are told."""

import datetime
from collections.abc import Mapping
from typing import Final

from django.core import signing
from django.db import transaction
from django.utils import timezone

from ortaq.core.audience import Viewer
from ortaq.notices import sorts
from ortaq.notices.errors import LinkUnknown, NoticeAbsent, TooManyFollowed
from ortaq.notices.models import Choice, Follow, Mark, Notice
from ortaq.notices.queries import DIGEST_DAY, institution_names, notices_for
from ortaq.people.models import Person
from ortaq.records.queries import record_of

FOLLOWED_AT_MOST: Final = 2_000
KEPT: Final = datetime.timedelta(days=180)
_SALT = "ortaq.notices.digest"


def follow(person: Person, target: str, viewer: Viewer) -> None:
    """Let *person* hear of a record or an institution (by URI) from now on. Raises Absent, TooManyFollowed."""
    if target not in institution_names():
        record_of(target, viewer)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if Follow.objects.filter(person=person).count() >= FOLLOWED_AT_MOST:
            raise TooManyFollowed(limit=FOLLOWED_AT_MOST)
        Follow.objects.get_or_create(person=person, target=target)


def unfollow(person: Person, target: str) -> None:
    """Works also for what the person may not see any more."""
    Follow.objects.filter(person=person, target=target).delete()


def mark_seen(person: Person, *, up_to: int) -> int:
    """Mark the notices up to the one with the id *up_to* as seen; return how many were not before."""
    return Notice.objects.filter(person=person, id__lte=up_to, seen_at=None).update(seen_at=timezone.now())


def settle(person: Person, notice: int, viewer: Viewer) -> None:
    """Say that no answer is needed. Raises NoticeAbsent."""
    now = timezone.now()
    if not notices_for(person, viewer).filter(pk=notice).exists():
        raise NoticeAbsent
    Notice.objects.filter(pk=notice).update(settled_at=now)
    Notice.objects.filter(pk=notice, seen_at=None).update(seen_at=now)


def choose_channels(person: Person, chosen: Mapping[str, str]) -> None:
    """Tell *person* of each sort by the channel chosen; sorts and channels that are none are left alone."""
    with transaction.atomic():
        for sort, channel in chosen.items():
            if sort in sorts.SORTS and channel in sorts.CHANNELS:
                Choice.objects.update_or_create(person=person, sort=sort, defaults={"channel": channel})


def end_digests(person: Person) -> None:
    """Send no more mail of any sort; what was told here stays told here."""
    with transaction.atomic():
        for sort in sorts.SORTS:
            choice, is_new = Choice.objects.get_or_create(person=person, sort=sort, defaults={"channel": sorts.HERE})
            if not is_new and choice.channel == sorts.DIGEST:
                Choice.objects.filter(pk=choice.pk).update(channel=sorts.HERE)


def digest_token(person: Person) -> str:
    """Return what a link must hold to end the digests of *person* without signing in."""
    return signing.dumps(person.pk, salt=_SALT)


def person_of_token(text: str) -> Person:
    """Raises LinkUnknown."""
    try:
        found = Person.objects.filter(pk=signing.loads(text, salt=_SALT), is_active=True).first()
    except (signing.BadSignature, ValueError, TypeError):
        found = None
    if found is None:
        raise LinkUnknown
    return found


def note_mailed(person: Person, *, up_to: int) -> None:
    """Put down that a digest has said, or passed over, what *person* was told up to the notice with the id *up_to*."""
    Notice.objects.filter(person=person, id__lte=up_to, mailed_at=None).update(mailed_at=timezone.now())


def note_digest(day: int) -> None:
    Mark.objects.update_or_create(name=DIGEST_DAY, defaults={"number": day})


def forget_old() -> None:
    """Notices are news, no archive: the log and the audit trail are."""
    Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()
