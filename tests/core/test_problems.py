# SPDX-License-Identifier: Apache-2.0
import pickle
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from ortaq.core.errors import Invalid, Refused
from ortaq.core.fields import AmountField, Date, Files, Flag, Lang, Number, Part, PointField, Ref, Url, Word
from ortaq.core.kind import Body, Kind
from ortaq.core.problems import SAY, Problem
from ortaq.site.kinds import KINDS

NODE = "a" * 26


class Phase(Part):
    """A group inside a body."""

    name: Annotated[Word, Field(title="Name")]
    cost: Annotated[AmountField | None, Field(title="Cost")] = None


class Well(Body):
    """A kind of this test."""

    dug_on: Annotated[Date | None, Field(title="Dug on")] = None
    depth: Annotated[Number | None, Field(title="Depth")] = None
    is_dry: Annotated[Flag, Field(title="Dry")] = False
    lang: Annotated[Lang | None, Field(title="Language")] = None
    url: Annotated[Url | None, Field(title="Address")] = None
    point: Annotated[PointField | None, Field(title="Point")] = None
    owner: Annotated[Ref | None, Field(title="Owner")] = None
    phases: Annotated[list[Phase], Field(title="Phases", max_length=2)] = []
    files: Annotated[Files, Field(title="Files")] = []


WELL = Kind("well", Well, "Well", "Wells")
TITLE = {"title": {"az": "Quyu"}}


def found_in(body: dict[str, Any], kind: Kind = WELL) -> tuple[Problem, ...]:
    try:
        kind.validate(body, NODE)
    except Refused as error:
        return error.found
    return ()


@pytest.mark.parametrize(
    ("field", "value", "path", "code"),
    [
        ("title", {}, ("title",), "field.empty"),
        ("title", {"az": [" "]}, ("title", "az", 0), "field.empty"),
        ("title", {"az": ["x" * 3000]}, ("title", "az", 0), "field.too-long"),
        ("title", {"Azeri": ["x"]}, ("title", "Azeri"), "field.language"),
        ("title", {"az": ["a\x07"]}, ("title", "az", 0), "field.control-character"),
        ("title", {"az": ["\ud800"]}, ("title", "az", 0), "field.text"),
        ("dug_on", "2023-13-01", ("dug_on",), "field.date"),
        ("dug_on", "1 May", ("dug_on",), "field.day"),
        ("depth", "deep", ("depth",), "field.whole-number"),
        ("depth", 2**60, ("depth",), "field.too-large"),
        ("is_dry", "maybe", ("is_dry",), "field.yes-or-no"),
        ("lang", "Kazakh", ("lang",), "field.language"),
        ("url", "ortaq.example", ("url",), "field.web-address"),
        ("countries", ["Qazaxıstan"], ("countries", 0), "field.country"),
        ("areas", ["sport"], ("areas", 0), "field.choice"),
        ("point", {"lat": "north", "lon": 181}, ("point", "lat"), "field.number"),
        ("point", {"lat": 1}, ("point", "lon"), "field.missing"),
        ("owner", "urn:ortaq:bad", ("owner",), "field.reference"),
        ("phases", [{"name": "a"}] * 3, ("phases",), "field.too-many"),
        ("phases", [{"name": "a", "cost": {"value": "much", "unit": ""}}], ("phases", 0, "cost", "value"), "field.number"),
        ("links", [{"role": "loves", "to": "a"}], ("links", 0, "role"), "field.choice"),
        ("files", [{"digest": "x", "name": "a", "media_type": "image/png", "bytes": 1}], ("files", 0, "digest"), "field.file"),
        ("phases", "none", ("phases",), "field.shape"),
        ("colour", "blue", ("colour",), "field.unknown"),
    ],
)  # fmt: skip
def test_problem_says_where_and_by_code_what(field: str, value: Any, path: tuple[Any, ...], code: str) -> None:
    first = found_in({**TITLE, field: value})[0]
    assert (first.path, first.code) == (path, code)


def test_title_that_is_missing_is_told_with_the_rest() -> None:
    assert [(one.path, one.code) for one in found_in({"depth": "deep"})] == [
        (("depth",), "field.whole-number"),
        (("title",), "field.missing"),
    ]


def test_refusal_keeps_its_problems_from_process_to_process() -> None:
    with pytest.raises(Invalid) as caught:
        WELL.validate({})
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.found) == (str(caught.value), caught.value.found)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", [WELL, *KINDS], ids=lambda kind: kind.name)
@given(data=st.data())
def test_every_problem_has_a_sentence_whatever_is_given(kind: Kind, data: st.DataObject) -> None:
    names = [spec.name for spec in kind.fields]
    body = data.draw(st.dictionaries(st.sampled_from([*names, "nonsense"]), ANY, max_size=6))
    for problem in found_in(body, kind):
        assert problem.code in SAY
        assert str(problem)
        assert "%(" not in str(problem) or "%(" in repr(problem.given)
