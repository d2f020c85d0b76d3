# SPDX-License-Identifier: Apache-2.0
"""Body → form → post → body is the identity, and nothing that anybody posts is an error."""

import re
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from ortaq.core.errors import Refused
from ortaq.core.fields import (
    AmountField,
    Date,
    Flag,
    Markup,
    Name,
    Number,
    Part,
    PointField,
    Ref,
    Role,
    Span,
    TermRef,
    Word,
)
from ortaq.core.kind import Body, FieldSpec, Kind
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.web.forms.edits import edited
from ortaq.doors.web.forms.posted import body_of
from ortaq.doors.web.forms.tree import drawn, every, pairs
from ortaq.site.kinds import KINDS

NODE = "a" * 26


class Layer(Part):
    """A group in a group."""

    name: Annotated[Name, Field(title="Name")]
    depth: Annotated[AmountField | None, Field(title="Depth")] = None


class Trench(Part):
    """A group with everything in it."""

    label: Annotated[Word, Field(title="Label")]
    dug_on: Annotated[Date | None, Field(title="Dug on")] = None
    points: Annotated[list[PointField], Field(title="Corners")] = []
    layers: Annotated[list[Layer], Field(title="Layers")] = []
    main: Annotated[Layer | None, Field(title="Main layer")] = None


class Dig(Body):
    """A kind with every role that a field can have."""

    notes: Annotated[Markup | None, Field(title="Notes")] = None
    spans: Annotated[list[Span], Field(title="Spans")] = []
    storeys: Annotated[list[Number], Field(title="Numbers")] = []
    is_open: Annotated[Flag | None, Field(title="Open")] = None
    owner: Annotated[Ref | None, Field(title="Owner")] = None
    terms: Annotated[list[TermRef], Field(title="Terms")] = []
    point: Annotated[PointField | None, Field(title="Point")] = None
    cost: Annotated[AmountField | None, Field(title="Cost")] = None
    trenches: Annotated[list[Trench], Field(title="Trenches")] = []


DIG = Kind("dig", Dig, "Dig", "Digs")
ALL = [DIG, *KINDS]

# What HTML cannot carry is left out: carriage returns become line feeds in any form, surrogates are no text.
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
LINES = st.text(LETTERS, min_size=1, max_size=30).filter(
    lambda text: text.strip() and not re.search("[\x0b\x0c\x1c-\x1f\x85]", text)
)
TAGS = st.sampled_from(["az", "kk", "ru", "uz-Cyrl", "und", "az-Arab-IR", "en-GB"])
SPANS = st.sampled_from(
    ["1424", "1424-05", "14XX", "1424~", "1417/1420", "-0200/0300", "../1900", "1424?/1500%", "1984-06-02"]
)
DEGREES = st.floats(-90, 90, allow_nan=False)
AMOUNTS = st.floats(allow_nan=False, allow_infinity=False)
REFERENCES = st.sampled_from([f"urn:ortaq:{NODE}:" + "b" * 16, "https://example.org/x", "term:mosque"])


def value_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    one = _one(spec)
    return st.lists(one, min_size=1, max_size=3) if spec.is_many else one


def _one(spec: FieldSpec) -> st.SearchStrategy[Any]:
    match spec.role:
        case Role.NAME | Role.PROSE:
            return st.dictionaries(TAGS, st.lists(LINES, min_size=1, max_size=3), min_size=1, max_size=3)
        case Role.CHOICE:
            return st.sampled_from(sorted(spec.choices or {}))
        case Role.GROUP:
            return _filled(spec.parts).filter(bool)  # an entry says something
        case Role.POINT:
            return st.fixed_dictionaries(
                {"lat": DEGREES, "lon": DEGREES}, optional={"precision_m": st.integers(1, 9999)}
            )
        case Role.AMOUNT:
            return st.fixed_dictionaries({"value": AMOUNTS, "unit": st.sampled_from(["AZN", "m2"])})
        case Role.LINKS:
            return st.fixed_dictionaries(
                {"role": st.sampled_from(sorted(LINK_ROLES)), "to": REFERENCES}, optional={"note": LINES}
            )
    return _SIMPLE.get(spec.role, LINES)


_SIMPLE = {
    Role.SPAN: SPANS,
    Role.DATE: st.dates().map(str),
    Role.LANG: TAGS,
    Role.COUNTRY: st.sampled_from(["AZ", "KZ", "UZ"]),
    Role.URL: st.sampled_from(["https://example.org/a?b=1&c=%20", "http://x.az/ə"]),
    Role.NUMBER: st.integers(-(2**53) + 1, 2**53 - 1),
    Role.FLAG: st.booleans(),
    Role.TERM: REFERENCES,
    Role.REF: REFERENCES,
    Role.FILES: st.fixed_dictionaries(
        {
            "digest": st.just("uEi" + "A" * 44),
            "name": st.sampled_from(["şəkil.png", "a b.pdf"]),
            "media_type": st.just("image/png"),
            "bytes": st.integers(0, 2**40),
        }
    ),
}


