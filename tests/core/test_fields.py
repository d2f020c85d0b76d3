# SPDX-License-Identifier: Apache-2.0
import pytest

from ortaq.core.errors import Invalid
from ortaq.core.kind import Body, Kind

THING = Kind("thing", Body, "Thing", "Things")


def test_a_script_alone_is_a_tag_of_an_unknown_language() -> None:
    assert THING.validate({"title": {"Latn-KZ": "Oral", "kk": "Орал"}}) == {
        "title": {"und-Latn-KZ": ["Oral"], "kk": ["Орал"]}
    }


def test_two_tags_never_become_one() -> None:
    with pytest.raises(Invalid):
        THING.validate({"title": {"Latn": "Oral", "und-Latn": "Uralsk"}})
