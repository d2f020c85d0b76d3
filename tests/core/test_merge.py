# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.merge import Conflict, merge, put

BASE = {
    "title": {"az": ["Qala"], "ru": ["Крепость"]},
    "built": "14XX",
    "sources": ["a", "b"],
    "point": {"lat": 1.0, "lon": 2.0},
}


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ({**BASE, "built": "1420"}, BASE, {**BASE, "built": "1420"}),
        (BASE, {**BASE, "built": "1420"}, {**BASE, "built": "1420"}),
        ({**BASE, "built": "1420"}, {**BASE, "built": "1420"}, {**BASE, "built": "1420"}),
        (
            {**BASE, "title": {**BASE["title"], "kk": ["Қамал"]}},
            {**BASE, "title": {"az": ["Qala", "Hasar"], "ru": ["Крепость"]}},
            {**BASE, "title": {"az": ["Qala", "Hasar"], "ru": ["Крепость"], "kk": ["Қамал"]}},
        ),
        (
            {**BASE, "sources": ["a", "x", "b"]},
            {**BASE, "sources": ["a", "b", "y"]},
            {**BASE, "sources": ["a", "x", "b", "y"]},
        ),
        ({**BASE, "sources": ["b"]}, {**BASE, "sources": ["a", "b", "y"]}, {**BASE, "sources": ["b", "y"]}),
        ({**BASE, "sources": ["a"]}, {**BASE, "sources": ["a"]}, {**BASE, "sources": ["a"]}),
        (
            {name: value for name, value in BASE.items() if name != "point"},
            {**BASE, "built": "1421"},
            {"title": BASE["title"], "built": "1421", "sources": ["a", "b"]},
        ),
    ],
)
def test_what_one_side_changed_is_taken_over(mine: Any, theirs: Any, merged: Any) -> None:
    found = merge(BASE, mine, theirs)
    assert (found.body, found.conflicts) == (merged, [])


@pytest.mark.parametrize(
    ("mine", "theirs", "conflict"),
    [
        ({**BASE, "built": "1420"}, {**BASE, "built": "1421"}, Conflict(("built",), "14XX", "1420", "1421")),
        (
            {**BASE, "title": {**BASE["title"], "az": ["Köhnə qala"]}},
            {**BASE, "title": {**BASE["title"], "az": ["Qala şəhəri"]}},
            Conflict(("title", "az"), ["Qala"], ["Köhnə qala"], ["Qala şəhəri"]),
        ),
        (
            {**BASE, "title": {"ru": ["Крепость"]}},
            {**BASE, "title": {**BASE["title"], "az": ["Hasar"]}},
            Conflict(("title", "az"), ["Qala"], None, ["Hasar"]),
        ),
        (
            {**BASE, "title": {**BASE["title"], "kk": ["Қамал"]}},
            {**BASE, "title": {**BASE["title"], "kk": ["Бекініс"]}},
            Conflict(("title", "kk"), None, ["Қамал"], ["Бекініс"]),
        ),
        ({**BASE, "sources": ["a2", "b"]}, {**BASE, "sources": ["a3", "b"]}, Conflict(("sources",), ["a", "b"], ["a2", "b"], ["a3", "b"])),
        ({**BASE, "sources": ["b", "a"]}, {**BASE, "sources": ["a", "b", "c"]}, Conflict(("sources",), ["a", "b"], ["b", "a"], ["a", "b", "c"])),
    ],
)  # fmt: skip
def test_what_both_sides_changed_is_a_conflict(mine: Any, theirs: Any, conflict: Conflict) -> None:
    found = merge(BASE, mine, theirs)
    assert found.conflicts == [conflict]


def test_what_is_whole_is_not_taken_apart() -> None:
    mine, theirs = {**BASE, "point": {"lat": 1.5, "lon": 2.0}}, {**BASE, "point": {"lat": 1.0, "lon": 2.5}}
    assert merge(BASE, mine, theirs, whole=["point"]).conflicts == [
        Conflict(("point",), BASE["point"], mine["point"], theirs["point"])
    ]


def test_put_takes_a_decision_over() -> None:
    body = {"title": {"az": ["Qala"]}, "built": "14XX"}
    put(body, ("title", "az"), ["Hasar"])
    put(body, ("title", "kk"), ["Қамал"])
    put(body, ("built",), None)
    assert body == {"title": {"az": ["Hasar"], "kk": ["Қамал"]}}
    put(body, ("title", "az"), None)
    put(body, ("title", "kk"), None)
    assert body == {}


WORDS = st.text("abcdef", min_size=1, max_size=2)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.dictionaries(
            st.sampled_from(["az", "kk", "ru"]), st.lists(WORDS, min_size=1, max_size=3), min_size=1
        ),
        "built": WORDS,
        "sources": st.lists(WORDS, min_size=1, max_size=4),
        "links": st.lists(st.fixed_dictionaries({"to": WORDS}), min_size=1, max_size=3),
        "point": st.fixed_dictionaries({"lat": st.integers(0, 3), "lon": st.integers(0, 3)}),
    },
)


def leaves(value: Any, path: tuple[str, ...] = ()) -> set[tuple[tuple[str, ...], str]]:
    """Every text with the names that lead to it, positions in lists apart."""
    if isinstance(value, dict):
        return {leaf for name, one in value.items() for leaf in leaves(one, (*path, name))}
    if isinstance(value, list):
        return {leaf for one in value for leaf in leaves(one, path)}
    return set() if value is None else {(path, str(value))}


@given(base=BODIES, mine=BODIES, theirs=BODIES)
def test_nothing_that_either_side_wrote_is_lost(base: Any, mine: Any, theirs: Any) -> None:
    found = merge(base, mine, theirs)
    kept = leaves(found.body)
    for conflict in found.conflicts:
        kept |= leaves(conflict.mine, conflict.path) | leaves(conflict.theirs, conflict.path)
    new = (leaves(mine) | leaves(theirs)) - leaves(base)
    assert new <= kept


@given(base=BODIES, mine=BODIES, theirs=BODIES)
def test_merging_is_the_same_from_either_side(base: Any, mine: Any, theirs: Any) -> None:
    here, there = merge(base, mine, theirs), merge(base, theirs, mine)
    assert {one.path for one in here.conflicts} == {one.path for one in there.conflicts}
    if not here.conflicts:
        assert leaves(here.body) == leaves(there.body)


@given(base=BODIES, other=BODIES)
def test_who_changed_alone_wins(base: Any, other: Any) -> None:
    assert merge(base, base, other).body == other
    assert merge(base, other, base).body == other
    assert merge(base, other, other).body == other
