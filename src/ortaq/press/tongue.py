# SPDX-License-Identifier: Apache-2.0
"""The language that a report is written in, whatever names of other languages it quotes."""

from collections import Counter

from ortaq.language.detection import detect
from ortaq.language.words import words
from ortaq.press.sentences import sentences

# Letters that a sentence must have left without its names before it has a vote of its own.
_ENOUGH = 20


def language_of(text: str) -> str | None:
    """Return the BCP 47 tag of *text*: every sentence votes with its length, its names left out.

    Names keep their letters in a foreign text: one Şəki in an English report makes it no Azerbaijani one.
    """
    votes: Counter[str] = Counter()
    for start, end in sentences(text):
        plain = _without_names(text[start:end])
        if len(plain) >= _ENOUGH and (lang := detect(plain).lang):
            votes[lang] += len(plain)
    return votes.most_common(1)[0][0] if votes else detect(text).lang


def _without_names(sentence: str) -> str:
    return " ".join(word.text for word in words(sentence) if word.text[:1].islower())
