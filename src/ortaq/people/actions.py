# SPDX-License-Identifier: Apache-2.0
"""How one becomes a person of an institution, changes what one is there, and leaves."""

import datetime
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import local_id
from ortaq.people import rules
from ortaq.people.audit import note
from ortaq.people.errors import (
    AlreadyMember,
    Denied,
    IdentityTaken,
    InstitutionNameMissing,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    LastAdministrator,
    LastWayIn,
    LoginTaken,
    MembershipAbsent,
    PasswordWeak,
    SuccessorUnfit,
)
from ortaq.people.models import (
    Institution,
    Invitation,
    LinkedIdentity,
    Membership,
    Office,
    Person,
    PersonalToken,
    Session,
)
from ortaq.people.queries import count_administrators, has_passkey, memberships_of, role_of

VALID_FOR = datetime.timedelta(days=7)
MIN_PASSWORD = 10  # as in AUTH_PASSWORD_VALIDATORS


def found_institution(name: dict[str, list[str]], *, by: Viewer | None, country: str = "") -> Institution:
    """Make an institution; by: the keeper who does it, None for the node itself. Raises Denied, InstitutionNameMissing."""
    if by is not None and not rules.may_keep(by):
        raise Denied(action="institution.found")
    if not any(name.values()):
        raise InstitutionNameMissing
    made = Institution.objects.create(id=local_id(secrets.token_bytes(10)), name=name, country=country)
    note("institution.founded", actor=_actor(by), institution=made.id)
    return made


def found_first_institution(name: str) -> None:
    """A node serves one institution from the beginning, which bears its name until somebody gives it another."""
    if not Institution.objects.exists():
        found_institution({"und": [name]}, by=None)


def invite(
    institution: Institution,
    role: str,
    *,
    by: Viewer | None,
    office: str = "",
    is_keeper: bool = False,
    valid_for: datetime.timedelta = VALID_FOR,
) -> str:
    """Return the secret of a new one-time link to *institution*; only its digest is kept.

    by  who invites; None: the node itself, at the command line. Raises Denied
    """
    if by is not None and not (rules.may_give_role(by, institution.id, role) and (not is_keeper or by.is_keeper)):
        raise Denied(action="person.invite")
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        secret_digest=_digest(secret), institution=institution, role=role, office=office, is_keeper=is_keeper,
        made_by=_actor(by), expires_at=timezone.now() + valid_for,
    )  # fmt: skip
    note("invitation.made", actor=_actor(by), institution=institution.id, role=role, keeper=is_keeper)
    return secret


def revoke_invitation(invitation: Invitation, *, by: Viewer) -> None:
    """Let the link lead nowhere from now on. Raises Denied."""
    institution = invitation.institution_id or ""
    if not (rules.may_administer(by, institution) or rules.may_keep(by)):
        raise Denied(action="invitation.revoke")
    Invitation.objects.filter(pk=invitation.pk, used_at=None).update(revoked_at=timezone.now())
    note("invitation.revoked", actor=_actor(by), institution=institution)


def open_invitation(secret: str) -> Invitation:
    """Return the invitation behind *secret* if it can still be accepted.

    raises InvitationUnknown, InvitationUsed, InvitationExpired
    """
    found = Invitation.objects.select_related("institution").filter(secret_digest=_digest(secret)).first()
    if found is None or found.revoked_at is not None:
        raise InvitationUnknown
    if found.used_at is not None:
        raise InvitationUsed
    if not found.is_open(timezone.now()):
        raise InvitationExpired(expired_on=found.expires_at.date().isoformat())
    return found


def accept_invitation(
    secret: str, *, name: str, login: str, password: str | None, actor: str, language: str, email: str = ""
) -> Person:
    """Make the invited person and use the invitation up; actor: the URI under which the person will write.

    password  None for who signs in elsewhere: the caller links that identity in the same transaction
    raises what `open_invitation` raises, LoginTaken, PasswordWeak
    """
    invitation = open_invitation(secret)
    if password is not None:
        _check_password(password, name, login)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                login, name, password, is_keeper=invitation.is_keeper, language=language, email=email
            )
            _use(invitation, person, actor)
    except IntegrityError as error:
        raise LoginTaken(login=login) from error
    return person


def join_institution(secret: str, person: Person, *, actor: str) -> Membership:
    """Let somebody who signs in here already accept an invitation to one more institution.

    raises what `open_invitation` raises, AlreadyMember
    """
    invitation = open_invitation(secret)
    with transaction.atomic():
        if invitation.is_keeper and not person.is_keeper:
            Person.objects.filter(pk=person.pk).update(is_keeper=True)
        return _use(invitation, person, actor)


