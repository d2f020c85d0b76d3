# SPDX-License-Identifier: Apache-2.0
"""Letters of the wrong alphabet that look right: Cyrillic о in English, Latin C in Russian."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ortaq.language.words import words

# Letters no reader can tell apart, Latin above Cyrillic (a subset of Unicode confusables.txt).
_LATIN_TWINS = "aeopcyxijshəABEKMHOPCTYXIJSƏ"
_CYRILLIC_TWINS = "аеорсухіјѕһәАВЕКМНОРСТУХІЈЅӘ"
# Pairs used towards Latin only: these Latin letters are no sign of a slip in a Cyrillic word.
_ONLY_TO_LATIN = {"ԁ": "d", "ԛ": "q", "ԝ": "w", "к": "k", "Һ": "H", "Ԍ": "G"}

_TO_CYRILLIC = str.maketrans(_LATIN_TWINS, _CYRILLIC_TWINS)
_TO_LATIN = str.maketrans(_CYRILLIC_TWINS, _LATIN_TWINS) | str.maketrans(_ONLY_TO_LATIN)

_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏə]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN_WITHOUT_TWIN = re.compile(f"(?![{''.join(map(chr, _TO_CYRILLIC))}])[A-Za-zÀ-ÖØ-öø-ɏə]")
_CYRILLIC_WITHOUT_TWIN = re.compile(f"(?![{''.join(map(chr, _TO_LATIN))}])[\u0400-\u052f]")

# A word of Cyrillic twins only is taken for Latin where Latin letters outnumber Cyrillic ones this many times.
_LATIN_DOMINANCE = 4


@dataclass(frozen=True, slots=True)
class LookAlike:
    """One word that was repaired, where it begins in the text."""

    word: str
    repaired: str
    offset: int


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text of the same length as the one given, and what was changed in it."""

    text: str
    changes: tuple[LookAlike, ...] = ()


def repair(text: str) -> Repaired:
    """Return *text* with letters of the wrong alphabet replaced by their twins of the right one.

    Only words are changed whose other letters tell the alphabet; keep the original beside the repaired text.
    """
    if text.isascii() or not _CYRILLIC.search(text) or not _LATIN.search(text):
        return Repaired(text)
    latin, cyrillic = len(_LATIN.findall(text)), len(_CYRILLIC.findall(text))
    changes: list[LookAlike] = []
    pieces: list[str] = []
    end = 0
    for word in words(text):
        if rule := _rule_for(word.text, latin, cyrillic):
            repaired = rule(word.text)
            changes.append(LookAlike(word.text, repaired, word.start))
            pieces += (text[end : word.start], repaired)
            end = word.end
    pieces.append(text[end:])
    return Repaired("".join(pieces), tuple(changes))


def _rule_for(word: str, latin: int, cyrillic: int) -> Callable[[str], str] | None:
    if not _CYRILLIC.search(word):
        return None
    only_cyrillic = _CYRILLIC_WITHOUT_TWIN.search(word) is not None
    if not _LATIN.search(word):
        return None if only_cyrillic or latin <= _LATIN_DOMINANCE * cyrillic else _to_latin
    only_latin = _LATIN_WITHOUT_TWIN.search(word) is not None
    if only_latin and only_cyrillic:
        return None
    if only_latin or (not only_cyrillic and latin >= cyrillic):
        return _to_latin
    return _to_cyrillic


def _to_latin(word: str) -> str:
    return word.translate(_TO_LATIN)


def _to_cyrillic(word: str) -> str:
    return word.translate(_TO_CYRILLIC)
