# SPDX-License-Identifier: Apache-2.0
"""The people of this node, the institutions that they act for, and how they sign in."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string

from ortaq.people.rules import ROLES


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, name: str, password: str | None = None, **more: Any) -> "Person":
        person = self.model(login=login, name=name, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(login=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in here. What they write is signed under the actor of one of their memberships."""

    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_keeper = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """An institution that this node serves. id: its local name, from which its URI and its audience are made.

    name            language map
    agent           URI of the record that describes it; empty while there is none
    needs_proposal  what contributors write is published by an editor
    quota_bytes     of the files that its people bring; None is without limit
    """

    id = models.CharField(max_length=16, primary_key=True)
    name = models.JSONField()
    country = models.CharField(max_length=2, blank=True)
    homepage = models.URLField(max_length=500, blank=True)
    agent = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    needs_proposal = models.BooleanField(default=False)
    quota_bytes = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)


class Membership(models.Model):
    """A person in an institution: an actor. Its URI signs what they write there, for ever, whatever their offices.

    successor  who answers for the records of someone who has left
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    actor = models.CharField(max_length=60, unique=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "institution"], name="one_membership_each")]


class Office(models.Model):
    """What a member was or is in the institution, from when until when; the present one has no end."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="offices")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    title = models.CharField(max_length=200, blank=True)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=models.Q(until_at=None), name="one_present_office_each"
            )
        ]


class Invitation(models.Model):
    """A one-time link to become a person of an institution. Only the digest of its secret is kept."""

    secret_digest = models.CharField(max_length=64, unique=True)
    institution = models.ForeignKey(Institution, null=True, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    office = models.CharField(max_length=200, blank=True)
    is_keeper = models.BooleanField(default=False)
    made_by = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class AuditEntry(models.Model):
    """Who did what to whose rights: signing in, roles, invitations, tokens, exports. Never changed, never a secret in it.

    actor        who acted: URI, or the login that somebody tried
    institution  whose administrators may read it; empty: the node's keepers only
    """

    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=150, blank=True)
    institution = models.CharField(max_length=16, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["institution", "id"], name="audit_of_institution")]


class Session(AbstractBaseSession):
    """Where somebody is signed in, or about to be. `session_key` is the digest of the key that the cookie holds."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=60, blank=True)
    since_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


class Attempt(models.Model):
    """How often something was tried that may be a guess. `key` is a digest: neither login nor address stands here."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)


class LinkedIdentity(models.Model):
    """Who a person is at a ministry's own sign-in; provider: its short name in the settings."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=40)
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_each_identity"),
            models.UniqueConstraint(fields=["person", "provider"], name="one_identity_each_provider"),
        ]


class PersonalToken(models.Model):
    """What a program shows to act as a person in one institution. Only the digest is kept, and how the token begins."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    scopes = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
