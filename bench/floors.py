# SPDX-License-Identifier: Apache-2.0
"""The floors: what SQLite and tantivy need for the same records when nobody checks, signs or folds anything.

SQLite: the record as JSON and nine columns, a unique key and two more indexes, by `executemany`. tantivy: title and text in its default
tokenizer, kind, country, year and point, one thread. Reading the file and parsing its JSON stay outside the clock.
"""

import itertools
import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import tantivy

CHUNK = 10_000  # records a transaction
FACETS = ("kind", "country", "lang", "year")
_TABLE = """
CREATE TABLE record (uri TEXT UNIQUE, kind TEXT, node TEXT, version INTEGER, audience TEXT, title TEXT, made TEXT, changed TEXT,
                     state TEXT, body TEXT);
CREATE INDEX record_kind ON record (kind, changed);
CREATE INDEX record_state ON record (state, node);
"""


@dataclass(frozen=True, slots=True)
class ImportFloor:
    """Seconds for the records of one corpus; processor: seconds of all cores."""

    records: int
    sqlite: float
    tantivy: float
    processor: float

    @property
    def per_second(self) -> float:
        return self.records / (self.sqlite + self.tantivy)


def measure(corpus: Path, folder: Path) -> ImportFloor:
    """Write the records of *corpus* into a bare table and a bare index in *folder*."""
    folder.mkdir(parents=True)
    table, index = Stopwatch(), Stopwatch()
    count = _sqlite(corpus, folder / "bare.sqlite3", table)
    _tantivy(corpus, folder / "index", index)
    return ImportFloor(count, table.seconds, index.seconds, table.processor + index.processor)


class Stopwatch:
    """Adds up what runs inside `with`: by the clock, and by the processor with all threads of this process."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> None:
        self._clock, self._used = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._clock
        self.processor += time.process_time() - self._used


def _chunks(corpus: Path) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    with corpus.open("rb") as stream:
        while lines := list(itertools.islice(stream, CHUNK)):
            yield [(line.decode(), orjson.loads(line)) for line in lines]


def _sqlite(corpus: Path, file: Path, watch: Stopwatch) -> int:
    database = sqlite3.connect(file)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLE)
    count = 0
    for chunk in _chunks(corpus):
        rows = [
            (one["source_id"], one["kind"], "node", 1, "public", json.dumps(one["title"]), "2026", "2026", "live", line)
            for line, one in chunk
        ]
        with watch, database:
            database.executemany("INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
        count += len(rows)
    database.close()
    return count


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uri", tokenizer_name="raw", stored=True)
    for name in ("kind", "country", "lang"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_float_field("lat", fast=True)
    builder.add_float_field("lon", fast=True)
    builder.add_text_field("title")
    builder.add_text_field("text")
    return builder.build()


def _tantivy(corpus: Path, folder: Path, watch: Stopwatch) -> None:
    folder.mkdir()
    writer = tantivy.Index(schema(), str(folder)).writer(128 << 20, 1)
    for chunk in _chunks(corpus):
        fields = [_fields(one) for _, one in chunk]
        with watch:
            for values in fields:
                document = tantivy.Document()
                for name, value in values:
                    getattr(document, _ADD[name])(name, value)
                writer.add_document(document)
    with watch:
        writer.commit()
        writer.wait_merging_threads()


_ADD = dict.fromkeys(("uri", "kind", "country", "lang", "title", "text"), "add_text") | {
    "year": "add_integer",
    "lat": "add_float",
    "lon": "add_float",
}


def _fields(record: dict[str, Any]) -> list[tuple[str, Any]]:
    texts = record.get("description", {}).values()
    titles = [text for given in record["title"].values() for text in ([given] if isinstance(given, str) else given)]
    found: list[tuple[str, Any]] = [
        ("uri", record["source_id"]),
        ("kind", record["kind"]),
        ("title", "\n".join(titles)),
        ("text", "\n".join(texts)),
    ]
    found += [("country", code) for code in record.get("countries", ())]
    found += [("lang", lang) for lang in record["title"]]
    span = record.get("built") or record.get("made") or record.get("held") or record.get("created")
    if span:
        found.append(("year", int(span[:4].replace("X", "0"))))
    if point := record.get("point"):
        found += [("lat", point["lat"]), ("lon", point["lon"])]
    return found


class BareSearch:
    """Queries of the bare index: ids of twenty hits and their exact number, with or without facets."""

    def __init__(self, folder: Path) -> None:
        self.index = tantivy.Index.open(str(folder / "index"))
        self.schema = schema()
        self.searcher = self.index.searcher()

    def word(self, text: str) -> tantivy.Query:
        """Records with all words of *text* in title or text."""
        return self.index.parse_query(
            f'"{text}"' if " " not in text else text, ["title", "text"], conjunction_by_default=True
        )

    def prefix(self, text: str) -> tantivy.Query:
        query = tantivy.Query
        fields = (query.regex_query(self.schema, field, f"{text}.*") for field in ("title", "text"))
        return query.boolean_query([(tantivy.Occur.Should, one) for one in fields])

    def within(
        self, query: tantivy.Query, box: tuple[float, float, float, float], years: tuple[int, int]
    ) -> tantivy.Query:
        """The same, in a box (west, south, east, north) and a stretch of years."""
        west, south, east, north = box
        float_, integer = tantivy.FieldType.Float, tantivy.FieldType.Integer
        ranges = (("lon", float_, west, east), ("lat", float_, south, north), ("year", integer, *years))
        limits = [tantivy.Query.range_query(self.schema, name, type_, low, high) for name, type_, low, high in ranges]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in (query, *limits)])

    def frequency(self, text: str) -> int:
        """How many records have the word in their text."""
        return int(self.searcher.doc_freq("text", text))

    def answer(self, query: tantivy.Query, *, facets: bool = False) -> int:
        """Return the number of hits, as a search page would need it."""
        found = self.searcher.search(query, 20, count=True)
        for _, address in found.hits:
            self.searcher.doc(address)
        if facets:
            self.searcher.aggregate(query, {name: {"terms": {"field": name, "size": 20}} for name in FACETS})
        return int(found.count or 0)


def quantiles(seconds: list[float]) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return cuts[9] * 1000, cuts[18] * 1000


def timed(calls: list[Callable[[], Any]]) -> list[float]:
    """Return how long each call took, in seconds."""
    found = []
    for call in calls:
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return found
