# SPDX-License-Identifier: Apache-2.0
"""The MARC files of pymarc and the MARCXML that partners deliver come in: each subfield is in a record or in the report."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymarc
import pytest

from ortaq.doors.imports.run import Options, run_import
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change
from tests.standards.schemas import SCHEMAS, needs_schemas

RECORDS = SCHEMAS.parent / "records"
pytestmark = needs_schemas
FILES = ["batch.xml", "diacritic.dat", "multi_isbn.dat"]


def records_in(path: Path) -> list[pymarc.Record]:
    """As pymarc reads them."""
    if path.suffix == ".xml":
        return [one for one in pymarc.parse_xml_to_array(str(path)) if one]
    with path.open("rb") as file:
        return [one for one in pymarc.MARCReader(file) if one]


@pytest.mark.parametrize("name", FILES)
def test_every_subfield_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path, name: str) -> None:
    path = RECORDS / "marc" / name
    summary = run_import([path], Options(report=tmp_path / "report.json"))

    known = records_in(path)
    assert summary.is_clean
    assert (summary.files[0].format, summary.counts.records_in, summary.counts.made) == ("marc", len(known), len(known))
    held = words(" ".join(text for change in Change.objects.all() for text in strings(json.loads(change.body or "{}"))))
    said = json.loads((tmp_path / "report.json").read_text())["files"][0]["records"]
    for record, about in zip(known, said, strict=True):
        lost = Counter({loss["path"]: loss["count"] for loss in about.get("lost", ())})
        gone = Counter(
            f"{field.tag}${part.code}"
            for field in record.get_fields()
            if not field.is_control_field()
            for part in field.subfields
            if words(part.value) not in held
        )
        assert {where: count for where, count in gone.items() if count > lost[where]} == {}

    before = Change.objects.count()
    assert run_import([path], Options()).counts.unchanged == len(known)
    assert Change.objects.count() == before


def words(text: str) -> str:
    """Only letters and digits: catalogues join fields by punctuation, which does not come in."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if letter.isalnum())


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)
