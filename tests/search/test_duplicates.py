# SPDX-License-Identifier: Apache-2.0
"""What may be the same twice: equal and near names in any script, of one kind, as far as one may see them."""

from collections.abc import Callable
from typing import Any

import pytest

from ortaq.core.audience import STRANGER, Viewer
from ortaq.records.models import Record
from ortaq.search.duplicates import likely_duplicates
from ortaq.search.index import Follower
from tests.factories import Write


@pytest.fixture
def ids(place: Write, node: Any) -> Callable[..., dict[str, int]]:
    """Write places, index them and return their ids by source id."""

    def write(**names: str) -> dict[str, int]:
        for source_id, name in names.items():
            place(source_id, az=name, audience="node" if source_id == "hidden" else "public")
        with Follower() as follower:
            follower.catch_up()
        return {str(one.source_id): one.id for one in Record.objects.all()}

    return write


def test_names_in_another_script_and_spelling_are_found_and_others_not(ids: Callable[..., dict[str, int]]) -> None:
    known = ids(a="Şəki xan sarayı", b="Шәки хан сарајы", c="Seki xan sarayi", d="Qız qalası", e="Şəki bazarı")
    found = likely_duplicates({"az": ["Şəki xan sarayı"]}, "place", STRANGER, without=known["a"])
    assert {one.record_id for one in found} == {known["b"], known["c"]}
    assert found[0].likeness >= found[1].likeness >= 0.85
    assert likely_duplicates({"az": ["Şəki xan sarayı"]}, "monument", STRANGER, without=known["a"]) == []


def test_hidden_records_are_suggested_only_to_who_may_see_them(ids: Callable[..., dict[str, int]], node: Any) -> None:
    known = ids(a="Qız qalası", hidden="Qız qalası")
    titles = {"az": ["Qız qalası"]}
    assert likely_duplicates(titles, "place", STRANGER, without=known["a"]) == []
    [one] = likely_duplicates(titles, "place", Viewer(node.uri), without=known["a"])
    assert (one.record_id, one.likeness) == (known["hidden"], 1.0)


def test_without_an_index_nothing_is_known(place: Write, node: Any) -> None:
    place("a", az="Qala")
    assert likely_duplicates({"az": ["Qala"]}, "place", STRANGER, without=0) == []
