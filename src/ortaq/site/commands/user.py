# SPDX-License-Identifier: Apache-2.0
"""`ortaq user`: who signs in at this node."""

import orjson

from ortaq.people.actions import end_person, make_recovery
from ortaq.people.actions import invite as make_invitation
from ortaq.people.errors import PersonAbsent
from ortaq.people.models import Membership, Person
from ortaq.people.queries import institution_of, institutions, role_of
from ortaq.people.rules import ADMINISTRATOR


def invite(institution: str | None, role: str, *, keeper: bool, base: str) -> int:
    chosen = institution_of(institution) if institution else institutions()[0]
    secret = make_invitation(chosen, ADMINISTRATOR if keeper else role, by=None, is_keeper=keeper)
    print(f"{base.rstrip('/')}/welcome/{secret}")
    return 0


def list_people(*, as_json: bool) -> int:
    for person in Person.objects.order_by("id").prefetch_related("memberships"):
        facts = {
            "login": person.login,
            "name": person.name,
            "keeper": person.is_keeper,
            "memberships": [_membership(one) for one in person.memberships.all()],
        }
        print(orjson.dumps(facts).decode() if as_json else "  ".join(str(fact) for fact in facts.values()))
    return 0


def _membership(membership: Membership) -> dict[str, str | None]:
    return {"institution": membership.institution_id, "actor": membership.actor, "role": role_of(membership)}


def end(login: str) -> int:
    end_person(_person(login))
    print(f"ended {login}")
    return 0


def recovery_link(login: str, base: str) -> int:
    print(f"{base.rstrip('/')}/come-in-again/{make_recovery(_person(login))}")
    return 0


def _person(login: str) -> Person:
    found = Person.objects.filter(login=login).first()
    if found is None:
        raise PersonAbsent(login=login)
    return found
