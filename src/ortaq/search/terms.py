# SPDX-License-Identifier: Apache-2.0
"""Words of names and prose as the index knows them; the same for a record and for a question."""

from functools import lru_cache

from ortaq.language.case import fold_case
from ortaq.language.keys import consonant_skeleton, fresh_word_key
from ortaq.language.words import WORD_PATTERN
from ortaq.search.schema import STEM

_PLAIN = str.maketrans({"ş": "s", "ç": "j"})  # c is read as j
_MOST_KEYS, _MOST_LANGUAGES = 100_000, 30
_SHORTEST_SKELETON = 3  # shorter ones stand for too many words


class _Keys(dict[str, str]):
    """The keys of the words met so far in one language; a plain look-up is several times faster than lru_cache."""

    def __init__(self, lang: str | None) -> None:
        super().__init__()
        self._lang = lang

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_KEYS:
            self.clear()
        found = self[word] = fresh_word_key(word, self._lang) or fold_case(word)
        return found


_keys: dict[str | None, _Keys] = {}


def word_terms(text: str, lang: str | None) -> list[str]:
    """Return the keys of the words of *text*; a word in a script that has no key stands for itself."""
    known = _keys.get(lang) or _keys.setdefault(lang, _Keys(lang)) if len(_keys) < _MOST_LANGUAGES else _Keys(lang)
    return " ".join(map(known.__getitem__, WORD_PATTERN.findall(text))).split()


def stem(term: str) -> str:
    """Return the beginning that inflected forms share."""
    return term[:STEM]


@lru_cache(maxsize=100_000)
def skeleton(term: str) -> str:
    """Return the consonants of the term; empty where they are too few to tell words apart."""
    found = consonant_skeleton(term) if term.isascii() or "ç" in term or "ş" in term else ""
    return found if len(found) >= _SHORTEST_SKELETON else ""


@lru_cache(maxsize=100_000)
def plain(term: str) -> str:
    """Return the term as one writes it who has no ş and ç: Seki for Şəki; empty if it has neither."""
    return "~" + term.translate(_PLAIN) if "ş" in term or "ç" in term else ""


def as_plain(term: str) -> str:
    """Return what a word of a question must be among the `plain` terms."""
    return "~" + term


def name_shapes(term: str) -> tuple[str, ...]:
    """Return the further terms by which a word of a name is found."""
    return tuple(shape for shape in (skeleton(term), plain(term)) if shape)


def whole_name(key: str) -> str:
    """Return the term of a whole name, given its key."""
    return "!" + key.replace(" ", "_")
