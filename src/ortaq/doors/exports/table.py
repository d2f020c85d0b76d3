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
from ortaq.core.kind import Body, FieldSpec, Kind
from ortaq.doors.exports.jsonl import with_source_ids
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Record
from ortaq.records.queries import body_of
from ortaq.records.registry import KINDS

BETWEEN = " | "
BOM = b"\xef\xbb\xbf"
_MAPS = (Role.NAME, Role.PROSE)
# A program that opens the table would take such a cell for a formula, in some languages also in full-width signs; a plain
# number is none. A cell that has the apostrophe already gets another one, so that an import can take one away again.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")


def table(
    kind: Kind | None, records: Callable[[], Iterable[Record]], viewer: Viewer, *, has_bom: bool = True
) -> Iterator[bytes]:
    """Yield the table of *records*, header first; they are asked for twice: once for the columns, once for the cells.

    kind     of all of them; None: they are of several kinds, which a column names, and share the columns of one name
    has_bom  begin with the mark by which spreadsheets know UTF-8
    """
    columns = _columns(records)
    first = ["uri", "audience"] if kind else ["uri", "kind", "audience"]
    yield (BOM if has_bom else b"") + _row([*first, *columns])
    for chunk in in_chunks(records()):
        bodies = with_source_ids(chunk, [body_of(record) for record in chunk], viewer)
        for record, body in zip(chunk, bodies, strict=True):
            about = {"uri": record.uri, "kind": record.kind, "audience": record.change.audience}
            cells = dict(_cells(KINDS[record.kind], body))
            yield _row([*(about[name] for name in first), *(guarded(cells.get(column, "")) for column in columns)])


def _columns(records: Callable[[], Iterable[Record]]) -> list[str]:
    """Return the columns that have a value somewhere: the fields that every kind has first, then those of each kind, in their order."""
    found: dict[str, tuple[int, int]] = {}
    for record in records():
        kind = KINDS[record.kind]
        for column, _ in _cells(kind, body_of(record)):
            if column not in found:
                found[column] = _place(kind, column.partition(".")[0])
    return sorted(found, key=lambda column: (found[column], column))


def _place(kind: Kind, field: str) -> tuple[int, int]:
    names = [spec.name for spec in kind.fields]
    shared = field in Body.model_fields
    return (0 if shared else 1 + [one.name for one in KINDS].index(kind.name), names.index(field))


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
