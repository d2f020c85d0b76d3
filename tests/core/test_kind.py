# SPDX-License-Identifier: Apache-2.0
from typing import Annotated

import pytest
from pydantic import Field

from ortaq.core.errors import Invalid, UnknownField, UnknownKind
from ortaq.core.fields import TAG, Entry, Part, PointField, Ref, Role, Span, TermRef, Word
from ortaq.core.kind import Body, Kind, Kinds
from ortaq.core.outline import heading, outline

NODE = "a" * 26


class Phase(Part):
    """A group inside a body."""

    name: Annotated[Word, Field(title="Name")]
    when: Annotated[Span | None, Field(title="When")] = None


class Well(Body):
    """A kind of this test."""

    point: Annotated[PointField | None, Field(title="Point")] = None
    types: Annotated[list[TermRef], Field(title="Types")] = []
    owner: Annotated[Ref | None, Field(title="Owner")] = None
    phases: Annotated[list[Phase], Field(title="Phases")] = []


WELL = Kind("well", Well, "Well", "Wells")


def test_validate_gives_the_stored_form() -> None:
    body = WELL.validate(
        {"title": {"az": "Quyu", "ru": ["Колодец", "Кудук"]}, "links": [], "point": {"lat": 39.5, "lon": 48}}
    )
    assert body == {"title": {"az": ["Quyu"], "ru": ["Колодец", "Кудук"]}, "point": {"lat": 39.5, "lon": 48.0}}


def test_validate_is_idempotent() -> None:
    body = WELL.validate({"title": {"az": "Quyu"}, "types": ["term:well"], "owner": "agent:1"}, NODE)
    assert WELL.validate(body, NODE) == body
    assert body["types"][0].startswith(f"urn:ortaq:{NODE}:")


def test_validate_normalises_text_to_nfc() -> None:
    assert WELL.validate({"title": {"az": "o\u0308"}})["title"] == {"az": ["ö"]}


def test_unknown_fields_are_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownField, match=r"'titel'.*known are: source_id, title") as caught:
        WELL.validate({"titel": {}, "title": {"az": "x"}})
    assert caught.value.code == "record.unknown-field"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "title: This is missing"),
        ({"title": {}}, "title"),
        ({"title": {"az": ""}}, "title.az.0"),
        ({"title": {"azerbaijani!": "x"}}, "title.azerbaijani!"),
        ({"title": "x"}, "title"),
        ({"title": {"az": "x\x00y"}}, r"U\+0000"),
        ({"title": {"az": "x"}, "point": {"lat": 91, "lon": 0}}, "point.lat"),
        ({"title": {"az": "x"}, "point": {"lat": 1}}, "point.lon"),
        ({"title": {"az": "x"}, "countries": ["Azerbaijan"]}, "countries.0"),
        ({"title": {"az": "x"}, "areas": ["sport"]}, "'sport' is not one of: culture"),
        ({"title": {"az": "x"}, "phases": [{"name": "a", "when": "long ago"}]}, "phases.0.when"),
        ({"title": {"az": "x"}, "links": [{"role": "loves", "to": "a"}]}, "links.0.role"),
        ({"title": {"az": "x"}, "owner": "urn:ortaq:bad"}, "owner"),
    ],
)
def test_invalid_bodies_are_refused_by_field(body: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        WELL.validate(body, NODE)


def test_outline_finds_what_is_derived_in_groups_too() -> None:
    body = WELL.validate(
        {
            "title": {"az": ["Quyu", "Guyu"]},
            "description": {"en": "Deep."},
            "point": {"lat": 1.5, "lon": 2.5, "precision_m": 100},
            "types": ["term:well"],
            "phases": [{"name": "Dug", "when": "14XX"}],
            "links": [{"role": "part_of", "to": "https://example.org/1"}],
            "countries": ["AZ"],
        },
        NODE,
    )
    found = outline(WELL, body)
    assert found.names == [("title", "az", "Quyu"), ("title", "az", "Guyu")]
    assert ("description", "en", "Deep.") in found.prose
    assert ("name", "und", "Dug") in found.prose
    assert found.spans == [("when", 1400, 1499, "14XX")]
    assert found.points == [("point", 1.5, 2.5, 100)]
    assert ("part_of", "https://example.org/1") in found.links
    assert [role for role, _ in found.links] == ["part_of", "types"]
    assert found.countries == ["AZ"]


def test_heading_of_a_record_without_title_is_how_its_text_begins() -> None:
    from ortaq.opinions.kind import OPINION  # late: only this test needs a kind of the house

    body = OPINION.validate({"about": "a", "motivation": "comment", "lang": "az", "text": "Söz " * 60})
    (text,) = heading(OPINION, body)["az"]
    assert text.startswith("Söz Söz")
    assert text.endswith("…")
    assert len(text) <= 91


def test_fields_know_their_role() -> None:
    roles = {spec.name: spec.role for spec in WELL.fields}
    assert roles["title"] is Role.NAME
    assert roles["point"] is Role.POINT
    assert roles["types"] is Role.TERM
    assert roles["phases"] is Role.GROUP


@pytest.mark.parametrize("name", ["", "W", "well-1", "Well", "x" * 41])
def test_kind_with_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        Kind(name, Well, "Well", "Wells")


def test_kind_with_a_meaningless_field_is_refused() -> None:
    class Odd(Body):
        when: Annotated[float, Field(title="When")] = 0.0

    with pytest.raises(ValueError, match=r"field 'when'.*no meaning"):
        Kind("odd", Odd, "Odd", "Odds")


def test_kind_bounded_by_a_field_that_is_no_reference_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\['title'\].*\['owner'\]"):
        Kind("well", Well, "Well", "Wells", bounded_by=("title",))


def test_kinds_name_the_known_ones() -> None:
    kinds = Kinds([WELL])
    with pytest.raises(UnknownKind, match=r"'wel'.*well"):
        kinds["wel"]
    with pytest.raises(ValueError, match="twice"):
        kinds.add(WELL)


def test_json_schema_refuses_unknown_fields() -> None:
    schema = WELL.json_schema()
    assert schema["additionalProperties"] is False
    assert "point" in schema["properties"]


def test_json_schema_says_what_a_title_and_a_span_are() -> None:
    schema = WELL.json_schema()
    title = schema["properties"]["title"]
    assert schema["required"] == ["title"]
    assert (title["type"], title["minProperties"], title["additionalProperties"]) == ("object", 1, False)
    assert {one["type"] for one in title["patternProperties"][TAG]["anyOf"]} == {"string", "array"}
    assert schema["$defs"]["Phase"]["properties"]["when"]["anyOf"][0]["format"] == "edtf"


def test_an_entry_says_something() -> None:
    class Use(Entry):
        note: Word | None = None

    class House(Body):
        uses: Annotated[list[Use], Field(title="Use")] = []

    kind = Kind("house", House, "House", "Houses")
    body = {"title": {"en": ["Khan's palace"]}}
    assert kind.validate({**body, "uses": [{"note": "Museum"}]})["uses"] == [{"note": "Museum"}]
    for nothing in ({}, {"note": None}):
        with pytest.raises(Invalid) as refused:
            kind.validate({**body, "uses": [nothing]})
        assert [(one.where, one.code) for one in refused.value.found] == [("uses.0", "field.empty")]
