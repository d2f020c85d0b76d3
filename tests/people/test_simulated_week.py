# SPDX-License-Identifier: Apache-2.0
"""A week of fifty people in six institutions: whatever they do, in whatever order, the rights hold and the log verifies.

What each may do is written down here a second time, by hand, so that the policy is compared with something that is not itself.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ortaq.core.audience import STRANGER, of_institution
from ortaq.core.errors import OrtaqError
from ortaq.people.actions import add_member, end_membership, give_office
from ortaq.people.models import Institution, Membership, Office
from ortaq.people.queries import viewer_of_person
from ortaq.records import copies
from ortaq.records.actions import publish_record, revise_record, withdraw_record
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.queries import record_of
from ortaq.records.verification import verify_log, verify_projection
from tests.factories import institution, join

LADDER = ["reader", "contributor", "editor", "steward", "administrator"]
EXAMPLES = int(os.environ.get("ORTAQ_WEEKS", "5"))
PEOPLE = st.integers(0, 49)
HOUSES, SOME = 6, st.integers(0, 10_000)
HAPPENED: Counter[tuple[str, str]] = Counter()
WORDS = {"motivation": "comment", "lang": "az", "text": "Fikrim"}


def at_least(role: str | None, least: str) -> bool:
    return role is not None and LADDER.index(role) >= LADDER.index(least)


@dataclass
class Known:
    """What the model remembers of a record."""

    author: int
    house: int
    audience: str
    is_live: bool = True
    about: "Known | None" = None


@dataclass
class Model:
    """roles: (person, house) → role; records: by URI; copies: key → (author, house, state)."""

    roles: dict[tuple[int, int], str] = field(default_factory=dict)
    records: dict[str, Known] = field(default_factory=dict)
    copies: dict[str, tuple[int, int, str]] = field(default_factory=dict)


class Week(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def open_the_node(self) -> None:
        self.houses = [institution(f"House {number}", needs_proposal=number % 2 == 1) for number in range(HOUSES)]
        self.people = []
        for number in range(50):
            house, role = number % HOUSES, LADDER[-1] if number < 2 * HOUSES else LADDER[number % 4]
            self.people.append(join(f"p{number}", of=self.houses[house], role=role, is_keeper=number == 0))
            self.model.roles[number, house] = role

    # the model, by hand

    def home(self, person: int) -> int | None:
        """The house under whose actor somebody writes: their oldest present one."""
        present = [house for (who, house) in self.model.roles if who == person]
        order = dict(self.memberships(person))
        return min(present, key=lambda house: order[house], default=None)

    def memberships(self, person: int) -> list[tuple[int, int]]:
        ids = {house.id: number for number, house in enumerate(self.houses)}
        return [(ids[one.institution_id], one.pk) for one in self.people[person].memberships.all()]

    def role(self, person: int, house: int) -> str | None:
        return self.model.roles.get((person, house))

    def sees(self, person: int, known: Known) -> bool:
        is_of_node = any(who == person for who, _house in self.model.roles)  # keeping the node lets nobody read more
        own = known.author == person and (person, known.house) in self.model.roles
        here = {
            "public": True,
            "node": is_of_node,
            "institution": (person, known.house) in self.model.roles,
            "private": own,
        }[known.audience]
        if known.about is None or not here:
            return here
        return self.sees(person, known.about) or (known.author == person and own and known.about.audience == "private")

    def viewer(self, person: int) -> Any:
        return viewer_of_person(self.people[person])

    def chosen(self, number: int, *, personal: bool = False) -> str | None:
        fitting = [uri for uri, known in self.model.records.items() if (known.about is not None) == personal]
        return fitting[number % len(fitting)] if fitting else None

    def audience(self, name: str, house: int) -> str:
        return of_institution(self.houses[house].id) if name == "institution" else name

    def tried(self, action: Any, *, allowed: bool) -> Any:
        """Do it, and compare whether it was allowed; return what came of it."""
        outcome, refusal = None, ""
        try:
            with transaction.atomic():
                outcome = action()
        except OrtaqError as error:
            refusal = f"{type(error).__name__}: {error}"
        assert allowed == (refusal == ""), refusal or "it was done"
        verb = action.__qualname__.split(".")[1]
        HAPPENED[verb, "refused" if refusal else "done"] += 1
        return outcome

    # what people do

    @rule(who=PEOPLE, audience=st.sampled_from(["public", "node", "institution", "private"]))
    def publish(self, who: int, audience: str) -> None:
        house = self.home(who)
        needed = "editor" if house is not None and self.houses[house].needs_proposal else "contributor"
        allowed = house is not None and at_least(self.role(who, house), needed)
        body, stored = {"title": {"az": f"Qala {len(self.model.records)}"}}, self.audience(audience, house or 0)
        outcome = self.tried(lambda: publish_record(self.viewer(who), "place", body, stored), allowed=allowed)
        if outcome:
            self.model.records[outcome.uri] = Known(who, house or 0, audience)

    @rule(who=PEOPLE, number=SOME, audience=st.sampled_from(["public", "node", "institution", "private"]))
    def revise(self, who: int, number: int, audience: str) -> None:
        uri = self.chosen(number)
        if uri is None:
            return
        known = self.model.records[uri]
        role = self.role(who, known.house)
        is_own = known.author == who and at_least(role, "contributor")
        allowed = self.sees(who, known) and (is_own or at_least(role, "editor"))
        if audience == "private" and known.author != who and known.audience != "private":
            return  # the revised record would be the reviser's alone: a hand-over that has its own verb
        version = Record.objects.get(uri=uri).version
        body = {"title": {"az": f"Qala {number} {version}"}}
        stored = self.audience(audience, known.house)
        if self.tried(
            lambda: revise_record(self.viewer(who), uri, body, stored, expected_version=version), allowed=allowed
        ):
            known.audience, known.is_live = audience, True

    @rule(who=PEOPLE, number=SOME)
    def revise_from_an_old_version(self, who: int, number: int) -> None:
        uri = self.chosen(number)
        if uri is not None:
            self.tried(
                lambda: revise_record(self.viewer(who), uri, {"title": {"az": "x"}}, "public", expected_version=0),
                allowed=False,
            )

    @rule(who=PEOPLE, number=SOME, personal=st.booleans())
    def withdraw(self, who: int, number: int, personal: bool) -> None:
        uri = self.chosen(number, personal=personal)
        if uri is None:
            return
        known = self.model.records[uri]
        is_own = known.author == who and (who, known.house) in self.model.roles
        may = is_own if personal else at_least(self.role(who, known.house), "steward")
        allowed = self.sees(who, known) and known.is_live and may
        if self.tried(lambda: withdraw_record(self.viewer(who), uri), allowed=allowed):
            known.is_live = False

    @rule(who=PEOPLE, number=SOME)
    def give_opinion(self, who: int, number: int) -> None:
        uri, house = self.chosen(number), self.home(who)
        if uri is None:
            return
        about = self.model.records[uri]
        if about.audience == "private" or (about.audience == "institution" and house != about.house):
            return  # which audience is then open to them is what tests of opinions look at
        allowed = (
            house is not None
            and at_least(self.role(who, house), "contributor")
            and self.sees(who, about)
            and about.is_live
        )
        stored = self.audience(about.audience, about.house)
        if (
            house is not None
            and self.houses[house].needs_proposal
            and not at_least(self.role(who, house), "contributor")
        ):
            allowed = False
        outcome = self.tried(
            lambda: publish_record(self.viewer(who), "opinion", {"about": uri, **WORDS}, stored), allowed=allowed
        )
        if outcome:
            self.model.records[outcome.uri] = Known(who, house or 0, about.audience, about=about)

    @rule(who=PEOPLE)
    def begin(self, who: int) -> None:
        house = self.home(who)
        allowed = house is not None and at_least(self.role(who, house), "contributor")
        body = {"title": {"az": "Qaralama"}}
        copy = self.tried(lambda: copies.start_copy(self.viewer(who), "place", body=body), allowed=allowed)
        if copy:
            self.model.copies[copy.key] = (who, house or 0, "draft")

    @rule(who=PEOPLE, number=SOME, verb=st.sampled_from(["propose", "return", "publish", "read"]))
    def handle_copy(self, who: int, number: int, verb: str) -> None:
        if not self.model.copies:
            return
        key = sorted(self.model.copies)[number % len(self.model.copies)]
        author, house, state = self.model.copies[key]
        role = self.role(who, house)
        is_own, edits = author == who and role is not None, at_least(role, "editor") and state == "proposed"
        viewer = self.viewer(who)
        if verb == "read":
            self.tried(lambda: copies.copy_of(key, viewer), allowed=is_own or edits)
        elif verb == "propose":
            if self.tried(lambda: copies.propose_copy(viewer, key), allowed=is_own and state != "proposed"):
                self.model.copies[key] = (author, house, "proposed")
        elif verb == "return":
            if self.tried(lambda: copies.return_copy(viewer, key, "Mənbə?"), allowed=edits):
                self.model.copies[key] = (author, house, "returned")
        else:
            least = "editor" if self.houses[house].needs_proposal else "contributor"
            allowed = edits or (is_own and at_least(role, least))
            outcome = self.tried(lambda: copies.publish_copy(viewer, key), allowed=allowed)
            if outcome:
                del self.model.copies[key]
                self.model.records[outcome.uri] = Known(author, house, "public")

    @rule(who=PEOPLE, whom=PEOPLE, role=st.sampled_from(LADDER))
    def change_role(self, who: int, whom: int, role: str) -> None:
        house = self.home(whom)
        if house is None:
            return
        membership = Membership.objects.get(person=self.people[whom], institution=self.houses[house])
        is_last = (
            self.role(whom, house) == "administrator" and role != "administrator" and self.administrators(house) == 1
        )
        allowed = self.role(who, house) == "administrator" and not is_last
        outcome = self.tried(lambda: give_office(membership, role, "", by=self.viewer(who)) or True, allowed=allowed)
        if outcome:
            self.model.roles[whom, house] = role

    @rule(who=PEOPLE, whom=PEOPLE)
    def leave(self, who: int, whom: int) -> None:
        house = self.home(whom)
        if house is None:
            return
        membership = Membership.objects.get(person=self.people[whom], institution=self.houses[house])
        is_last = self.role(whom, house) == "administrator" and self.administrators(house) == 1
        allowed = (self.role(who, house) == "administrator" or who == whom) and not is_last
        outcome = self.tried(
            lambda: end_membership(membership, by=self.viewer(who), successor=None) or True, allowed=allowed
        )
        if outcome:
            del self.model.roles[whom, house]

    @rule(whom=PEOPLE, house=st.integers(0, HOUSES - 1), role=st.sampled_from(LADDER))
    def come(self, whom: int, house: int, role: str) -> None:
        if (whom, house) not in self.model.roles:
            actor = (
                f"urn:ortaq:{self.node_id}:{len(Membership.objects.all()):a>16}".replace("0", "z")
                .replace("1", "y")
                .replace("8", "x")
                .replace("9", "w")
            )
            add_member(self.houses[house], self.people[whom], role, actor=actor)
            self.model.roles[whom, house] = role

    def administrators(self, house: int) -> int:
        return sum(role == "administrator" for (_who, where), role in self.model.roles.items() if where == house)

    @property
    def node_id(self) -> str:
        from ortaq.nodes.identity import identity

        return identity().id

    # what holds at every moment

    @invariant()
    def nobody_sees_what_is_not_theirs(self) -> None:
        if not self.model.records:
            return
        looked_at = list(self.model.records.items())[-3:]
        for uri, known in looked_at:
            for who in (0, 7, 13, 23, 31, 49, known.author):
                assert self.is_seen(uri, self.viewer(who)) == self.sees(who, known), (uri, who, known)
            assert self.is_seen(uri, STRANGER) == (
                known.audience == "public" and (known.about is None or known.about.audience == "public")
            )

    def is_seen(self, uri: str, viewer: Any) -> bool:
        try:
            record_of(uri, viewer)
        except OrtaqError:
            return False
        return True

    @invariant()
    def every_house_has_an_administrator_and_everyone_one_office(self) -> None:
        if self.model.roles:
            assert all(self.administrators(house) for house in range(HOUSES))
            assert Office.objects.filter(until_at=None).count() == len(self.model.roles)
            assert WorkingCopy.objects.count() == len(self.model.copies)
            assert Institution.objects.count() == HOUSES

    @invariant()
    def the_log_verifies(self) -> None:
        if len(self.model.records) % 5 == 4:
            assert [*verify_log(), *verify_projection()] == []


@pytest.mark.django_db
def test_rights_hold_through_a_week_of_fifty_people(node: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run_state_machine_as_test(
        Week,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=120, deadline=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with capsys.disabled():
        print("\n" + ", ".join(f"{verb} {what} {count}" for (verb, what), count in sorted(HAPPENED.items())), end=" ")
    expected = {"publish", "revise", "withdraw", "begin", "leave"} if EXAMPLES >= 60 else set()
    assert expected <= {verb for verb, what in HAPPENED if what == "done"}
