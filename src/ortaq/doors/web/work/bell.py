# SPDX-License-Identifier: Apache-2.0
"""The number at the bell, on every page of who is signed in. It is kept for some seconds, so that most pages ask for nothing."""

import time
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from ortaq.doors.web.work.signed import person_of
from ortaq.notices.queries import count_unseen
from ortaq.people.viewers import viewer_of

MOST: Final = 99
_KEPT_SECONDS = 10
_SEEN = "notices-seen"  # session key: when this browser last marked notices, part of the name under which the number is kept


def count_at_bell(request: HttpRequest) -> int:
    """Return how many notices are new, at most one more than MOST."""
    person = person_of(request)
    key = f"notices:{person.pk}:{request.session.get(_SEEN, 0)}"
    kept: int | None = cache.get(key)
    if kept is None:
        kept = count_unseen(person, viewer_of(request), at_most=MOST + 1)
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def forget_count(request: HttpRequest) -> None:
    """Let the next page count anew, whichever worker process answers it: the session is what they share."""
    request.session[_SEEN] = time.time_ns() // 1_000_000
