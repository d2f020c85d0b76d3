# SPDX-License-Identifier: Apache-2.0
"""Whether a word of running text is a form of a name: Bakıda, Баку, Казахстана, Kyrgyzstan's."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ortaq.language.keys import word_key
from ortaq.language.words import APOSTROPHES, words

# Case, possessive and plural endings of az kk ky tr uz tk as they look in key1 (vowels a e i o u, doubled letters one).
_TURKIC_ENDING = re.compile(
    r"(?:[ldt][ae]r)?(?:s?[iu])?(?:[dnt]?[iu]n|n?[gk]?[aeo]|i[ae]|n?[dt][aeo](?:n|[gk][iu])?|n[ae]n|[dtn]?[iu]|l[ae]|m[ae]n|b[ae]n|p[ae]n)?"
)
_LOCATIVE_ENDING = re.compile(r".{0,3}(?:[dt][aeo](?:n|[gk][iu])?)\Z")
_VOICED = {"k": "g", "p": "b", "t": "d", "ç": "j"}

# Russian: ending of the dictionary form → what takes its place, longest ending first; "" is a consonant.
_RUSSIAN_ENDINGS = (
    ("ство", "ство ства ству ством стве"),
    ("ция", "ция ции цию цией"),
    ("ия", "ия ии ию ией"),
    ("ая", "ая ой ую"),
    ("яя", "яя ей юю"),
    ("ские", "ские ских ским скими"),
    ("ие", "ие ия ию ием ии их им ими"),
    ("ые", "ые ых ым ыми"),
    ("ий", "ий ого его ому ему им ом ем ая ой ую ое ие их ими"),
    ("ый", "ый ого ому ым ом ая ой ую ое ые ых ыми"),
    ("ое", "ое ого ому ым ом"),
    ("й", "й я ю ем е"),
    ("ь", "ь я ю ем е и ью"),
    ("а", "а ы и е у ой ою"),
    ("я", "я и е ю ей"),
    ("ы", "ы ов ам ами ах"),
    ("", " а у ом ем е ы и"),
)
_INDECLINABLE = re.compile(r"[еёиоуэюЕЁИОУЭЮ]\Z")


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name: its key, and the keys of its forms that no rule of endings gives."""

    key: str
    forms: frozenset[str]


@lru_cache(maxsize=20_000)
def name_words(name: str, lang: str) -> tuple[NameWord, ...]:
    """Return the words of *name* with their forms in a text of *lang* (its primary tag)."""
    return tuple(_name_word(word.text, lang) for word in words(name))


def _name_word(word: str, lang: str) -> NameWord:
    key = word_key(word, lang)
    if lang == "ru":
        return NameWord(key, frozenset(word_key(form, lang) for form in _russian_forms(word)))
    if lang == "en":
        return NameWord(key, frozenset((key, f"{key}s")))
    return NameWord(key, frozenset((key,)))


def _russian_forms(word: str) -> list[str]:
    if word.isupper() and len(word) < 6:
        return [word]
    if _INDECLINABLE.search(word) and not word.endswith(("ое", "ие", "ые", "ство")):
        return [word]
    for ending, forms in _RUSSIAN_ENDINGS:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)]
            return [word, *(stem + form for form in forms.split(" "))]
    return [word]


_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


def key_of(word: str, lang: str) -> str:
    """Return the key under which *word* of a text is compared; Turkish parts names from their endings: Türkiye'ye."""
    name = _APOSTROPHE.split(word, maxsplit=1)[0] if lang == "tr" else word
    return word_key(name if len(name) > 1 else word, lang)


def is_form_of(key: str, name: NameWord, lang: str) -> bool:
    """Say whether *key* is the key of a form of *name*."""
    if key in name.forms:
        return True
    return lang not in ("ru", "en") and _turkic_ending(key, name) is not None


def is_locative(key: str, name: NameWord) -> bool:
    """Say whether *key* is the name with the ending for in, from or of at (Turkic languages)."""
    ending = _turkic_ending(key, name)
    return ending is not None and _LOCATIVE_ENDING.match(ending) is not None


def _turkic_ending(key: str, name: NameWord) -> str | None:
    stem = name.key
    if len(stem) < 2:
        return None
    for start in (stem, stem[:-1] + _VOICED.get(stem[-1], stem[-1])):
        if key.startswith(start) and _TURKIC_ENDING.fullmatch(key, len(start)):
            return key[len(start) :]
    if stem[-1] == "e" and key == f"{stem[:-1]}i":  # Gəncəyə: the key takes e-ye for ee, and that for i
        return "e"
    # The key writes doubled letters once: Daşkənddən is daşkend and den with one d.
    if key.startswith(stem) and stem[-1] not in "aeiou" and _TURKIC_ENDING.fullmatch(key, len(stem) - 1):
        return key[len(stem) - 1 :]
    return None
