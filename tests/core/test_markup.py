# SPDX-License-Identifier: Apache-2.0
"""Whom a text mentions."""

import pytest

from ortaq.core.markup import mentions, split_mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@leyla, bax!", ["leyla"]),
        ("Soruşun: @leyla.", ["leyla"]),
        ("(@leyla) **@aidar** _@ivan_", ["leyla", "aidar", "ivan"]),
        ("@a_b_c and @a.b+c-d", ["a_b_c", "a.b+c-d"]),
        ("> @leyla said", ["leyla"]),
        ("@leyla @leyla", ["leyla"]),
        ("@Лейла", ["Лейла"]),
        ("leyla@example.org", []),
        ("<leyla@example.org> [@leyla](https://example.org/@aidar) `@ivan`", []),
        ("    @leyla in code", []),
        ("https://example.org/@leyla", []),
        ("@@leyla @ leyla @.", []),
        ("", []),
    ],
)
def test_mentions_are_people_addressed_not_addresses(text: str, expected: list[str]) -> None:
    assert mentions(text) == expected


def test_one_text_mentions_twenty_people_at_most() -> None:
    assert len(mentions(" ".join(f"@p{number}" for number in range(100)))) == 20


def test_split_gives_every_letter_back() -> None:
    parts = split_mentions("Salam @leyla, @aidar.")
    assert parts == [("Salam ", ""), ("@leyla", "leyla"), (", ", ""), ("@aidar", "aidar"), (".", "")]
