# SPDX-License-Identifier: Apache-2.0
"""A kind as a table: a column for each field, for each language of a field, for each role of a link. To look at, sort and count;
what does not fit a cell (notes of links, several entries of a group, files) is in the line format."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ortaq.core.audience import Viewer
from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.doors.exports.jsonl import with_source_ids
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Record
from ortaq.records.queries import body_of

BETWEEN = " | "
BOM = b"\xef\xbb\xbf"
_MAPS = (Role.NAME, Role.PROSE)
# A program that opens the table would take such a cell for a formula; a plain number is none.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")


def table(
    kind: Kind, records: Callable[[], Iterable[Record]], viewer: Viewer, *, has_bom: bool = True
) -> Iterator[bytes]:
    """Yield the table of *records*, header first; they are asked for twice: once for the columns, once for the cells.

    has_bom  begin with the mark by which spreadsheets know UTF-8
    """
    columns = _columns(kind, records)
    yield (BOM if has_bom else b"") + _row(["uri", "audience", *columns])
    for chunk in in_chunks(records()):
        bodies = with_source_ids(chunk, [body_of(record) for record in chunk], viewer)
        for record, body in zip(chunk, bodies, strict=True):
            cells = dict(_cells(kind, body))
            yield _row([record.uri, record.change.audience, *(guarded(cells.get(column, "")) for column in columns)])


def _columns(kind: Kind, records: Callable[[], Iterable[Record]]) -> list[str]:
    """Return the columns that have a value somewhere, in the order of the kind's fields."""
    found = {column for record in records() for column, _ in _cells(kind, body_of(record))}
    order = {spec.name: place for place, spec in enumerate(kind.fields)}
    return sorted(found, key=lambda column: (order[column.partition(".")[0]], column))


def _cells(kind: Kind, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for spec in kind.fields:
        value = body.get(spec.name)
        if value is not None:
            yield from _cells_of(spec, value)


def _cells_of(spec: FieldSpec, value: Any) -> Iterator[tuple[str, str]]:
    """Yield (column, text) of one field."""
    if spec.role in _MAPS:
        yield from ((f"{spec.name}.{tag}", BETWEEN.join(texts)) for tag, texts in value.items())
    elif spec.role is Role.LINKS:
        yield from _grouped(spec.name, ((link["role"], link["to"]) for link in value))
    elif spec.name == "identifiers":
        yield from _grouped(spec.name, ((one["scheme"], one["value"]) for one in value))
    elif spec.role is Role.FILES:
        yield spec.name, BETWEEN.join(one["name"] for one in value)
    elif isinstance(value, dict):
        yield from ((f"{spec.name}.{name}", str(one)) for name, one in value.items())
    elif spec.role is Role.GROUP:
        yield from _grouped(spec.name, ((name, _text(one)) for part in value for name, one in part.items()))
    else:
        yield spec.name, BETWEEN.join(map(_text, value)) if isinstance(value, list) else _text(value)


def _grouped(name: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for key, text in pairs:
        found.setdefault(key, []).append(text)
    return ((f"{name}.{key}", BETWEEN.join(texts)) for key, texts in found.items())


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def guarded(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it: an apostrophe goes before what would be a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode("utf-8")
