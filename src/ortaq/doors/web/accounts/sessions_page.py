# SPDX-License-Identifier: Apache-2.0
"""Where I am signed in, and how that ends."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.doors.web.accounts.confirming import signed_in
from ortaq.people import sign_ins
from ortaq.people.sessions import digest_of, end_session, end_sessions, sessions_of


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    here = digest_of(request.session.session_key)
    context = {"sessions": [(one, one.session_key == here) for one in sessions_of(person)]}
    return render(request, "web/account/sessions.html", context)


@require_POST
@signed_in
def end_one(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    chosen = request.POST.get("session", "")
    if chosen == digest_of(request.session.session_key):
        logout(request)
        return HttpResponseRedirect(reverse("home"))
    if end_session(person, chosen):
        sign_ins.note_of_person("session.ended", person, request, ended=1)
        messages.success(request, _("That session is ended."))
    return HttpResponseRedirect(reverse("sessions"))


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    ended = end_sessions(person, but=request.session.session_key)
    if ended:
        sign_ins.note_of_person("session.ended", person, request, ended=ended)
    messages.success(request, _("You are signed in here alone now."))
    return HttpResponseRedirect(reverse("sessions"))