def _use(invitation: Invitation, person: Person, actor: str) -> Membership:
    # Two browsers may hold the same link: the first update wins.
    fresh = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    if not fresh.update(used_at=timezone.now(), used_by=person):
        raise InvitationUsed
    if invitation.institution is None:
        raise InvitationUnknown
    membership = add_member(invitation.institution, person, invitation.role, actor=actor, office=invitation.office)
    note("invitation.accepted", actor=membership.actor, institution=membership.institution_id, role=invitation.role)
    return membership


def add_member(institution: Institution, person: Person, role: str, *, actor: str, office: str = "") -> Membership:
    """Make *person* one of *institution*; who comes back is the same actor as before. Raises AlreadyMember."""
    membership = Membership.objects.filter(institution=institution, person=person).first()
    if membership is None:
        membership = Membership.objects.create(institution=institution, person=person, actor=actor)
    elif membership.left_at is None:
        raise AlreadyMember(name=person.name)
    else:
        Membership.objects.filter(pk=membership.pk).update(left_at=None, successor=None)
    Office.objects.create(membership=membership, role=role, title=office, since_at=timezone.now())
    return membership


def give_office(membership: Membership, role: str, title: str, *, by: Viewer) -> None:
    """Change what a member is from now on; what they were stays on record. Raises Denied, MembershipAbsent, LastAdministrator."""
    present, institution = role_of(membership), membership.institution_id
    if present is None:
        raise MembershipAbsent
    if not (rules.may_administer(by, institution) and rules.may_give_role(by, institution, role)):
        raise Denied(action="role.change")
    with transaction.atomic():
        if role != rules.ADMINISTRATOR:
            _check_not_last(membership, present)
        now = timezone.now()
        Office.objects.filter(membership=membership, until_at=None).update(until_at=now)
        Office.objects.create(membership=membership, role=role, title=title, since_at=now)
    note("role.changed", actor=_actor(by), institution=institution, subject=membership.actor, was=present, now=role)


def end_membership(membership: Membership, *, by: Viewer, successor: Membership | None) -> None:
    """Let a member leave; *successor* answers for their records from now on. One may always leave oneself.

    raises Denied, MembershipAbsent, LastAdministrator, SuccessorUnfit
    """
    institution, present = membership.institution_id, role_of(membership)
    if not (rules.may_administer(by, institution) or membership.actor in by.actors):
        raise Denied(action="membership.end")
    if present is None:
        raise MembershipAbsent
    if successor is not None and not _may_succeed(successor, membership):
        raise SuccessorUnfit(name=successor.person.name)
    with transaction.atomic():
        _check_not_last(membership, present)
        now = timezone.now()
        Office.objects.filter(membership=membership, until_at=None).update(until_at=now)
        Membership.objects.filter(pk=membership.pk).update(left_at=now, successor=successor)
    note(
        "membership.ended", actor=_actor(by), institution=institution, subject=membership.actor,
        successor=successor.actor if successor else "",
    )  # fmt: skip


def _may_succeed(successor: Membership, leaver: Membership) -> bool:
    is_of_it = successor.institution_id == leaver.institution_id and successor.pk != leaver.pk
    return is_of_it and successor.left_at is None and successor.person.is_active


def _check_not_last(membership: Membership, present: str) -> None:
    institution = Institution.objects.select_for_update().get(pk=membership.institution_id)
    if present == rules.ADMINISTRATOR and count_administrators(institution.id) < 2:
        raise LastAdministrator(name=membership.person.name)


def _check_password(password: str, name: str, login: str) -> None:
    try:
        validate_password(password, Person(name=name, login=login))
    except ValidationError as error:
        raise PasswordWeak(reasons=", ".join(one.code or "weak" for one in error.error_list)) from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _actor(by: Viewer | None) -> str:
    return (by.actor or "") if by is not None else ""


def remember_language(person: Person, language: str) -> None:
    """Keep the language in which the person reads the pages."""
    Person.objects.filter(pk=person.pk).update(language=language)


def change_profile(person: Person, *, name: str, email: str, language: str) -> None:
    """Change how a person is called, reached and read to."""
    Person.objects.filter(pk=person.pk).update(name=name, email=email, language=language)


def act_as(person: Person, membership: int) -> Membership:
    """Return the membership under which *person* may act from now on; raises MembershipAbsent."""
    found = next((one for one in memberships_of(person) if one.pk == membership), None)
    if found is None:
        raise MembershipAbsent
    return found


