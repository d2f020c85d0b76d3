# SPDX-License-Identifier: Apache-2.0
"""The list of what one was told, and what one does with it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.doors.web.language_switch import safe_next
from ortaq.doors.web.work.bell import forget_count
from ortaq.doors.web.work.sentences import lines
from ortaq.doors.web.work.signed import person_of, signed_in
from ortaq.notices.actions import mark_seen, settle
from ortaq.notices.errors import NoticeAbsent
from ortaq.notices.queries import count_unseen, notices_for
from ortaq.people.viewers import viewer_of

_A_PAGE = 30
_LONGEST_NUMBER = 18  # digits of an id


@never_cache
@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first; `before` names the last one of the page before."""
    person, viewer = person_of(request), viewer_of(request)
    before = _number(request.GET.get("before"))
    found = notices_for(person, viewer)
    page = list((found.filter(id__lt=before) if before else found)[: _A_PAGE + 1])
    context = {
        "lines": lines(page[:_A_PAGE], viewer),
        "before": page[_A_PAGE - 1].id if len(page) > _A_PAGE else None,
        "is_first": not before,
        "unseen": count_unseen(person, viewer),
        "newest": page[0].id if page else 0,
    }
    return render(request, "web/work/notices.html", context)


@signed_in
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark everything up to the newest one that the page showed; what came meanwhile stays new."""
    mark_seen(person_of(request), up_to=_number(request.POST.get("up_to")))
    forget_count(request)
    return HttpResponseRedirect(reverse("notices"))


@signed_in
@require_POST
def settle_notice(request: HttpRequest) -> HttpResponse:
    """No answer is needed: it waits no more. Raises NoticeAbsent."""
    number = _number(request.POST.get("notice"))
    if not number:
        raise NoticeAbsent
    settle(person_of(request), number, viewer_of(request))
    forget_count(request)
    return HttpResponseRedirect(safe_next(request))


def _number(text: str | None) -> int:
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number and text else 0
