# SPDX-License-Identifier: Apache-2.0
"""What a question comes to: which records match, what ranks them, how many there are and how they divide."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from tantivy import Occur, Query, Searcher

from ortaq.core.audience import Viewer
from ortaq.search.clauses import (
    any_of,
    filters,
    has_nearly,
    has_word,
    has_words,
    must,
    relevance,
    seen_by,
    term,
    words_in_name,
)
from ortaq.search.names import Alike, alike, same_name
from ortaq.search.question import Question
from ortaq.search.reader import View
from ortaq.search.schema import FACETS
from ortaq.search.words import Asked, asked_words

Facets = dict[str, list[tuple[str, int]]]

_COMMON: Final = 2_000  # documents with a word; names that only resemble it would drown among them
_FEW: Final = 10  # with fewer hits, words that nothing has may be one edit off
# Likeness from which a name is taken as what was asked for: on towns, one wrong name in six questions. From which it is
# shown as similar if there is room: not below 0.4, nor far below the best.
_ACCEPTED: Final = 0.8
_SIMILAR, _SIMILAR_TO_BEST = 0.4, 0.7
# Scores: the very name 100, another by the square of its likeness; all words in a name; words elsewhere far below.
NAME_SCORE, _ALL_IN_NAME, _WORD_SCORE = 100.0, 85.0, 0.7


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question comes to: the records that match, what ranks them, and names: merely similar ones, accepted ones."""

    match: Query | None
    rank: Query | None
    similar: tuple[Alike, ...]
    accepted: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about an answer but its page."""

    plan: Plan
    total: int
    facets: Facets


def prepared(view: View, question: Question, viewer: Viewer) -> Prepared:
    """Return the plan of *question* with its counts; pages of one list, and what many ask, share it until a commit."""
    key = (replace(question, after=None, order="relevance", limit=_FEW), viewer)
    found = view.kept.get(key)
    if not isinstance(found, Prepared):
        found = view.keep(key, _prepared(view.searcher, key[0], viewer))
    return found


def _prepared(searcher: Searcher, question: Question, viewer: Viewer) -> Prepared:
    plan = _plan(searcher, question, viewer)
    total, facets = _counts(searcher, question, viewer, plan)
    if total < _FEW and (looser := _loosened(searcher, question, viewer, plan)):
        plan = looser
        total, facets = _counts(searcher, question, viewer, plan)
    return Prepared(plan, total, facets)


def _plan(searcher: Searcher, question: Question, viewer: Viewer) -> Plan:
    if not question.text.strip():
        return Plan(None, None, (), ())
    words = asked_words(question.text, question.lang)
    if not words:
        return Plan(Query.empty_query(), None, (), ())
    is_common = len(words) == 1 and _frequency(searcher, words[0]) > _COMMON
    names = [] if is_common else alike(searcher, question.text, question.lang, filters(question, viewer))
    floor = max([_SIMILAR, *(_SIMILAR_TO_BEST * one.likeness for one in names)])
    similar = tuple(one for one in names if floor <= one.likeness < _ACCEPTED)
    accepted = tuple(term("id", one.id) for one in names if one.likeness >= _ACCEPTED)
    named = [Query.const_score_query(term("id", one.id), NAME_SCORE * one.rank**2) for one in names]
    same = Query.const_score_query(same_name(question.text, question.lang), NAME_SCORE)
    best = Query.disjunction_max_query([same, *named, Query.const_score_query(words_in_name(words), _ALL_IN_NAME)])
    rank = any_of([best, Query.boost_query(relevance(searcher, words), _WORD_SCORE)])
    return Plan(any_of([has_words(words), *accepted]), rank, similar, accepted)


def _frequency(searcher: Searcher, word: Asked) -> int:
    return sum(searcher.doc_freq("stem", stem) for stem in word.stems)


def _loosened(searcher: Searcher, question: Question, viewer: Viewer, plan: Plan) -> Plan | None:
    """Return the plan in which words that no visible record has may be one edit off; None if there are no such words."""
    words = asked_words(question.text, question.lang)
    last = len(words) - 1
    strict = [has_word(word, is_last=place == last) for place, word in enumerate(words)]
    clauses = [
        query if _matches(searcher, query, viewer) else has_nearly(word)
        for query, word in zip(strict, words, strict=True)
    ]
    if not words or all(one is other for one, other in zip(strict, clauses, strict=True)):
        return None
    nearly = Query.boolean_query([(Occur.Must, query) for query in clauses])
    return replace(plan, match=any_of([nearly, *plan.accepted]))


def _matches(searcher: Searcher, query: Query, viewer: Viewer) -> bool:
    return bool(searcher.search(Query.boolean_query(must([seen_by(viewer), query])), 1, count=False).hits)


def _counts(searcher: Searcher, question: Question, viewer: Viewer, plan: Plan) -> tuple[int, Facets]:
    """Return the total and the facets; a facet ignores its own filter, so that one can choose another value."""
    chosen = {
        name
        for name, values in zip(
            FACETS,
            (question.kinds, question.countries, question.languages, question.areas, question.periods),
            strict=True,
        )
        if values
    }
    plain = [name for name in FACETS if name not in chosen]
    found = _aggregate(searcher, question, viewer, plan, None, [*plain, "kind"])
    total = _sum(found["kind"])
    facets = {name: _values(found[name]) for name in plain}
    for name in chosen:
        facets[name] = _values(_aggregate(searcher, question, viewer, plan, name, [name])[name])
    return total, {name: facets[name] for name in FACETS}


def _aggregate(
    searcher: Searcher, question: Question, viewer: Viewer, plan: Plan, without: str | None, names: Iterable[str]
) -> dict[str, Any]:
    conditions = filters(question, viewer, without=without)
    if plan.match is not None:
        conditions.append(plan.match)
    wanted = {name: {"terms": {"field": name, "size": 100}} for name in names}
    return searcher.aggregate(Query.boolean_query(must(conditions)), wanted)


def _values(found: dict[str, Any]) -> list[tuple[str, int]]:
    return sorted(
        ((bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]), key=lambda one: (-one[1], one[0])
    )


def _sum(found: dict[str, Any]) -> int:
    return int(sum(bucket["doc_count"] for bucket in found["buckets"]) + found["sum_other_doc_count"])
