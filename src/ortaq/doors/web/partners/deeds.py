# SPDX-License-Identifier: Apache-2.0
"""What a keeper does with a partner: change the terms, pause, go on, end, settle a fork, say it again; each asked once more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ortaq.doors.feed import deciding, status
from ortaq.doors.feed.deciding import Decided
from ortaq.doors.web.accounts.confirming import confirmed
from ortaq.doors.web.accounts.forms import REQUIRED
from ortaq.doors.web.institutions.node import for_keepers
from ortaq.doors.web.partners import telling
from ortaq.doors.web.partners.pages import frame, partner_at
from ortaq.doors.web.partners.proposing import by
from ortaq.nodes.models import Partner

_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class Deed:
    """may: whether it makes sense now; title: of the page and the button; what: what comes of it; done: said afterwards."""

    may: Callable[[status.Status], bool]
    do: Callable[[Partner, str], Decided]
    title: Any
    what: Any
    done: Any
    is_grave: bool = False


def _settle(partner: Partner, actor: str) -> Decided:
    deciding.settle(partner, by=actor)
    return Decided(partner)


DEEDS: Final = {
    "pause": Deed(
        lambda one: one.partner.state == Partner.ACTIVE and not one.partner.is_paused,
        lambda partner, actor: deciding.tell(partner, deciding.PAUSE, by=actor),
        gettext_lazy("Pause"),
        gettext_lazy("It gets nothing from here and nothing is asked of it, until you go on. Then everything comes that was missed; nothing is lost."),
        gettext_lazy("Paused."),
    ),
    "resume": Deed(
        lambda one: one.partner.state == Partner.ACTIVE and one.partner.is_paused,
        lambda partner, actor: deciding.tell(partner, deciding.RESUME, by=actor),
        gettext_lazy("Go on"),
        gettext_lazy("What was missed comes first, in its order."),
        gettext_lazy("The exchange goes on."),
    ),
    "end": Deed(
        lambda one: one.partner.state != Partner.ENDED,
        lambda partner, actor: deciding.tell(partner, deciding.END, by=actor),
        gettext_lazy("End the exchange"),
        gettext_lazy("Nothing more comes or goes. What has come stays, marked with its node as before. You can propose anew later."),
        gettext_lazy("Ended."),
        is_grave=True,
    ),
    "settle": Deed(
        lambda one: one.forks > 0,
        _settle,
        gettext_lazy("What is here holds"),
        gettext_lazy("Ask the administrator there by voice before you decide. The history that is here is kept, the other one stays as evidence, and the log is taken up again from what is here. If they go on with the other one, it stops again."),
        gettext_lazy("Settled. The log is taken up again."),
        is_grave=True,
    ),
    "again": Deed(
        lambda one: one.partner.state != Partner.ASKING,
        lambda partner, _actor: deciding.say_again(partner),
        gettext_lazy("Tell them again"),
        gettext_lazy("They are told once more how it stands here: that you propose, have accepted, paused or ended. It does no harm if they know."),
        gettext_lazy("They have been told."),
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def deed(request: HttpRequest, key: str, word: str) -> HttpResponse:
    """Ask once more, then do it; what makes no sense any more leads back to the partner's page."""
    for_keepers(request)
    partner, chosen = partner_at(key), DEEDS[word]
    if not chosen.may(status.status_of(partner)):
        return _to(partner)
    if request.method == "POST":
        telling.tell(request, chosen.do(partner, by(request)), str(chosen.done))
        return _to(partner)
    return render(request, "web/partners/deed.html", frame(partner) | {"deed": chosen})


class TermsForm(forms.Form):
    trust = forms.ChoiceField(
        label=gettext_lazy("What they get of ours"), choices=list(telling.TRUST.items()), widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )  # fmt: skip
    # not "files": each form has an attribute of that name
    fetched = forms.ChoiceField(
        label=gettext_lazy("Files of theirs that come here"), choices=list(telling.FILES.items()), widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )  # fmt: skip
    megabytes = forms.IntegerField(
        label=gettext_lazy("Up to how many MB a file"), min_value=0, max_value=10**7, required=False,
        error_messages={
            "invalid": gettext_lazy("Write a whole number, such as 50."),
            "min_value": gettext_lazy("Write a whole number, such as 50."),
            "max_value": gettext_lazy("Write a whole number, such as 50."),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def terms(request: HttpRequest, key: str) -> HttpResponse:
    for_keepers(request)
    partner = partner_at(key)
    now = {"trust": partner.trust, "fetched": partner.files, "megabytes": partner.files_bytes // _MEGA}
    form = TermsForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        size = None if given["megabytes"] is None else given["megabytes"] * _MEGA
        deciding.set_terms(partner, trust=given["trust"], files=given["fetched"], files_bytes=size, by=by(request))
        messages.success(request, _("The terms are changed."))
        return _to(partner)
    return render(
        request, "web/partners/terms.html", frame(partner) | {"form": form}, status=422 if form.errors else 200
    )


def _to(partner: Partner) -> HttpResponse:
    return HttpResponseRedirect(reverse("partner", args=[partner.node_id]))
