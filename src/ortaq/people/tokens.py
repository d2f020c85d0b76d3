# SPDX-License-Identifier: Apache-2.0
"""Personal tokens: with one, a program acts as a person in one institution, for some purposes, until a day.

A token looks like `ortaq_` and 46 letters and digits, the last six a checksum, so that scanners for secrets find it and
find nothing else. Only its digest is kept.
"""

import datetime
import hashlib
import secrets
import string
import zlib
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from ortaq.core.audience import Standing, Viewer
from ortaq.core.errors import N_
from ortaq.people.audit import note
from ortaq.people.errors import TokenAbsent, TokenExpired, TokenScopeUnknown, TokenTooLong, TokenUnknown
from ortaq.people.models import Membership, PersonalToken
from ortaq.people.noting import in_passing
from ortaq.people.queries import role_of

PREFIX: Final = "ortaq_"
SCOPES: Final = {
    "read": N_("Read what I may read"),
    "write": N_("Write what I may write"),
    "files": N_("Upload files"),
}
MAX_DAYS = 365
USED_EVERY = datetime.timedelta(minutes=5)
_ALPHABET = string.digits + string.ascii_letters
_LENGTH, _CHECK = 40, 6


def make_token(
    membership: Membership, name: str, scopes: Iterable[str], expires_at: datetime.datetime
) -> tuple[PersonalToken, str]:
    """Return a new token and its secret, which is shown this once.

    raises TokenScopeUnknown, TokenTooLong
    """
    chosen, now = sorted(set(scopes)), timezone.now()
    for scope in chosen or [""]:
        if scope not in SCOPES:
            raise TokenScopeUnknown(scope=scope, known=", ".join(SCOPES))
    if not now < expires_at <= now + datetime.timedelta(days=MAX_DAYS, minutes=1):
        raise TokenTooLong(days=MAX_DAYS)
    secret = _new_secret()
    made = PersonalToken.objects.create(
        membership=membership, name=name, digest=_digest(secret), prefix=secret[: len(PREFIX) + 4],
        scopes=chosen, expires_at=expires_at,
    )  # fmt: skip
    _note("token.made", made, scopes=", ".join(chosen), until=expires_at.date().isoformat())
    return made, secret


def revoke_token(token: PersonalToken) -> None:
    """Let the token open nothing from now on."""
    if PersonalToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _note("token.revoked", token)


def viewer_of_token(secret: str) -> tuple[Viewer, frozenset[str]]:
    """Return who acts with this token, and for what: its scopes, out of read, write and files.

    They are what they are in the token's institution alone, and never a keeper.
    raises TokenUnknown, TokenExpired
    """
    found = _found(secret)
    now = timezone.now()
    if found.revoked_at is not None or not found.membership.person.is_active:
        raise TokenUnknown
    if now >= found.expires_at:
        raise TokenExpired(expired_on=found.expires_at.date().isoformat())
    membership = found.membership
    role = role_of(membership) if membership.left_at is None and membership.institution.is_active else None
    if role is None:
        raise TokenUnknown
    if found.used_at is None or now - found.used_at > USED_EVERY:
        with in_passing("a token is in use"):
            PersonalToken.objects.filter(pk=found.pk).update(used_at=now)
    standing = Standing(membership.actor, membership.institution_id, role)
    return Viewer(membership.actor, (standing,)), frozenset(found.scopes)


def _found(secret: str) -> PersonalToken:
    if not is_token(secret):
        raise TokenUnknown
    rows = PersonalToken.objects.select_related("membership__person", "membership__institution")
    found = rows.filter(digest=_digest(secret)).first()
    if found is None:
        raise TokenUnknown
    return found


def is_token(text: str) -> bool:
    """Tell whether *text* has the form of a token; says nothing about whether there is such a one."""
    body = text.removeprefix(PREFIX)
    right_form = len(body) == _LENGTH + _CHECK and text != body and all(letter in _ALPHABET for letter in body)
    return right_form and secrets.compare_digest(_check(body[:_LENGTH]), body[_LENGTH:])


def tokens_of(person_id: int) -> QuerySet[PersonalToken]:
    """Return the tokens of a person that are not revoked, newest first."""
    rows = PersonalToken.objects.filter(membership__person_id=person_id, revoked_at=None)
    return rows.select_related("membership__institution").order_by("-id")


def token_of(person_id: int, key: int) -> PersonalToken:
    """Return the person's own token; raises TokenAbsent."""
    found = tokens_of(person_id).filter(pk=key).first()
    if found is None:
        raise TokenAbsent
    return found


def _new_secret() -> str:
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{PREFIX}{body}{_check(body)}"


def _check(body: str) -> str:
    rest, letters = zlib.crc32(body.encode()), ""
    for _ in range(_CHECK):
        rest, digit = divmod(rest, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note(action: str, token: PersonalToken, **facts: str) -> None:
    membership = token.membership
    note(
        action,
        actor=membership.actor,
        institution=membership.institution_id,
        subject=token.name,
        token=token.prefix,
        **facts,
    )
