# SPDX-License-Identifier: Apache-2.0
"""The fields of a body as a page shows them: by what they mean, whatever the kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri, is_web_address
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.web import names
from ortaq.records.models import Record

# What the page shows in places of their own: its heading, lead, files, map, links and sources.
_ELSEWHERE = {"source_id", "title", "description", "links", "sources", "identifiers", "change_note"}
_REGISTERS = {
    "wikidata": "https://www.wikidata.org/wiki/{}",
    "geonames": "https://www.geonames.org/{}",
    "aat": "http://vocab.getty.edu/page/aat/{}",
    "viaf": "https://viaf.org/viaf/{}",
    "whc": "https://whc.unesco.org/en/list/{}",
    "unesco": "https://whc.unesco.org/en/list/{}",
}
_SHORT_PROSE = 1200


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference points at: a record that is here and visible, a web address, or a name only."""

    uri: str
    record: Record | None = None
    note: str = ""

    @property
    def is_web(self) -> bool:
        return is_web_address(self.uri)


@dataclass(frozen=True, slots=True)
class Prose:
    """A longer text in the reader's language and, folded away, in the others."""

    best: names.Shown
    others: list[tuple[str, str]]

    @property
    def is_long(self) -> bool:
        return len(self.best.text) > _SHORT_PROSE


@dataclass(frozen=True, slots=True)
class Identified:
    scheme: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Field:
    """role: name of a core.fields.Role, which chooses the look; table: of a group, its columns and rows."""

    name: str
    label: str
    role: str
    values: list[Any]
    columns: list[str] = field(default_factory=list)
    table: list[list["Field | None"]] = field(default_factory=list)


def fields(kind: Kind, body: Mapping[str, Any], targets: Mapping[str, Record]) -> list[Field]:
    """Return what the list of facts shows of *body*, in the order of the declaration."""
    return [shown for shown in _each(kind.fields, body, targets) if shown.name not in _ELSEWHERE and _is_fact(shown)]


def prose(kind: Kind, body: Mapping[str, Any]) -> list[Field]:
    """Return the longer texts: the description first."""
    return [shown for shown in _each(kind.fields, body, {}) if shown.role in ("prose", "markup")]


def _is_fact(shown: Field) -> bool:
    return shown.role not in ("prose", "markup", "files", "point")


def _each(specs: Iterable[FieldSpec], body: Mapping[str, Any], targets: Mapping[str, Record]) -> list[Field]:
    return [_field(spec, body[spec.name], targets) for spec in specs if body.get(spec.name) is not None]


def _field(spec: FieldSpec, value: Any, targets: Mapping[str, Record]) -> Field:
    values = value if isinstance(value, list) else [value]
    label = _(spec.label)
    match spec.role:
        case Role.TERM | Role.REF:
            values = [Target(uri, targets.get(uri)) for uri in values]
        case Role.CHOICE:
            values = [_(spec.choices[one]) if spec.choices and one in spec.choices else one for one in values]
        case Role.NAME:
            values = [shown for one in values if (shown := names.shown(one))]
        case Role.PROSE:
            values = [text for one in values if (text := _prose(one))]
        case Role.FLAG:
            values = [_("Yes") if one else _("No") for one in values]
        case Role.GROUP:
            return _table(spec, values, targets)
    return Field(spec.name, label, spec.role.value, values)


def _prose(texts: names.LanguageMap) -> Prose | None:
    best = names.shown(texts)
    if best is None:
        return None
    others = [(tag, text) for tag, found in texts.items() for text in found if (tag, text) != (best.tag, best.text)]
    return Prose(best, others)


def _table(spec: FieldSpec, values: list[Any], targets: Mapping[str, Record]) -> Field:
    """A group as a table of the columns that are filled at all."""
    parts = [part for part in spec.parts if any(one.get(part.name) is not None for one in values)]
    table = [
        [_field(part, one[part.name], targets) if one.get(part.name) is not None else None for part in parts]
        for one in values
    ]
    return Field(spec.name, _(spec.label), spec.role.value, values, [_(part.label) for part in parts], table)


def identifiers(body: Mapping[str, Any]) -> list[Identified]:
    """Return the names in other registers, with their address where the register is known."""
    found = []
    for one in body.get("identifiers", ()):
        pattern = _REGISTERS.get(one["scheme"])
        found.append(Identified(one["scheme"], one["value"], pattern.format(one["value"]) if pattern else ""))
    return found


def points(kind: Kind, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the points of *body*: lat, lon, precision_m."""
    found = [body[spec.name] for spec in kind.fields if spec.role is Role.POINT and body.get(spec.name)]
    return [one for value in found for one in (value if isinstance(value, list) else [value])]


def links_out(body: Mapping[str, Any], targets: Mapping[str, Record]) -> list[tuple[str, list[Target]]]:
    """Return the links of *body* grouped by role: how it reads here, and what is linked."""
    grouped: dict[str, list[Target]] = {}
    for link in body.get("links", ()):
        target = Target(link["to"], targets.get(link["to"]), link.get("note") or "")
        grouped.setdefault(link["role"], []).append(target)
    return [(role_label(role, is_inverse=False), found) for role, found in grouped.items()]


def role_label(role: str, *, is_inverse: bool) -> str:
    """Return how the link *role* reads at its record, or at its target; a field's name says only that it is linked."""
    labels = LINK_ROLES.get(role)
    if labels is None:
        return _("referred to by") if is_inverse else role
    return _(labels[1]) if is_inverse else _(labels[0])


def is_here(uri: str) -> bool:
    return is_record_uri(uri)
