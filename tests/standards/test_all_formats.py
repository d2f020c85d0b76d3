# SPDX-License-Identifier: Apache-2.0
"""Everything at once: all sample records of UNESCO, Arches, museums, libraries, archives and vocabularies come into one node, and go out
again as Linked Art and as LIDO, valid by the published schemas."""

import json
from collections import Counter
from pathlib import Path

from lxml import etree

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.formats import BY_NAME, JSON_FORMATS, document, json_lines
from ortaq.doors.exports.report import Report
from ortaq.doors.imports.formats import Wishes
from ortaq.doors.imports.guess import guessed_mapping
from ortaq.doors.imports.run import Options, run_import
from ortaq.doors.imports.source import source_of
from ortaq.nodes.identity import Identity
from ortaq.records.models import Record
from ortaq.records.verification import verify_log, verify_projection
from tests.standards.schemas import SCHEMAS, lido_schema, needs_schemas
from tests.standards.test_linked_art import faults

RECORDS = SCHEMAS.parent / "records"
pytestmark = needs_schemas
FOLDERS = {
    "unesco": "*.xml", "gazetteer": "*.json", "lido": "*.xml", "linked_art": "*.json", "iiif": "*.json", "skos": "*", "marc": "*",
    "archives_csv_ead": "*.xml", "arches": "[er]*_[de]*.*", "arches_her": "*.csv",
}  # fmt: skip


def files() -> list[Path]:
    found = [path for folder, names in FOLDERS.items() for path in sorted((RECORDS / folder).glob(names))]
    return [*found, RECORDS / "arches" / "heritage_resource_model.csv"]


def test_all_come_in_and_go_out_as_linked_art_and_as_lido(node: Identity, tmp_path: Path) -> None:
    mappings = {path: guessed_mapping(source_of(path)) for path in files() if path.suffix == ".csv"}
    summary = run_import(files(), Options(wishes=Wishes(mappings=mappings), report=tmp_path / "in.json"))

    for path, about in zip(files(), json.loads((tmp_path / "in.json").read_text())["files"], strict=True):
        counts = about["counts"]
        assert about["error"] is None, path.name
        assert counts["records_in"] == len(about["records"]) > 0, path.name
        assert counts["records_in"] == sum(counts[name] for name in ("made", "revised", "unchanged", "refused")), (
            path.name
        )
        assert counts["refused"] == sum("error" in one for one in about["records"]), path.name
    assert summary.counts.refused == 1  # one IIIF manifest is there in two versions under one id
    assert [*verify_log(), *verify_projection()] == []

    lines = json_lines(JSON_FORMATS["linked-art"], records(STRANGER), STRANGER, "https://node.example", report := Report(tmp_path / "out.json", "linked-art"))  # fmt: skip
    with report.writing():
        assert [fault for line in lines for fault in faults(json.loads(line))] == []
    said = json.loads((tmp_path / "out.json").read_text())
    assert said["counts"]["records_out"] == Record.objects.count() == len(said["records"])

    lido_schema().assertValid(etree.fromstring(b"".join(document(BY_NAME["lido"], records(STRANGER), STRANGER))))
    assert Counter(record.kind for record in Record.objects.all())["object"] == 100
