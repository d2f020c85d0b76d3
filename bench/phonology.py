# SPDX-License-Identifier: Apache-2.0
"""Words that do not exist but could: Turkic syllables with vowel harmony, written as eight languages write them.

A word is a string of sounds, one character each; `written` spells it. So one name has as many spellings as real names have.
"""

import random

BACK, FRONT = "aıou", "äiöü"
_FIRST = "bçdgkqmstyşcnhzbtdyqs"  # the second half: heard twice as often at the beginning
_INNER = "bçdgğkqlmnŋprsştvyzrlnt"
_LAST = "klmnŋprsştyzqrnlk"
_SUFFIXES = (
    ("lar", "lär"),
    ("ı", "i"),
    ("dan", "dän"),
    ("nıŋ", "niŋ"),
    ("da", "dä"),
    ("lıq", "lik"),
    ("ğa", "gä"),
    ("sı", "si"),
)

_LETTERS = {  # in the order of the sounds of the first line
    "sounds": "a ä ı i o ö u ü b c ç d g ğ h j k q l m n ŋ p r s ş t v y z",
    "az": "a ə ı i o ö u ü b c ç d g ğ h j k q l m n n p r s ş t v y z",
    "tr": "a e ı i o ö u ü b c ç d g ğ h j k k l m n n p r s ş t v y z",
    "tk": "a ä y i o ö u ü b j ç d g g h ž k g l m n ň p r s ş t w ý z",
    "uz": "a a i i o oʻ u u b j ch d g gʻ h j k q l m n ng p r s sh t v y z",
    "en": "a e y i o o u u b j ch d g gh h zh k g l m n ng p r s sh t v y z",
    "kk": "а ә ы і о ө ұ ү б ж ш д г ғ х ж к қ л м н ң п р с ш т в й з",
    "ky": "а е ы и о ө у ү б ж ч д г г х ж к к л м н ң п р с ш т в й з",
    "ru": "а е ы и о ё у ю б дж ч д г г х ж к к л м н нг п р с ш т в й з",
}
_SOUNDS = _LETTERS.pop("sounds").split()
_TABLES = {lang: dict(zip(map(ord, _SOUNDS), letters.split(), strict=True)) for lang, letters in _LETTERS.items()}
LANGUAGES = tuple(_TABLES)
CYRILLIC = ("kk", "ky", "ru")


def word(chance: random.Random, syllables: int, suffixes: int = 0) -> str:
    """Return the sounds of a new word; its vowels are all back or all front."""
    side = chance.randrange(2)
    vowels = (BACK, FRONT)[side]
    sounds = [chance.choice(_FIRST), chance.choice(vowels)] if chance.random() < 0.85 else [chance.choice(vowels)]
    for _ in range(syllables - 1):
        if chance.random() < 0.35:
            sounds.append(chance.choice("rlnsşym"))
        sounds += (chance.choice(_INNER), chance.choice(vowels))
    if chance.random() < 0.6:
        sounds.append(chance.choice(_LAST))
    sounds += (chance.choice(_SUFFIXES)[side] for _ in range(suffixes))
    return "".join(sounds)


def written(sounds: str, lang: str) -> str:
    """Return how *lang* writes the word."""
    return sounds.translate(_TABLES[lang])


def as_name(text: str, lang: str) -> str:
    """Return *text* with a capital at its beginning; the dotted i keeps its dot in az and tr."""
    first = "İ" if text[0] == "i" and lang in ("az", "tr") else text[0].upper()
    return first + text[1:]


def sounds_of(az: str) -> str:
    """Return the sounds of a word as Azerbaijani writes it, the one language here that has a letter for nearly each."""
    return az.replace("İ", "i").lower().translate(_FROM_AZ)


_FROM_AZ = str.maketrans({"ə": "ä"})
