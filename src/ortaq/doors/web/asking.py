# SPDX-License-Identifier: Apache-2.0
"""The address of a search: parameters to a question, and a question to parameters. The names are those of /api/search."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from ortaq.doors.web.errors import BadParameter
from ortaq.search.question import Question

ORDERS = ("relevance", "newest", "oldest")
VIEWS = ("list", "map", "both")
PAGE = 20
MAX_QUERY = 400
# facet name → attribute of Question
FACETS = {"kind": "kinds", "country": "countries", "language": "languages", "area": "areas", "period": "periods"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it stands in the address."""

    question: Question
    view: str
    chosen: Mapping[str, tuple[str, ...]]

    def address(self, **changes: Any) -> str:
        """Return the query string of this search with *changes*; None leaves a parameter out. Paging starts anew."""
        pairs: list[tuple[str, str]] = []
        present = {**self._parameters(), **changes}
        for name, value in present.items():
            values = value if isinstance(value, tuple | list) else [value]
            pairs.extend((name, str(one)) for one in values if one not in (None, ""))
        return "?" + urlencode(pairs)

    def without(self, facet: str, value: str) -> str:
        """Return the query string of this search without one value of a facet."""
        return self.address(**{facet: tuple(one for one in self.chosen[facet] if one != value)})

    def _parameters(self) -> dict[str, Any]:
        question = self.question
        return {
            "q": question.text,
            **self.chosen,
            "from": question.first_year,
            "to": question.last_year,
            "box": ",".join(f"{edge:g}" for edge in question.box) if question.box else None,
            "order": None if question.order == ORDERS[0] else question.order,
            "view": None if self.view == VIEWS[0] else self.view,
        }

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form beside the facets has to carry along, as hidden fields."""
        names = ("from", "to", "box", "order", "view")
        return [
            (name, str(value))
            for name, value in self._parameters().items()
            if name in names and value not in (None, "")
        ]

    @property
    def is_narrowed(self) -> bool:
        question = self.question
        years = question.first_year is not None or question.last_year is not None
        return years or question.box is not None or any(self.chosen.values())


def asked(request: HttpRequest, lang: str, *, limit: int = PAGE) -> Asked:
    """Return the search that the address of *request* holds; raises BadParameter."""
    given = request.GET
    first, last = _years(given)
    chosen = {facet: tuple(dict.fromkeys(given.getlist(facet)))[:50] for facet in FACETS}
    question = Question(
        text=" ".join(given.get("q", "").replace("\0", " ").split())[:MAX_QUERY],
        lang=lang,
        first_year=first,
        last_year=last,
        box=_box(given),
        order=_one_of(given, "order", ORDERS),
        after=given.get("after") or None,
        limit=limit,
        **{FACETS[facet]: values for facet, values in chosen.items()},
    )
    return Asked(question, _one_of(given, "view", VIEWS), chosen)


def _one_of(given: QueryDict, name: str, known: tuple[str, ...]) -> str:
    value = given.get(name) or known[0]
    if value not in known:
        raise BadParameter(name=name, value=value[:80])
    return value


def _years(given: QueryDict) -> tuple[int | None, int | None]:
    """Return the years in their order, whichever way round they were typed into the form."""
    first, last = _year(given, "from"), _year(given, "to")
    return (last, first) if first is not None and last is not None and last < first else (first, last)


def _year(given: QueryDict, name: str) -> int | None:
    value = (given.get(name) or "").strip()
    if not value:
        return None
    try:
        year = int(value)
    except ValueError:
        raise BadParameter(name=name, value=value[:80]) from None
    if abs(year) > 9999:
        raise BadParameter(name=name, value=value[:80])
    return year


def _box(given: QueryDict) -> tuple[float, float, float, float] | None:
    value = given.get("box")
    if not value:
        return None
    try:
        west, south, east, north = (float(edge) for edge in value.split(","))
    except ValueError:
        raise BadParameter(name="box", value=value[:80]) from None
    return west, south, east, north
