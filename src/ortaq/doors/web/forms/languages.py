# SPDX-License-Identifier: Apache-2.0
"""What the lists of languages and countries offer, in the reader's language, those of the region first."""

import functools
from typing import Final

from babel import Locale

from ortaq.core.errors import N_
from ortaq.doors.web import names
from ortaq.language.fallback import LANGUAGES

_SCRIPTS: Final = ("az-Cyrl", "az-Arab", "kk-Latn", "kk-Arab", "uz-Cyrl", "tk-Cyrl")
# Languages of the region's past and of its neighbours, and those in which much is written about it.
_OTHERS: Final = (
    "ar", "ba", "chg", "crh", "de", "el", "es", "fa", "fr", "grc", "he", "hi", "hy", "it", "ja", "ka", "ko", "la", "mn",
    "ota", "otk", "pl", "sog", "syr", "tg", "tt", "ug", "uk", "zh",
)  # fmt: skip
_NEAR: Final = ("AZ", "KZ", "KG", "TR", "UZ", "TM")
UNKNOWN: Final = N_("Language not known")

Options = list[tuple[str, str]]


@functools.lru_cache(maxsize=64)
def _known(lang: str) -> tuple[tuple[str, str], ...]:
    own = [(tag, names.language_name(tag)) for tag in (*LANGUAGES, *_SCRIPTS)]
    display = Locale.parse(lang).languages
    others = sorted(((tag, str(display[tag])) for tag in _OTHERS if tag in display), key=lambda pair: pair[1])
    return (*own, *others)


def languages(lang: str, present: str = "") -> Options:
    """Return (tag, name) of the languages to choose from; one that is there already is always among them."""
    known = list(_known(lang))
    if present and present != "und" and present not in dict(known):
        known.append((present, f"{names.language_name(present)} [{present}]"))
    return known


@functools.lru_cache(maxsize=16)
def countries(lang: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of all countries, the near ones first."""
    display = Locale.parse(lang).territories
    known = {
        code: str(name) for code, name in display.items() if len(code) == 2 and code.isalpha() and code not in _NOT
    }
    far = sorted(known.keys() - set(_NEAR), key=lambda code: known[code])
    return tuple((code, known[code]) for code in (*_NEAR, *far))


_NOT: Final = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "XK"}  # no countries of ISO 3166-1
