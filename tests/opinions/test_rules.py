# SPDX-License-Identifier: Apache-2.0
"""Who may do what with opinions."""

import pytest

from ortaq.core.audience import STRANGER, Standing, Viewer
from ortaq.opinions import rules

HOUSE = "a" * 16
OWN = f"institution:{HOUSE}"


def person(actor: str, role: str = "contributor") -> Viewer:
    return Viewer(actor, (Standing(actor, HOUSE, role),))


AUTHOR, OTHER = person("urn:ortaq:a"), person("urn:ortaq:b")


def test_strangers_and_readers_read_and_contributors_write() -> None:
    assert not rules.may_give(STRANGER)
    assert not rules.may_give(person("urn:ortaq:c", "reader"))
    assert rules.may_give(AUTHOR)


@pytest.mark.parametrize("rule", [rules.may_revise, rules.may_withdraw])
def test_words_are_changed_by_their_author_only_while_they_stand(rule: object) -> None:
    assert rule(AUTHOR, "urn:ortaq:a", is_live=True)  # type: ignore[operator]
    assert not rule(AUTHOR, "urn:ortaq:a", is_live=False)  # type: ignore[operator]
    assert not rule(OTHER, "urn:ortaq:a", is_live=True)  # type: ignore[operator]
    assert not rule(STRANGER, "urn:ortaq:a", is_live=True)  # type: ignore[operator]


def test_words_may_be_taken_back_by_who_only_reads_by_now() -> None:
    reader = person("urn:ortaq:a", "reader")
    assert rules.may_withdraw(reader, "urn:ortaq:a", is_live=True)
    assert not rules.may_revise(reader, "urn:ortaq:a", is_live=True)


def test_groups_of_partners_are_offered_where_they_are_within_the_record() -> None:
    near, far = f"partners:{'n' * 26}", f"partners:{'f' * 26}"
    assert rules.audiences_within(AUTHOR, "public", [near])[:4] == ["public", "partners", near, "node"]
    assert rules.audiences_within(AUTHOR, near, [near, far]) == [near, "node", OWN, "private"]
    assert rules.audiences_within(AUTHOR, "node", [near]) == ["node", OWN, "private"]


@pytest.mark.parametrize(
    ("limit", "offered"),
    [
        ("public", ["public", "partners", "node", OWN, "private"]),
        ("partners", ["partners", "node", OWN, "private"]),
        ("node", ["node", OWN, "private"]),
        (OWN, [OWN, "private"]),
        (f"institution:{'b' * 16}", ["private"]),
        ("private", ["private"]),
    ],
)
def test_no_audience_wider_than_that_of_the_record_is_offered(limit: str, offered: list[str]) -> None:
    assert rules.audiences_within(AUTHOR, limit) == offered
    assert rules.widest_within(AUTHOR, limit) == offered[0]
