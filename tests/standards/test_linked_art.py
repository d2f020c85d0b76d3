# SPDX-License-Identifier: Apache-2.0
"""The 105 examples of Linked Art come in; each value is in a record or in the report; what is not in the report goes out again, valid."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ortaq.core import linked_art as la
from ortaq.core.audience import STRANGER
from ortaq.core.identifiers import is_record_uri
from ortaq.doors.exports.choice import records
from ortaq.doors.exports.formats import JSON_FORMATS, json_lines
from ortaq.doors.imports.run import Options, run_import
from ortaq.nodes.identity import Identity
from ortaq.records.models import Change
from ortaq.records.verification import verify_log, verify_projection
from tests.standards.schemas import SCHEMAS, linked_art_validator, needs_schemas

RECORDS = SCHEMAS.parent / "records" / "linked_art"
pytestmark = needs_schemas
_SCHEMAS = {
    "HumanMadeObject": "object", "Person": "person", "Group": "group", "Place": "place", "LinguisticObject": "text",
    "VisualItem": "image", "DigitalObject": "digital", "PropositionalObject": "abstract", "Set": "set",
    **dict.fromkeys(la.EVENTS, "event"), **dict.fromkeys(la.CONCEPTS, "concept"),
}  # fmt: skip


def files() -> list[Path]:
    return sorted(RECORDS.glob("*.json"))


def exported() -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_lines(JSON_FORMATS["linked-art"], records(STRANGER), STRANGER)]


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with its path."""
    for key, value in node.items() if isinstance(node, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from leaves(one, f"{path}/{key}".lstrip("/"))
            else:
                yield f"{path}/{key}".lstrip("/"), one


@cache
def validator(name: str) -> Any:
    return linked_art_validator(name)


def faults(document: dict[str, Any]) -> list[str]:
    name = "provenance" if "part" in document else _SCHEMAS[document["type"]]
    return [
        f"{document['id']} {list(one.absolute_path)}: {one.message[:200]}"
        for one in validator(name).iter_errors(document)
    ]


def test_every_example_comes_in_and_goes_out_valid_and_a_second_import_changes_nothing(
    node: Identity, tmp_path: Path
) -> None:
    summary = run_import(files(), Options(report=tmp_path / "report.json"))

    assert summary.is_clean
    assert [one.format for one in summary.files] == ["linked-art"] * 105
    assert [one.counts.records_in for one in summary.files] == [one.counts.made for one in summary.files] == [1] * 105
    assert [*verify_log(), *verify_projection()] == []
    assert [fault for one in exported() for fault in faults(one)] == []

    before = Change.objects.count()
    assert run_import(files(), Options()).counts.unchanged == 105
    assert Change.objects.count() == before


def test_what_the_report_does_not_name_goes_out_again(node: Identity, tmp_path: Path) -> None:
    run_import(files(), Options(report=tmp_path / "report.json"))
    by_id = {one["id"]: one for one in exported()}

    missing = {}
    for path, about in zip(files(), json.loads((tmp_path / "report.json").read_text())["files"], strict=True):
        [record] = about["records"]
        if found := not_kept(json.loads(path.read_bytes()), record, by_id):
            missing[path.name] = found
    assert missing == {}, json.dumps(missing, indent=1)


# What stands in a record in another form than in the file: dates as EDTF, places on the map as numbers, classes as kinds,
# and what only says how to read something else. The way out, above, shows that these are kept.
CONVERTED = {"type", "@context", "begin_of_the_begin", "end_of_the_end", "defined_by", "assigned_property"}


def test_every_value_is_in_a_record_or_in_the_report(node: Identity, tmp_path: Path) -> None:
    run_import(files(), Options(report=tmp_path / "report.json"))
    held = "\n".join(text for change in Change.objects.all() for text in strings(json.loads(change.body or "{}")))

    for path, about in zip(files(), json.loads((tmp_path / "report.json").read_text())["files"], strict=True):
        [record] = about["records"]
        lost: Counter[str] = Counter()
        for loss in record.get("lost", ()):
            lost[loss["path"]] += loss["count"]
        known = {*la.LABELS, *la.LABELS.values(), *la.LANGUAGES, *(loss["sample"] for loss in record.get("lost", ()))}
        gone = Counter(
            where
            for where, value in leaves(json.loads(path.read_bytes()))
            if where.rpartition("/")[2] not in CONVERTED
            and value not in known
            and registered(str(value).strip()) not in held
        )
        assert {where: count for where, count in gone.items() if count > lost[where]} == {}, path.name


def registered(text: str) -> str:
    """An address in a register stands in a record as the register's identifier."""
    return text.rpartition("/")[2] if text.startswith("http://vocab.getty.edu/") else text.removesuffix(".0")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(one)


def not_kept(document: dict[str, Any], record: dict[str, Any], by_id: dict[str, Any]) -> dict[str, Any]:
    """What of the document is neither in what went out, under the same name, nor in the report."""
    out = {(path.rpartition("/")[2], value) for one in around(record["uri"], by_id) for path, value in leaves(one)}
    words = " ".join(str(value) for name, value in out if name == "content")
    lost: Counter[str] = Counter()
    said = []
    for loss in record.get("lost", ()):
        lost[loss["path"]] += loss["count"]
        if "stays as it is" in loss["why"]:
            said.append(loss["sample"])
    gone = [
        (path, value)
        for path, value in leaves(document)
        if (path.rpartition("/")[2], value) not in out
        and not (path == "_label" and ("content", value) in out)
        and not (
            path.startswith("dimension/") and str(value).removesuffix(".0") in words
        )  # a size goes out as it is said
    ]
    counted = Counter(path for path, _value in gone)
    return {
        path: value
        for path, value in gone
        if counted[path] > lost[path] and not any(str(value) in sample for sample in said)
    }


def around(uri: str, by_id: dict[str, Any]) -> list[dict[str, Any]]:
    """The document of a record, and of what it points at, two steps far."""
    found = {uri: by_id[uri]}
    for _ in range(2):
        named = {str(value) for one in found.values() for path, value in leaves(one) if path.endswith("id")}
        found |= {one: by_id[one] for one in named if is_record_uri(one) and one in by_id}
    return list(found.values())
