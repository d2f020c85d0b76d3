# SPDX-License-Identifier: Apache-2.0
"""Records whose names are those of another, or nearly: which may be the same thing twice. Asked of the index that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ortaq.core.audience import Viewer
from ortaq.search.clauses import of_kinds, seen_by
from ortaq.search.errors import IndexAbsent, IndexDamaged
from ortaq.search.names import alike
from ortaq.search.reader import reader

# From which likeness on two names are shown as perhaps the same: above what a search takes for the name that was asked for
# (search/plan.py), since of two records of one kind and house many are called alike.
ALIKE: Final = 0.85
_NAMES_ASKED: Final = 4  # one in each script tells; older names and spellings give little more


@dataclass(frozen=True, slots=True)
class Likely:
    """A record by its id, and how alike the names are, 0 to 1; 1: the same under the keys of language/."""

    record_id: int
    likeness: float


def likely_duplicates(titles: Mapping[str, Sequence[str]], kind: str, viewer: Viewer, *, without: int) -> list[Likely]:
    """Return the records of *kind* that *viewer* may see and whose names are like those of *titles*, the likest first.

    without: id of the record whose names they are. An index that is not there yet knows of none.
    """
    try:
        searcher = reader().view().searcher
    except (IndexAbsent, IndexDamaged):
        return []
    conditions = [seen_by(viewer), *of_kinds([kind])]
    found: dict[int, float] = {}
    for tag, name in _first_names(titles):
        for one in alike(searcher, name, None if tag.startswith("und") else tag, conditions):
            if one.id != without and one.likeness >= ALIKE:
                found[one.id] = max(one.likeness, found.get(one.id, 0.0))
    return sorted((Likely(*pair) for pair in found.items()), key=lambda one: (-one.likeness, one.record_id))


def _first_names(titles: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The first name of each language, then further ones."""
    pairs = [(place, tag, str(name)) for tag, names in titles.items() for place, name in enumerate(names)]
    return [(tag, name) for _place, tag, name in sorted(pairs, key=lambda pair: pair[0])][:_NAMES_ASKED]
