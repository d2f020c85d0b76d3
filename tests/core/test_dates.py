# SPDX-License-Identifier: Apache-2.0
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core import dates
from ortaq.core.dates import years
from ortaq.core.errors import BadDate


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("1424", (1424, 1424)),
        ("1424-05", (1424, 1424)),
        ("2023-12-02/2023-12-05", (2023, 2023)),
        ("14XX", (1400, 1499)),
        ("1390~/1405?", (1390, 1405)),
        ("-0250/0300", (-250, 300)),
        ("../1500", (None, 1500)),
        ("1500/..", (1500, None)),
        ("1500/", (1500, None)),
        ("[1667,1668]", (1667, 1668)),
        ("Y-12000", (-12000, -12000)),
    ],
)
def test_years_of_span(span: str, expected: tuple[int | None, int | None]) -> None:
    assert years(span) == expected


@pytest.mark.parametrize(
    "span", ["", "/", "..", "foo", "2023-13", "2023-02-30", "1500/1400", "14th century", "1424/foo"]
)
def test_years_refuses_what_is_no_edtf(span: str) -> None:
    with pytest.raises(BadDate):
        years(span)


@given(st.text(max_size=20))
def test_years_never_fails_otherwise(span: str) -> None:
    with contextlib.suppress(BadDate):
        years(span)


@pytest.mark.parametrize(
    "half", ["1390", "1390~", "14XX", "14XX?", "143X%", "0000", "00XX", "-0250", "1424-05", "2024-02-29"]
)
def test_short_way_says_what_the_grammar_says(half: str) -> None:
    assert dates._ends(half, half) == dates._ends_by_grammar(half, half)
