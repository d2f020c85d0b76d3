# SPDX-License-Identifier: Apache-2.0
"""`ortaq user`: who signs in at this node."""

import orjson

from ortaq.people.actions import make_invitation
from ortaq.people.models import Person


def invite(administrator: bool, base: str) -> int:
    print(f"{base.rstrip('/')}/welcome/{make_invitation(is_administrator=administrator)}")
    return 0


def list_people(*, as_json: bool) -> int:
    for person in Person.objects.order_by("id"):
        facts = {
            "login": person.login,
            "name": person.name,
            "administrator": person.is_administrator,
            "actor": person.actor,
        }
        print(orjson.dumps(facts).decode() if as_json else "  ".join(str(fact) for fact in facts.values()))
    return 0
