# SPDX-License-Identifier: Apache-2.0
"""Names of countries, places and institutions in running text, in any of the languages and their inflected forms."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from babel import Locale

from ortaq.language.fallback import LANGUAGES, chain, choose
from ortaq.language.keys import word_key
from ortaq.language.words import Word, words
from ortaq.press.inflection import NameWord, is_form_of, is_locative, name_words
from ortaq.press.tables import table

COUNTRY, CITY, REGION, SITE, INSTITUTION, OF_COUNTRY = "country", "city", "region", "site", "institution", "of_country"

_GAP = re.compile(r"[\s\-–‑'’‘\"«»“”„.]{0,3}\Z")
_GAP_WITH_COMMA = re.compile(r"[\s,\-–‑'’‘\"«»“”„.]{0,4}\Z")
_ADJACENT = re.compile(r"[\s\"«“„]{1,3}\Z")
_LONGEST_ABBREVIATION = 6


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


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at text[start:end]; country: of the entry, or of the words beside it."""

    entry: Entry
    start: int
    end: int
    country: str | None


@dataclass(frozen=True, slots=True)
class _Form:
    entry: Entry
    written: str
    words: tuple[NameWord, ...]
    tag: str
    is_own: bool
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class _Found:
    form: _Form
    first: int
    last: int


@dataclass(slots=True)
class _Text:
    """A text as words with their keys."""

    text: str
    lang: str
    words: list[Word] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def gap(self, place: int) -> str:
        """Return what stands between the word at *place* and the next one."""
        return self.text[self.words[place].end : self.words[place + 1].start]


def mentions(text: str, lang: str | None) -> list[Mention]:
    """Return the names in *text* in order; where one contains another, the longer one."""
    primary = (lang or "en").partition("-")[0]
    primary = primary if primary in LANGUAGES else "en"
    tokens = list(words(text))
    read = _Text(text, primary, tokens, [word_key(token.text, primary) for token in tokens])
    found = list(_scan(read))
    return [_mention(read, found, place) for place in range(len(found))]


def _scan(read: _Text) -> Iterator[_Found]:
    index = _index(read.lang)
    place, previous = 0, None
    while place < len(read.words):
        best: _Found | None = None
        for form in index.get(read.keys[place][:_PREFIX], ()):
            last = place + len(form.words) - 1
            if best and (last, form.is_own) <= (best.last, best.form.is_own):
                continue
            if last < len(read.words) and _fits(read, form, place, previous):
                best = _Found(form, place, last)
        if best:
            yield best
            previous = best
        place = best.last + 1 if best else place + 1


def _fits(read: _Text, form: _Form, first: int, previous: _Found | None) -> bool:
    if form.is_foreign and not _is_as_written(read, form, first):
        return False
    for step, name in enumerate(form.words):
        if not is_form_of(read.keys[first + step], name, read.lang):
            return False
        gap = _GAP_WITH_COMMA if form.entry.kind == INSTITUTION else _GAP
        if step and not gap.match(read.gap(first + step - 1)):
            return False
    return _is_written_as_name(read, form, first) and (
        _is_meant(read, form, first) or _is_listed(read, first, previous)
    )


def _is_as_written(read: _Text, form: _Form, first: int) -> bool:
    """A name in the spelling of another language (Gəncə in an English text) counts only letter by letter."""
    found = read.text[read.words[first].start : read.words[first + len(form.words) - 1].end]
    return len(found) > 3 and found == form.written


def _is_written_as_name(read: _Text, form: _Form, first: int) -> bool:
    """Names begin with a capital; abbreviations are capitals; ministries and adjectives may be written small."""
    written = read.words[first].text
    letters = form.written.replace(".", "")
    if len(letters) <= _LONGEST_ABBREVIATION and letters.isupper() and " " not in letters:
        return written.startswith(letters) or form.written == "U.S."
    if form.entry.kind == OF_COUNTRY or (form.entry.kind == INSTITUTION and form.entry.country is None):
        return read.lang != "en" or written[:1].isupper()
    return written[:1].isupper() or written[:1].isdigit() or not written[:1].islower()


def _is_meant(read: _Text, form: _Form, first: int) -> bool:
    """A name that is a common word or a person's name as well counts where the words around it speak of a place."""
    if form.tag not in form.entry.careful and read.lang not in form.entry.careful:
        return True
    around = _surroundings(read.lang)
    last = first + len(form.words) - 1
    is_after = first > 0 and read.keys[first - 1] in around["before"] and len(read.gap(first - 1)) <= 2
    is_before = last + 1 < len(read.words) and read.keys[last + 1] in around["after"]
    is_person = last + 1 < len(read.words) and read.gap(last) == " " and read.words[last + 1].text[:1].isupper()
    return (
        is_before
        or (is_after and not is_person)
        or (not around["before"] and is_locative(read.keys[last], form.words[-1]))
    )


