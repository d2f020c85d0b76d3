# SPDX-License-Identifier: Apache-2.0
"""Business data of Arches comes in: JSON by its form or by a mapping, tables with the rows of a resource together."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.mapping import Columns
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.imports.source import source_of
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change, Record
from tests.standards.schemas import SCHEMAS, needs_schemas

RECORDS = SCHEMAS.parent / "records"
pytestmark = needs_schemas
JSON = {"example_source_business_data.json": 2, "rdf_export_object.json": 5}
TABLES = [
    "arches/heritage_resource_model",
    "arches_her/LHD_Actors",
    "arches_her/LHD_Heritage_Asset_Artefacts",
    "arches_her/LHD_Organizations",
]


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items() if isinstance(node, dict) else ():
        yield from _leaves_of(value, f"{path}/{key}".lstrip("/"))


def _leaves_of(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from leaves(value, path)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves_of(one, path)
    elif value not in (None, ""):
        yield path, value


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str | int | float):
        yield str(value)
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


@pytest.mark.parametrize("name", list(JSON))
def test_every_value_of_json_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path, name: str) -> None:
    path = RECORDS / "arches" / name
    summary = run_import([path], Options(report=tmp_path / "report.json"))

    assert summary.is_clean
    assert (summary.files[0].format, summary.counts.records_in, summary.counts.made) == (
        "arches",
        JSON[name],
        JSON[name],
    )
    said = json.loads((tmp_path / "report.json").read_text())["files"][0]["records"]
    for resource, about in zip(json.loads(path.read_bytes())["business_data"]["resources"], said, strict=True):
        lost: Counter[str] = Counter()
        for loss in about.get("lost", ()):
            lost[loss["path"]] += loss["count"]
        body = json.loads(Record.objects.get(uri=about["uri"]).change.body or "{}")
        held = set(strings(body)) | {str(part) for text in strings(body) for part in text.split(":")}
        linked = {record.uri: str(record.source_id).removeprefix("arches:") for record in Record.objects.all()}
        held |= {linked[link["to"]] for link in body.get("links", ()) if link["to"] in linked}
        gone = Counter(
            where for where, value in leaves(resource) if str(value) not in held and not where.endswith(("/type",))
        )
        assert {where: count for where, count in gone.items() if count > lost[where]} == {}

    before = Change.objects.count()
    assert run_import([path], Options()).counts.unchanged == JSON[name]
    assert Change.objects.count() == before


def test_mapping_says_which_node_goes_where(node: Identity) -> None:
    columns = {
        "2da8510c-bbe5-11e6-b33d-685b3597724b": "title.en",
        "8a3e77fd-bbe5-11e6-ba50-685b3597724b": "point",
        "d295bf35-bbe1-11e6-b4a9-685b3597724b": "built",
    }
    mapping = Columns("monument", columns, "sf:")
    run_import([RECORDS / "arches" / "example_source_business_data.json"], Options(wishes=Wishes(mapping=mapping)))

    record = Record.objects.get(source_id="sf:147b0000-bc03-11e6-af48-80e6500ee4e4")
    body = json.loads(record.change.body or "{}")
    assert body["title"] == {"en": ["North Beach", "San Francisco"]}
    assert (body["built"], round(body["point"]["lon"], 3)) == ("1933-01-01", -122.406)


@pytest.mark.parametrize("name", TABLES)
def test_rows_of_a_resource_become_one_record_and_nothing_is_refused(node: Identity, tmp_path: Path, name: str) -> None:
    path = RECORDS / f"{name}.csv"
    options = Options(wishes=Wishes(mapping=guessed_mapping(source_of(path))), report=tmp_path / "report.json")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    counts = run_import([path], options).counts

    assert counts.records_in == counts.made + counts.refused == len({row["ResourceID"] for row in rows})
    assert run_import([path], options).counts.unchanged == counts.made
