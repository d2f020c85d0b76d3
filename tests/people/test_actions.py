# SPDX-License-Identifier: Apache-2.0
"""Joining, changing offices, leaving, and who answers for what was left behind."""

from typing import Any

import pytest

from ortaq.people.actions import end_membership, give_office, invite, join_institution
from ortaq.people.audit import trail_of
from ortaq.people.errors import AlreadyMember, Denied, InvitationUsed, LastAdministrator, SuccessorUnfit
from ortaq.people.models import AuditEntry, Membership, Office
from ortaq.people.queries import answerer_of, institution_of_actor, role_of, viewer_of_person
from tests.factories import actor_of, first_institution, institution, invitation, join, viewer


def membership(person: Any) -> Membership:
    return person.memberships.get()  # type: ignore[no-any-return]


def test_person_of_two_institutions_is_two_actors(node: Any) -> None:
    museum, archive = institution("Muzey"), institution("Arxiv")
    aysel = join("aysel", of=museum, role="editor")
    joined = join_institution(invitation(of=archive, role="reader"), aysel, actor=node.new_uri())
    found = viewer_of_person(aysel)
    assert found.actor == actor_of(aysel) != joined.actor
    assert (found.role_in(museum.id), found.role_in(archive.id)) == ("editor", "reader")
    assert viewer_of_person(aysel, acting=joined.id).actor == joined.actor
    assert institution_of_actor(joined.actor) == archive.id


def test_link_is_used_once_and_only_by_who_is_not_a_member(node: Any) -> None:
    museum = institution()
    aysel, secret = join("aysel", of=museum), invitation(of=museum)
    with pytest.raises(AlreadyMember):
        join_institution(secret, aysel, actor=node.new_uri())
    baur = join("baur", of=institution("Other"))
    join_institution(secret, baur, actor=node.new_uri())
    with pytest.raises(InvitationUsed):
        join_institution(secret, join("c", of=institution("Third")), actor=node.new_uri())


def test_offices_stay_on_record(node: Any) -> None:
    head, aysel = join("head", role="administrator"), join("aysel")
    give_office(membership(aysel), "editor", "Baş redaktor", by=viewer(head))
    offices = Office.objects.filter(membership=membership(aysel)).order_by("id")
    assert [(one.role, one.until_at is None) for one in offices] == [("contributor", False), ("editor", True)]
    assert AuditEntry.objects.filter(action="role.changed", facts__now="editor").exists()


def test_administrator_of_one_institution_is_nobody_in_another(node: Any) -> None:
    head, other = join("head", of=institution("A"), role="administrator"), join("other", of=institution("B"))
    for attempt in (
        lambda: give_office(membership(other), "reader", "", by=viewer(head)),
        lambda: end_membership(membership(other), by=viewer(head), successor=None),
        lambda: invite(membership(other).institution, "reader", by=viewer(head)),
        lambda: trail_of(membership(other).institution_id, viewer(head)),
        lambda: trail_of("", viewer(head)),
    ):
        with pytest.raises(Denied):
            attempt()


def test_last_administrator_stays(node: Any) -> None:
    head = join("head", role="administrator")
    with pytest.raises(LastAdministrator):
        end_membership(membership(head), by=viewer(head), successor=None)
    with pytest.raises(LastAdministrator):
        give_office(membership(head), "reader", "", by=viewer(head))
    join("second", role="administrator")
    end_membership(membership(head), by=viewer(head), successor=None)
    assert role_of(membership(head)) is None


def test_who_leaves_is_followed_by_a_successor(node: Any) -> None:
    head, aysel, baur, elsewhere = (
        join("head", role="administrator"), join("aysel"), join("baur"), join("x", of=institution("Elsewhere")),
    )  # fmt: skip
    with pytest.raises(SuccessorUnfit):
        end_membership(membership(aysel), by=viewer(head), successor=membership(elsewhere))
    end_membership(membership(aysel), by=viewer(head), successor=membership(baur))
    end_membership(membership(baur), by=viewer(head), successor=membership(head))
    found = answerer_of(actor_of(aysel))
    assert found is not None and found.person == head


def test_who_has_left_reads_as_a_stranger_and_comes_back_as_the_same_actor(node: Any) -> None:
    head, aysel = join("head", role="administrator"), join("aysel")
    actor = actor_of(aysel)
    end_membership(membership(aysel), by=viewer(head), successor=None)
    assert viewer(aysel).tokens == ("public",)
    join_institution(invitation(of=first_institution(), role="editor"), aysel, actor=node.new_uri())
    assert viewer(aysel).actor == actor
    assert viewer(aysel).role_in(first_institution().id) == "editor"
