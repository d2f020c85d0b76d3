# SPDX-License-Identifier: Apache-2.0
"""The concept behind a word that the languages translate rather than spell: кесенесі and türbesi are mausoleum."""

from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from ortaq.language.exonyms import EXONYMS
from ortaq.language.keys import phonemic_key
from ortaq.language.type_words import TYPE_WORDS

_LONGEST_ENDING = 6  # letters after a stem (adalar-ynyň); a longer rest makes another word (Нижне-вартовск)
_FIRST_SIGN = 0xE000  # start of the Unicode private use area


class _Concepts(NamedTuple):
    words: dict[str, str]
    stems: dict[str, str]
    signs: dict[str, str]
    shortest_stem: int


@lru_cache(maxsize=1)
def _concepts() -> _Concepts:
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    concepts = TYPE_WORDS | EXONYMS
    for concept, forms in concepts.items():
        for form in forms.split():
            words.setdefault(phonemic_key(form), concept)
            if form.endswith("*"):
                stems.setdefault(phonemic_key(form), concept)
    signs = {concept: chr(_FIRST_SIGN + number) for number, concept in enumerate(concepts)}
    return _Concepts(words, stems, signs, min(map(len, stems)))


@lru_cache(maxsize=100_000)
def concept_of(key1_word: str) -> str | None:
    """Return the concept a word of key1 stands for, such as ``mausoleum``, or None."""
    words, stems, _, shortest_stem = _concepts()
    if concept := words.get(key1_word):
        return concept
    for length in range(len(key1_word) - 1, max(shortest_stem, len(key1_word) - _LONGEST_ENDING) - 1, -1):
        if concept := stems.get(key1_word[:length]):
            return concept
    return None


def with_concepts(key1: str) -> list[tuple[str, str | None]]:
    """Return the words of *key1* with their concepts; two words that are one abbreviation (о-в) come as one."""
    found: list[tuple[str, str | None]] = []
    abbreviations = _concepts().words
    following = iter(words := key1.split())
    next(following, None)
    skip = False
    for word, after in zip_longest(words, following):
        if skip:
            skip = False
        elif skip := f"{word} {after}" in abbreviations:
            found.append((f"{word} {after}", abbreviations[f"{word} {after}"]))
        else:
            found.append((word, concept_of(word)))
    return found


@lru_cache(maxsize=20_000)
def with_concept_signs(key1: str) -> str:
    """Return *key1* to compare across languages: each word with a concept becomes two private-use signs, at the end."""
    signs = _concepts().signs
    found = with_concepts(key1)
    own = [word for word, concept in found if not concept]
    return " ".join(own + sorted(signs[concept] * 2 for _, concept in found if concept))
