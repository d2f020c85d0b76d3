# SPDX-License-Identifier: Apache-2.0
"""A body, as it was typed, as the fields that a page draws. Whatever the body holds, something is drawn that can be mended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from ortaq.core.fields import Role
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.problems import Problem
from ortaq.core.vocabulary import GIVEN_ROLES
from ortaq.doors.web.forms.posted import is_blank

LONG_LINE = 90  # characters from which a line is drawn as a box of several lines
_MAPS = (Role.NAME, Role.PROSE)
_PARTS = {
    Role.POINT: ("lat", "lon", "precision_m"),
    Role.AMOUNT: ("value", "unit"),
    Role.LINKS: ("role", "to", "note"),
    Role.FILES: ("digest", "name", "media_type", "bytes"),
}


@dataclass(slots=True)
class Text:
    """One text of a language: the first is the usual one, the others are variants."""

    name: str
    text: str
    faults: list[Problem] = field(default_factory=list)
    hints: list[Any] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return "\n" in self.text or len(self.text) > LONG_LINE


@dataclass(slots=True)
class Language:
    """The texts of one language; name: path of the block."""

    name: str
    tag: str
    texts: list[Text]
    faults: list[Problem] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_at_fault(self) -> bool:
        return bool(self.faults) or any(text.faults for text in self.texts)


@dataclass(slots=True)
class Choice:
    """One thing to tick; name: under which it is posted."""

    name: str
    value: str
    label: str
    is_chosen: bool


@dataclass(slots=True)
class Drawn:
    """One field, item or part as the page draws it. label, help, choices: marked messages.

    name     path under which its value is posted; place: its position among the items of a field, from 0
    text     of a single value; parts: of a group, a point, a link; items: of a field that holds several
    within   what is wrong with one part of a point, a link or the like
    extra    what controls.py adds for the page
    """

    spec: FieldSpec
    name: str
    role: str
    text: str = ""
    is_required: bool = False
    place: int | None = None
    parts: dict[str, Any] = field(default_factory=dict)
    items: list["Drawn"] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    within: dict[str, list[Problem]] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def help(self) -> str:
        return self.spec.help

    @property
    def is_long(self) -> bool:
        return "\n" in self.text or len(self.text) > LONG_LINE

    @property
    def is_filled(self) -> bool:
        """Something stands in it, or is wrong with it: it is not folded away."""
        texts = any(text.text for language in self.languages for text in language.texts)
        chosen = any(choice.is_chosen for choice in self.choices)
        parts = any(part.is_filled if isinstance(part, Drawn) else part for part in self.parts.values())
        items = any(item.is_filled for item in self.items)
        return bool(self.text or self.faults or self.within or texts or chosen or parts or items)


def id_of(name: str) -> str:
    """Return the id of the control that posts *name*."""
    return "f-" + "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in name)


def drawn(kind: Kind, body: Mapping[str, Any], problems: Iterable[Problem] = ()) -> list[Drawn]:
    """Return the fields of *kind* filled with *body*, each problem at the field that it is about."""
    fields = _parts_of(kind.fields, body, "", list(problems))
    for one in fields:
        one.is_required = one.is_required or (one.spec.name == "title" and kind.needs_title)
    return fields


def item_of(many: Drawn) -> Drawn:
    """Return an empty item for the end of *many*."""
    item = _value(many.spec, None, f"{many.name}.{len(many.items)}", [])
    item.place = len(many.items)
    return item


def every(fields: Iterable[Drawn]) -> Iterable[Drawn]:
    """Yield *fields* with everything inside them."""
    for one in fields:
        yield one
        yield from every(one.items)
        yield from every(part for part in one.parts.values() if isinstance(part, Drawn))


def _parts_of(specs: Sequence[FieldSpec], body: Any, before: str, problems: list[Problem]) -> list[Drawn]:
    values = body if isinstance(body, Mapping) else {}
    return [_field(spec, values.get(spec.name), f"{before}{spec.name}", _below(problems, spec.name)) for spec in specs]


def _below(problems: Iterable[Problem], step: str | int) -> list[Problem]:
    """The problems under *step* of their path, with the rest of their path."""
    return [
        Problem(one.path[1:], one.code, one.facts, one.given) for one in problems if one.path and one.path[0] == step
    ]


def _here(problems: Iterable[Problem], below: Iterable[str | int]) -> list[Problem]:
    """The problems that are about the value itself: about nothing *below* it that is drawn."""
    steps = set(below)
    return [one for one in problems if not one.path or one.path[0] not in steps]


def _field(spec: FieldSpec, value: Any, name: str, problems: list[Problem]) -> Drawn:
    if not spec.is_many:
        one = _value(spec, value, name, problems)
        one.is_required = spec.is_required
        return one
    many = Drawn(spec, name, spec.role.value, is_required=spec.is_required)
    values = value if isinstance(value, list) else [] if is_blank(value) else [value]
    many.faults = _here(problems, range(len(values)))
    if spec.role is Role.CHOICE:
        return _ticks(many, values, problems)
    for place, each in enumerate(values):
        item = _value(spec, each, f"{name}.{place}", _below(problems, place))
        item.place = place
        many.items.append(item)
    return many


def _ticks(many: Drawn, values: list[Any], problems: list[Problem]) -> Drawn:
    """What is chosen keeps its position, and what is ticked now comes after it."""
    chosen = [_as_text(value) for value in values]
    known = dict(many.spec.choices or {})
    places = {value: place for place, value in reversed(list(enumerate(chosen)))}
    for at, (value, label) in enumerate(known.items()):
        place = places.get(value, len(chosen) + at)
        many.choices.append(Choice(f"{many.name}.{place}", value, label, value in places))
    extra = [place for place, value in enumerate(chosen) if value not in known or places[value] != place]
    many.choices += [Choice(f"{many.name}.{place}", chosen[place], chosen[place], True) for place in extra]
    many.faults = [Problem((), one.code, one.facts, one.given) for one in problems]
    return many


def _value(spec: FieldSpec, value: Any, name: str, problems: list[Problem]) -> Drawn:
    one = Drawn(spec, name, spec.role.value)
    if spec.role in _MAPS:
        one.languages = _languages(value, name, problems)
        one.faults = _here(problems, [block.tag for block in one.languages])
    elif spec.role is Role.GROUP:
        one.parts = {part.spec.name: part for part in _parts_of(spec.parts, value, f"{name}.", problems)}
        one.faults = _here(problems, one.parts)
    elif spec.role in _PARTS:
        one.parts = _texts(value, _PARTS[spec.role])
        one.faults = _here(problems, one.parts)
        one.within = {part: found for part in one.parts if (found := _below(problems, part))}
    else:
        one.text = _as_text(value)
        one.faults = problems
        one.choices = _options(spec, one.text)
    if spec.role is Role.LINKS:
        one.choices = _link_roles(str(one.parts["role"]))
    return one


def _texts(value: Any, names: Sequence[str]) -> dict[str, str]:
    """The parts of a point or the like; what is none lies in its first part, where it can be mended."""
    if isinstance(value, Mapping):
        return {name: _as_text(value.get(name)) for name in names}
    return {name: _as_text(value) if place == 0 else "" for place, name in enumerate(names)}


def _languages(value: Any, name: str, problems: list[Problem]) -> list[Language]:
    found = []
    texts = value if isinstance(value, Mapping) else {} if is_blank(value) else {"und": value}
    for place, (tag, given) in enumerate(texts.items()):
        own = _below(problems, tag)
        each = given if isinstance(given, list) else [given]
        block = Language(f"{name}.{place}", str(tag), [], _here(own, range(len(each))))
        for at, text in enumerate(each):
            block.texts.append(Text(f"{block.name}.text.{at}", _as_text(text), _below(own, at)))
        found.append(block)
    return found


def _options(spec: FieldSpec, text: str) -> list[Choice]:
    """What a list offers; a value that it does not know stays in it, so that opening a form changes nothing."""
    known = dict(spec.choices or {})
    if spec.role is Role.CHOICE and text and text not in known:
        known = {text: text, **known}
    return [Choice("", value, label, value == text) for value, label in known.items()]


def _link_roles(role: str) -> list[Choice]:
    known = {name: labels[0] for name, labels in GIVEN_ROLES.items()}
    if role and role not in known:
        known = {role: role, **known}
    return [Choice("", value, label, value == (role or "related_to")) for value, label in known.items()]


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    try:
        return orjson.dumps(value).decode("utf-8")
    except (TypeError, ValueError):
        return repr(value)


def pairs(fields: Iterable[Drawn]) -> Iterable[tuple[str, str]]:
    """Yield what the page drawn from *fields* posts when nobody touches it: the same body again."""
    for one in fields:
        yield from _pairs(one)


def _pairs(one: Drawn) -> Iterable[tuple[str, str]]:
    for block in one.languages:
        yield f"{block.name}.lang", block.tag
        yield from ((text.name, text.text) for text in block.texts)
    if one.spec.is_many and one.place is None:
        yield from ((choice.name, choice.value) for choice in one.choices if choice.is_chosen)
        yield from pairs(one.items)
    elif one.parts:
        for name, part in one.parts.items():
            yield from _pairs(part) if isinstance(part, Drawn) else ((f"{one.name}.{name}", part),)
    elif not one.languages:
        yield one.name, one.text
