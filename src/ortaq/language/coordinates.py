# SPDX-License-Identifier: Apache-2.0
"""Coordinates as people write and paste them: 41.2, 47.1 · 41°12′N 47°10′E · 47,1 в. д."""

import re

# One number with its minutes and seconds, and the letter of its direction before or after it, in our languages.
_SIGNS = r"[°º˚*d]|deg|град"
_MINUTES, _SECONDS = r"['’′ʹ`]", r"(?:''|[\"”″ʺ]|’’|′′)"
# How the directions are abbreviated in Russian, Azerbaijani and Kazakh; English and Turkic ones use letters.
_WORDS = {
    r"с\.?\s*ш|с\.?\s*е|şm\.?\s*e": "N",
    r"ю\.?\s*ш|о\.?\s*е|c\.?\s*e": "S",
    r"в\.?\s*д|ш\.?\s*б|ş\.?\s*u": "E",
    r"з\.?\s*д|б\.?\s*б|q\.?\s*u": "W",
}
_LETTER = r"[NSEW]"
_ANGLE = re.compile(
    rf"(?P<before>{_LETTER})?\s*(?P<sign>[-−+])?(?P<degrees>\d{{1,3}}(?:[.,]\d+)?)\s*(?:{_SIGNS})?"
    rf"(?:\s*(?P<minutes>\d{{1,2}}(?:[.,]\d+)?)\s*{_MINUTES})?(?:\s*(?P<seconds>\d{{1,2}}(?:[.,]\d+)?)\s*{_SECONDS})?"
    rf"\s*(?P<after>{_LETTER}(?![^\W\d_]))?",
    re.IGNORECASE,
)


def degrees(text: str) -> float | None:
    """Return the angle that *text* is, in degrees; None if it is not exactly one."""
    found = _angles(text)
    return found[0][0] if found and len(found) == 1 else None


def pair(text: str) -> tuple[float, float] | None:
    """Return (lat, lon) that *text* names, whichever comes first if their letters tell; None if it is no pair."""
    found = _angles(text)
    if not found or len(found) != 2:
        return None
    (first, letter), (second, _other) = found
    return (second, first) if letter in ("E", "W") else (first, second)


def _angles(text: str) -> list[tuple[float, str]] | None:
    """Return (degrees, letter) of the angles that *text* consists of; None if there is anything else in it."""
    text = text.strip().strip("()[]")
    for words, letter in _WORDS.items():
        text = re.sub(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])\.?", letter, text, flags=re.IGNORECASE)
    if _separated := re.fullmatch(r"([-−+]?\d{1,3},\d+)[\s;]+([-−+]?\d{1,3},\d+)", text):
        text = f"{_separated[1].replace(',', '.')} {_separated[2].replace(',', '.')}"
    elif re.fullmatch(r"[-−+]?\d{1,3}(\.\d+)?,\s*[-−+]?\d{1,3}(\.\d+)?", text) and ("." in text or ", " in text):
        text = text.replace(",", " ; ")  # a comma between two numbers, not a decimal comma
    found, place = [], 0
    for match in _ANGLE.finditer(text):
        if re.sub(r"[\s,;/|]+", "", text[place : match.start()]):
            return None
        found.append((_value(match), _letter(match)))
        place = match.end()
    return found if not re.sub(r"[\s,;/|.]+", "", text[place:]) else None


def _value(match: re.Match[str]) -> float:
    parts = [float((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")]
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    is_negative = match["sign"] in ("-", "−") or _letter(match) in ("S", "W")
    rounded = round(value, 7) if parts[1] or parts[2] else parts[0]
    return -rounded if is_negative else rounded


def _letter(match: re.Match[str]) -> str:
    return (match["before"] or match["after"] or "").upper()  # ascii: one letter of the list above
