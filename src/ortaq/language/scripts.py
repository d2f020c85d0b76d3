# SPDX-License-Identifier: Apache-2.0
"""Which script a text is written in."""

import re

# Blocks of Unicode 16, letters only where it matters; ISO 15924 codes. Order decides a tie.
SCRIPT_PATTERNS: dict[str, re.Pattern[str]] = {
    "Latn": re.compile("[A-Za-zªºÀ-ÖØ-öø-ʯᴀ-ᶿḀ-ỿⱠ-Ɀ꜠-ꟿＡ-Ｚａ-ｚ]"),
    "Cyrl": re.compile("[Ѐ-҂Ҋ-ԯᲀ-ᲈꙀ-ꙮꚀ-ꚝ]"),
    "Arab": re.compile("[ؠ-يٮ-ۓە-ۯۺ-ۿݐ-ݿࢠ-ࣿﭐ-﷿ﹰ-ﻼ]"),
    "Grek": re.compile("[Ͱ-Ͽἀ-῾]"),
    "Geor": re.compile("[Ⴀ-ჿᲐ-Ჿⴀ-ⴭ]"),
    "Armn": re.compile("[Ա-Ֆա-ևﬓ-ﬗ]"),
    "Hebr": re.compile("[א-ײ]"),
    "Orkh": re.compile("[\U00010c00-\U00010c48]"),
    "Hira": re.compile("[ぁ-ゖ]"),
    "Hani": re.compile("[㐀-䶿一-鿿]"),
    "Hang": re.compile("[가-힣]"),
}


def script_counts(text: str) -> dict[str, int]:
    """Return how many letters of each script *text* has, scripts without letters left out."""
    if text.isascii():
        count = len(SCRIPT_PATTERNS["Latn"].findall(text))
        return {"Latn": count} if count else {}
    counts = {script: len(pattern.findall(text)) for script, pattern in SCRIPT_PATTERNS.items()}
    return {script: count for script, count in counts.items() if count}


def script_of(text: str) -> str | None:
    """Return the ISO 15924 code of the script most letters of *text* belong to, None if it has no known letter."""
    counts = script_counts(text)
    return max(counts, key=counts.__getitem__) if counts else None
