# SPDX-License-Identifier: Apache-2.0
"""Letter case that respects the dotted and the dotless i."""

import unicodedata
from functools import lru_cache

DOTLESS_I_LANGUAGES = frozenset({"az", "tr"})  # Unicode SpecialCasing.txt, conditional mappings


@lru_cache(maxsize=1_000)
def primary_language(lang: str | None) -> str | None:
    """Return the language subtag of a BCP 47 tag: ``az-Cyrl`` gives ``az``; ``und`` and None give None."""
    if not lang:
        return None
    primary = lang.replace("_", "-").partition("-")[0].lower()
    return None if primary == "und" else primary


def fold_case(text: str, lang: str | None = None) -> str:
    """Return *text* in the form in which two spellings that differ only in case are equal.

    lang     BCP 47 tag; ``I`` becomes ``ı`` in Turkish and Azerbaijani, ``i`` everywhere else.
    returns  NFC; may be longer than *text* (``ß`` gives ``ss``); folding twice changes nothing more.
    """
    if text.isascii() and "I" not in text:
        return text.lower()
    dotless = "ı" if primary_language(lang) in DOTLESS_I_LANGUAGES else "i"
    composed = unicodedata.normalize("NFC", text).replace("İ", "i").replace("I", dotless)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", composed.casefold()).casefold())
