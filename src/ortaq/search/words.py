# SPDX-License-Identifier: Apache-2.0
"""The words of a question, each in the forms under which the index may know it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.search.terms import as_plain, skeleton, stem, word_terms

# Words that join others in the eight languages; a question of nothing else keeps them.
_JOINING: Final = "and of the in on at for to from with və ilə üçün ve ile için и в на по с из для от мен және үшін менен жана үчүн va bilan uchun we bilen üçin"
_MOST_WORDS: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a question. keys: its key1 in the languages that it may be in."""

    text: str
    keys: tuple[str, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(stem, self.keys)))

    @property
    def skeletons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found for found in map(skeleton, self.keys) if found))

    @property
    def shapes(self) -> tuple[str, ...]:
        return (*self.skeletons, *map(as_plain, self.keys))


@lru_cache(maxsize=2_000)
def asked_words(text: str, lang: str | None) -> tuple[Asked, ...]:
    """Return the words that a record must have; the hint only adds to the readings, it never takes one away."""
    found = [Asked(word.text, _keys(word.text, lang)) for word in words(text)]
    known = [word for word in found if word.keys]
    telling = [word for word in known if not _joining() & set(word.keys)]
    return tuple((telling or known)[:_MOST_WORDS])


def _keys(word: str, lang: str | None) -> tuple[str, ...]:
    """A word may be read in the language named, in English, or as Turkic letters are; a two-part key counts as one."""
    readings = (" ".join(word_terms(word, hint)) for hint in (lang, None, "en"))
    return tuple(dict.fromkeys(part for reading in readings for part in reading.split()))


@lru_cache(maxsize=1)
def _joining() -> frozenset[str]:
    return frozenset(phonemic_key(_JOINING).split())
