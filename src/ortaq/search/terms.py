# SPDX-License-Identifier: Apache-2.0
"""Words of names and prose as the index knows them; the same for a record and for a question."""

from functools import lru_cache

from ortaq.language.case import fold_case
from ortaq.language.keys import consonant_skeleton, word_key
from ortaq.language.words import WORD_PATTERN
from ortaq.search.schema import STEM

_SHORTEST_SKELETON = 3  # shorter ones stand for too many words


def word_terms(text: str, lang: str | None) -> list[str]:
    """Return the keys of the words of *text*; a word in a script that has no key stands for itself."""
    return " ".join([word_key(word, lang) or _own(word) for word in WORD_PATTERN.findall(text)]).split()


@lru_cache(maxsize=20_000)
def _own(word: str) -> str:
    return fold_case(word)


def stem(term: str) -> str:
    """Return the beginning that inflected forms share."""
    return term[:STEM]


@lru_cache(maxsize=100_000)
def skeleton(term: str) -> str:
    """Return the consonants of the term; empty where they are too few to tell words apart."""
    found = consonant_skeleton(term) if term.isascii() or "ç" in term or "ş" in term else ""
    return found if len(found) >= _SHORTEST_SKELETON else ""
