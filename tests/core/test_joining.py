# SPDX-License-Identifier: Apache-2.0
"""Two bodies become one: nothing is lost unless somebody chooses so."""

from typing import Any

import pytest

from ortaq.core.joining import BOTH, OTHER, OTHER_FIRST, OWN, Place, joined, places
from ortaq.heritage.kind import MONUMENT

KEPT, GONE = "urn:ortaq:" + "a" * 26 + ":" + "a" * 16, "urn:ortaq:" + "a" * 26 + ":" + "b" * 16
ONE: dict[str, Any] = {
    "source_id": "m:1",
    "title": {"az": ["Şəki qalası"], "ru": ["Шекинская крепость"]},
    "description": {"az": ["Qədim"]},
    "built": "1743",
    "countries": ["AZ"],
    "links": [{"role": "same_as", "to": GONE}, {"role": "replaces", "to": KEPT[:-1] + "z"}],
    "change_note": "Birinci",
}
TWO: dict[str, Any] = {
    "source_id": "m:2",
    "title": {"az": ["Nuxa qalası", "Şəki qalası"], "en": ["Sheki fortress"]},
    "description": {"az": ["Köhnə"], "en": ["Old"]},
    "built": "1744",
    "countries": ["AZ", "RU"],
    "sources": ["Arxiv 5"],
    "identifiers": [{"scheme": "wikidata", "value": "Q5"}],
    "links": [{"role": "part_of", "to": "urn:ortaq:x"}, {"role": "same_as", "to": KEPT}],
    "change_note": "İkinci",
}


def found(**more: Any) -> list[Place]:
    return places(MONUMENT, ONE, TWO, apart=(KEPT, GONE), **more)


def test_usual_choice_keeps_all_names_and_what_only_one_has() -> None:
    assert joined(ONE, found(), {}) == {
        "source_id": "m:1",
        "title": {"az": ["Şəki qalası", "Nuxa qalası"], "ru": ["Шекинская крепость"], "en": ["Sheki fortress"]},
        "description": {"az": ["Qədim"], "en": ["Old"]},
        "built": "1743",
        "countries": ["AZ"],
        "sources": ["Arxiv 5"],
        "identifiers": [{"scheme": "wikidata", "value": "Q5"}],
        "links": [{"role": "part_of", "to": "urn:ortaq:x"}],
    }


@pytest.mark.parametrize(
    ("field", "choice", "expected"),
    [
        ("title", OTHER_FIRST, {"az": ["Nuxa qalası", "Şəki qalası"], "en": ["Sheki fortress"], "ru": ["Шекинская крепость"]}),
        ("title", OWN, ONE["title"]),
        ("description", OTHER, TWO["description"]),
        ("description", BOTH, {"az": ["Qədim"], "en": ["Old"]}),
        ("description", OWN, {"az": ["Qədim"]}),
        ("built", OTHER, "1744"),
        ("built", BOTH, "1743"),
        ("countries", BOTH, ["AZ", "RU"]),
        ("sources", OWN, None),
        ("sources", "anything", ["Arxiv 5"]),
    ],
)  # fmt: skip
def test_person_chooses_by_field(field: str, choice: str, expected: Any) -> None:
    assert joined(ONE, found(), {field: choice}).get(field) == expected


def test_nothing_is_taken_over_unasked_from_a_record_that_fewer_may_see() -> None:
    wary = found(is_wary=True)
    assert joined(ONE, wary, {}) == {
        name: ONE[name] for name in ("source_id", "title", "description", "built", "countries")
    }
    assert joined(ONE, wary, {"sources": OTHER})["sources"] == ["Arxiv 5"]


def test_fields_that_say_the_same_ask_for_nothing() -> None:
    alike = places(MONUMENT, ONE, ONE)
    assert all(place.choices == () for place in alike)
    assert [place.spec.name for place in alike] == ["title", "description", "countries", "links", "built"]
