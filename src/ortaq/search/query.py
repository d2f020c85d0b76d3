# SPDX-License-Identifier: Apache-2.0
"""Questions answered: hits, how many there are, how they divide; all of it only what the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson
from tantivy import FieldType, Occur, Order, Query, Searcher

from ortaq.core.audience import Viewer
from ortaq.records.bulk import in_chunks
from ortaq.records.queries import records_for
from ortaq.search.clauses import (
    begun_in_name,
    filters,
    has_point,
    must,
    of_kinds,
    relevance,
    seen_by,
)
from ortaq.search.cursor import cursor, place_of
from ortaq.search.errors import TooDeep
from ortaq.search.names import Alike
from ortaq.search.plan import NAME_SCORE, Facets, Plan, Prepared, prepared
from ortaq.search.question import Question
from ortaq.search.reader import reader
from ortaq.search.schema import schema
from ortaq.search.terms import word_terms
from ortaq.search.words import asked_words

DEEPEST: Final = 1_000
_SUGGESTIONS_COMPARED: Final = 60


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found; title: language map; is_similar: its name is only like what was asked."""

    uri: str
    source_id: str | None
    kind: str
    title: dict[str, list[str]]
    score: float
    record_id: int
    is_similar: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """total and facets count what matches; similar names that fill a short page are not among them.

    after: what continues the list; None at its end. is_similar: there are only similar names.
    """

    hits: list[Hit]
    total: int
    facets: Facets
    after: str | None
    is_similar: bool


@dataclass(frozen=True, slots=True)
class MapPoint:
    uri: str
    kind: str
    title: dict[str, list[str]]
    lat: float
    lon: float


def search(question: Question, viewer: Viewer) -> Answer:
    """Return the page of records that answer *question*, best first.

    raises  TooDeep, BadCursor, IndexAbsent, IndexDamaged
    """
    view = reader().view()
    start = _start(question)
    ready = prepared(view, question, viewer)
    found, after = _page(view.searcher, question, viewer, ready, start)
    similar = _fill(ready.plan, question, {record_id for record_id, _ in found}) if start is None else []
    rows = _rows([record_id for record_id, _ in found] + [one.id for one in similar], viewer)
    hits = [_hit(rows[record_id], score) for record_id, score in found if record_id in rows]
    hits += [_hit(rows[one.id], one.likeness, is_similar=True) for one in similar if one.id in rows]
    return Answer(hits, ready.total, ready.facets, after, bool(hits) and hits[0].is_similar)


def division(question: Question, viewer: Viewer) -> Facets:
    """Return how what answers *question* divides, without the records themselves; raises IndexAbsent, IndexDamaged."""
    return prepared(reader().view(), question, viewer).facets


def _fill(plan: Plan, question: Question, found: set[int]) -> list[Alike]:
    """Return the similar names that fill what is left of a first page."""
    if question.order != "relevance" or len(found) >= question.limit:
        return []
    return [one for one in plan.similar if one.id not in found][: question.limit - len(found)]


def _start(question: Question) -> int | None:
    if question.after is None:
        return None
    order = "newest" if question.order == "relevance" and not question.text.strip() else question.order
    place = place_of(question.after, order)
    if order == "relevance" and place >= DEEPEST:
        raise TooDeep(limit=DEEPEST)
    return place


def _page(
    searcher: Searcher, question: Question, viewer: Viewer, ready: Prepared, start: int | None
) -> tuple[list[tuple[int, float]], str | None]:
    """Return (record id, score) of the hits from *start*, and the cursor after them."""
    conditions, plan = filters(question, viewer), ready.plan
    if plan.match is not None:
        conditions.append(plan.match)
    if question.order == "relevance" and plan.match is not None:
        return _by_relevance(searcher, question, conditions, plan.rank, start or 0, ready.total)
    return _by_id(searcher, question, conditions, start)


def _by_relevance(
    searcher: Searcher, question: Question, conditions: list[Query], rank: Query | None, start: int, total: int
) -> tuple[list[tuple[int, float]], str | None]:
    clauses = must(conditions)
    if rank is not None:
        clauses.append((Occur.Should, rank))
    limit = min(question.limit, DEEPEST - start)
    hits = searcher.search(Query.boolean_query(clauses), limit, count=False, offset=start).hits
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    found = [(int(record_id or 0), score / NAME_SCORE) for record_id, (score, _) in zip(ids, hits, strict=True)]
    end = start + len(found)
    return found, cursor("relevance", end) if end < total else None


