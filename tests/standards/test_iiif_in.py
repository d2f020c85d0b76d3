# SPDX-License-Identifier: Apache-2.0
"""The IIIF documents of the cookbook come in: each value is in a record or in the report."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ortaq.doors.imports.run import Options, run_import
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change, Record
from tests.standards.schemas import SCHEMAS, needs_schemas

RECORDS = SCHEMAS.parent / "records" / "iiif"
pytestmark = needs_schemas
# Says how to read something else: classes, languages as keys or codes, and instants as days.
CONVERTED = {"type", "@type", "@context", "language", "navDate", "motivation"}


def files() -> list[Path]:
    return sorted(RECORDS.glob("*.json"))


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items() if isinstance(node, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from leaves(one, f"{path}/{key}".lstrip("/"))
            else:
                yield f"{path}/{key}".lstrip("/"), one


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


def test_every_value_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path) -> None:
    summary = run_import(files(), Options(report=tmp_path / "report.json"))

    assert [(one.file.name, str(one.error)) for one in summary.files if one.error] == []
    about_files = json.loads((tmp_path / "report.json").read_text())["files"]
    # one manifest is there in both versions, under one id: the second is refused, not taken for a change of the first
    refused = [one["error"]["code"] for file in about_files for one in file["records"] if "error" in one]
    assert refused == ["import.repeated"]
    assert [(one.format, one.counts.records_in) for one in summary.files] == [("iiif", 1)] * 32
    assert summary.counts.made == 31
    held = " ".join(text for change in Change.objects.all() for text in strings(json.loads(change.body or "{}")))
    for path, about in zip(files(), json.loads((tmp_path / "report.json").read_text())["files"], strict=True):
        [record] = about["records"]
        if "error" in record:
            continue
        lost = Counter({(loss["path"]): 0 for loss in record.get("lost", ())})
        for loss in record.get("lost", ()):
            lost[loss["path"]] += loss["count"]
        gone = Counter(
            where
            for where, value in leaves(json.loads(path.read_bytes()))
            if where.rpartition("/")[2] not in CONVERTED and value not in (None, "") and plain(value) not in held
        )
        assert {where: count for where, count in gone.items() if count > lost[where]} == {}, path.name

    before = Change.objects.count()
    assert run_import(files(), Options()).counts.unchanged == 31
    assert Change.objects.count() == before


def plain(value: Any) -> str:
    text = str(value)
    return " ".join(text.split("<")[0].split()) if "<" in text else text.strip()


def test_labels_keep_their_languages_and_images_their_addresses(node: Identity) -> None:
    run_import([RECORDS / "0006-text-language__manifest.json"], Options())

    body = json.loads(Record.objects.get(kind="object").change.body or "{}")
    assert set(body["title"]) == {"en", "fr"}
    assert body["images"][0].startswith("https://iiif.io/api/image/3.0/")
    assert "fr" in body["description"]
