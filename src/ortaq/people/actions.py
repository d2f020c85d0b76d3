# SPDX-License-Identifier: Apache-2.0
"""How one becomes a person of this node: an invitation is made, and accepted once."""

import datetime
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ortaq.people.errors import InvitationExpired, InvitationUnknown, InvitationUsed, LoginTaken, PasswordWeak
from ortaq.people.models import Invitation, Person

VALID_FOR = datetime.timedelta(days=7)
MIN_PASSWORD = 10  # as in AUTH_PASSWORD_VALIDATORS


def make_invitation(is_administrator: bool) -> str:
    """Return the secret of a new one-time link, valid for seven days; only its digest is kept."""
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        secret_digest=_digest(secret), is_administrator=is_administrator, expires_at=timezone.now() + VALID_FOR
    )
    return secret


def open_invitation(secret: str) -> Invitation:
    """Return the invitation behind *secret* if it can still be accepted.

    raises InvitationUnknown, InvitationUsed, InvitationExpired
    """
    found = Invitation.objects.filter(secret_digest=_digest(secret)).first()
    if found is None:
        raise InvitationUnknown
    if found.used_at is not None:
        raise InvitationUsed
    if not found.is_open(timezone.now()):
        raise InvitationExpired(expired_on=found.expires_at.date().isoformat())
    return found


def accept_invitation(secret: str, *, name: str, login: str, password: str, actor: str, language: str) -> Person:
    """Make the invited person and use the invitation up; actor: the URI under which the person will write.

    raises what `open_invitation` raises, LoginTaken, PasswordWeak
    """
    invitation = open_invitation(secret)
    _check_password(password, name, login)
    try:
        with transaction.atomic():
            # Two browsers may hold the same link: the first update wins.
            if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()):
                raise InvitationUsed
            person = Person.objects.create_user(
                login, name, actor, password, is_administrator=invitation.is_administrator, language=language
            )
            Invitation.objects.filter(pk=invitation.pk).update(used_by=person)
    except IntegrityError as error:
        raise LoginTaken(login=login) from error
    return person


def _check_password(password: str, name: str, login: str) -> None:
    try:
        validate_password(password, Person(name=name, login=login))
    except ValidationError as error:
        raise PasswordWeak(reasons=", ".join(one.code or "weak" for one in error.error_list)) from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def remember_language(actor: str, language: str) -> None:
    """Keep the language in which the person reads the pages."""
    Person.objects.filter(actor=actor).update(language=language)
