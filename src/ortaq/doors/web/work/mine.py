# SPDX-License-Identifier: Apache-2.0
"""My work: what I write, what waits for me, what I have published, and what I answer for after others."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ortaq.core.audience import Viewer
from ortaq.doors.web.rows import rows
from ortaq.doors.web.work.sentences import lines, title_of_copy
from ortaq.doors.web.work.signed import person_of, signed_in
from ortaq.doors.web.work.waiting import Copied, proposed
from ortaq.notices.queries import unanswered
from ortaq.people.queries import predecessors_of
from ortaq.people.rules import may_write
from ortaq.people.viewers import viewer_of
from ortaq.records.copies import copies_of, proposals_for
from ortaq.records.models import WorkingCopy
from ortaq.records.queries import records_by_authors

_COPIES, _WAITING, _RECORDS = 50, 10, 8


@never_cache
@signed_in
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    person, viewer = person_of(request), viewer_of(request)
    copies, proposals = list(copies_of(viewer)[:_COPIES]), list(proposals_for(viewer)[: _WAITING + 1])
    answers = list(unanswered(person, viewer)[: _WAITING + 1])
    context: dict[str, Any] = {
        "groups": _by_state(copies),
        "proposals": proposed(proposals[:_WAITING], viewer),
        "has_more_proposals": len(proposals) > _WAITING,
        "answers": lines(answers[:_WAITING], viewer),
        "has_more_answers": len(answers) > _WAITING,
        "inherited": _made_by(predecessors_of(person), viewer),
        "records": _made_by(viewer.actors, viewer),
        "may_write": may_write(viewer.standing),
    }
    return render(request, "web/work/mine.html", context)


def _by_state(copies: list[WorkingCopy]) -> list[tuple[str, list[Copied]]]:
    """What was given back comes first: its author has to do something."""
    order = (WorkingCopy.RETURNED, WorkingCopy.DRAFT, WorkingCopy.PROPOSED)
    groups = [(state, [Copied(copy, title_of_copy(copy)) for copy in copies if copy.state == state]) for state in order]
    return [(state, found) for state, found in groups if found]


def _made_by(actors: Iterable[str], viewer: Viewer) -> list[Any]:
    found = records_by_authors(actors, viewer, _RECORDS) if actors else []
    return rows([record.uri for record in found], viewer)
