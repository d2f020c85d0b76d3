# SPDX-License-Identifier: Apache-2.0
"""Records whose name is like what was asked, whatever the script and spelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Query, Searcher

from ortaq.language.features import name_features
from ortaq.language.keys import consonant_skeleton, phonemic_key
from ortaq.language.similarity import NameKeys, name_similarity
from ortaq.search.clauses import any_of, must, term

_CANDIDATES: Final = 50
_MOST_WORDS: Final = 8  # what is longer is a text, not a name
# How much the order of the index counts beside the comparison of the names.
_INDEX_WEIGHT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Alike:
    """A record by its id; likeness: 0 to 1, with a trace of the index's own score to part equals."""

    id: int
    likeness: float


def alike(searcher: Searcher, text: str, lang: str | None, conditions: Sequence[Query]) -> list[Alike]:
    """Return the records that meet *conditions* and whose names are most like *text*, best first."""
    asked = _keys(text, lang)
    features = dict.fromkeys(name_features(text, lang))
    if not features or len(asked[0][0].split()) > _MOST_WORDS:
        return []
    like = any_of(term("like", feature) for feature in features)
    hits = searcher.search(Query.boolean_query([*must(conditions), (Occur.Must, like)]), _CANDIDATES, count=False).hits
    if not hits:
        return []
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    best = hits[0][0]
    found = []
    for record_id, (score, address) in zip(ids, hits, strict=True):
        titles = [_with_skeleton(key) for key in searcher.doc(address)["key"]]
        likeness = max((name_similarity(one, title) for one in asked for title in titles), default=0.0)
        found.append(Alike(int(record_id or 0), (likeness + _INDEX_WEIGHT * score / best) / (1 + _INDEX_WEIGHT)))
    return sorted(found, key=lambda one: (-one.likeness, one.id))


def _keys(text: str, lang: str | None) -> list[NameKeys]:
    return [_with_skeleton(key) for key in dict.fromkeys((phonemic_key(text, lang), phonemic_key(text)))]


def _with_skeleton(key: str) -> NameKeys:
    return key, consonant_skeleton(key)