def _is_listed(read: _Text, first: int, previous: _Found | None) -> bool:
    """A place in a list of places: "Lachin, Aghdam, Fuzuli"."""
    if previous is None or previous.last + 1 != first or previous.form.entry.kind not in (CITY, REGION, SITE):
        return False
    return read.gap(previous.last).strip() == ","


def _mention(read: _Text, found: list[_Found], place: int) -> Mention:
    one = found[place]
    entry = one.form.entry
    country = entry.country
    if entry.kind == INSTITUTION and country is None and not _is_international(entry):
        country = _country_before(read, found, place) or _country_after(read, found, place)
    return Mention(entry, read.words[one.first].start, read.words[one.last].end, country)


def _is_international(entry: Entry) -> bool:
    """TURKSOY, UNESCO: bodies that no country owns are known by an abbreviation or by name only."""
    return any(name.isupper() and " " not in name for name in [*entry.names.get("en", ()), *entry.names.get("tr", ())])


def _country_before(read: _Text, found: list[_Found], place: int) -> str | None:
    """Azerbaijan Culture Ministry, Kazakh Foreign Ministry, Azərbaycan Respublikasının Mədəniyyət Nazirliyi."""
    if not place:
        return None
    before, one = found[place - 1], found[place]
    is_beside = before.last + 1 == one.first and _ADJACENT.match(read.gap(before.last)) is not None
    return before.form.entry.country if is_beside and before.form.entry.kind in (COUNTRY, OF_COUNTRY) else None


def _country_after(read: _Text, found: list[_Found], place: int) -> str | None:
    """Ministry of Culture of the Kyrgyz Republic, министерство культуры Азербайджана."""
    if place + 1 == len(found) or read.lang not in ("en", "ru"):
        return None
    one, after = found[place], found[place + 1]
    between = range(one.last + 1, after.first)
    if after.form.entry.kind not in (COUNTRY, OF_COUNTRY) or len(between) > 2:
        return None
    filler = _surroundings(read.lang)["filler"]
    if read.lang == "en" and not between:
        return None
    is_near = all(_ADJACENT.match(read.gap(step)) for step in range(one.last, after.first))
    return after.form.entry.country if is_near and all(read.keys[step] in filler for step in between) else None


_PREFIX = 2


@lru_cache(maxsize=8)
def _index(lang: str) -> dict[str, list[_Form]]:
    """Return the forms to look for in a text of *lang* by the first letters of their keys, longest names first."""
    found: dict[str, list[_Form]] = {}
    for entry in entries():
        for tag, names in entry.names.items():
            if entry.kind == OF_COUNTRY and tag != lang:
                continue
            for name in names:
                if parts := name_words(name, lang):
                    form = _Form(entry, name, parts, tag, tag == lang, tag not in chain(lang))
                    found.setdefault(parts[0].key[:_PREFIX], []).append(form)
    for forms in found.values():
        forms.sort(key=lambda form: -len(form.words))
    return found


@lru_cache(maxsize=8)
def _surroundings(lang: str) -> dict[str, frozenset[str]]:
    row = next(row for row in table("surroundings") if row["lang"] == lang)
    return {side: frozenset(word_key(word, lang) for word in row[side]) for side in ("before", "after", "filler")}


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
        yield Entry(COUNTRY, code, dict(_country_names(code, row, territories)))
        if adjectives := {lang: list(given) for lang, given in row.get("of", {}).items()}:
            yield Entry(OF_COUNTRY, code, adjectives)
        if marks := row.get("marks"):
            yield Entry(OF_COUNTRY, code, {lang: list(given) for lang, given in marks.items()})


# Codes of CLDR that stand for no country: European Union, Eurozone, United Nations, unknown, pseudo-locales.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})


def _country_names(code: str, row: dict, territories: dict) -> Iterator[tuple[str, list[str]]]:  # type: ignore[type-arg]
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


def countries_of(found: Iterable[Mention]) -> list[str]:
    """Return the countries that places or institutions stand for, most often named first; adjectives only add to them."""
    counts: dict[str, int] = {}
    named: set[str] = set()
    for mention in found:
        if mention.country:
            counts[mention.country] = counts.get(mention.country, 0) + 1
            if mention.entry.kind != OF_COUNTRY:
                named.add(mention.country)
    return sorted(named, key=lambda code: (-counts[code], code))
