# SPDX-License-Identifier: Apache-2.0
"""Words of running text with their places in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

APOSTROPHES = "'’‘‛ʻʼʽʾʿˈʹ`´′＇\u0301"
# Combining marks and the joiners of Arabic script belong to the word they stand in.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
WORD_PATTERN = re.compile(rf"[^\W_]+(?:(?:[{_MARKS}]+|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*")


class Word(NamedTuple):
    """A word as written; ``text == source[start:end]``."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Yield the words of *text* in order.

    An apostrophe between two letters is part of the word (oʻzbek, Qur'on, Türkiye'nin); hyphens, underscores and
    everything else separate.
    """
    for found in WORD_PATTERN.finditer(text):
        yield Word(found.group(), found.start(), found.end())
