# SPDX-License-Identifier: Apache-2.0
"""Which of our languages a text is written in."""

import copy
import re
import threading
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ortaq.language.scripts import script_of
from ortaq.language.words import WORD_PATTERN

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LATIN_LANGUAGES = ("az", "tr", "uz", "tk", "en")
CYRILLIC_LANGUAGES = ("kk", "ky", "uz-Cyrl", "ru", "az-Cyrl", "tk-Cyrl")
DETECTABLE = LATIN_LANGUAGES + CYRILLIC_LANGUAGES


_OwnLetters = tuple[tuple[str, re.Pattern[str], float], ...]


@dataclass(frozen=True, slots=True)
class Detected:
    """lang is a BCP 47 tag or None, script an ISO 15924 code or None, certainty from 0 (a guess) to 1."""

    lang: str | None
    script: str | None
    certainty: float


# Letters that only one of our languages has, and the least share of them in its running text: a report in English that
# quotes Gəncə stays English (alphabets in official use; a quarter of the share in the Universal Declaration or less).
_CYRILLIC_LETTERS = (
    ("az-Cyrl", re.compile("[ҹҝј]", re.IGNORECASE), 0.01),
    ("uz-Cyrl", re.compile("[ўҳ]", re.IGNORECASE), 0.005),
    ("kk", re.compile("[ұі]", re.IGNORECASE), 0.01),
    ("tk-Cyrl", re.compile("җ", re.IGNORECASE), 0.001),
)
_LATIN_LETTERS = (
    ("az", re.compile("ə", re.IGNORECASE), 0.02),
    ("tk", re.compile("[ýňž]", re.IGNORECASE), 0.01),
)
_FEW_WORDS = 4  # from so many words in small letters on, names and beginnings of sentences are no evidence

# Azerbaijani Cyrillic of 1958 lacks й ю я э ё ц щ ъ ь and the letters special to its relatives. Where none of those is
# seen, һ, ә in the company of и, ғ or another ә, and forms of olmaq tell it, unless е is commoner than ә (Turkmen).
_NOT_AZERBAIJANI = re.compile("[йюяэёцщъьқңіұўҳҗ]", re.IGNORECASE)
_AZERBAIJANI = re.compile(r"һ|ә\w*[иә]|и\w*ә|ә.*ғ|ғ.*ә|\bвә\b|\bол(?:ан|ун|маг|муш|дуғ)\w*", re.IGNORECASE | re.DOTALL)
_SCHWA_OR_H, _IE = re.compile("[әһ]", re.IGNORECASE), re.compile("е", re.IGNORECASE)
_UZBEK_LETTER = re.compile("[og][ʻʼ‘’'`´](?=[^\\W\\d_])|[ʻʼ]", re.IGNORECASE)
_NOT_UZBEK = re.compile("[çşğıöü]|\\b(?:[a-z]+o'(?:s|ll|re|ve|d|clock)|o'[A-Z])\\b", re.IGNORECASE)

_RULE_CERTAINTY = 0.97
_ENOUGH = 4000  # characters that settle the language of any text
_SHORT = 25  # characters under which pycld2 is the better voice on Cyrillic


def detect(text: str, among: Collection[str] | None = None) -> Detected:
    """Return the language of *text* among az kk ky tr uz tk ru en, az-Cyrl, uz-Cyrl and tk-Cyrl.

    among    tags to choose from; None for all.
    returns  lang None if the text has no letters, or none of a script the candidates are written in. One word is a
             guess: index names without a hint rather than detect them.
    """
    text = text[:_ENOUGH]
    script = script_of(text)
    candidates = [tag for tag in DETECTABLE if among is None or tag in among]
    composed = unicodedata.normalize("NFC", text)
    if script == "Cyrl":
        lang, certainty = _detect_cyrillic(composed, [tag for tag in candidates if tag in CYRILLIC_LANGUAGES])
    elif script == "Latn":
        lang, certainty = _detect_latin(composed, [tag for tag in candidates if tag in LATIN_LANGUAGES])
    else:
        lang, certainty = None, 0.0
    return Detected(lang, script, certainty)


def _detect_cyrillic(text: str, candidates: list[str]) -> tuple[str | None, float]:
    if own := _by_own_letters(text, _CYRILLIC_LETTERS, candidates):
        return own, _RULE_CERTAINTY
    if "az-Cyrl" in candidates and _looks_azerbaijani(text):
        return "az-Cyrl", 0.8
    second = _second_voice(text)
    if second == "tk" and "tk-Cyrl" in candidates:
        return "tk-Cyrl", 0.8
    likeliest, certainty = _most_likely(text, tuple(tag for tag in candidates if tag not in ("az-Cyrl", "tk-Cyrl")))
    second_tag = "uz-Cyrl" if second == "uz" else second
    if len(text) < _SHORT and second_tag in ("kk", "ky", "uz-Cyrl") and second_tag in candidates:
        return second_tag, 0.7 if second_tag != likeliest else max(certainty, 0.9)
    return (likeliest, certainty) if likeliest else ((candidates[0], 0.1) if candidates else (None, 0.0))


def _by_own_letters(text: str, rules: _OwnLetters, candidates: list[str]) -> str | None:
    """The language whose own letters running words have often enough; capitalised words count only in short texts."""
    if not any(letters.search(text) for _, letters, _ in rules):
        return None
    running = [word for word in WORD_PATTERN.findall(text) if word[0].islower()]
    evidence = " ".join(running) if len(running) >= _FEW_WORDS else text
    for tag, letters, least in rules:
        if tag in candidates and len(letters.findall(evidence)) > least * len(evidence):
            return tag
    return None


def _looks_azerbaijani(text: str) -> bool:
    if _NOT_AZERBAIJANI.search(text) or not _AZERBAIJANI.search(text):
        return False
    return len(_SCHWA_OR_H.findall(text)) >= len(_IE.findall(text)) or "ә" not in text


def _detect_latin(text: str, candidates: list[str]) -> tuple[str | None, float]:
    if own := _by_own_letters(text, _LATIN_LETTERS, candidates):
        return own, _RULE_CERTAINTY
    likeliest, certainty = _most_likely(text, tuple(candidates))
    if (
        "uz" in candidates
        and likeliest in ("tk", "az", "tr")
        and _UZBEK_LETTER.search(text)
        and not _NOT_UZBEK.search(text)
    ):
        return "uz", 0.9
    return likeliest, certainty


def _most_likely(text: str, tags: tuple[str, ...]) -> tuple[str | None, float]:
    if len(tags) <= 1:
        return (tags[0], 0.5) if tags else (None, 0.0)
    lang, certainty = _identifier(tags).classify(text)
    return next(tag for tag in tags if tag.partition("-")[0] == lang), round(certainty, 4)


_loading = threading.Lock()


@lru_cache(maxsize=64)
def _identifier(tags: tuple[str, ...]) -> "LanguageIdentifier":
    """A classifier of these languages only; all share one model in memory."""
    limited = copy.copy(_model())
    limited.set_languages([tag.partition("-")[0] for tag in tags])
    return limited


def _model() -> "LanguageIdentifier":
    with _loading:
        return _load_model()


@lru_cache(maxsize=1)
def _load_model() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # late: slow import

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _second_voice(text: str) -> str | None:
    import pycld2  # late: slow import

    try:
        found = pycld2.detect(text.encode(errors="replace"), bestEffort=True)[2][0][1]
    except pycld2.error:  # text it takes for invalid UTF-8, such as unassigned or control characters
        return None
    return str(found) if found != "un" else None
