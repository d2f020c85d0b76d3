# SPDX-License-Identifier: Apache-2.0
"""Which of the lines before the body is the headline of the report, if any."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ortaq.language.keys import phonemic_key
from ortaq.language.words import words
from ortaq.press.units import Unit

# Stems long enough to meet inflected forms of one word (five letters: section 5 of the language research).
_STEM = 5
_FEWEST_WORDS = 3
_SITE_SUFFIX = re.compile(
    r"\s+[|»·]\s+[^|»·]{2,40}\Z|\s+[–—-]\s+[\w.]+\.(?:az|kz|kg|uz|tm|tr|ru|com|org|net|news|info)\Z", re.I
)
_LEAST_SHARE = 0.25
_LATER = 0.3


class Candidate(NamedTuple):
    """A unit above the body; is_dated: a date or the author stands below it."""

    unit: Unit
    may_be: bool
    is_dated: bool


def choose_title(candidates: Sequence[Candidate], body: str, hint: str | None) -> Unit | None:
    """Return the headline among *candidates*, None if none fits the body.

    hint: what the page itself names as its title; a candidate that says the same wins.
    """
    likely = [(one.unit, one.is_dated) for one in candidates if one.may_be]
    counts = Counter(phonemic_key(_bare(unit.text)) for unit, _ in likely)
    stems = _stems(body)
    best: tuple[float, Unit] | None = None
    earlier = 0
    for unit, dated in likely:
        score = _score(unit, dated=dated, times=counts[phonemic_key(_bare(unit.text))], stems=stems, hint=hint)
        score -= min(earlier, 3) * _LATER  # a caption under the headline shares the body's words too
        earlier += sum(1 for _ in words(unit.text)) > _FEWEST_WORDS
        if score > 0 and (best is None or score > best[0]):
            best = (score, unit)
    return _without_site(best[1]) if best else None


def _score(unit: Unit, *, dated: bool, times: int, stems: set[str], hint: str | None) -> float:
    count = sum(1 for _ in words(unit.text))
    key = phonemic_key(_bare(unit.text))
    if hint and key and key == phonemic_key(_bare(hint)):
        return 10.0
    own = _stems(unit.text)
    share = len(own & stems) / len(own) if own else 0.0
    if share < _LEAST_SHARE and not (count > _FEWEST_WORDS and (dated or times > 1)):
        return 0.0
    few = 1.0 if count < _FEWEST_WORDS else 0.0
    return 3 * share + 1.5 * (times > 1) + 1.0 * dated + min(count, 12) / 12 - 2 * few


def _stems(text: str) -> set[str]:
    keys = (key for word in words(text) for key in phonemic_key(word.text).split())
    return {key[:_STEM] for key in keys if len(key) >= 3}


def _bare(text: str) -> str:
    return _SITE_SUFFIX.sub("", text)


def _without_site(unit: Unit) -> Unit:
    bare = _bare(unit.text)
    return Unit(bare, unit.start, unit.start + len(bare), unit.has_gap)
