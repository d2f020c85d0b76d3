# SPDX-License-Identifier: Apache-2.0
"""What holds for every kind, and for one that is declared here only."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import orjson
import pytest
from django.test import Client
from pydantic import Field

from ortaq.core.audience import Viewer
from ortaq.core.digest import digest_of
from ortaq.core.fields import Date, Number, PointField, Role, Span, TermRef, Word
from ortaq.core.kind import Body, FieldSpec, Kind
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.jsonl import lines
from ortaq.doors.exports.table import table
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.imports.source import source_of
from ortaq.files.store import keep
from ortaq.nodes.identity import Identity, create_node, forget_identity
from ortaq.nodes.models import Key, Node
from ortaq.records.models import Attachment, Change, Link, Point, Record
from ortaq.records.models import Span as SpanRow
from ortaq.records.registry import KINDS
from ortaq.records.verification import verify_log, verify_projection
from ortaq.search.index import Follower
from ortaq.site.kinds import KINDS as ALL_KINDS

TARGET = {"kind": "place", "source_id": "geo:target", "title": {"az": "Hədəf"}}
# One value for each role a field can have; a new role needs one here.
SAMPLES: dict[Role, Any] = {
    Role.NAME: {"az": ["Şəki Xan Sarayı", "Xan Sarayı"], "kk": ["Шеки хан сарайы"], "und-Cyrl": ["Шәки"]},
    Role.PROSE: {"ru": ["Первый абзац.\nВторой."], "az": ['Mətn\twith "quotes", = and \' signs']},
    Role.MARKUP: "Bir *fikir*\n\nikinci",
    Role.WORD: "Söz — word",
    Role.TERM: "term:missing",
    Role.REF: "geo:target",
    Role.LINKS: [
        {"role": "related_to", "to": "geo:target", "note": "qeyd"},
        {"role": "about", "to": "https://x.org/a"},
    ],
    Role.SPAN: "1417/1420~",
    Role.DATE: "2023-12-02",
    Role.POINT: {"lat": 41.2, "lon": -47.19, "precision_m": 50},
    Role.FILES: [{"digest": digest_of(b"abc"), "name": "mətn.txt", "media_type": "text/plain", "bytes": 3}],
    Role.URL: "https://example.org/x?y=1",
    Role.LANG: "az-Cyrl",
    Role.COUNTRY: "AZ",
    Role.NUMBER: 12,
    Role.FLAG: True,
    Role.AMOUNT: {"value": 1.5, "unit": "AZN"},
    Role.SOURCE: "sample:1",
}


def sample_of(spec: FieldSpec) -> Any:
    if spec.role is Role.CHOICE:
        value: Any = list(spec.choices or {})[-1]
    elif spec.role is Role.GROUP:
        value = {part.name: sample_of(part) for part in spec.parts}
    else:
        value = SAMPLES[spec.role]
    return [value] if spec.is_many and not isinstance(value, list) else value


def sample(kind: Kind) -> dict[str, Any]:
    """A record of *kind* with a value in every field, but those whose target would have to be of one kind."""
    optional_bounds = {spec.name for spec in kind.fields if spec.name in kind.bounded_by and not spec.is_required}
    return {"kind": kind.name} | {
        spec.name: sample_of(spec) for spec in kind.fields if spec.name not in optional_bounds
    }


def without_terms(specs: Iterable[FieldSpec], body: dict[str, Any]) -> dict[str, Any]:
    """*body* but for its terms: one that is not here comes back as the URI that it will have."""
    kept = dict(body)
    for spec in specs:
        if spec.role is Role.TERM:
            kept.pop(spec.name, None)
        elif spec.parts and spec.name in kept:
            groups = kept[spec.name] if spec.is_many else [kept[spec.name]]
            kept[spec.name] = [without_terms(spec.parts, group) for group in groups]
    return kept


def imported(path: Path, *given: dict[str, Any]) -> dict[str, int]:
    keep(io.BytesIO(b"abc"), "mətn.txt")  # the file that the samples name
    path.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in given))
    return run_import([path], Options()).counts.as_dict()


def exported(node: Identity, kind: str | None = None) -> list[bytes]:
    viewer = Viewer(node.uri)
    return list(lines(records(viewer, kind), viewer))


def new_node() -> Identity:
    for model in (Change, Record, Link, SpanRow, Point, Attachment, Key, Node):
        model.objects.all().delete()
    forget_identity()
    return create_node("Another node")


@pytest.fixture(params=[kind.name for kind in ALL_KINDS if not kind.is_by_node])
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def demonstration() -> Iterator[Kind]:
    """A kind that only this test declares."""

    class Survey(Body):
        surveyed_on: Annotated[Date, Field(title="Surveyed on")]
        period: Annotated[Span | None, Field(title="Period")] = None
        storeys: Annotated[Number | None, Field(title="Storeys")] = None
        point: Annotated[PointField | None, Field(title="Location")] = None
        damage: Annotated[list[TermRef], Field(title="Damage")] = []
        remark: Annotated[Word | None, Field(title="Remark")] = None

    survey = Kind("survey", Survey, "Survey", "Surveys")
    KINDS.add(survey)
    yield survey
    KINDS.remove("survey")


def test_record_with_every_field_comes_in_goes_out_and_comes_in_again(
    kind: Kind, node: Identity, tmp_path: Path
) -> None:
    assert imported(tmp_path / "a.jsonl", TARGET, sample(kind))["made"] == 2
    first = exported(node)

    other = new_node()
    (tmp_path / "b.jsonl").write_bytes(b"".join(first))
    assert run_import([tmp_path / "b.jsonl"], Options()).counts.made == 2

    assert exported(other) == first
    assert other.id != node.id
    assert [*verify_log(), *verify_projection()] == []


def test_exported_record_says_what_was_imported(kind: Kind, node: Identity, tmp_path: Path) -> None:
    given = sample(kind)
    imported(tmp_path / "a.jsonl", TARGET, given)

    [line] = [orjson.loads(line) for line in exported(node, kind.name) if b'"sample:1"' in line]

    assert without_terms(kind.fields, line) == without_terms(kind.fields, given)


def test_demonstration_kind_is_imported_and_exported(demonstration: Kind, node: Identity, tmp_path: Path) -> None:
    assert imported(tmp_path / "a.jsonl", TARGET, sample(demonstration))["made"] == 2
    [line] = exported(node, "survey")
    (tmp_path / "b.jsonl").write_bytes(line)
    assert run_import([tmp_path / "b.jsonl"], Options()).counts.unchanged == 1


def test_demonstration_kind_is_a_table_both_ways(demonstration: Kind, node: Identity, tmp_path: Path) -> None:
    body = {
        "kind": "survey", "source_id": "s:1", "title": {"az": ["Qala", "Qalaça"]}, "surveyed_on": "2023-12-02", "storeys": -2,
        "point": {"lat": 1.5, "lon": -2.5}, "damage": ["https://x.org/crack"], "remark": "=1+1",
    }  # fmt: skip
    imported(tmp_path / "a.jsonl", body)
    viewer, file = Viewer(node.uri), tmp_path / "surveys.csv"
    file.write_bytes(b"".join(table(demonstration, lambda: records(viewer, "survey"), viewer)))

    mapping = guessed_mapping(source_of(file))
    summary = run_import([file], Options(wishes=Wishes(mapping=mapping)))

    assert mapping.kind == "survey"
    assert summary.counts.as_dict() == {
        "records_in": 1, "made": 0, "revised": 0, "unchanged": 1, "refused": 0, "also_made": 0, "also_revised": 0,
    }  # fmt: skip


def page_address(source_id: str) -> str:
    return "/r/" + Record.objects.get(source_id=source_id).uri.removeprefix("urn:ortaq:")


def page_of(source_id: str, client: Client, **cookies: str) -> str:
    for name, value in cookies.items():
        client.cookies[name] = value
    response = client.get(page_address(source_id))
    assert response.status_code == 200
    return response.content.decode()


def test_record_with_every_field_has_a_page_in_every_language(
    kind: Kind, node: Identity, tmp_path: Path, client: Client
) -> None:
    imported(tmp_path / "a.jsonl", TARGET, sample(kind))
    for lang in ("en", "az", "kk", "ru"):
        text = page_of("sample:1", client, django_language=lang)
        assert f'<html lang="{lang}"' in text
        assert "does not verify" not in text


def test_demonstration_kind_has_a_page(demonstration: Kind, node: Identity, tmp_path: Path, client: Client) -> None:
    imported(tmp_path / "a.jsonl", TARGET, sample(demonstration))
    text = page_of("sample:1", client)
    for label in ("Surveyed on", "2 December 2023", "Storeys", "1417 – about 1420", "Söz — word"):
        assert label in text, label


def test_demonstration_kind_is_searched(demonstration: Kind, node: Identity, tmp_path: Path, client: Client) -> None:
    imported(tmp_path / "a.jsonl", TARGET, sample(demonstration))
    with Follower() as follower:
        follower.catch_up()
    text = client.get("/search", {"q": "Шеки хан сарайы", "kind": "survey"}).content.decode()
    assert "Surveys" in text
    assert page_address("sample:1") in text
