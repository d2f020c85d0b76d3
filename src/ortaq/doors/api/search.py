# SPDX-License-Identifier: Apache-2.0
"""GET /api/search: the question in parameters, the answer in JSON."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from ortaq.core.errors import N_, OrtaqError
from ortaq.core.vocabulary import AREAS
from ortaq.doors.api.problems import answers_problems
from ortaq.language.fallback import choose
from ortaq.people.viewers import viewer_of
from ortaq.records.registry import KINDS
from ortaq.search.query import Answer, search
from ortaq.search.question import Box, Question

_MOST_HITS: Final = 100
_PARAMETERS: Final = frozenset(
    {"q", "lang", "kind", "country", "language", "area", "period", "from", "to", "box", "order", "after", "limit"}
)
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
T = TypeVar("T")


class BadParameter(OrtaqError):
    code, status = "api.parameter-malformed", 422
    say = N_("The parameter %(name)s cannot be '%(value)s': %(reason)s.")


class UnknownParameter(OrtaqError):
    code, status = "api.parameter-unknown", 422
    say = N_("There is no parameter %(names)s; known are: %(known)s. Correct the name or leave it out.")


@require_safe
@answers_problems
def search_view(request: HttpRequest) -> HttpResponse:
    """Answer what the viewer of this request may see."""
    question = question_of(request.GET)
    found = search(question, viewer_of(request))
    response = HttpResponse(orjson.dumps(_as_json(found, question.lang or "en")), content_type="application/json")
    response["Vary"] = "Cookie"
    response["Cache-Control"] = "private, no-cache"
    return response


def question_of(given: QueryDict) -> Question:
    """Return the question; raises BadParameter, UnknownParameter, UnknownKind, BadQuestion."""
    if unknown := set(given) - _PARAMETERS:
        raise UnknownParameter(names=", ".join(sorted(unknown)), known=", ".join(sorted(_PARAMETERS)))
    return Question(
        text=given.get("q", ""),
        lang=_one(given, "lang", _tag),
        kinds=tuple(KINDS[name].name for name in given.getlist("kind")),
        countries=_many(given, "country", _matching(r"[A-Z]{2}", "it is two capital letters of ISO 3166")),
        languages=_many(given, "language", _tag),
        areas=_many(given, "area", _area),
        periods=_many(given, "period", _matching(r"-?\d\d\d?XX", "it is a century as in 14XX")),
        first_year=_one(given, "from", _year),
        last_year=_one(given, "to", _year),
        box=_one(given, "box", _box),
        order=given.get("order", "relevance"),
        after=given.get("after") or None,
        limit=_one(given, "limit", _limit) or 20,
    )


def _one(given: QueryDict, name: str, read: Callable[[str], T]) -> T | None:
    value = given.get(name)
    return None if value in (None, "") else _read(name, str(value), read)


def _many(given: QueryDict, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(_read(name, value, read) for value in given.getlist(name))


def _read(name: str, value: str, read: Callable[[str], T]) -> T:
    try:
        return read(value)
    except ValueError as error:
        raise BadParameter(name=name, value=value[:100], reason=error) from error


def _matching(pattern: str, reason: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(reason)
        return value

    return read


def _tag(value: str) -> str:
    if not _TAG.match(value):
        raise ValueError("it is a BCP 47 tag such as az or uz-Cyrl")
    return value


def _area(value: str) -> str:
    if value not in AREAS:
        raise ValueError(f"it is one of {', '.join(AREAS)}")
    return value


def _year(value: str) -> int:
    if not re.fullmatch(r"-?\d{1,6}", value, re.ASCII):
        raise ValueError("it is a year in digits")
    return int(value)


def _limit(value: str) -> int:
    if not re.fullmatch(r"\d{1,3}", value, re.ASCII) or not 1 <= int(value) <= _MOST_HITS:
        raise ValueError(f"it is a number from 1 to {_MOST_HITS}")
    return int(value)


def _box(value: str) -> Box:
    try:
        west, south, east, north = map(float, value.split(","))
    except ValueError:
        raise ValueError("it is west,south,east,north in degrees") from None
    return west, south, east, north


def _as_json(found: Answer, lang: str) -> dict[str, Any]:
    hits = []
    for hit in found.hits:
        title = choose(hit.title, lang)
        hits.append(
            {
                "uri": hit.uri,
                "source_id": hit.source_id,
                "kind": hit.kind,
                "title": title[0] if title else None,
                "score": hit.score,
                "is_similar": hit.is_similar,
            }
        )
    facets = {
        name: [{"value": value, "count": count} for value, count in values] for name, values in found.facets.items()
    }
    return {"hits": hits, "total": found.total, "facets": facets, "after": found.after}
