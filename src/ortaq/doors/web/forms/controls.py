# SPDX-License-Identifier: Apache-2.0
"""What the controls of a form need beside the value: options in the reader's language, targets, hints, a first empty line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.audience import Viewer
from ortaq.core.errors import N_
from ortaq.core.fields import Role
from ortaq.core.problems import Problem
from ortaq.doors.web import names
from ortaq.doors.web.forms import hints, languages, references
from ortaq.doors.web.forms.tree import Choice, Drawn, Language, Text, every, id_of, item_of

_LINES = (Role.WORD, Role.URL, Role.TERM, Role.REF, Role.SPAN, Role.DATE, Role.COUNTRY, Role.LANG, Role.NUMBER)
_MAPS = (Role.NAME, Role.PROSE)


def dress(fields: Sequence[Drawn], viewer: Viewer) -> None:
    """Make *fields* ready to be drawn for *viewer*."""
    lang = names.reader_language()
    for one in list(every(fields)):
        if one.spec.is_many and one.place is None and not one.items and one.spec.role in _LINES:
            one.items.append(item_of(one))  # so that one can type at once
    references.dress(fields, viewer)
    for one in every(fields):
        if not (one.spec.is_many and one.place is None):
            _dress(one, lang)


def _dress(one: Drawn, lang: str) -> None:
    match one.spec.role:
        case role if role in _MAPS:
            _dress_languages(one, lang)
        case Role.LANG:
            one.choices = _options(languages.languages(lang, one.text), one.text)
        case Role.COUNTRY:
            known = list(languages.countries(lang))
            known += [] if not one.text or one.text in dict(known) else [(one.text, one.text)]
            one.choices = _options(known, one.text)
        case Role.FLAG:
            one.choices = _options([("yes", _("Yes")), ("no", _("No"))], one.text)
        case Role.SPAN | Role.DATE:
            one.extra["words"] = hints.of_span(one.text)
        case Role.POINT:
            one.extra["at"] = hints.of_point(one.parts["lat"], one.parts["lon"])


def _options(known: Iterable[tuple[str, str]], present: str) -> list[Choice]:
    return [Choice("", value, label, value == present) for value, label in known]


def _dress_languages(one: Drawn, lang: str) -> None:
    """A field without any text begins with the language in which the person reads."""
    if not one.languages:
        one.languages = [Language(f"{one.name}.0", lang, [Text(f"{one.name}.0.text.0", "")])]
    present = {block.tag for block in one.languages}
    one.extra["more"] = [(tag, name) for tag, name in languages.languages(lang) if tag not in present]
    for block in one.languages:
        block.options = languages.languages(lang, block.tag)
        if not block.texts:
            block.texts.append(Text(f"{block.name}.text.0", ""))
        for text in block.texts:
            text.hints = hints.of_text(text.name, block.tag, text.text)


_PARTS = {
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "precision_m": N_("Certain within, metres"),
    "value": N_("Number"),
    "unit": N_("Unit or currency"),
    "role": N_("How it is connected"),
    "to": N_("With which record"),
    "note": N_("Remark"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary: the field, the control to jump to, and what to do."""

    label: str
    anchor: str
    sentence: str


def summary(fields: Sequence[Drawn], problems: Iterable[Problem]) -> list[Fault]:
    """Return every fault with the control at which it stands; what stands at none is told without a link."""
    found = [fault for one in fields for fault in _faults(one, _(one.label))]
    known = {one.spec.name for one in fields}
    lost = [one for one in problems if not one.path or one.path[0] not in known]
    return found + [Fault(one.where, "", sentence_of(one)) for one in lost]


def _faults(one: Drawn, label: str) -> list[Fault]:
    found = [Fault(label, anchor(one), sentence_of(each)) for each in one.faults]
    for block in one.languages:
        named = f"{label} ({names.language_name(block.tag)})"
        found += [Fault(named, id_of(f"{block.name}.lang"), sentence_of(each)) for each in block.faults]
        found += [Fault(named, id_of(text.name), sentence_of(each)) for text in block.texts for each in text.faults]
    for part, each in one.within.items():
        named = f"{label}: {_(_PARTS[part])}" if part in _PARTS else label
        found += [Fault(named, id_of(f"{one.name}.{part}"), sentence_of(problem)) for problem in each]
    for item in one.items:
        found += _faults(item, f"{label} {(item.place or 0) + 1}" if len(one.items) > 1 else label)
    for part in one.parts.values():
        if isinstance(part, Drawn):
            found += _faults(part, f"{label}: {_(part.label)}")
    return found


_FIRST_PARTS = {Role.POINT: "lat", Role.AMOUNT: "value", Role.LINKS: "to"}


def anchor(one: Drawn) -> str:
    """Return the id of the first control of *one*."""
    if one.spec.is_many and one.place is None:
        if one.choices:
            return id_of(one.choices[0].name)
        return anchor(one.items[0]) if one.items else f"{one.id}-field"
    if one.languages:
        return id_of(one.languages[0].texts[0].name)
    parts = [part for part in one.parts.values() if isinstance(part, Drawn)]
    if parts:
        return anchor(parts[0])
    first = _FIRST_PARTS.get(one.spec.role)
    return id_of(f"{one.name}.{first}") if first else one.id


def sentence_of(problem: Problem) -> str:
    """Return what *problem* says, in the language of the page."""
    facts: dict[str, Any] = dict(problem.facts)
    return str(_(problem.say) % facts)
