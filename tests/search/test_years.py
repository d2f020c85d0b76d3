# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ortaq.search.years import periods, terms_of_question, terms_of_span

YEARS = st.integers(-3000, 3000)
SPANS = st.tuples(st.none() | YEARS, st.none() | YEARS).filter(lambda span: None in span or span[0] <= span[1])


@given(SPANS, SPANS)
def test_a_term_is_shared_exactly_if_a_year_is(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> None:
    def bound(year: int | None, otherwise: int) -> int:
        return otherwise if year is None else year

    shares_year = bound(one[0], -9999) <= bound(other[1], 9999) and bound(other[0], -9999) <= bound(one[1], 9999)
    assert bool(set(terms_of_span(*one)) & set(terms_of_question(*other))) == shares_year


def test_one_year_is_few_terms() -> None:
    assert len(terms_of_span(1424, 1424)) < 20
    assert len(terms_of_span(None, None)) < 40


def test_years_beyond_the_tree_are_at_its_edge() -> None:
    assert set(terms_of_span(-400_000, -300_000)) & set(terms_of_question(None, -50_000))
    assert not set(terms_of_span(-400_000, -300_000)) & set(terms_of_question(-50_000, None))


@pytest.mark.parametrize(
    ("first", "last", "centuries"),
    [
        (1424, 1424, ("14XX",)),
        (1399, 1500, ("13XX", "14XX", "15XX")),
        (1450, 1449 + 100, ("14XX", "15XX")),
        (-50, 20, ("-00XX", "00XX")),
        (None, 1500, ("15XX",)),
        (1972, None, ("19XX",)),
        (None, None, ()),
    ],
)
def test_periods_are_centuries(first: int | None, last: int | None, centuries: tuple[str, ...]) -> None:
    assert periods(first, last) == centuries
