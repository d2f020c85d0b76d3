# SPDX-License-Identifier: Apache-2.0
"""The policy: what each role may do, and that nothing else is allowed."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.audience import STRANGER, Standing, Viewer
from ortaq.people import rules
from ortaq.people.rules import ROLES, Subject

HERE, THERE = "a" * 16, "b" * 16
ME, COLLEAGUE, OUTSIDER = "urn:ortaq:me", "urn:ortaq:colleague", "urn:ortaq:outsider"


def person(role: str, *, is_keeper: bool = False) -> Viewer:
    return Viewer(ME, (Standing(ME, HERE, role),), is_keeper)


def roles_for(rule: object, subject: Subject) -> list[str]:
    return [role for role in ROLES if rule(person(role), subject)]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("rule", "author", "allowed"),
    [
        (rules.may_revise, ME, ["contributor", "editor", "steward", "administrator"]),
        (rules.may_revise, COLLEAGUE, ["editor", "steward", "administrator"]),
        (rules.may_withdraw, ME, ["steward", "administrator"]),
        (rules.may_withdraw, COLLEAGUE, ["steward", "administrator"]),
        (rules.may_merge, COLLEAGUE, ["steward", "administrator"]),
    ],
)
def test_role_decides_over_records_of_the_institution(rule: object, author: str, allowed: list[str]) -> None:
    assert roles_for(rule, Subject(HERE, author)) == allowed


@pytest.mark.parametrize("rule", [rules.may_revise, rules.may_withdraw, rules.may_merge])
def test_nobody_touches_records_of_another_institution(rule: object) -> None:
    assert roles_for(rule, Subject(THERE, OUTSIDER)) == []
    assert not rule(person("administrator", is_keeper=True), Subject(THERE, OUTSIDER))  # type: ignore[operator]
    assert not rule(STRANGER, Subject(THERE, OUTSIDER))  # type: ignore[operator]


def test_stewards_take_back_a_merge_of_what_was_withdrawn() -> None:
    assert roles_for(rules.may_take_back, Subject(HERE, COLLEAGUE, state="withdrawn")) == ["steward", "administrator"]
    assert roles_for(rules.may_take_back, Subject(HERE, COLLEAGUE)) == []
    assert roles_for(rules.may_take_back, Subject(THERE, OUTSIDER, state="withdrawn")) == []


def test_what_the_node_made_is_in_the_care_of_its_keepers() -> None:
    assert rules.may_revise(person("reader", is_keeper=True), Subject("", "urn:ortaq:node"))
    assert not rules.may_revise(person("administrator"), Subject("", "urn:ortaq:node"))


def test_nobody_rewords_anothers_words() -> None:
    assert roles_for(rules.may_revise, Subject(HERE, COLLEAGUE, is_personal=True)) == []
    assert roles_for(rules.may_withdraw, Subject(HERE, COLLEAGUE, is_personal=True)) == []


def test_work_flow_decides_who_publishes() -> None:
    own, colleagues = Subject(HERE, ME, state="draft"), Subject(HERE, COLLEAGUE, state="proposed")
    free = [role for role in ROLES if rules.may_publish(person(role), own, needs_proposal=False)]
    bound = [role for role in ROLES if rules.may_publish(person(role), own, needs_proposal=True)]
    decided = [role for role in ROLES if rules.may_publish(person(role), colleagues, needs_proposal=True)]
    assert free == ["contributor", "editor", "steward", "administrator"]
    assert bound == decided == ["editor", "steward", "administrator"]
    assert not rules.may_publish(person("editor"), Subject(HERE, COLLEAGUE, state="draft"), needs_proposal=True)


def test_working_copies_are_seen_by_their_author_and_once_proposed_by_editors() -> None:
    assert rules.may_read(person("contributor"), Subject(HERE, ME, "public", "draft"))
    assert roles_for(rules.may_read, Subject(HERE, COLLEAGUE, "public", "draft")) == []
    assert roles_for(rules.may_read, Subject(HERE, COLLEAGUE, "public", "returned")) == []
    assert roles_for(rules.may_read, Subject(HERE, COLLEAGUE, "public", "proposed")) == [
        "editor", "steward", "administrator",
    ]  # fmt: skip
    assert roles_for(rules.may_read, Subject(THERE, OUTSIDER, "public", "proposed")) == []


def test_nobody_gives_a_role_above_their_own_and_keepers_appoint_administrators_only() -> None:
    given = {role: [other for other in ROLES if rules.may_give_role(person(role), HERE, other)] for role in ROLES}
    assert {role for role, others in given.items() if others} == {"administrator"}
    keeper = person("reader", is_keeper=True)
    assert [role for role in ROLES if rules.may_give_role(keeper, THERE, role)] == ["administrator"]


AUDIENCES = ["public", "partners", "node", f"institution:{HERE}", f"institution:{THERE}", f"private:{OUTSIDER}"]
STATES = ["live", "withdrawn", "erased", "draft", "proposed", "returned"]
RULES = [rules.may_revise, rules.may_withdraw, rules.may_merge, rules.may_take_back]


@given(
    st.sampled_from(RULES), st.sampled_from(list(ROLES)), st.booleans(), st.sampled_from(AUDIENCES),
    st.sampled_from(STATES), st.sampled_from([HERE, THERE, ""]), st.sampled_from([COLLEAGUE, OUTSIDER]), st.booleans(),
)  # fmt: skip
def test_nobody_writes_what_they_cannot_read(
    rule: object, role: str, is_keeper: bool, audience: str, state: str, house: str, author: str, is_personal: bool
) -> None:
    viewer, subject = person(role, is_keeper=is_keeper), Subject(house, author, audience, state, is_personal)
    if rule(viewer, subject):  # type: ignore[operator]
        assert rules.may_read(viewer, subject)
        assert not is_personal
        assert house == HERE or (house == "" and is_keeper)


@pytest.mark.parametrize(
    ("lower", "higher"), [p for p in product(ROLES, ROLES) if list(ROLES).index(p[0]) < list(ROLES).index(p[1])]
)
def test_a_higher_role_may_what_a_lower_one_may(lower: str, higher: str) -> None:
    for rule, audience, state, author in product(RULES, AUDIENCES, STATES, [ME, COLLEAGUE]):
        subject = Subject(HERE, author, audience, state)
        assert not rule(person(lower), subject) or rule(person(higher), subject)
