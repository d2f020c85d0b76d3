# SPDX-License-Identifier: Apache-2.0
"""How alike two names are, from their keys."""

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

NameKeys = tuple[str, str]


def name_similarity(query_keys: NameKeys, title_keys: NameKeys) -> float:
    """Return from 0 (nothing shared) to 1 (same keys) how alike two names are.

    query_keys, title_keys    (key1, key2) of the query and of one variant of a title.
    """
    key1 = Indel.normalized_similarity(query_keys[0], title_keys[0])
    key2 = Indel.normalized_similarity(query_keys[1], title_keys[1])
    words = fuzz.token_sort_ratio(query_keys[0], title_keys[0]) / 100
    return (2 * max(key1, words) + key2) / 3
