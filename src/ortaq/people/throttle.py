# SPDX-License-Identifier: Apache-2.0
"""Slows down whoever guesses: passwords, codes, links.

An attempt is counted before it is made, in the database: many at once, or through many worker processes, are then no more
than as many one after the other. A right guess gives its attempt back.
"""

import datetime
import hashlib
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from ortaq.people.errors import TooManyFailures
from ortaq.people.models import Attempt


@dataclass(frozen=True)
class Limit:
    name: str
    times: int
    seconds: int


LOGIN = Limit("login", times=5, seconds=300)  # one login from one address
ADDRESS = Limit("address", times=50, seconds=900)  # many logins from one address; an office shares one
CODE = Limit("code", times=5, seconds=300)  # second steps of one person, wherever from
LINK = Limit("link", times=30, seconds=900)  # one-time links opened from one address


def take(limit: Limit, *whose: str) -> None:
    """Count an attempt; raise TooManyFailures if there were as many as *limit* allows."""
    key, now = _key(limit.name, *whose), timezone.now()
    until = now + datetime.timedelta(seconds=limit.seconds)
    Attempt.objects.filter(until__lte=now).delete()
    made = Attempt.objects.filter(key=key).values_list("count", flat=True).first() or 0
    if made < limit.times:
        Attempt.objects.get_or_create(key=key, defaults={"count": 0, "until": until})
        Attempt.objects.filter(key=key).update(count=F("count") + 1, until=until)
        made = Attempt.objects.filter(key=key).values_list("count", flat=True).first() or 1
        if made <= limit.times:
            return
    raise TooManyFailures(minutes=limit.seconds // 60)


def give_back(limit: Limit, *whose: str) -> None:
    """Uncount one attempt: it was right."""
    Attempt.objects.filter(key=_key(limit.name, *whose), count__gt=0).update(count=F("count") - 1)


def forget(limit: Limit, *whose: str) -> None:
    Attempt.objects.filter(key=_key(limit.name, *whose)).delete()


def first_time(name: str, *whose: str, seconds: int) -> bool:
    """Return whether this is seen for the first time within *seconds*: a code works once."""
    now = timezone.now()
    Attempt.objects.filter(until__lte=now).delete()
    until = now + datetime.timedelta(seconds=seconds)
    return Attempt.objects.get_or_create(key=_key(name, *whose), defaults={"count": 1, "until": until})[1]


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
