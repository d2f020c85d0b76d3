# SPDX-License-Identifier: Apache-2.0
"""What a name is indexed and asked by."""

from collections.abc import Iterator
from functools import lru_cache

from ortaq.language.concepts import with_concepts
from ortaq.language.keys import consonant_skeleton, phonemic_key

_CONCEPT_WEIGHT = 2  # a concept counts as two tokens, measured on names of cities and countries
_PLAIN_S = str.maketrans("ş", "s")  # Seki typed for Şəki


def name_features(title: str, lang: str | None = None) -> list[str]:
    """Return the tokens by which a name is found; the same function for the index and for the query.

    use      one field that holds the tokens of all variants of the titles, cut at spaces, BM25 (k1 1.2, b 0.75); the
             query is an OR of its tokens, each weighted by how often it occurs, at most 2. Then rank the first 50 by
             ``score / best_score + similarity.name_similarity(...)``.
    returns  tokens without spaces; the first character tells the sort: ``3`` trigram of a word of key1, ``1`` the word,
             ``2`` bigram of its skeleton, ``=`` the skeleton, ``4`` the concept of a word that languages translate
             (given twice; such a word has no skeleton tokens).
    """
    return features_of_key(phonemic_key(title, lang))


def features_of_key(key1: str) -> list[str]:
    """Return what ``name_features`` returns for a title with this key1."""
    found = with_concepts(key1)
    if len(found) > 1:  # the izafet of Nizâmî-i Gencevî is no word of the name
        found = [(word, concept) for word, concept in found if word not in ("a", "e", "i", "o", "u")] or found
    return [token for word, concept in found for token in _tokens(word, concept)]


@lru_cache(maxsize=20_000)  # about 1 KB each
def _tokens(word: str, concept: str | None) -> tuple[str, ...]:
    tokens = ["4" + concept] * _CONCEPT_WEIGHT if concept else []
    for part in word.split():
        tokens += _key1_tokens(part)
        if not concept:
            tokens += _key2_tokens(part)
    return tuple(tokens)


def _key1_tokens(word: str) -> Iterator[str]:
    framed = f"^{word}$"
    yield "1" + word
    yield from ("3" + framed[start : start + 3] for start in range(len(framed) - 2))


def _key2_tokens(word: str) -> Iterator[str]:
    if skeleton := consonant_skeleton(word).translate(_PLAIN_S):
        framed = f"^{skeleton}$"
        yield "=" + skeleton
        yield from ("2" + framed[start : start + 2] for start in range(len(framed) - 1))
