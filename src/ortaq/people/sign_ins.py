# SPDX-License-Identifier: Apache-2.0
"""What the audit trail keeps of people signing in, and of changes to how they do: who, how, roughly from where."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from ortaq.people.audit import note
from ortaq.people.devices import address_of, device_of, network_of
from ortaq.people.models import Membership, Person
from ortaq.people.sessions import note_signed_in

METHODS = "account_authentication_methods"  # where allauth keeps in the session how somebody has signed in


def note_of_person(action: str, person: Person, request: HttpRequest | None = None, **facts: Any) -> None:
    """Note what somebody did as a person: once for each institution that they are of, so that its administrators read it."""
    facts |= _where(request)
    own = Membership.objects.filter(person=person, left_at=None).values_list("actor", "institution_id")
    for actor, institution in own or [(person.login, "")]:
        note(action, actor=actor, institution=institution, subject=person.login, **facts)


def note_failure(login: str, request: HttpRequest | None, **facts: Any) -> None:
    """Note a failed attempt. A login that nobody has is not kept: it may be a password in the wrong field."""
    person = Person.objects.filter(login=login).first() if login else None
    if person is not None:
        note_of_person("person.sign-in-failed", person, request, **facts)
    else:
        note("person.sign-in-failed", **facts, **_where(request))


def _where(request: HttpRequest | None) -> dict[str, str]:
    if request is None:
        return {}
    return {"network": network_of(address_of(request)), "device": device_of(request.headers.get("User-Agent", ""))}


def _on_signed_in(request: HttpRequest, user: Person, **_more: Any) -> None:
    note_signed_in(request)
    methods = request.session.get(METHODS)
    how = [one.get("type") or one.get("method") for one in methods] if isinstance(methods, list) else []
    note_of_person("person.signed-in", user, request, how=", ".join(str(one) for one in how))


def _on_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    note_failure(str(credentials.get("username") or ""), request, how="password")


def _on_signed_out(request: HttpRequest | None, user: Person | None, **_more: Any) -> None:
    if user is not None:
        note_of_person("person.signed-out", user, request)


def connect() -> None:
    user_logged_in.connect(_on_signed_in, dispatch_uid="ortaq")
    user_login_failed.connect(_on_failed, dispatch_uid="ortaq")
    user_logged_out.connect(_on_signed_out, dispatch_uid="ortaq")
