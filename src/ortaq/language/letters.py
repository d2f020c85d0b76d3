# SPDX-License-Identifier: Apache-2.0
"""What each letter of the Latin, Cyrillic and Arabic alphabets of the Turkic languages becomes in the key.

Source: the letter table of the project's language research (November 2026), built from the alphabets in official use
in Azerbaijan, Kazakhstan, Kyrgyzstan, Türkiye, Uzbekistan and Turkmenistan, their Soviet Cyrillic predecessors, Tajik,
Bashkir and Tatar letters found in names, Persian and Uyghur letters of Arabic script, and GOST, BGN and ALA-LC
spellings met in GeoNames. Sounds that the languages exchange regularly (ə/e/a stays apart, о/ө, у/ү, и/ы) share a letter.
"""

import unicodedata

from ortaq.language.words import APOSTROPHES

CYRILLIC: dict[str, str] = {
    "a": "а",
    "b": "б",
    "v": "в",
    "g": "гғҝґ",
    "d": "д",
    "e": "еэәєѐ",
    "j": "жҗҹҷӝӂ",
    "z": "зҙ",
    "i": "иыійїӣӥјѝ",
    "k": "кқҡҟ",
    "l": "л",
    "m": "м",
    "n": "нңҥ",
    "o": "оөёўӧ",
    "p": "п",
    "r": "р",
    "s": "сҫц",
    "t": "т",
    "u": "уұүӯӱ",
    "f": "ф",
    "h": "хһҳӽ",
    "ç": "чӵ",
    "ş": "шщ",
    "ia": "я",
    "iu": "ю",
    "": "ъьӏ",
}
LATIN: dict[str, str] = {
    "a": "aâāáà",
    "e": "eəǝäæéè",
    "i": "iıîīíy",
    "o": "oöōóø",
    "u": "uüûūú",
    "v": "vw",
    "g": "gğǧġģ",
    "k": "kqķ",
    "h": "hxḥḩħ",
    "j": "jž",
    "ç": "çč",
    "ş": "şšș",
    "n": "nñňŋ",
    "s": "sß",
    "z": "zżẕź",
    "t": "tṭ",
    "ts": "ţț",
    "d": "dđð",
    "l": "lł",
    "r": "r",
    "b": "b",
    "f": "f",
    "m": "m",
    "p": "p",
}
ARABIC: dict[str, str] = {
    "a": "اآأإٱ",
    "e": "ەةېےۀ",
    "i": "يىی",
    "o": "ۆ",
    "u": "ۇۈؤ",
    "v": "وۋڤ",
    "b": "ب",
    "p": "پ",
    "t": "تطٹ",
    "j": "جژ",
    "ç": "چ",
    "h": "هھہحخ",
    "d": "دڈ",
    "z": "ذزضظ",
    "r": "رڑ",
    "s": "سصث",
    "ş": "ش",
    "g": "غگ",
    "f": "ف",
    "k": "قكک",
    "l": "ل",
    "m": "م",
    "n": "نںڭ",
    "": "عءئ\u0640\u200c\u200d",
}
KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzçş0123456789")


class LetterTable(dict[int, str]):
    """A table for ``str.translate`` that works out letters it does not list when they are first met."""

    def __missing__(self, code: int) -> str:
        self[code] = value = self._by_decomposition(chr(code))
        return value

    def _by_decomposition(self, letter: str) -> str:
        """Drop the marks; what then is a letter or digit of the key stays, anything else separates."""
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
            return ""
        if (digit := unicodedata.digit(letter, None)) is not None:
            return str(digit)
        parts = unicodedata.normalize("NFKD", letter).casefold()
        if parts == letter:
            return letter if letter in KEY_LETTERS else " "
        return "".join(self[ord(part)] for part in parts)


def letter_table() -> LetterTable:
    """Return the table of all three scripts; letters without an entry lose their marks (NFKD)."""
    table = LetterTable()
    for letters in (CYRILLIC, LATIN, ARABIC):
        table.update({ord(source): key for key, sources in letters.items() for source in sources})
    table.update({ord(digit): digit for digit in "0123456789"})
    table.update({ord(mark): "" for mark in APOSTROPHES})
    return table