def _filled(specs: tuple[FieldSpec, ...]) -> st.SearchStrategy[dict[str, Any]]:
    needed = {spec.name: value_of(spec) for spec in specs if spec.is_required or spec.name == "title"}
    return st.fixed_dictionaries(
        needed, optional={spec.name: value_of(spec) for spec in specs if spec.name not in needed}
    )


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
@settings(max_examples=60)
@given(data=st.data())
def test_valid_body_comes_back_from_its_form(kind: Kind, data: st.DataObject) -> None:
    body = kind.validate(data.draw(_filled(kind.fields)), NODE)
    again = body_of(kind, pairs(drawn(kind, body)))
    assert kind.validate(again, NODE) == body


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
STEPS = st.sampled_from(["0", "1", "00", "-1", "lang", "text", "to", "lat", "value", "name", "", "²", "9" * 30])


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
@settings(max_examples=60)
@given(data=st.data())
def test_no_body_is_too_odd_to_be_drawn(kind: Kind, data: st.DataObject) -> None:
    names = [spec.name for spec in kind.fields]
    body = data.draw(st.dictionaries(st.sampled_from([*names, "nonsense"]), ANY, max_size=6))
    try:
        kind.validate(body, NODE)
        problems = ()
    except Refused as error:
        problems = error.found
    fields = drawn(kind, body, problems)
    told = sum(len(one.faults) + sum(map(len, one.within.values())) for one in every(fields))
    told += sum(
        len(block.faults) + sum(len(text.faults) for text in block.texts)
        for one in every(fields)
        for block in one.languages
    )
    assert told == sum(1 for one in problems if one.path and one.path[0] in names)
    body_of(kind, [(name, text) for name, text in pairs(fields)])


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
@settings(max_examples=60)
@given(data=st.data())
def test_nothing_that_is_posted_is_an_error(kind: Kind, data: st.DataObject) -> None:
    names = st.sampled_from([spec.name for spec in kind.fields] + ["", ".", "nonsense", "title"])
    paths = st.builds(lambda name, steps: ".".join([name, *steps]), names, st.lists(STEPS, max_size=4))
    posted = data.draw(st.lists(st.tuples(paths, st.text(max_size=12)), max_size=12))
    body = body_of(kind, posted)
    assert body_of(kind, pairs(drawn(kind, body))) == body
    order = data.draw(
        st.sampled_from(
            ["add", "remove", "up", "down", "language", "variant", "drop-language", "rename", "choose", "x"]
        )
    )
    edited(kind, body_of(kind, posted, keep_blank=True), f"{order}:{data.draw(paths)}", "az")


def typed(**posted: str) -> dict[str, Any]:
    return body_of(DIG, [(name.replace("__", "."), text) for name, text in posted.items()])


def test_numbers_and_flags_are_converted_and_what_is_none_stays() -> None:
    assert typed(storeys__0="12 500", storeys__1="twelve", is_open="no") == {
        "storeys": [12500, "twelve"],
        "is_open": False,
    }


def test_point_is_read_as_it_was_pasted() -> None:
    assert typed(point__lat="41°12′N 47°10′E") == {"point": {"lat": 41.2, "lon": 47.1666667}}
    assert typed(point__lat="41.2, 47.1") == {"point": {"lat": 41.2, "lon": 47.1}}
    assert typed(point__lat="41,25", point__lon="47,5") == {"point": {"lat": 41.25, "lon": 47.5}}
    assert typed(point__lat="95, 300") == {"point": {"lat": 95.0, "lon": 300.0}}
    assert typed(point__lat="near the bridge") == {"point": {"lat": "near the bridge"}}


def test_two_blocks_of_one_language_are_one() -> None:
    posted = {
        "title.0.lang": "az",
        "title.0.text.0": "Quyu",
        "title.1.lang": "az",
        "title.1.text.0": "Guyu",
        "title.2.lang": "kk",
    }
    assert body_of(DIG, posted.items()) == {"title": {"az": ["Quyu", "Guyu"]}}
    assert body_of(DIG, posted.items(), keep_blank=True) == {"title": {"az": ["Quyu", "Guyu"], "kk": []}}


@pytest.mark.parametrize(
    ("order", "value", "after"),
    [
        ("add:trenches", "", {"trenches": [{"label": "A"}, {"label": "B"}, {}]}),
        ("up:trenches.1", "", {"trenches": [{"label": "B"}, {"label": "A"}]}),
        ("up:trenches.0", "", {"trenches": [{"label": "A"}, {"label": "B"}]}),
        ("remove:trenches.0", "", {"trenches": [{"label": "B"}]}),
        ("add:trenches.1.layers", "", {"trenches": [{"label": "A"}, {"label": "B", "layers": [{}]}]}),
        ("remove:trenches.7", "", {"trenches": [{"label": "A"}, {"label": "B"}]}),
        ("destroy:trenches", "", {"trenches": [{"label": "A"}, {"label": "B"}]}),
    ],
)
def test_items_are_added_moved_and_removed(order: str, value: str, after: dict[str, Any]) -> None:
    assert edited(DIG, {"trenches": [{"label": "A"}, {"label": "B"}]}, order, value) == after


def test_languages_are_added_renamed_and_removed() -> None:
    body = {"title": {"az": ["Quyu"], "ru": ["Колодец"]}}
    assert edited(DIG, body, "language:title", "kk")["title"]["kk"] == [""]
    assert edited(DIG, body, "variant:title.0")["title"]["az"] == ["Quyu", ""]
    assert edited(DIG, body, "rename:title.0", "tr")["title"] == {"tr": ["Quyu"], "ru": ["Колодец"]}
    assert edited(DIG, body, "rename:title.0", "ru")["title"] == {"ru": ["Quyu", "Колодец"]}
    assert edited(DIG, body, "drop-language:title.1")["title"] == {"az": ["Quyu"]}
    assert body == {"title": {"az": ["Quyu"], "ru": ["Колодец"]}}
