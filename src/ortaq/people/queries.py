# SPDX-License-Identifier: Apache-2.0
"""Reads of people: their names, where they belong, who answers for what they made."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from ortaq.core.audience import STRANGER, Standing, Viewer
from ortaq.core.errors import BadIdentifier
from ortaq.core.identifiers import split_uri
from ortaq.people.errors import InstitutionAbsent
from ortaq.people.models import Institution, Membership, Office, Person

_LONGEST_SUCCESSION = 20


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of those of *actors* (URIs) that are people of this node."""
    wanted = set(actors)
    if not wanted:
        return {}
    return dict(Membership.objects.filter(actor__in=wanted).values_list("actor", "person__name"))


def person_name(actor: OuterRef) -> Subquery:
    """Return, as part of another query, the name of the person whose actor has the URI *actor*."""
    return Subquery(Membership.objects.filter(actor=actor).values("person__name")[:1])


def standings_of(person: Person) -> list[tuple[int, Standing]]:
    """Return what *person* is in each institution now, with the id of the membership; one query."""
    present = Office.objects.filter(
        until_at=None, membership__person=person, membership__left_at=None, membership__institution__is_active=True
    )
    rows = present.order_by("membership_id").values_list(
        "membership_id", "membership__actor", "membership__institution_id", "role"
    )
    return [(membership, Standing(actor, institution, role)) for membership, actor, institution, role in rows]


def viewer_of_person(person: Person, *, acting: int | None = None) -> Viewer:
    """Return *person* as a viewer who acts under the membership *acting*, the oldest one if it is not theirs.

    Who belongs to no institution any more reads as a stranger does.
    """
    standings = standings_of(person)
    if not person.is_active or (not standings and not person.is_keeper):
        return STRANGER
    chosen = dict(standings).get(acting or 0) or (standings[0][1] if standings else None)
    return Viewer(chosen.actor if chosen else None, tuple(one for _id, one in standings), person.is_keeper)


def institution_of_actor(actor: str) -> str:
    """Return the local id of the institution for which *actor* (a URI) acts; empty for a node, a stranger, a partner."""
    return institutions_of_actors([actor]).get(actor, "")


def institutions_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """Return the institution (local id) of each of *actors* that has one; an institution may itself be the actor."""
    wanted = set(actors)
    found = dict(Membership.objects.filter(actor__in=wanted).values_list("actor", "institution_id"))
    locals_ = {actor: local for actor in wanted - found.keys() if (local := _local(actor))}
    known = set(Institution.objects.filter(id__in=locals_.values()).values_list("id", flat=True)) if locals_ else set()
    return found | {actor: local for actor, local in locals_.items() if local in known}


def _local(actor: str) -> str:
    try:
        return split_uri(actor)[1] or ""
    except BadIdentifier:
        return ""


def actors_of(institution: str) -> QuerySet[Membership, str]:
    """Return, as part of another query, every actor that is or was of *institution*."""
    return Membership.objects.filter(institution_id=institution).values_list("actor", flat=True)


def institution_of(id_: str) -> Institution:
    """Return the institution; raises InstitutionAbsent."""
    found = Institution.objects.filter(pk=id_).first()
    if found is None:
        raise InstitutionAbsent(institution=id_)
    return found


def institutions() -> list[Institution]:
    """Return the institutions that this node serves, oldest first."""
    return list(Institution.objects.filter(is_active=True).order_by("made_at", "id"))


def members_of(institution: str, *, with_former: bool = False) -> list[Membership]:
    """Return the memberships with their people and offices, oldest first."""
    found = Membership.objects.filter(institution_id=institution)
    if not with_former:
        found = found.filter(left_at=None)
    return list(found.select_related("person").prefetch_related("offices").order_by("id"))


def answerer_of(actor: str) -> Membership | None:
    """Return who answers for what *actor* made: the person, or who has followed them; None if nobody does."""
    found = Membership.objects.select_related("person", "successor").filter(actor=actor).first()
    for _step in range(_LONGEST_SUCCESSION):
        if found is None or (found.left_at is None and found.person.is_active):
            return found
        found = (
            Membership.objects.select_related("person", "successor").filter(pk=found.successor_id).first()
            if found.successor_id
            else None
        )
    return None


def role_of(membership: Membership) -> str | None:
    """Return the present role; None for somebody who has left."""
    return Office.objects.filter(membership=membership, until_at=None).values_list("role", flat=True).first()


def count_administrators(institution: str) -> int:
    present = Office.objects.filter(until_at=None, role="administrator", membership__left_at=None)
    return present.filter(membership__institution_id=institution, membership__person__is_active=True).count()
