# SPDX-License-Identifier: Apache-2.0
"""Which language to show when the wanted one is missing."""

from collections.abc import Mapping, Sequence

# The eight languages of Ortaq, each called as its speakers call it (CLDR 46).
LANGUAGES: dict[str, str] = {
    "az": "Azərbaycanca",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "tr": "Türkçe",
    "uz": "Oʻzbekcha",
    "tk": "Türkmençe",
    "ru": "Русский",
    "en": "English",
}

# What a reader of the first language understands best after it: nearest relative written in the same script, then
# the second languages of the country.
_NEXT: dict[str, tuple[str, ...]] = {
    "az": ("tr", "en", "ru"),
    "kk": ("ky", "ru", "en"),
    "ky": ("kk", "ru", "en"),
    "tr": ("az", "en"),
    "uz": ("ru", "tr", "en"),
    "tk": ("tr", "az", "ru", "en"),
    "ru": ("en",),
    "en": ("ru",),
}


def chain(lang: str) -> tuple[str, ...]:
    """Return the tags to try for a reader of *lang*, best first: ``chain("ky") == ("ky", "kk", "ru", "en")``.

    A tag with script or region is tried whole, then as its language: az-Cyrl, az, tr, en, ru.
    """
    primary = lang.partition("-")[0]
    own = (lang,) if lang == primary else (lang, primary)
    return own + _NEXT.get(primary, ("en",))


def choose(language_map: Mapping[str, str | Sequence[str]], lang: str) -> tuple[str, str] | None:
    """Return the text of *language_map* that suits a reader of *lang* best, with its tag; None if there is no text.

    The chain is tried first, each tag also in its other scripts (uz, then uz-Cyrl), then whatever comes first.
    """
    for wanted in chain(lang):
        for tag in (wanted, *(tag for tag in language_map if tag.startswith(wanted + "-"))):
            if text := _first(language_map.get(tag)):
                return text, tag
    for tag, value in language_map.items():
        if text := _first(value):
            return text, tag
    return None


def _first(value: str | Sequence[str] | None) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return next((text for text in value if text), None)
