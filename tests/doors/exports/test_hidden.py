# SPDX-License-Identifier: Apache-2.0
"""No format that goes out says what its reader may not see: no hidden record, no hidden target, no exact place of a sensitive site."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ortaq.core.audience import STRANGER
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.formats import BY_NAME, JSON_FORMATS, document, json_lines
from ortaq.doors.exports.report import Report
from ortaq.heritage.actions import Keeping, keep_location
from ortaq.people.rules import STEWARD
from ortaq.records.actions import publish_record
from ortaq.records.door import Draft, write_changes
from tests.factories import join, viewer

SECRETS = ("Gizli", "40.12468", "49.38357", "sirli-ünvan")
NAMES = [*JSON_FORMATS, *BY_NAME]


@pytest.fixture
def told(node: Any) -> None:
    steward = viewer(join("rauf", role=STEWARD))
    site = publish_record(
        steward, "monument", {"title": {"az": "Qaya"}, "point": {"lat": 40.12468, "lon": 49.38357}}, "public"
    ).uri
    keep_location(
        str(site),
        Keeping(40.12468, 49.38357, f"institution:{steward.standing.institution}", "looting"),
        viewer=steward,
        expected_version=1,
    )
    hidden = {"az": "Gizli", "en": "sirli-ünvan"}
    drafts = [
        Draft("term", {"source_id": "t:hidden", "title": hidden, "scheme": "Gizli"}, "node"),
        Draft("agent", {"source_id": "a:hidden", "title": hidden, "agent_type": "person"}, "node"),
        Draft("object", {"source_id": "o:hidden", "title": hidden, "description": hidden}, "node"),
        Draft("object", {"source_id": "o:seen", "title": {"az": "Açıq"}, "types": ["t:hidden"], "materials": ["t:hidden"], "links": [
            {"role": "made_by", "to": "a:hidden"}, {"role": "related_to", "to": "o:hidden"}, {"role": "about", "to": "t:hidden"}]}),
        Draft("term", {"source_id": "t:seen", "title": {"az": "Açıq"}, "scheme": "x", "links": [{"role": "broader", "to": "t:hidden"}]}),
    ]  # fmt: skip
    assert [one.error for one in write_changes(drafts, by=node.uri) if one.error] == []


def written(name: str, report: Report | None = None) -> Iterator[bytes]:
    if name in JSON_FORMATS:
        return json_lines(JSON_FORMATS[name], records(STRANGER), STRANGER, "https://node.example", report)
    return document(BY_NAME[name], records(STRANGER), STRANGER, "https://node.example", report)


@pytest.mark.parametrize("name", NAMES)
def test_export_for_everyone_says_nothing_hidden(told: None, name: str, tmp_path: Any) -> None:
    report = Report(tmp_path / "report.json", name)
    with report.writing():
        said = b"".join(written(name, report)).decode()
    said += (tmp_path / "report.json").read_text()

    assert [secret for secret in SECRETS if secret in said or json.dumps(secret)[1:-1] in said] == []
    assert "Açıq" in said
