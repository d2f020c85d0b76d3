# SPDX-License-Identifier: Apache-2.0
"""How alike two names are, from their keys."""

from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from ortaq.language.concepts import with_concept_signs
from ortaq.language.keys import consonant_skeleton

NameKeys = tuple[str, str]

# Sounds that the languages and their spellings exchange, vowels included.
_BROAD_SOUNDS = str.maketrans("oiagdbjzvş", "ueektpçsfs")


def name_similarity(query_keys: NameKeys, title_keys: NameKeys) -> float:
    """Return from 0 (nothing shared) to 1 (same keys) how alike two names are.

    query_keys, title_keys    (key1, key2) of the query and of one variant of a title; take the best of the variants.
    use    rank the first 50 hits by ``score / best_score + name_similarity(...)``; the weight of 1 was cross-validated.
    """
    if query_keys == title_keys:
        return 1.0
    spelled = _alike(_shapes(query_keys[0]), _shapes(title_keys[0]))
    translated = _alike(_shapes(with_concept_signs(query_keys[0])), _shapes(with_concept_signs(title_keys[0])))
    return max(spelled, translated) * _SAME_KEYS_ONLY


_SAME_KEYS_ONLY = 0.999  # only equal keys reach 1


def _alike(query: tuple[str, str, str, str], title: tuple[str, str, str, str]) -> float:
    key1, broad, joined, onset = query
    title_key1, title_broad, title_joined, title_onset = title
    likeness = (
        2 * Indel.normalized_similarity(key1, title_key1)
        + fuzz.token_sort_ratio(key1, title_key1) / 100
        + Indel.normalized_similarity(joined, title_joined)
        + Indel.normalized_similarity(broad, title_broad)
    )
    return 0.19 * likeness + 0.05 * (onset == title_onset)


@lru_cache(maxsize=20_000)
def _shapes(key1: str) -> tuple[str, str, str, str]:
    """The key, its broad form, itself without spaces, and the first two letters of its skeleton."""
    return key1, key1.translate(_BROAD_SOUNDS), key1.replace(" ", ""), consonant_skeleton(key1)[:2]
