# SPDX-License-Identifier: Apache-2.0
"""Names of countries, places and institutions in running text, in any of the languages and their inflected forms."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

from ortaq.language.case import fold_case
from ortaq.language.fallback import LANGUAGES, chain
from ortaq.language.keys import word_key
from ortaq.language.words import Word, words
from ortaq.press.gazetteer import CITY, COUNTRY, INSTITUTION, OF_COUNTRY, REGION, SITE, Entry, entries
from ortaq.press.inflection import NameWord, is_form_of, is_locative, key_of, name_words
from ortaq.press.tables import table

_GAP = re.compile(r"[\s\-–‑'’‘\"«»“”„.]{0,3}\Z")
_GAP_WITH_COMMA = re.compile(r"[\s,\-–‑'’‘\"«»“”„.]{0,4}\Z")
_ADJACENT = re.compile(r"[\s\"«“„]{1,3}\Z")
_LONGEST_ABBREVIATION = 6


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
    read = _Text(text, primary, tokens, [key_of(token.text, primary) for token in tokens])
    found = list(_scan(read))
    return [_mention(read, found, place) for place in range(len(found))]


def _scan(read: _Text) -> Iterator[_Found]:
    place = 0
    previous: _Found | None = None
    while place < len(read.words):
        best: _Found | None = None
        for form in _candidates(read, place):
            found = _Found(form, place, place + len(form.words) - 1)
            if best and found.last < best.last:
                continue
            if found.last < len(read.words) and _fits(read, form, place, previous):
                best = found if best is None else max(best, found, key=lambda one: _rank(read, one))
        if best:
            yield best
            previous = best
        place = best.last + 1 if best else place + 1


def _candidates(read: _Text, place: int) -> Iterator[_Form]:
    by_key, by_spelling = _index(read.lang)
    key = read.keys[place]
    yield from by_key.get(key[:_LONG_STEM], ())
    if len(key) >= _LONG_STEM:
        yield from by_key.get(key[:_SHORT_STEM], ())
    yield from by_spelling.get(read.words[place].text, ())


def _rank(read: _Text, found: _Found) -> tuple[int, bool, int]:
    """The longest name, one in the language of the text, the one spelled alike: Qubada is Quba, not Kuba."""
    written, spelled = fold_case(read.words[found.first].text, read.lang), fold_case(found.form.written, read.lang)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(written, spelled, strict=False)))
    return found.last, found.form.is_own, alike


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
        or (not around["before"] and is_locative(word_key(read.words[last].text, read.lang), form.words[-1]))
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


@lru_cache(maxsize=8)
def _index(lang: str) -> tuple[dict[str, list[_Form]], dict[str, list[_Form]]]:
    """Return what to look for in a text of *lang*: forms by the stem of their first key, foreign ones by their first word."""
    by_key: dict[str, list[_Form]] = {}
    by_spelling: dict[str, list[_Form]] = {}
    known = frozenset(tag for tag in chain(lang) if (tag in _CYRILLIC) == (lang in _CYRILLIC))
    for entry in entries():
        for tag, names in entry.names.items():
            if entry.kind == OF_COUNTRY and tag != lang:
                continue
            for name in names:
                if parts := name_words(name, lang):
                    form = _Form(entry, name, parts, tag, tag == lang, tag not in known)
                    if form.is_foreign:
                        by_spelling.setdefault(next(words(name)).text, []).append(form)
                    else:
                        by_key.setdefault(_stem(parts[0].key), []).append(form)
    return by_key, by_spelling


_CYRILLIC = frozenset({"kk", "ky", "ru"})

# Endings change at most the last letter of a key, so longer keys can be looked up by three letters.
_SHORT_STEM, _LONG_STEM = 2, 3


def _stem(key: str) -> str:
    return key[:_LONG_STEM] if len(key) > _LONG_STEM else key[:_SHORT_STEM]


@lru_cache(maxsize=8)
def _surroundings(lang: str) -> dict[str, frozenset[str]]:
    row = next(row for row in table("surroundings") if row["lang"] == lang)
    return {side: frozenset(word_key(word, lang) for word in row[side]) for side in ("before", "after", "filler")}


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
