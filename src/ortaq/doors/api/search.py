# SPDX-License-Identifier: Apache-2.0
"""/api/search, /api/suggestions, /api/points: the question in parameters, the answer in JSON."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse

from ortaq.core.errors import UnknownKind
from ortaq.core.vocabulary import AREAS
from ortaq.doors.api import parameters as p
from ortaq.doors.api.operations import Answer, Call, Operation, answer
from ortaq.doors.api.parameters import Parameter
from ortaq.doors.api.records import KIND
from ortaq.language.fallback import choose
from ortaq.search import query
from ortaq.search.errors import BadCursor, BadQuestion, IndexAbsent, IndexDamaged, TooDeep
from ortaq.search.query import Hit
from ortaq.search.question import Box, Question

_MOST_POINTS: Final = 2_000
_DEGREES = r"-?\d{1,3}(\.\d{1,15})?"
_BOX = rf"{_DEGREES}(,{_DEGREES}){{3}}"


def search(call: Call) -> HttpResponse:
    """Answer what the viewer may see."""
    question = question_of(call.query)
    found = query.search(question, call.viewer)
    hits = [_hit(hit, question.lang or "en") for hit in found.hits]
    facets = {
        name: [{"value": value, "count": count} for value, count in values] for name, values in found.facets.items()
    }
    return answer({"hits": hits, "total": found.total, "facets": facets, "after": found.after})


def suggestions(call: Call) -> HttpResponse:
    lang = call.query["lang"] or "en"
    found = query.suggest(call.query["q"].strip(), lang, call.viewer, limit=call.query["limit"])
    return answer({"suggestions": [{name: one[name] for name in _SUGGESTED} for one in (_hit(h, lang) for h in found)]})


def points(call: Call) -> HttpResponse:
    question = question_of({**call.query, "order": "relevance", "after": None, "limit": 20})
    found = query.points(question, call.viewer, limit=_MOST_POINTS)
    lang = question.lang or "en"
    shown = [
        {"uri": one.uri, "kind": one.kind, "title": _title(one.title, lang), "lat": one.lat, "lon": one.lon}
        for one in found
    ]
    return answer({"points": shown, "is_cut": len(shown) >= _MOST_POINTS})


def question_of(given: Mapping[str, Any]) -> Question:
    """Return the question of the parameters; raises BadQuestion."""
    return Question(
        text=given["q"],
        lang=given["lang"],
        kinds=given["kind"],
        countries=given["country"],
        languages=given["language"],
        areas=given["area"],
        periods=given["period"],
        first_year=given["from"],
        last_year=given["to"],
        box=given["box"],
        order=given["order"],
        after=given["after"],
        limit=given["limit"],
    )


_SUGGESTED = ("uri", "source_id", "kind", "title")


def _hit(hit: Hit, lang: str) -> dict[str, Any]:
    """A hit without its score: how rare a word is, is counted over all records, also those that the reader may not see."""
    return {
        "uri": hit.uri,
        "source_id": hit.source_id,
        "kind": hit.kind,
        "title": _title(hit.title, lang),
        "is_similar": hit.is_similar,
    }


def _title(title: dict[str, list[str]], lang: str) -> str | None:
    chosen = choose(title, lang)
    return chosen[0] if chosen else None


def _box(value: str) -> Box:
    try:
        west, south, east, north = map(float, value.split(","))
    except ValueError:
        raise ValueError("it is west,south,east,north in degrees") from None
    return west, south, east, north


def _text(value: str) -> str:
    return value


_Q = Parameter(
    "q", "What to look for, in any language and script.", {"type": "string", "maxLength": 1000}, _text, default=""
)
_LANG = Parameter("lang", "Language of the question and of the titles shown.", *p.TAG, may_be_empty=True)
_YEAR = p.whole(-999_999, 999_999)
_NARROWING = (
    _Q,
    _LANG,
    KIND,
    Parameter("country", "Only records of this country; may be repeated.", *p.COUNTRY, is_many=True),
    Parameter("language", "Only records with words in this language; may be repeated.", *p.TAG, is_many=True),
    Parameter("area", "Only this area of work; may be repeated.", *p.one_of(AREAS), is_many=True),
    Parameter(
        "period", "Only this century, in EDTF; may be repeated.",
        *p.matching(r"-?\d{2,3}XX", "it is a century as in 14XX"), is_many=True,
    ),
    Parameter("from", "Not before this year; years are astronomical.", *_YEAR, may_be_empty=True),
    Parameter("to", "Not after this year.", *_YEAR, may_be_empty=True),
    Parameter(
        "box", "Only within: west,south,east,north in degrees.", {"type": "string", "pattern": f"^{_BOX}$"}, _box,
        may_be_empty=True,
    ),
)  # fmt: skip
_PAGING = (
    Parameter(
        "order", "In which order.", {"enum": ["relevance", "newest", "oldest"]}, _text, default="relevance"
    ),
    Parameter("after", "Where the page before ended: `after` of its answer.", *p.text(100), may_be_empty=True),
    p.limit(100),
)  # fmt: skip
_INDEX = (IndexAbsent, IndexDamaged)

OPERATIONS = (
    Operation(
        "GET", "/search", "search", "search", "Search", search,
        {200: Answer("The best of what was found, how much there is, and how it divides.", "SearchAnswer")},
        "A name is found in whatever script and spelling it is written. Results and counts know only what you may see.",
        parameters=(*_NARROWING, *_PAGING), refuses=(BadQuestion, BadCursor, TooDeep, UnknownKind, *_INDEX),
    ),
    Operation(
        "GET", "/suggestions", "suggest", "search", "Complete a name", suggestions,
        {200: Answer("Records one of whose names begins as typed.", "Suggestions")},
        parameters=(Parameter("q", "What was typed so far.", *p.text(200), default=""), _LANG, p.limit(20, 8)), refuses=_INDEX,
    ),
    Operation(
        "GET", "/points", "listPoints", "search", "Show results on a map", points,
        {200: Answer(f"Where the results lie, the best {_MOST_POINTS} at most.", "Points")},
        parameters=_NARROWING, refuses=(BadQuestion, UnknownKind, *_INDEX),
    ),
)  # fmt: skip
