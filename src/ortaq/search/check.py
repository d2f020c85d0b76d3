# SPDX-License-Identifier: Apache-2.0
"""Does the index say what the records say?"""

from collections.abc import Iterator
from typing import Final

from tantivy import FieldType, Order, Query, Searcher

from ortaq.core.errors import OrtaqError
from ortaq.records.following import live_versions
from ortaq.records.queries import newest_position
from ortaq.records.verification import Finding
from ortaq.search.index import index_folder, position_in
from ortaq.search.reader import reader
from ortaq.search.schema import open_index, schema

_PAGE: Final = 20_000
_REMEDY: Final = "run 'ortaq reindex'"


def verify_index() -> Iterator[Finding]:
    """Compare the index with the records: its position, records it lacks, documents too many, too old or twice."""
    end = newest_position()
    try:
        searcher = reader().view().searcher
        position, _ = position_in(open_index(index_folder()))
    except OrtaqError as error:
        if end:
            yield Finding(error.code, "index", str(error))
        return
    if position != end:
        yield Finding(
            "search.position-wrong", "index", f"stands at change {position}, the log ends at {end}; {_REMEDY}"
        )
    yield from _compare(_indexed(searcher), live_versions())


def _compare(indexed: Iterator[tuple[int, int]], live: Iterator[tuple[int, int]]) -> Iterator[Finding]:
    """Walk both in the order of ids."""
    document, record = next(indexed, None), next(live, None)
    before = None
    while document is not None or record is not None:
        if document is not None and document[0] == before:
            yield Finding("search.document-twice", f"record {document[0]}", f"has two documents; {_REMEDY}")
            document = next(indexed, None)
        elif record is None or (document is not None and document[0] < record[0]):
            assert document is not None
            yield Finding(
                "search.document-surplus", f"record {document[0]}", f"is in the index and not a live record; {_REMEDY}"
            )
            before, document = document[0], next(indexed, None)
        elif document is None or record[0] < document[0]:
            yield Finding("search.document-missing", f"record {record[0]}", f"is not in the index; {_REMEDY}")
            record = next(live, None)
        else:
            if document[1] != record[1]:
                what = f"the index has version {document[1]}, the records have {record[1]}; {_REMEDY}"
                yield Finding("search.document-old", f"record {record[0]}", what)
            before, document, record = document[0], next(indexed, None), next(live, None)


def _indexed(searcher: Searcher) -> Iterator[tuple[int, int]]:
    """Yield (id, version) of every document in the order of ids; of equal ids at a page's edge the first is enough to be seen."""
    last = -1
    while True:
        beyond = Query.range_query(schema(), "id", FieldType.Integer, last + 1, None)
        hits = searcher.search(beyond, _PAGE, count=False, order_by_field="id", order=Order.Asc).hits
        versions = searcher.fast_field_values("version", [address for _, address in hits])
        for (record_id, _), version in zip(hits, versions, strict=True):
            yield int(record_id), int(version or 0)
        if len(hits) < _PAGE:
            return
        last = int(hits[-1][0])
