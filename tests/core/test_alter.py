# SPDX-License-Identifier: Apache-2.0
"""One field altered: what is added, removed, replaced, set and emptied."""

from typing import Any

import pytest

from ortaq.core.alter import ADD, CLEAR, REMOVE, REPLACE, SET, altered, operations_of
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec


def spec(role: Role, *, is_many: bool = False, is_required: bool = False) -> FieldSpec:
    return FieldSpec("field", "Field", role, is_many, is_required, None)


WORDS, NAME, SPAN, LINKS = (
    spec(Role.WORD, is_many=True), spec(Role.NAME), spec(Role.SPAN), spec(Role.LINKS, is_many=True),
)  # fmt: skip
NOTED = {"role": "part_of", "to": "urn:1", "note": "bəlkə"}


@pytest.mark.parametrize(
    ("of", "value", "operation", "given", "instead", "expected"),
    [
        (WORDS, ["a"], ADD, ["b", "a"], None, ["a", "b"]),
        (WORDS, None, ADD, ["b"], None, ["b"]),
        (WORDS, ["a", "b"], REMOVE, ["b"], None, ["a"]),
        (WORDS, ["b"], REMOVE, ["b"], None, None),
        (WORDS, ["a", "b", "c", "b"], REPLACE, ["b"], ["x"], ["a", "x", "c"]),
        (WORDS, ["x", "b"], REPLACE, ["b"], ["x"], ["x"]),
        (WORDS, ["a"], REPLACE, ["b"], ["x"], ["a"]),
        (WORDS, ["a", "b"], SET, ["z"], None, ["z"]),
        (WORDS, ["a", "b"], CLEAR, None, None, None),
        (NAME, {"az": ["Şəki"]}, ADD, {"az": ["Nuxa"], "ru": ["Шеки"]}, None, {"az": ["Şəki", "Nuxa"], "ru": ["Шеки"]}),
        (NAME, {"az": ["Şəki"], "ru": ["Шеки"]}, REMOVE, {"ru": ["Шеки"]}, None, {"az": ["Şəki"]}),
        (NAME, {"az": ["Nuxa"]}, REPLACE, {"az": ["Nuxa"]}, {"az": ["Şəki"]}, {"az": ["Şəki"]}),
        (NAME, {"az": ["Nuxa"], "ru": ["Нуха"]}, SET, {"az": ["Şəki"]}, None, {"az": ["Şəki"], "ru": ["Нуха"]}),
        (SPAN, "1424", SET, "1425", None, "1425"),
        (SPAN, "1424", REPLACE, "1424", "14XX", "14XX"),
        (SPAN, "1500", REPLACE, "1424", "14XX", "1500"),
        (SPAN, None, REPLACE, "1424", "14XX", None),
        (LINKS, [NOTED], REMOVE, [{"role": "part_of", "to": "urn:1"}], None, None),
        (LINKS, [NOTED], REMOVE, [{"role": "about", "to": "urn:1"}], None, [NOTED]),
    ],
)  # fmt: skip
def test_field_becomes_what_was_wished(
    of: FieldSpec, value: Any, operation: str, given: Any, instead: Any, expected: Any
) -> None:
    assert altered(of, value, operation, given, instead) == expected


def test_operations_follow_from_the_field() -> None:
    assert operations_of(WORDS) == (ADD, REMOVE, REPLACE, SET, CLEAR)
    assert operations_of(SPAN) == (SET, REPLACE, CLEAR)
    assert operations_of(spec(Role.POINT)) == (SET, CLEAR)
    assert CLEAR not in operations_of(spec(Role.WORD, is_required=True))
