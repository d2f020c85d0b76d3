# SPDX-License-Identifier: Apache-2.0
"""Where sentences begin and end in running text of the eight languages."""

import re
from functools import lru_cache

from ortaq.language.case import fold_case
from ortaq.press.tables import table

_END = re.compile(r"(?:(?<![.!?…])[.!?…]+[\"'”»“’)\]]*)(?=\s+[\"'“„«(\[—–-]*\s*[^\W_a-zа-яё])|[\n\r]+")
_LONGEST_ABBREVIATION = 20
_LAST_WORD = re.compile(r"([^\W\d_]+)\.\Z")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return (start, end) of the sentences in text[start:end], without the spaces between them."""
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        if match[0].strip() and _is_abbreviation(text[begin : match.end()]):
            continue
        if not match[0].strip() and not _is_paragraph_end(text, match):
            continue
        begin = _add(text, begin, match.end(), found)
    _add(text, begin, stop, found)
    return found


def _is_paragraph_end(text: str, match: re.Match[str]) -> bool:
    """A single line break inside a sentence is a wrap."""
    before = text[: match.start()].rstrip()[-1:]
    return match[0].count("\n") > 1 or before in '.!?…:;»”"'


def _add(text: str, begin: int, end: int, found: list[tuple[int, int]]) -> int:
    piece = text[begin:end]
    if stripped := piece.strip():
        first = begin + piece.index(stripped)
        found.append((first, first + len(stripped)))
    return end


def _is_abbreviation(piece: str) -> bool:
    """A full stop after an initial or a known short form ends no sentence: T. Satylganov, Dec. 4, г. Баку."""
    if not (last := _LAST_WORD.search(piece[-_LONGEST_ABBREVIATION:])):
        return False
    return (len(last[1]) == 1 and last[1].isupper()) or fold_case(last[1]) in _abbreviations()


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return frozenset(fold_case(short) for row in table("abbreviations") for short in row["short"])
