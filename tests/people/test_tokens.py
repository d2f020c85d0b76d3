# SPDX-License-Identifier: Apache-2.0
"""Personal tokens: what they open, and when they stop."""

import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from ortaq.people.actions import end_membership, end_person, give_office
from ortaq.people.errors import TokenExpired, TokenScopeUnknown, TokenTooLong, TokenUnknown
from ortaq.people.models import AuditEntry, Institution, Person, PersonalToken
from ortaq.people.tokens import is_token, make_token, revoke_token, viewer_of_token
from tests.factories import institution, join, viewer

SOON = datetime.timedelta(days=30)


def made(person: Any, *scopes: str) -> tuple[PersonalToken, str]:
    return make_token(person.memberships.first(), "harvest", scopes or ("read",), timezone.now() + SOON)


def test_token_acts_in_its_institution_alone_and_keeps_nothing(node: Any) -> None:
    museum, archive = institution("Muzey"), institution("Arxiv")
    person = join("aysel", of=museum, role="editor", is_keeper=True)
    from ortaq.people.actions import add_member

    add_member(archive, person, "administrator", actor=node.new_uri())
    found, scopes = viewer_of_token(made(person, "read", "write")[1])
    assert (found.role_in(museum.id), found.role_in(archive.id)) == ("editor", None)
    assert not found.is_keeper
    assert scopes == {"read", "write"}


def test_secret_is_kept_nowhere(node: Any) -> None:
    token, secret = made(join("aysel"))
    row = PersonalToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert row["prefix"] == secret[:10]
    assert all(secret[10:] not in str(entry) for entry in AuditEntry.objects.values())
    assert AuditEntry.objects.get(action="token.made").facts["token"] == row["prefix"]


@pytest.mark.parametrize("change", ["revoke", "expire", "end person", "leave", "close"])
def test_token_stops_with_what_it_stands_on(node: Any, change: str) -> None:
    head, person = join("head", role="administrator"), join("aysel")
    token, secret = made(person)
    viewer_of_token(secret)
    if change == "revoke":
        revoke_token(token)
    elif change == "expire":
        PersonalToken.objects.update(expires_at=timezone.now())
    elif change == "end person":
        end_person(person)
    elif change == "leave":
        end_membership(person.memberships.get(), by=viewer(head), successor=None)
    else:
        Institution.objects.update(is_active=False)
    with pytest.raises(TokenExpired if change == "expire" else TokenUnknown):
        viewer_of_token(secret)


def test_token_follows_the_role(node: Any) -> None:
    head, person = join("head", role="administrator"), join("aysel", role="editor")
    secret = made(person)[1]
    give_office(person.memberships.get(), "reader", "", by=viewer(head))
    assert viewer_of_token(secret)[0].standing.role == "reader"  # type: ignore[union-attr]


def test_token_needs_an_end_and_a_known_scope(node: Any) -> None:
    membership = join("aysel").memberships.get()
    for until in (timezone.now(), timezone.now() + datetime.timedelta(days=366)):
        with pytest.raises(TokenTooLong):
            make_token(membership, "x", ["read"], until)
    for scopes in ([], ["admin"]):
        with pytest.raises(TokenScopeUnknown):
            make_token(membership, "x", scopes, timezone.now() + SOON)


def test_form_is_told_by_its_checksum(node: Any) -> None:
    secret = made(join("aysel"))[1]
    assert is_token(secret)
    altered = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for text in ("", "ortaq_", altered, secret.removeprefix("ortaq_"), secret + "0", "ortaq_" + "ı" * 46):
        assert not is_token(text)
        with pytest.raises(TokenUnknown):
            viewer_of_token(text)


def test_use_is_seen(node: Any) -> None:
    token, secret = made(join("aysel"))
    assert token.used_at is None
    viewer_of_token(secret)
    token.refresh_from_db()
    assert token.used_at is not None
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_use_that_cannot_be_noted_is_use_all_the_same(node: Any) -> None:
    token, secret = made(join("aysel"))

    def full(execute: Any, statement: str, *given: Any) -> Any:
        if statement.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(statement, *given)

    with connection.execute_wrapper(full):
        assert viewer_of_token(secret)[1] == {"read"}
    token.refresh_from_db()
    assert token.used_at is None
