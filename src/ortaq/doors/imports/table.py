# SPDX-License-Identifier: Apache-2.0
"""Tables as CSV: any of four encodings, three delimiters, quoted line breaks; one bad row never stops the rest."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ortaq.core.audience import PUBLIC
from ortaq.core.errors import OrtaqError
from ortaq.core.lost import Lost
from ortaq.doors.imports.encodings import encoding_of
from ortaq.doors.imports.errors import CellTooLong, FileDamaged, FileEmpty, LineTooLong, RaggedRow
from ortaq.doors.imports.item import START, Item, Mark
from ortaq.doors.imports.mapping import Columns, Plan
from ortaq.doors.imports.several_rows import has_several_rows, joined
from ortaq.doors.imports.source import Opened, Source

CELL_LIMIT = 1_000_000
LINE_LIMIT = 4 * 1024 * 1024
_DELIMITERS = ",;\t|"
_SNIFFED_ROWS = 20
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1251": "Windows-1251", "cp1254": "Windows-1254"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table is written, and its header."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]

    def as_dict(self) -> dict[str, str]:
        """What was taken to be so, as the report and the person at the terminal read it."""
        return {"encoding": _ENCODINGS.get(self.encoding, "UTF-16"), "delimiter": self.delimiter}


@dataclass(frozen=True, slots=True)
class Row:
    """cells, or the error that stands for them."""

    line: int
    end: int
    cells: list[str]
    error: OrtaqError | None = None


@lru_cache(maxsize=1)  # a file that is not UTF-8 is read until its first other byte; it is asked for in every step
def layout_of(source: Source) -> Layout:
    """Return how *source* is written; raises UnknownEncoding or FileEmpty."""
    encoding = encoding_of(source)
    sample = source.head.decode(encoding, "ignore")
    found = {delimiter: _widths(sample, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda one: _agreement(found[one]))
    first = next((row for row in _rows(source, encoding, delimiter) if row.error is None and any(row.cells)), None)
    if first is None:
        raise FileEmpty(file=source.path)
    return Layout(encoding, delimiter, tuple(_named(first.cells)))


def _widths(sample: str, delimiter: str) -> list[int]:
    lines = io.StringIO(sample, newline="")
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        return [len(row) for _, row in zip(range(_SNIFFED_ROWS), reader, strict=False) if row]
    except csv.Error:
        return []


def _agreement(widths: list[int]) -> tuple[float, int]:
    """Rows of one width, wider than one, speak for a delimiter."""
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (Counter(widths)[widths[0]] / len(widths), widths[0])


def _named(cells: list[str]) -> list[str]:
    """Return the header with a name for columns that have none, and a number behind one that comes twice."""
    names: list[str] = []
    for index, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"column {index}"
        names.append(name if name not in names else f"{name} ({index})")
    return names


def rows(source: Source, layout: Layout) -> Iterator[Row]:
    """Yield the rows below the header, empty ones left out; a row that is shorter or longer than the header is ragged."""
    found = (
        row
        for row in _rows(source, layout.encoding, layout.delimiter)
        if row.error or any(cell.strip() for cell in row.cells)
    )
    next(found, None)
    for row in found:
        if row.error is None and len(row.cells) != len(layout.header):
            yield Row(row.line, row.end, row.cells, RaggedRow(cells=len(row.cells), columns=len(layout.header)))
        else:
            yield row


def _rows(source: Source, encoding: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(CELL_LIMIT)
    with source.opened() as file:
        lines = _Lines(source, file, encoding)
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            begun = reader.line_num + lines.skipped + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(begun, file.raw.tell(), [], CellTooLong(limit=CELL_LIMIT))
            except LineTooLong as error:
                yield Row(begun, file.raw.tell(), [], error)
            else:
                yield Row(begun, file.raw.tell(), cells)


class _Lines:
    """The lines of a text, bounded; a longer one is skipped and raises LineTooLong."""

    def __init__(self, source: Source, file: Opened, encoding: str) -> None:
        self._source = source
        self._text = io.TextIOWrapper(file.stream, encoding, newline="")
        self.skipped = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._read()
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            length = len(line)
            while (more := self._read()) and more[-1] not in "\r\n":
                length += len(more)
            self.skipped += 1
            raise LineTooLong(bytes=length + len(more), limit=LINE_LIMIT)
        if not line:
            raise StopIteration
        return line

    def _read(self) -> str:
        try:
            return self._text.readline(LINE_LIMIT)
        except UnicodeDecodeError as error:
            raise FileDamaged(file=self._source.path, reason=f"it is not {error.encoding} all through") from error


def read(source: Source, after: Mark, mapping: Columns, audience: str = PUBLIC) -> Iterator[Item]:
    """Yield the records of all rows, from the first on; raises BadMapping."""
    layout = layout_of(source)
    found = _read(source, layout, after, mapping, audience)
    yield from joined(found) if has_several_rows(layout.header) else found


def _read(source: Source, layout: Layout, after: Mark, mapping: Columns, audience: str) -> Iterator[Item]:
    plan = Plan(mapping, layout.header, source.path, audience)
    unmapped = {index: name for index, name in enumerate(layout.header) if mapping.columns.get(name) is None}
    for number, row in enumerate(rows(source, layout), start=START.number + 1):
        if number <= after.number:
            continue
        if row.error:
            yield Item(number, row.line, row.end, None, row.error)
            continue
        try:
            draft, terms = plan.draft(row.cells)
        except OrtaqError as error:
            yield Item(number, row.line, row.end, None, error)
        else:
            yield Item(number, row.line, row.end, draft, None, terms, _lost(row.cells, unmapped))


def _lost(cells: list[str], unmapped: dict[int, str]) -> list[Lost]:
    return [
        Lost(name, 1, cells[index][:100], "the mapping leaves it out")
        for index, name in unmapped.items()
        if cells[index].strip()
    ]
