# SPDX-License-Identifier: Apache-2.0
"""Who may do what with opinions."""

import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.opinions import rules

AUTHOR, OTHER = Viewer("urn:ortaq:a"), Viewer("urn:ortaq:b")


def test_strangers_read_and_people_write() -> None:
    assert not rules.may_give(STRANGER)
    assert rules.may_give(AUTHOR)


@pytest.mark.parametrize("rule", [rules.may_revise, rules.may_withdraw])
def test_words_are_changed_by_their_author_only_while_they_stand(rule: object) -> None:
    assert rule(AUTHOR, "urn:ortaq:a", is_live=True)  # type: ignore[operator]
    assert not rule(AUTHOR, "urn:ortaq:a", is_live=False)  # type: ignore[operator]
    assert not rule(OTHER, "urn:ortaq:a", is_live=True)  # type: ignore[operator]
    assert not rule(STRANGER, "urn:ortaq:a", is_live=True)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("limit", "offered"),
    [
        ("public", ["public", "partners", "node", "private"]),
        ("partners", ["partners", "node", "private"]),
        ("node", ["node", "private"]),
        ("private", ["private"]),
    ],
)
def test_no_audience_wider_than_that_of_the_record_is_offered(limit: str, offered: list[str]) -> None:
    assert rules.audiences_within(limit) == offered
    assert rules.widest_within(limit) == offered[0]
