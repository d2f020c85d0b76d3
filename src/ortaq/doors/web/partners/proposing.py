# SPDX-License-Identifier: Apache-2.0
"""Becoming partners: an address, who answers there, two fingerprints to compare by voice, and yes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed import asking, deciding
from ortaq.doors.web import names
from ortaq.doors.web.accounts.confirming import confirmed
from ortaq.doors.web.accounts.forms import REQUIRED, sentence
from ortaq.doors.web.institutions.node import for_keepers
from ortaq.doors.web.partners import telling
from ortaq.doors.web.partners.pages import frame, own_name, partner_at, without_address
from ortaq.nodes.document import Document, fingerprint
from ortaq.nodes.errors import PartnerIsSelf
from ortaq.nodes.identity import own_id
from ortaq.nodes.models import Partner
from ortaq.people.viewers import viewer_of


class AddressForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address of the other node"), max_length=500, error_messages=REQUIRED,
        help_text=gettext_lazy("As in its own pages, such as https://heritage.example."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip


class YesForm(forms.Form):
    """What they get, and that a person has compared the fingerprints."""

    trust = forms.ChoiceField(
        label=gettext_lazy("What they get of ours"), choices=list(telling.TRUST.items()), initial=Partner.PARTNER,
        widget=forms.RadioSelect, error_messages=REQUIRED,
    )  # fmt: skip
    compared = forms.BooleanField(
        label=gettext_lazy("I have compared both fingerprints with the administrator there, by voice."),
        error_messages={"required": gettext_lazy("Compare them first: this is how you know that nobody stands between you.")},
    )  # fmt: skip


def by(request: HttpRequest) -> str:
    """Return under whom the audit trail writes down what is done."""
    return viewer_of(request).actor or str(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def new(request: HttpRequest) -> HttpResponse:
    """First the address; then who answers there, as often as it takes, until somebody says yes to what they have seen."""
    for_keepers(request)
    form = AddressForm(
        request.POST if request.method == "POST" else None, initial={"address": request.GET.get("address", "")}
    )
    found = _found(form) if request.method == "POST" and form.is_valid() else None
    if found is None:
        context = {"form": form, **without_address()}
        return render(request, "web/partners/new.html", context, status=422 if form.errors else 200)
    known = Partner.objects.filter(pk=found.node, state__in=[Partner.ACTIVE, Partner.ASKED]).first()
    if known is not None:
        messages.info(request, _("That node is a partner already, or was asked."))
        return _to(known)
    was_seen = request.POST.get("seen") == found.node
    yes = YesForm(request.POST if was_seen else None)
    if was_seen and yes.is_valid():
        try:
            decided = deciding.propose(found, trust=yes.cleaned_data["trust"], by=by(request))
            telling.tell(request, decided, _("Proposed. Changes travel once both sides have said yes."))
            return _to(decided.partner)
        except OrtaqError as error:
            yes.add_error(None, sentence(error))
    is_other = bool(request.POST.get("seen")) and not was_seen
    context = _compared(found) | {"form": form, "yes": yes, "is_other": is_other}
    return render(request, "web/partners/compare.html", context, status=422 if yes.errors or is_other else 200)


def _found(form: AddressForm) -> Document | None:
    """Ask who is there; what stands in the way is said at the field."""
    try:
        found = asking.ask_who(form.cleaned_data["address"].strip())
        if found.node == own_id():
            raise PartnerIsSelf(address=form.cleaned_data["address"])
        if refusal := without_address()["no_address"]:
            form.add_error("address", refusal)
            return None
        return found
    except OrtaqError as error:
        form.add_error("address", sentence(error))
        return None


def _compared(found: Document) -> dict[str, Any]:
    shown = names.shown(found.names)
    return {
        "found": found,
        "node_title": shown.text if shown else found.node,
        "other_names": names.other_names(found.names, shown) if shown else [],
        "theirs": fingerprint(found.node),
        "ours": fingerprint(own_id()),
        "own_title": own_name(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Say yes to a node that asks."""
    for_keepers(request)
    partner = partner_at(key)
    if partner.state != Partner.ASKING:
        return _to(partner)
    yes = YesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and yes.is_valid():
        decided = deciding.accept(partner, trust=yes.cleaned_data["trust"], by=by(request))
        telling.tell(request, decided, _("Accepted. What is new comes from now on."))
        return _to(partner)
    return render(request, "web/partners/accept.html", frame(partner) | {"yes": yes}, status=422 if yes.errors else 200)


def _to(partner: Partner) -> HttpResponse:
    return HttpResponseRedirect(reverse("partner", args=[partner.node_id]))
