# SPDX-License-Identifier: Apache-2.0
"""Real records of museums, of UNESCO and of GeoNames come in whole: what is not made is reported."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.imports.source import source_of
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change
from ortaq.records.verification import verify_log, verify_projection

RECORDS = Path(__file__).resolve().parents[3] / "shared" / "suites" / "records"
pytestmark = pytest.mark.skipif(not RECORDS.is_dir(), reason=f"{RECORDS} is not beside this checkout")


def files() -> list[Path]:
    return [
        *sorted((RECORDS / "lido").glob("*.xml")),
        RECORDS / "unesco/whc_kz_kg_tr.xml",
        RECORDS / "gazetteer/geonames_kz_kg_tr.json",
    ]


def in_file(path: Path) -> int:
    """How many records the file has, counted in another way."""
    if path.suffix == ".json":
        return len(json.loads(path.read_bytes()))
    root = etree.parse(path).getroot()
    return sum(1 for one in root.iter("{http://www.lido-schema.org}lido", "row"))


def reported(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["files"]
    return found


def test_all_records_come_in_and_a_second_import_changes_nothing(node: Identity, tmp_path: Path) -> None:
    summary = run_import(files(), Options(report=tmp_path / "first.json"))

    for path, found in zip(files(), reported(tmp_path / "first.json"), strict=True):
        counts = found["counts"]
        assert counts["records_in"] == in_file(path) == len(found["records"]), path.name
        assert counts["records_in"] == counts["made"] + counts["refused"], path.name
        assert counts["refused"] == sum("error" in record for record in found["records"]), path.name
    assert summary.is_clean
    assert [*verify_log(), *verify_projection()] == []

    before = Change.objects.count()
    second = run_import(files(), Options())
    assert second.counts.unchanged == second.counts.records_in == summary.counts.records_in
    assert Change.objects.count() == before


# What stands in a record in another form than in the file: addresses as identifiers, dates as EDTF, points as numbers,
# and codes that only say how to read something else.
CONVERTED = {"conceptID", "placeID", "actorID", "objectPublishedID", "lidoRecID", "earliestDate", "latestDate", "pos"}


@pytest.mark.parametrize("path", sorted((RECORDS / "lido").glob("*.xml")), ids=lambda path: path.stem)
def test_every_text_of_lido_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path, path: Path) -> None:
    run_import([path], Options(report=tmp_path / "report.json"))

    held = " ".join(text for change in Change.objects.all() for text in strings(json.loads(change.body or "{}")))
    [record] = reported(tmp_path / "report.json")[0]["records"]
    lost: Counter[str] = Counter()
    for loss in record["lost"]:
        lost[loss["path"]] += loss["count"]
    not_held = Counter(
        where for where, text in texts_of(path) if text not in held and where.rpartition("/")[2] not in CONVERTED
    )
    assert {where: count for where, count in not_held.items() if count > lost[where]} == {}


def strings(value: Any) -> Iterator[str]:
    """Every text inside a body, on one line."""
    if isinstance(value, str):
        yield " ".join(value.split())
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a LIDO record with its path inside the record."""
    root = etree.parse(path).getroot()
    [record] = root.iter("{http://www.lido-schema.org}lido")
    for one in record.iter(etree.Element):
        steps = [
            etree.QName(above).localname
            for above in one.iterancestors(etree.Element)
            if above is not record and record in above.iterancestors()
        ]
        if one is not record and (text := unicodedata.normalize("NFC", " ".join((one.text or "").split()))):
            yield "/".join([*reversed(steps), etree.QName(one).localname]), text


@pytest.mark.parametrize("name", ["LHD_Heritage_Asset_Artefacts", "LHD_Organizations"])
def test_table_of_another_system_comes_in_row_by_row(node: Identity, tmp_path: Path, name: str) -> None:
    path = RECORDS / "arches_her" / f"{name}.csv"
    options = Options(wishes=Wishes(mapping=guessed_mapping(source_of(path))), report=tmp_path / "report.json")

    counts = run_import([path], options).counts

    assert counts.records_in == counts.made + counts.refused > 40
    refused = [one["error"]["code"] for one in reported(tmp_path / "report.json")[0]["records"] if "error" in one]
    assert set(refused) <= {"import.repeated"}  # Arches puts a record's further values into further rows
    assert run_import([path], options).counts.unchanged == counts.made
