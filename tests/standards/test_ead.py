# SPDX-License-Identifier: Apache-2.0
"""The finding aids come in: the whole and every component, each text in a record or in the report."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from ortaq.doors.imports.run import Options, run_import
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change, Record
from tests.standards.schemas import SCHEMAS, needs_schemas

RECORDS = SCHEMAS.parent / "records" / "archives_csv_ead"
pytestmark = needs_schemas


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


@pytest.mark.parametrize(("name", "count"), [("ead.xml", 1), ("sample.xml", 29)])
def test_every_text_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path, name: str, count: int) -> None:
    path = RECORDS / name
    summary = run_import([path], Options(report=tmp_path / "report.json"))

    tree = etree.parse(path)
    components = [
        one
        for one in tree.iter(etree.Element)
        if etree.QName(one).localname in ("archdesc", "c01", "c02", "c03", "c04")
    ]
    assert summary.is_clean
    assert (summary.files[0].format, summary.counts.records_in, summary.counts.made) == ("ead", len(components), count)
    held = " ".join(text for change in Change.objects.all() for text in strings(json.loads(change.body or "{}")))
    lost: Counter[str] = Counter()
    for record in json.loads((tmp_path / "report.json").read_text())["files"][0]["records"]:
        for loss in record.get("lost", ()):
            lost[loss["path"].rpartition("/")[2]] += loss["count"]
    texts = [(etree.QName(one).localname, " ".join((one.text or "").split())) for one in tree.iter(etree.Element)]
    gone = Counter(where for where, text in texts if text and text not in held and text.replace("-", "/") not in held)
    assert {where: number for where, number in gone.items() if number > lost[where]} == {}

    before = Change.objects.count()
    assert run_import([path], Options()).counts.unchanged == count
    assert Change.objects.count() == before


def test_component_is_part_of_the_one_above_it(node: Identity) -> None:
    run_import([RECORDS / "sample.xml"], Options())

    letter = Record.objects.get(source_id="ead:sample.xml:1.2.2.1")
    above = Record.objects.get(source_id="ead:sample.xml:1.2.2")
    body = json.loads(letter.change.body or "{}")
    assert (body["title"], body["created"]) == ({"en": ["Letter from Mother"]}, "1962-05-20")
    assert body["links"] == [{"role": "part_of", "to": above.uri}]
