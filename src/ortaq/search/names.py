# SPDX-License-Identifier: Apache-2.0
"""Records whose name is like what was asked, whatever the script and spelling."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tantivy import DocAddress, Occur, Query, Searcher

from ortaq.language.features import features_of_key
from ortaq.language.keys import consonant_skeleton
from ortaq.language.similarity import NameKeys, name_similarity
from ortaq.search.clauses import any_of, must, term
from ortaq.search.terms import whole_name, word_terms

_CANDIDATES, _UNFILTERED = 30, 100
_MOST_WORDS: Final = 8  # what is longer is a text, not a name
# How much the score of the index counts beside the comparison of the names: the best for cities, countries and towns.
_INDEX_WEIGHT: Final = 0.4
_MOST_OF_FEATURE: Final = 2
_LEAST_OF_BEST: Final = 0.3  # of the best score; of cities, countries and towns none below it was the one asked for

Candidate = tuple[int, float, DocAddress]


@dataclass(frozen=True, slots=True)
class Alike:
    """A record by its id. likeness: of the names, 0 to 1; rank: with what the index found telling, 0 to 1."""

    id: int
    likeness: float
    rank: float


def alike(searcher: Searcher, text: str, lang: str | None, conditions: Sequence[Query]) -> list[Alike]:
    """Return the records that meet *conditions* and whose names are most like *text*, best first."""
    asked = [_with_skeleton(key) for key in _keys(text, lang)]
    if not asked or len(asked[0][0].split()) > _MOST_WORDS:
        return []
    hits = _candidates(searcher, _like(asked[0][0]), conditions)
    found = []
    for record_id, score, address in hits:
        titles = [_with_skeleton(key) for key in searcher.doc(address)["key"]]
        likeness = max((name_similarity(one, title) for one in asked for title in titles), default=0.0)
        rank = (likeness + _INDEX_WEIGHT * score / hits[0][1]) / (1 + _INDEX_WEIGHT)
        found.append(Alike(record_id, likeness, rank))
    return sorted(found, key=lambda one: (-one.rank, one.id))


def _candidates(searcher: Searcher, like: Query, conditions: Sequence[Query]) -> list[Candidate]:
    """Return (record id, score, address) of the best that meet *conditions*.

    The best of all are found several times faster than the best under conditions; mostly these meet the conditions too.
    """
    hits = _likely(_with_ids(searcher, like, _UNFILTERED))
    passing = _passing(searcher, [record_id for record_id, _, _ in hits], conditions)
    if hits and (hits[0][0] not in passing or (len(hits) == _UNFILTERED and len(passing) < _CANDIDATES)):
        return _likely(_with_ids(searcher, Query.boolean_query([*must(conditions), (Occur.Must, like)]), _CANDIDATES))
    return [hit for hit in hits if hit[0] in passing][:_CANDIDATES]


def _likely(hits: list[Candidate]) -> list[Candidate]:
    return [hit for hit in hits if hit[1] >= _LEAST_OF_BEST * hits[0][1]]


def _passing(searcher: Searcher, ids: Sequence[int], conditions: Sequence[Query]) -> set[int]:
    if not ids:
        return set()
    query = Query.boolean_query(must([*conditions, any_of(term("id", record_id) for record_id in ids)]))
    hits = searcher.search(query, len(ids), count=False).hits
    return {int(found or 0) for found in searcher.fast_field_values("id", [address for _, address in hits])}


def _with_ids(searcher: Searcher, query: Query, limit: int) -> list[Candidate]:
    hits = searcher.search(query, limit, count=False).hits
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    return [(int(record_id or 0), score, address) for record_id, (score, address) in zip(ids, hits, strict=True)]


def _like(key: str) -> Query:
    counted = Counter(features_of_key(key))
    return any_of(
        Query.boost_query(term("like", feature), float(min(count, _MOST_OF_FEATURE)))
        if count > 1
        else term("like", feature)
        for feature, count in counted.items()
    )


def same_name(text: str, lang: str | None) -> Query:
    """Return what records meet one of whose names is *text*."""
    return any_of(term("shape", whole_name(key)) for key in _keys(text, lang))


def _keys(text: str, lang: str | None) -> list[str]:
    """Return how the text may be read: in the language named, or as Turkic letters are."""
    keys = dict.fromkeys(" ".join(word_terms(text, hint)) for hint in (lang, None))
    return [key for key in keys if key]


def _with_skeleton(key: str) -> NameKeys:
    return key, consonant_skeleton(key)
