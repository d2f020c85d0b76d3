# SPDX-License-Identifier: Apache-2.0
"""The people of this node and how they sign in."""

import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, login: str, name: str, actor: str, password: str | None = None, **more: Any) -> "Person":
        person = self.model(login=login, name=name, actor=actor, **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(login=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in here; `actor` is the URI under which the person's changes are signed, for ever."""

    login = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    actor = models.CharField(max_length=100, unique=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A one-time link to become a person of this node. Only the digest of its secret is kept."""

    secret_digest = models.CharField(max_length=64, unique=True)
    is_administrator = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.used_at is None and now < self.expires_at
