# SPDX-License-Identifier: Apache-2.0
"""Notices follow the log, as the index does: they have their position beside them, in the same transaction, and go on where they were.

So a notice is made once for each change, whatever stops the process. What is told is decided in notices/hearing.py.
"""

from typing import Final

from django.db import transaction

from ortaq.notices.hearing import heard
from ortaq.notices.models import Mark, Notice
from ortaq.records.queries import newest_position

LOG: Final = "log"
_WINDOW: Final = 2_000  # changes read at a time


def catch_up() -> int:
    """Tell people of what was committed since the last time; return how many notices were made."""
    made = 0
    while position() < newest_position():
        made += _step()
    return made


def position() -> int:
    """Return the position in the log up to which notices are made."""
    return Mark.objects.filter(name=LOG).values_list("number", flat=True).first() or 0


def _step() -> int:
    with transaction.atomic():
        mark, _is_new = Mark.objects.select_for_update().get_or_create(name=LOG, defaults={"number": 0})
        end = newest_position()
        until = min(mark.number + _WINDOW, end)
        # A restored log may be shorter than the position; what it lacks nobody is told of.
        notices = heard(mark.number, until) if until > mark.number else []
        Notice.objects.bulk_create(notices, batch_size=500, ignore_conflicts=True)
        Mark.objects.filter(pk=mark.pk).update(number=until)
    return len(notices)
