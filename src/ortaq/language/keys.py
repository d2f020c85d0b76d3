# SPDX-License-Identifier: Apache-2.0
"""The Turkic key: one spelling for a name in whatever script and orthography it was written.

Şəki, Шәки, Шеки and Sheki all give ``şeki``; the consonant skeleton ``şk`` bridges spellings whose vowels differ.
"""

import re
import unicodedata
from functools import lru_cache

from ortaq.language.case import primary_language
from ortaq.language.letters import letter_table
from ortaq.language.words import WORD_PATTERN

_TABLE = letter_table()

_CYRILLIC = re.compile("[\u0400-\u052f]")
_ARABIC = re.compile("[\u0600-\u06ff]")

# Cyrillic: letters that stand for one sound together, or sound otherwise beside a vowel.
_CYRILLIC_GROUPS = re.compile("дж|дҗ|ыо|[нң][гғ]|тс|тч")
_CYRILLIC_GROUP_KEYS = {"дж": "ж", "дҗ": "ж", "ыо": "ё", "тс": "с", "тч": "ч"}
_AZERBAIJANI = re.compile("[ҹҝј]")  # letters of Azerbaijani alone, in whose Cyrillic г is q
_U_AFTER_VOWEL = re.compile("(?<=[аәеёиоөыіэя])у")
_U_BEFORE_VOWEL = re.compile("у(?=[аәеёиоөүұыіэюя])")

# Arabic script: waw is a vowel inside a word unless it leans on another vowel.
_WAW_ONSET = re.compile("^[اأ]و(?![اآ])")  # Ujar, Ordubad
_YE_ONSET = re.compile("^[اإأ][یيى](?![اآ])")  # İzmir
# A final heh after a consonant is the vowel of Persian, Ottoman and Azerbaijani spelling.
_FINAL_HE = re.compile("(?<=[^اآويیى])[هہھ]$")
_WAW = re.compile("(?<=[^اآ])و(?![اآیيىهە])")

# Latin digraphs, longest first; applied to words without Cyrillic letters.
_DIGRAPHS = {
    "dzh": "j", "dj": "j", "tch": "ç", "sch": "ş", "sh": "ş", "ch": "ç", "cz": "ç", "zh": "j", "kh": "h", "gh": "g", "ph": "f", "th": "t",
    "ts": "s", "ng": "n", "ck": "k", "ee": "i", "oo": "u",
}  # fmt: skip
_LATIN_GROUPS = re.compile("|".join(_DIGRAPHS))
_OTHER_GROUPS = re.compile("dj|cz|ts|ng|ck|ee|oo")  # those without h
_SOFT_C = re.compile("c(?=[eiyəéèê])")

_DROPPED_GLIDE = re.compile("(?:^|(?<=[aeiou]))ie")
_DOUBLED = re.compile(r"([a-zçş])\1+")
_NOT_IN_KEY = re.compile("[^a-zçş0-9]+")

_VOWELS = re.compile("[aeiou]+")
_VOICELESS = str.maketrans("gdbjzv", "ktpçsf")

# Languages in which a bare c is the sound of English j; without a hint the Turkic reading is the likelier.
_C_IS_J = frozenset({None, "az", "tr"})


def phonemic_key(text: str, lang: str | None = None) -> str:
    """Return key1 of *text*: words of ``a-z ç ş 0-9`` with single spaces.

    lang     BCP 47 tag of the text, a hint; None when unknown. Never needed to find a name, it sharpens c, x and у.
    returns  the keys of the words, so an index by word and a query by phrase agree; taking it twice changes nothing.
    source   docs of the language research; letters in letters.py.
    """
    keys = (word_key(word, lang) for word in WORD_PATTERN.findall(text))
    return " ".join(key for key in keys if key)


@lru_cache(maxsize=50_000)
def word_key(word: str, lang: str | None = None) -> str:
    """Return `fresh_word_key`, kept for words that come again."""
    return fresh_word_key(word, lang)


def fresh_word_key(word: str, lang: str | None = None) -> str:
    """Return key1 of one word as ``words()`` gives it; empty if no letter of it is known to the key.

    A word written in several alphabets may give more than one key, separated by spaces.
    """
    language = primary_language(lang) if lang else None
    letters = word.casefold()
    if not letters.isascii():
        letters = unicodedata.normalize("NFC", letters)
        if _CYRILLIC.search(letters):
            letters = _cyrillic_sounds(letters, language)
        elif _ARABIC.search(letters):
            letters = _arabic_sounds(letters)
    return _settle(_latin_sounds(letters, language).translate(_TABLE))


def consonant_skeleton(key1: str) -> str:
    """Return key2 of a key1, word by word: a leading vowel as ``a``, then voiceless consonants only."""
    return " ".join(map(_skeleton, key1.split()))


@lru_cache(maxsize=100_000)
def _skeleton(key1_word: str) -> str:
    body = _VOWELS.sub("", key1_word).translate(_VOICELESS)
    skeleton = _DOUBLED.sub(r"\1", body)
    return "a" + skeleton if key1_word[0] in "aeiou" else skeleton


def _cyrillic_sounds(letters: str, language: str | None) -> str:
    letters = _CYRILLIC_GROUPS.sub(lambda group: _CYRILLIC_GROUP_KEYS.get(group.group(), "н"), letters)
    if "г" in letters and (language == "az" or _AZERBAIJANI.search(letters)):
        letters = letters.replace("г", "к")
    if "у" in letters and language in (None, "kk", "ky"):
        letters = _U_AFTER_VOWEL.sub("в", letters)
        if language == "kk":
            letters = _U_BEFORE_VOWEL.sub("в", letters)
    return letters


def _arabic_sounds(letters: str) -> str:
    letters = letters.replace("\u200c", "").replace("تش", "چ")
    letters = _YE_ONSET.sub("ی", _WAW_ONSET.sub("ۇ", letters))
    return _FINAL_HE.sub("ە", _WAW.sub("ۇ", letters))


def _latin_sounds(letters: str, language: str | None) -> str:
    letters = _without_digraphs(letters)
    if "c" in letters:
        if language == "en":
            letters = _SOFT_C.sub("s", letters)
        letters = letters.replace("c", "j" if language in _C_IS_J else "k")
    if "x" in letters and language == "en":
        letters = letters.replace("x", "ks")
    return letters


def _without_digraphs(letters: str) -> str:
    """Most words have none; looking for the letters that every digraph ends or begins with costs less than the pattern."""
    if "h" in letters or _OTHER_GROUPS.search(letters):
        return _LATIN_GROUPS.sub(lambda group: _DIGRAPHS[group.group()], letters)
    return letters


def _settle(key: str) -> str:
    """Bring translated letters into the form that no rule of the key changes any more."""
    while True:
        settled = _DOUBLED.sub(r"\1", key)
        if "ie" in settled:
            settled = _DROPPED_GLIDE.sub("e", settled)
        settled = _without_digraphs(settled)
        if settled == key:
            break
        key = settled
    if " " not in key:
        return key
    parts = key.split()
    return " ".join(_settle(part) for part in parts)
