# SPDX-License-Identifier: Apache-2.0
"""Reads of people: what their names are."""

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery

from ortaq.people.models import Person


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of those of *actors* (URIs) that are people of this node."""
    wanted = set(actors)
    if not wanted:
        return {}
    return dict(Person.objects.filter(actor__in=wanted).values_list("actor", "name"))


def person_name(actor: OuterRef) -> Subquery:
    """Return, as part of another query, the name of the person with the URI *actor*."""
    return Subquery(Person.objects.filter(actor=actor).values("name")[:1])
