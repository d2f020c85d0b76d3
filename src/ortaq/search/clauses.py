# SPDX-License-Identifier: Apache-2.0
"""A question as clauses of one boolean query: who may see, what was filtered, which words must match, what counts more."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from tantivy import FieldType, Occur, Query, Searcher

from ortaq.core.audience import Viewer
from ortaq.search.document import audience_terms
from ortaq.search.question import Box, Question
from ortaq.search.schema import schema
from ortaq.search.words import Asked
from ortaq.search.years import terms_of_question

Clause = tuple[Occur, Query]

_SHORTEST_PREFIX, _LONGEST_PREFIX = 3, 4  # letters typed, letters of the key: a longer one is a stem
_SHORTEST_FUZZY = 4
# A word in a name tells more than one in a text, the word itself more than its shape.
_NAME_WEIGHT, _TEXT_WEIGHT, _SHAPE_WEIGHT = 3.0, 1.0, 0.5
_LEAST_RARITY = 0.01  # of a word that is in every record


def term(field: str, value: Any) -> Query:
    return Query.term_query(schema(), field, value, "freq" if field in ("like", "name", "text") else "basic")


def of_kinds(kinds: Sequence[str]) -> list[Query]:
    """Return the condition that a record is of one of *kinds*; none if there are none."""
    return [any_of(term("kind", kind) for kind in kinds)] if kinds else []


def any_of(queries: Iterable[Query]) -> Query:
    found = list(queries)
    return found[0] if len(found) == 1 else Query.boolean_query([(Occur.Should, query) for query in found])


def silent(query: Query) -> Query:
    """Return *query* so that it decides, but adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def must(queries: Iterable[Query]) -> list[Clause]:
    return [(Occur.Must, silent(query)) for query in queries]


def seen_by(viewer: Viewer) -> Query:
    return any_of(term("audience", name) for name in audience_terms(viewer))


def filters(question: Question, viewer: Viewer, *, without: str | None = None) -> list[Query]:
    """Return what a record must meet whatever the words; without: a facet whose own filter is left out."""
    wanted = {
        "kind": question.kinds,
        "country": question.countries,
        "language": question.languages,
        "area": question.areas,
        "period": question.periods,
    }
    found = [seen_by(viewer)]
    found += [
        any_of(term(field, value) for value in values)
        for field, values in wanted.items()
        if values and field != without
    ]
    if question.first_year is not None or question.last_year is not None:
        found.append(any_of(term("years", name) for name in terms_of_question(question.first_year, question.last_year)))
    if question.box is not None:
        found.append(_within(question.box))
    return found


def _within(box: Box) -> Query:
    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    across = any_of(_between("lon", low, high) for low, high in spans)
    return Query.boolean_query([(Occur.Must, _between("lat", south, north)), (Occur.Must, across)])


def _between(field: str, low: float, high: float) -> Query:
    return Query.range_query(schema(), field, FieldType.Float, float(low), float(high))


def has_point() -> Query:
    return Query.exists_query("lat")


def has_word(word: Asked, *, is_last: bool) -> Query:
    """Return what records with the word meet: its stem anywhere, its shape or, at the end, its beginning in a name."""
    found = [term("stem", stem) for stem in word.stems]
    found += [term("shape", shape) for shape in word.shapes]
    if is_last and len(word.text) >= _SHORTEST_PREFIX:
        found += [_begins("name", key) for key in word.keys if len(key) <= _LONGEST_PREFIX]
    return any_of(found)


def has_nearly(word: Asked) -> Query:
    """Return what records meet that have a word one edit away."""
    long = [key for key in word.keys if len(key) >= _SHORTEST_FUZZY]
    if not long:
        return Query.empty_query()
    return any_of(Query.fuzzy_term_query(schema(), field, key) for key in long for field in ("name", "text"))


def has_words(words: Sequence[Asked]) -> Query:
    """Return what records with all the words meet."""
    last = len(words) - 1
    return Query.boolean_query(
        [(Occur.Must, has_word(word, is_last=place == last)) for place, word in enumerate(words)]
    )


def _begins(field: str, beginning: str) -> Query:
    return Query.regex_query(schema(), field, beginning + ".*")


def words_in_name(words: Sequence[Asked]) -> Query:
    """Return what records meet that have all the words, whole, in their names."""
    return Query.boolean_query([(Occur.Must, any_of(term("name", key) for key in word.keys)) for word in words])


def begun_in_name(words: Sequence[Asked]) -> Query:
    """Return what records meet that have the words in their names, of the last one the beginning."""
    whole = [any_of(term("name", key) for key in word.keys) for word in words[:-1]]
    return Query.boolean_query(
        [(Occur.Must, query) for query in [*whole, any_of(_begins("name", key) for key in words[-1].keys)]]
    )


def relevance(searcher: Searcher, words: Sequence[Asked]) -> Query:
    """Return what ranks records with the words: BM25 of names before that of texts, without the rarity of the words.

    How rare a word is, the index counts over all records: what one sees would be ordered by what one may not see.
    """
    found = []
    for word in words:
        found += [_however_rare(searcher, "name", key, _NAME_WEIGHT) for key in word.keys]
        found += [_however_rare(searcher, "text", key, _TEXT_WEIGHT) for key in word.keys]
        found += [_however_rare(searcher, "shape", shape, _SHAPE_WEIGHT) for shape in word.shapes]
    return any_of(found)


def _however_rare(searcher: Searcher, field: str, key: str, weight: float) -> Query:
    """The term with the weight that BM25 gives for rarity taken out again."""
    rarity = math.log((searcher.num_docs + 1) / (searcher.doc_freq(field, key) + 0.5))
    return Query.boost_query(term(field, key), weight / max(rarity, _LEAST_RARITY))
