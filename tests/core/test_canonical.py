# SPDX-License-Identifier: Apache-2.0
import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ortaq.core.canonical import canonical
from ortaq.core.errors import NotCanonical

_texts = st.text(st.characters(exclude_categories=["Cs"]))
_numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_values = st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@given(_values)
def test_canonical_equals_the_reference(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


# A float beyond 2^53 comes back from JSON as a whole number that has no form of its own.
_safe = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-(2**53) + 1, 2**53 - 1) | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@given(_safe)
def test_canonical_is_stable_through_json(value: object) -> None:
    once = canonical(value)
    assert canonical(orjson.loads(once)) == once


@pytest.mark.parametrize("value", [39.0, 1e21, 1e-7, 0.1, 123456789012345.0, -0.0, 5e-324])
def test_canonical_writes_numbers_in_a_document_as_ecmascript_does(value: float) -> None:
    assert canonical({"n": [value, {"deep": value}]}) == rfc8785.dumps({"n": [value, {"deep": value}]})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, {"n": [2**60]}, {1: "x"}, {"a": "\ud800"}])
def test_canonical_refuses_what_has_no_form(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)