def _by_id(
    searcher: Searcher, question: Question, conditions: list[Query], start: int | None
) -> tuple[list[tuple[int, float]], str | None]:
    """Keyset paging: a page costs the same at any depth."""
    is_ascending = question.order == "oldest"
    if start is not None:
        low, high = (start + 1, None) if is_ascending else (None, start - 1)
        conditions = [*conditions, Query.range_query(schema(), "id", FieldType.Integer, low, high)]
    order = Order.Asc if is_ascending else Order.Desc
    query = Query.boolean_query(must(conditions))
    hits = searcher.search(query, question.limit + 1, count=False, order_by_field="id", order=order).hits
    found = [(int(record_id), 0.0) for record_id, _ in hits]
    page = found[: question.limit]
    name = "oldest" if is_ascending else "newest"
    return page, cursor(name, page[-1][0]) if len(found) > len(page) else None


class _Row(NamedTuple):
    id: int
    uri: str
    source_id: str | None
    kind: str
    title: str


def _rows(ids: Sequence[int], viewer: Viewer) -> dict[int, _Row]:
    """Return the records of *ids* that are live and visible by the database, which has the last word."""
    found = (records_for(viewer).filter(id__in=chunk).values_list(*_Row._fields) for chunk in in_chunks(ids))
    return {row[0]: _Row(*row) for rows in found for row in rows}


def _hit(record: _Row, score: float, *, is_similar: bool = False) -> Hit:
    return Hit(
        record.uri, record.source_id, record.kind, orjson.loads(record.title), round(score, 4), record.id, is_similar
    )


def points(question: Question, viewer: Viewer, limit: int = 2_000) -> list[MapPoint]:
    """Return where the records that answer *question* lie, at most *limit* of them, the best first."""
    view = reader().view()
    searcher, plan = view.searcher, prepared(view, question, viewer).plan
    clauses = must([*filters(question, viewer), has_point(), *([plan.match] if plan.match is not None else [])])
    if plan.rank is not None:
        clauses.append((Occur.Should, plan.rank))
    addresses = [address for _, address in searcher.search(Query.boolean_query(clauses), limit, count=False).hits]
    columns = [searcher.fast_field_values(name, addresses) for name in ("id", "lat", "lon")]
    places = {
        int(record_id or 0): (float(lat or 0), float(lon or 0)) for record_id, lat, lon in zip(*columns, strict=True)
    }
    rows = _rows(list(places), viewer)
    return [_point(rows[record_id], *place) for record_id, place in places.items() if record_id in rows]


def _point(record: _Row, lat: float, lon: float) -> MapPoint:
    return MapPoint(record.uri, record.kind, orjson.loads(record.title), lat, lon)


def suggest(text: str, lang: str | None, viewer: Viewer, limit: int = 8, *, kinds: Sequence[str] = ()) -> list[Hit]:
    """Return records one of whose names has words beginning as typed; those whose title in *lang* has them come first.

    kinds: only of these; of all if not given
    """
    words = asked_words(text, lang)
    if not words:
        return []
    searcher = reader().view().searcher
    conditions = [seen_by(viewer), begun_in_name(words), *of_kinds(kinds)]
    wanted = Query.boolean_query([*must(conditions), (Occur.Should, relevance(searcher, words))])
    addresses = [address for _, address in searcher.search(wanted, _SUGGESTIONS_COMPARED, count=False).hits]
    ids = [int(record_id or 0) for record_id in searcher.fast_field_values("id", addresses)]
    hits = [_hit(row, 0.0) for row in _rows(ids, viewer).values()]
    typed = words[-1].keys
    return sorted(hits, key=lambda hit: (*_closeness(hit.title, lang, typed), hit.record_id))[:limit]


def _closeness(title: dict[str, list[str]], lang: str | None, typed: Sequence[str]) -> tuple[bool, int, int]:
    """Return how well a title fits what was typed, less is better: in the language asked, at the beginning, short."""
    own = [word_terms(name, lang) for name in title.get(lang or "", ())]
    others = [word_terms(name, tag) for tag, names in title.items() for name in names]
    fits = [terms for terms in own if _position(terms, typed) is not None]
    position, length = min(
        ((position, len(terms)) for terms in fits or others if (position := _position(terms, typed)) is not None),
        default=(99, 99),
    )
    return not fits, position, length


def _position(terms: Sequence[str], typed: Sequence[str]) -> int | None:
    return next((place for place, term in enumerate(terms) if term.startswith(tuple(typed))), None)