def link_identity(person: Person, provider: str, issuer: str, subject: str, *, provider_name: str) -> None:
    """Let *person* sign in as who they are at *provider*. Raises IdentityTaken."""
    found = LinkedIdentity.objects.filter(issuer=issuer, subject=subject).first()
    if found is not None and found.person_id != person.pk:
        raise IdentityTaken(provider=provider_name)
    with transaction.atomic():
        LinkedIdentity.objects.filter(person=person, provider=provider).delete()
        LinkedIdentity.objects.create(person=person, provider=provider, issuer=issuer, subject=subject)


def unlink_identity(person: Person, provider: str) -> None:
    """Let a person sign in at *provider* no more. Raises LastWayIn."""
    others = LinkedIdentity.objects.filter(person=person).exclude(provider=provider).exists()
    if not (others or person.has_usable_password() or has_passkey(person)):
        raise LastWayIn
    LinkedIdentity.objects.filter(person=person, provider=provider).delete()


def end_person(person: Person) -> None:
    """Let somebody sign in here no more, at once: sessions and tokens end with it. What they made stays, under their name."""
    Person.objects.filter(pk=person.pk).update(is_active=False)
    Session.objects.filter(person=person).delete()
    PersonalToken.objects.filter(membership__person=person, revoked_at=None).update(revoked_at=timezone.now())
    _note_of(person, "person.ended")


def change_institution(
    institution: Institution, *, by: Viewer, name: dict[str, list[str]], homepage: str, needs_proposal: bool
) -> None:
    """Change how an institution is called, where it is found, and who publishes. Raises Denied, InstitutionNameMissing."""
    if not rules.may_administer(by, institution.id):
        raise Denied(action="change the institution")
    if not any(name.values()):
        raise InstitutionNameMissing
    now = {"name": name, "homepage": homepage, "needs_proposal": needs_proposal}
    changed = [field for field, value in now.items() if getattr(institution, field) != value]
    Institution.objects.filter(pk=institution.pk).update(**now)
    note("institution.changed", actor=_actor(by), institution=institution.id, fields=", ".join(changed))


def close_institution(institution: Institution, *, by: Viewer) -> None:
    """Let an institution's people write and see nothing for it any more; what they wrote stays. Raises Denied."""
    _set_open(institution, False, by)


def reopen_institution(institution: Institution, *, by: Viewer) -> None:
    """Let a closed institution go on as it was. Raises Denied."""
    _set_open(institution, True, by)


def _set_open(institution: Institution, is_active: bool, by: Viewer) -> None:
    if not rules.may_keep(by):
        raise Denied(action="close or open an institution")
    if Institution.objects.filter(pk=institution.pk, is_active=not is_active).update(is_active=is_active):
        action = "institution.opened" if is_active else "institution.closed"
        note(action, actor=_actor(by), institution=institution.id)


def set_quota(institution: Institution, quota_bytes: int | None, *, by: Viewer) -> None:
    """Say how much the files of an institution may take; None: without limit. Raises Denied."""
    if not rules.may_keep(by):
        raise Denied(action="set a quota")
    Institution.objects.filter(pk=institution.pk).update(quota_bytes=quota_bytes)
    note("quota.changed", actor=_actor(by), institution=institution.id, was=institution.quota_bytes, now=quota_bytes)


def make_recovery(person: Person) -> str:
    """Return the secret of a link by which somebody who cannot sign in sets a new password, once, within a day.

    It is signed, not kept: it holds as long as the password that it replaces.
    """
    _note_of(person, "person.recovery-made")
    return f"{urlsafe_base64_encode(str(person.pk).encode())}-{default_token_generator.make_token(person)}"


def person_of_recovery(secret: str) -> Person:
    """Return whom the link lets in again; raises InvitationUnknown."""
    coded, _dash, token = secret.partition("-")
    try:
        key = int(urlsafe_base64_decode(coded))
    except ValueError as error:
        raise InvitationUnknown from error
    person = Person.objects.filter(pk=key, is_active=True).first()
    if person is None or not default_token_generator.check_token(person, token):
        raise InvitationUnknown
    return person


def recover(secret: str, password: str) -> Person:
    """Set a new password by the link; second factors that were lost go, and so does every session.

    raises InvitationUnknown, PasswordWeak
    """
    person = person_of_recovery(secret)
    _check_password(password, person.name, person.login)
    person.set_password(password)
    with transaction.atomic():
        person.save(update_fields=["password"])
        Authenticator.objects.filter(user=person).delete()
        Session.objects.filter(person=person).delete()
        _note_of(person, "person.recovered")
    return person


def _note_of(person: Person, action: str) -> None:
    own = Membership.objects.filter(person=person, left_at=None).values_list("actor", "institution_id")
    for actor, institution in own or [(person.login, "")]:
        note(action, actor=actor, institution=institution, subject=person.login)
