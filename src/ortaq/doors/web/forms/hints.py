# SPDX-License-Identifier: Apache-2.0
"""What a form says about what was typed: how a date was understood, that a text looks like another language, that letters are mixed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ortaq.doors.web import names
from ortaq.doors.web.forms.dates import in_edtf, is_edtf
from ortaq.doors.web.spans import span_in_words
from ortaq.language import coordinates
from ortaq.language.detection import DETECTABLE, detect
from ortaq.language.fallback import LANGUAGES
from ortaq.language.lookalikes import repair
from ortaq.language.scripts import script_of

_SURE, _LONG_ENOUGH = 0.8, 25  # below that a language is a guess; a name alone never tells it surely
_MOST_WORDS = 3
_CYRILLIC_BY_CUSTOM = ("kk", "ky", "ru")


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence; order: what the button beside it does (see edits.py), button: what it says."""

    sentence: str
    order: str = ""
    button: str = ""


def of_text(name: str, tag: str, text: str) -> list[Hint]:
    """Return what is worth saying about *text* under the language *tag*; name: path of the text, such as title.0.text.0."""
    found = _look_alikes(name, text)
    other = _other_language(tag, text)
    if other:
        block = name.partition(".text.")[0]
        sentence = _("This looks like %(language)s.") % {"language": names.language_name(other)}
        button = _("Move it to %(language)s") % {"language": names.language_name(other)}
        found.append(Hint(sentence, f"rename:{block}={other}", button))
    return found


def of_span(text: str) -> str:
    """Return in words how a date was understood; nothing if it was not."""
    edtf = in_edtf(text)
    if not text.strip() or not is_edtf(edtf):
        return ""
    words = span_in_words(edtf)
    return words if edtf == text.strip() else f"{words} ({edtf})"


def of_point(lat: str, lon: str) -> tuple[float, float] | None:
    """Return (lat, lon) as understood: two angles, or both pasted into one."""
    if both := coordinates.pair(lat if not lon.strip() else f"{lat} {lon}" if not lat.strip() else lat):
        return both if _is_on_earth(*both) else None
    first, second = coordinates.degrees(lat), coordinates.degrees(lon)
    return (first, second) if first is not None and second is not None and _is_on_earth(first, second) else None


def _is_on_earth(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180


def _look_alikes(name: str, text: str) -> list[Hint]:
    changes = repair(text).changes[:_MOST_WORDS]
    if not changes:
        return []
    words = ", ".join(f"{one.word} → {one.repaired}" for one in changes)
    sentence = _("Letters of two alphabets are mixed here: %(words)s. Searching would not find it.") % {"words": words}
    return [Hint(sentence, f"mend:{name}", _("Mend the letters"))]


def _other_language(tag: str, text: str) -> str | None:
    """The tag under which *text* rather belongs; None if *tag* may be right."""
    primary = tag.partition("-")[0]
    script = script_of(text)
    if primary not in LANGUAGES or script is None or len(text.strip()) < 3:
        return None
    found = detect(text)
    is_sure = found.certainty >= _SURE and len(text) >= _LONG_ENOUGH and found.lang is not None
    if is_sure and found.lang and found.lang.partition("-")[0] != primary:
        return found.lang
    if script != _script(tag):
        return _in_script(primary, script) or (found.lang if found.lang and _script(found.lang) == script else None)
    return None


def _script(tag: str) -> str:
    parts = tag.split("-")
    if len(parts) > 1 and len(parts[1]) == 4:
        return parts[1]
    return "Cyrl" if parts[0] in _CYRILLIC_BY_CUSTOM else "Latn"


def _in_script(primary: str, script: str) -> str | None:
    """The same language in the other alphabet, where it has been written in it."""
    tag = f"{primary}-{script}"
    return tag if tag in DETECTABLE else None
