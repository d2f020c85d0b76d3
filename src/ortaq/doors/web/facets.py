# SPDX-License-Identifier: Apache-2.0
"""Facets with labels that the reader understands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.errors import N_
from ortaq.core.vocabulary import AREAS
from ortaq.doors.web import names
from ortaq.doors.web.asking import FACETS, Asked
from ortaq.doors.web.spans import span_in_words

_LABELS = {
    "kind": N_("Kind"),
    "country": N_("Country"),
    "language": N_("Language"),
    "area": N_("Area"),
    "period": N_("Period"),
}
_SHORT = 6


@dataclass(frozen=True, slots=True)
class Value:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """values: the first few; more: the others, folded away."""

    name: str
    label: str
    values: Sequence[Value]
    more: Sequence[Value]

    @property
    def is_chosen(self) -> bool:
        return any(value.is_chosen for value in (*self.values, *self.more))

    @property
    def is_more_chosen(self) -> bool:
        return any(value.is_chosen for value in self.more)


def facets(counts: Mapping[str, Sequence[tuple[Any, int]]], asked: Asked) -> list[Facet]:
    """Return the facets in their order, chosen values first among equals and never left out."""
    return [
        facet for facet in (_facet(name, counts.get(name, ()), asked.chosen[name]) for name in FACETS) if facet.values
    ]


def _facet(name: str, counts: Sequence[tuple[Any, int]], chosen: Sequence[str]) -> Facet:
    found = {str(value): count for value, count in counts}
    for value in chosen:
        found.setdefault(value, 0)
    values = [Value(value, value_label(name, value), count, value in chosen) for value, count in found.items()]
    if name == "period":
        values.sort(key=lambda one: _century(one.value))
    else:
        values.sort(key=lambda one: (-one.count, one.label))
    return Facet(name, _(_LABELS[name]), values[:_SHORT], values[_SHORT:])


def value_label(facet: str, value: str) -> str:
    """Return how *value* of *facet* reads; the value itself where nothing is known of it."""
    lang = names.reader_language()
    match facet:
        case "kind":
            return names.kind_plural(value)
        case "country":
            return names.country_name(value, lang)
        case "language":
            return names.language_name(value)
        case "area":
            return _(AREAS[value]) if value in AREAS else value
    return span_in_words(value, lang)


def _century(period: str) -> int:
    """The sign and hundreds of a period such as -02XX, for the order of time."""
    digits = period.removesuffix("XX")
    return int(digits) if digits.removeprefix("-").isdecimal() else 0
