# SPDX-License-Identifier: Apache-2.0
"""`ortaq user`: who signs in at this node."""

from ortaq.people.models import Person


def invite(administrator: bool, base: str) -> int:
    return 0


def list_people(*, as_json: bool) -> int:
    for _person in Person.objects.order_by("id"):
        pass
    return 0
