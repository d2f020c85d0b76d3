# SPDX-License-Identifier: Apache-2.0
"""What has a name that the reader of reports knows: countries, places and institutions, each in the eight languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale

from ortaq.language.fallback import LANGUAGES, choose
from ortaq.press.tables import table

COUNTRY, CITY, REGION, SITE, INSTITUTION, OF_COUNTRY = "country", "city", "region", "site", "institution", "of_country"


@dataclass(frozen=True, eq=False, slots=True)
class Entry:
    """Something that has a name; country: ISO 3166-1 alpha-2; careful: languages in which the name is a word as well."""

    kind: str
    country: str | None
    names: dict[str, list[str]]
    careful: frozenset[str] = frozenset()
    is_media: bool = False

    def name_in(self, lang: str) -> str:
        found = choose(self.names, lang)
        return found[0] if found else next(iter(self.names.values()))[0]


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Return everything that the gazetteer knows."""
    return (*_countries(), *_places(), *_institutions())


def _countries() -> Iterator[Entry]:
    """Names of countries are those of CLDR (Babel), with the further ones of data/countries.jsonl."""
    rows = {row["code"]: row for row in table("countries")}
    territories = {lang: Locale.parse(lang).territories for lang in LANGUAGES}
    for code in sorted(territories["en"]):
        if len(code) != 2 or not code.isalpha() or code in _NO_COUNTRIES:
            continue
        row = rows.get(code, {})
        if names := dict(_country_names(code, row, territories)):
            yield Entry(COUNTRY, code, names)
        if adjectives := {lang: list(given) for lang, given in row.get("of", {}).items()}:
            yield Entry(OF_COUNTRY, code, adjectives)
        if marks := row.get("marks"):
            yield Entry(OF_COUNTRY, code, {lang: list(given) for lang, given in marks.items()})


# Codes of CLDR that stand for no country: European Union, Eurozone, United Nations, unknown, pseudo-locales.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})


def _country_names(
    code: str, row: Mapping[str, Any], territories: Mapping[str, Any]
) -> Iterator[tuple[str, list[str]]]:
    for lang in LANGUAGES:
        if lang in row.get("skip", ()):
            continue
        given = [row.get("prefer", {}).get(lang), territories[lang].get(code), *row.get("also", {}).get(lang, ())]
        if names := list(dict.fromkeys(name for name in given if name)):
            yield lang, names


def _places() -> Iterator[Entry]:
    for row in table("places"):
        names = {lang: [name, *row.get("also", {}).get(lang, ())] for lang, name in row["names"].items()}
        yield Entry(row["type"], row["country"], names, frozenset(row.get("careful", ())))


def _institutions() -> Iterator[Entry]:
    for row in table("institutions"):
        yield Entry(INSTITUTION, row["country"], row["names"], is_media=row.get("is_media", False))
