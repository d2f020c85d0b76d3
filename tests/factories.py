# SPDX-License-Identifier: Apache-2.0
"""Short ways to write records in tests, through the one door."""

from collections.abc import Callable
from typing import Any

Write = Callable[..., Any]


def write_place(
    source_id: str,
    *,
    audience: str = "public",
    by: str | None = None,
    expected_version: int | None = None,
    **title: Any,
) -> Any:
    """Write a place: `write_place("geo:1", az="Şəki", audience="node")`; its outcome is returned."""
    from ortaq.nodes.identity import identity
    from ortaq.records.door import Draft, write_change

    body = {"source_id": source_id, "title": title or {"az": source_id}}
    return write_change(Draft("place", body, audience, expected_version=expected_version), by=by or identity().uri)


def write_opinion(about: str, text: str = "Gözəl", *, audience: str = "public") -> Any:
    """Give an opinion on the record of a source id; its outcome is returned."""
    from ortaq.nodes.identity import identity
    from ortaq.records.door import Draft, write_change

    body = {"about": about, "motivation": "comment", "lang": "az", "text": text}
    return write_change(Draft("opinion", body, audience), by=identity().uri)


def institution(name: str = "Muzey", **more: Any) -> Any:
    """Found an institution; more: its fields."""
    from ortaq.people.actions import found_institution
    from ortaq.people.models import Institution

    made = found_institution({"az": [name]}, by=None)
    Institution.objects.filter(pk=made.pk).update(**more)
    made.refresh_from_db()
    return made


def first_institution() -> Any:
    """The institution of the node, made if need be."""
    from ortaq.people.models import Institution

    return Institution.objects.order_by("made_at").first() or institution("Test node")


def join(
    login: str, name: str = "", *, of: Any = None, role: str = "contributor", password: str | None = None, **more: Any
) -> Any:
    """Make a person, and one of an institution (by default of the first); more: fields of the person."""
    from ortaq.nodes.identity import identity
    from ortaq.people.actions import add_member
    from ortaq.people.models import Person

    person = Person.objects.create_user(login, name or login, password, **more)
    add_member(of or first_institution(), person, role, actor=identity().new_uri())
    return person


def actor_of(person: Any) -> str:
    """The URI under which *person* writes in the first of their institutions."""
    return str(person.memberships.order_by("id").values_list("actor", flat=True).first())


def viewer(person: Any) -> Any:
    """*person* as a viewer who acts for the first of their institutions."""
    from ortaq.people.queries import viewer_of_person

    return viewer_of_person(person)


def invitation(*, of: Any = None, role: str = "contributor", is_keeper: bool = False) -> str:
    """The secret of a one-time link."""
    from ortaq.people.actions import invite

    return invite(of or first_institution(), "administrator" if is_keeper else role, by=None, is_keeper=is_keeper)
