# SPDX-License-Identifier: Apache-2.0
"""Groups of partners: who may be in one, and as which audience it is signed."""

from typing import Any

import pytest

from ortaq.core.audience import checked
from ortaq.nodes import groups
from ortaq.nodes.groups import (
    GroupAbsent,
    GroupNameless,
    GroupNameTaken,
    MembersWrong,
    TooManyGroups,
    addressed,
    change_group,
    group_of,
    make_group,
)
from ortaq.nodes.models import Node, Partner

A, B, C = "a" * 26, "b" * 26, "c" * 26


@pytest.fixture(autouse=True)
def known(node: Any) -> None:
    for key, state in ((A, Partner.ACTIVE), (B, Partner.ACTIVE), (C, Partner.ASKING)):
        Partner.objects.create(node=Node.objects.create(id=key, name=key), state=state)


def test_group_is_written_for_as_the_list_of_its_nodes() -> None:
    group = make_group({"az": ["Xəzər"], "kk": ["Каспий"]}, [B, A])
    assert (group_of("Каспий").key, group_of(group.key).members) == (group.key, [A, B])
    [one] = addressed()
    assert one.audience == checked(f"partners:{A},{B}")
    change_group(group, group.names, [A])
    assert addressed()[0].audience == f"partners:{A}"


def test_who_is_no_partner_now_is_not_named() -> None:
    make_group({"az": ["Hamısı"]}, [A, C])
    assert addressed()[0].members == (A,)
    Partner.objects.filter(node=A).update(state=Partner.ENDED)
    assert addressed() == []


def test_group_needs_a_name_of_its_own_and_partners() -> None:
    with pytest.raises(GroupNameless):
        make_group({"az": []}, [A])
    group = make_group({"az": ["Xəzər"]}, [A])
    with pytest.raises(GroupNameTaken):
        make_group({"en": ["Xəzər"]}, [A])
    change_group(group, {"az": ["Xəzər"], "en": ["Caspian"]}, [A])
    for members in ([], ["d" * 26], [A, "x"]):
        with pytest.raises(MembersWrong):
            change_group(group, group.names, members)
    with pytest.raises(GroupAbsent):
        group_of("Başqa")


def test_member_that_has_ended_may_stay_but_none_may_join() -> None:
    group = make_group({"az": ["Xəzər"]}, [A, B])
    Partner.objects.filter(node=B).update(state=Partner.ENDED)
    change_group(group, group.names, [A, B])
    with pytest.raises(MembersWrong):
        make_group({"az": ["Yeni"]}, [B])


def test_groups_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_GROUPS", 1)
    make_group({"az": ["Bir"]}, [A])
    with pytest.raises(TooManyGroups):
        make_group({"az": ["İki"]}, [A])
