# SPDX-License-Identifier: Apache-2.0
"""Reads of people: their names, where they belong, who answers for what they made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ortaq.core.audience import STRANGER, Standing, Viewer
from ortaq.core.errors import BadIdentifier
from ortaq.core.identifiers import split_uri
from ortaq.core.markup import mentions
from ortaq.people.errors import InstitutionAbsent
from ortaq.people.models import Institution, Invitation, LinkedIdentity, Membership, Office, Person
from ortaq.people.rules import EDITOR, ROLES, is_at_least

_LONGEST_SUCCESSION = 20


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Return the names of those of *actors* (URIs) that are people of this node."""
    wanted = set(actors)
    if not wanted:
        return {}
    return dict(Membership.objects.filter(actor__in=wanted).values_list("actor", "person__name"))


def authors_of(actors: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Return for those of *actors* that are people of this node their name, and whether they have left."""
    wanted = set(actors)
    if not wanted:
        return {}
    rows = Membership.objects.filter(actor__in=wanted)
    found = rows.values_list("actor", "person__name", "left_at", "person__is_active")
    return {actor: (name, left_at is not None or not is_active) for actor, name, left_at, is_active in found}


def person_name(actor: OuterRef) -> Subquery:
    """Return, as part of another query, the name of the person whose actor has the URI *actor*."""
    return Subquery(Membership.objects.filter(actor=actor).values("person__name")[:1])


def standings_of(person: Person) -> list[tuple[int, Standing]]:
    """Return what *person* is in each institution now, with the id of the membership; one query."""
    rows = (
        _present_offices()
        .filter(membership__person=person)
        .order_by("membership_id")
        .values_list("membership_id", "membership__actor", "membership__institution_id", "role")
    )
    return [(membership, Standing(actor, institution, role)) for membership, actor, institution, role in rows]


def _present_offices() -> QuerySet[Office]:
    return Office.objects.filter(until_at=None, membership__left_at=None, membership__institution__is_active=True)


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
    return list(found.select_related("person", "successor__person").prefetch_related("offices").order_by("id"))


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


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as one who may be told of something: what they may see."""

    id: int
    name: str
    viewer: Viewer


def readers(which: Q) -> dict[str, Reader]:
    """Return the people whom *which*, a condition on Person, chooses, by login; who no longer signs in here is left out.

    Two queries, for however many people.
    """
    people = list(Person.objects.filter(which, is_active=True))
    standings = _standings_of_all(people)
    return {
        person.login: Reader(person.id, person.name, _as_viewer(person, standings.get(person.id, ())))
        for person in people
    }


def _standings_of_all(people: Sequence[Person]) -> dict[int, list[Standing]]:
    if not people:
        return {}
    rows = _present_offices().filter(membership__person__in=people).order_by("membership_id")
    columns = ("membership__person_id", "membership__actor", "membership__institution_id", "role")
    found: dict[int, list[Standing]] = {}
    for person, actor, institution, role in rows.values_list(*columns):
        found.setdefault(person, []).append(Standing(actor, institution, role))
    return found


def _as_viewer(person: Person, standings: Sequence[Standing]) -> Viewer:
    if not standings and not person.is_keeper:
        return STRANGER
    return Viewer(standings[0].actor if standings else None, tuple(standings), person.is_keeper)


def names_mentioned(texts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return for each (text, audience token) the names of the people whom it mentions and who may read it, by login.

    Who may not read a text is named in it no more than somebody whom nobody knows.
    """
    wanted = [mentions(text) for text, _audience in texts]
    logins = {login for found in wanted for login in found}
    known = readers(Q(login__in=logins)) if logins else {}
    return [
        {login: known[login].name for login in found if login in known and known[login].viewer.may_see(audience)}
        for found, (_text, audience) in zip(wanted, texts, strict=True)
    ]


def answerers_of(actors: Iterable[str]) -> dict[str, int]:
    """Return for each of *actors* who answers for what they made: the id of the person. Nodes and strangers have nobody."""
    wanted = set(actors)
    if not wanted:
        return {}
    rows = Membership.objects.filter(actor__in=wanted).values_list("actor", "person_id", "left_at", "person__is_active")
    found = {}
    for actor, person, left_at, is_active in rows:
        if left_at is None and is_active:
            found[actor] = person
        elif (answerer := answerer_of(actor)) is not None:
            found[actor] = answerer.person_id
    return found


def predecessors_of(person: Person) -> list[str]:
    """Return the actors of those who have left and for whose records *person* answers now."""
    actors: list[str] = []
    present = list(Membership.objects.filter(person=person, left_at=None).values_list("id", flat=True))
    for _step in range(_LONGEST_SUCCESSION):
        rows = Membership.objects.filter(successor_id__in=present, left_at__isnull=False).values_list("id", "actor")
        left = [(id_, actor) for id_, actor in rows if actor not in actors]
        if not left:
            break
        actors += [actor for _id, actor in left]
        present = [id_ for id_, _actor in left]
    return actors


def editors_of(institution: str) -> list[int]:
    """Return the ids of the people who decide about the proposals of *institution*."""
    roles = [role for role in ROLES if is_at_least(role, EDITOR)]
    present = Office.objects.filter(until_at=None, role__in=roles, membership__left_at=None)
    found = present.filter(membership__institution_id=institution, membership__person__is_active=True)
    return list(found.order_by("id").values_list("membership__person_id", flat=True))


def keepers() -> list[int]:
    """Return the ids of the people who keep this node."""
    return list(Person.objects.filter(is_keeper=True, is_active=True).order_by("id").values_list("id", flat=True))


def memberships_of(person: Person) -> list[Membership]:
    """Return where *person* is of an institution now, with it and their offices, oldest first."""
    found = Membership.objects.filter(person=person, left_at=None, institution__is_active=True)
    return list(found.select_related("institution").prefetch_related("offices").order_by("id"))


def person_of_identity(issuer: str, subject: str) -> Person | None:
    """Return who is linked with this identity of another sign-in."""
    found = LinkedIdentity.objects.select_related("person").filter(issuer=issuer, subject=subject).first()
    if found is not None:
        LinkedIdentity.objects.filter(pk=found.pk).update(used_at=timezone.now())
    return found.person if found else None


def has_passkey(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN).exists())


def invitations_of(institution: str) -> list[Invitation]:
    """Return the links to *institution* that can still be used, the newest first."""
    found = Invitation.objects.filter(institution_id=institution, used_at=None, revoked_at=None)
    return list(found.filter(expires_at__gt=timezone.now()).order_by("-id"))


def all_institutions() -> QuerySet[Institution]:
    """Return every institution, closed ones too, each with the number of its `people`."""
    present = Count("memberships", filter=Q(memberships__left_at=None))
    return Institution.objects.annotate(people=present).order_by("made_at", "id")
