# SPDX-License-Identifier: Apache-2.0
"""What a name is indexed and asked by."""

from collections.abc import Iterator

from ortaq.language.keys import consonant_skeleton, phonemic_key


def name_features(title: str, lang: str | None = None) -> list[str]:
    """Return the tokens by which a name is found; the same function for the index and for the query.

    Put them into one field with plain BM25 (k1 1.2, b 0.75), tokenised at spaces only, any token may match (OR), each
    token of the query counted once for each time it occurs, at most twice. No token contains a space. The first
    character tells the sort: ``3`` trigram of key1, ``1`` whole word of key1, ``2`` bigram of key2, ``=`` whole word of
    key2. Re-rank the first 50 by ``similarity.name_similarity``.
    """
    key1 = phonemic_key(title, lang)
    return list(_features(key1.split()))


def _features(key1_words: list[str]) -> Iterator[str]:
    for word in key1_words:
        framed = f"^{word}$"
        yield "1" + word
        yield from ("3" + framed[i : i + 3] for i in range(len(framed) - 2))
        if skeleton := consonant_skeleton(word):
            framed = f"^{skeleton}$"
            yield "=" + skeleton
            yield from ("2" + framed[i : i + 2] for i in range(len(framed) - 1))
