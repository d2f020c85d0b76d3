# SPDX-License-Identifier: Apache-2.0
"""Bodies as texts that people can compare: one stretch for each field, and for each language of a name or a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from ortaq.core.audience import Viewer
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri
from ortaq.core.kind import FieldSpec, Kind
from ortaq.core.vocabulary import LINK_ROLES
from ortaq.doors.web import names
from ortaq.doors.web.spans import span_in_words
from ortaq.records.models import Record
from ortaq.records.queries import targets_by_uri

_MAPS = (Role.NAME, Role.PROSE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands at one place of a body: path as core.merge names it; tag: language of its text."""

    path: tuple[str, ...]
    label: str
    tag: str
    text: str
    value: Any


def stretches(kind: Kind, body: Mapping[str, Any], targets: Mapping[str, Record]) -> list[Stretch]:
    """Return the stretches of *body* in the order of the declaration."""
    found: list[Stretch] = []
    for spec in kind.fields:
        value = body.get(spec.name)
        if value is None:
            continue
        if spec.role in _MAPS and not spec.is_many and isinstance(value, Mapping):
            found += [stretch_of(spec, tag, texts, targets) for tag, texts in value.items()]
        else:
            found.append(stretch_of(spec, "", value, targets))
    return found


def stretch_of(spec: FieldSpec, tag: str, value: Any, targets: Mapping[str, Record]) -> Stretch:
    """Return one stretch; tag: of one language of a language map, else empty."""
    path = (spec.name, tag) if tag else (spec.name,)
    text = _lines(value) if tag else said(spec, value, targets)
    return Stretch(path, label_of(spec, tag), tag, text, value)


def label_of(spec: FieldSpec, tag: str = "") -> str:
    label = _(spec.label)
    return f"{label} ({names.language_name(tag)})" if tag else label


def targets_of(bodies: Iterable[Mapping[str, Any]], viewer: Viewer) -> dict[str, Record]:
    """Return the records that *bodies* point at and *viewer* may see, in one query."""
    return targets_by_uri({uri for body in bodies for uri in _uris(body)}, viewer)


def said(spec: FieldSpec, value: Any, targets: Mapping[str, Record]) -> str:
    """Return *value* in words, one line for each of several."""
    if spec.is_many and isinstance(value, list):
        return "\n".join(_said(spec, one, targets) for one in value)
    return _said(spec, value, targets)


def _said(spec: FieldSpec, value: Any, targets: Mapping[str, Record]) -> str:  # one case a role
    match spec.role, value:
        case ((Role.NAME | Role.PROSE), dict()):
            return "\n".join(f"{names.language_name(tag)}: {_lines(texts)}" for tag, texts in value.items())
        case Role.CHOICE, str():
            return _((spec.choices or {}).get(value, value)) if value else ""
        case ((Role.TERM | Role.REF), str()):
            return _title(value, targets)
        case ((Role.SPAN | Role.DATE), str()):
            return f"{span_in_words(value)} [{value}]" if span_in_words(value) != value else value
        case Role.COUNTRY, str():
            return names.country_name(value, names.reader_language())
        case Role.LANG, str():
            return names.language_name(value)
        case Role.FLAG, bool():
            return _("Yes") if value else _("No")
        case Role.LINKS, dict():
            return _link(value, targets)
        case Role.FILES, dict():
            return str(value.get("name", ""))
        case Role.POINT, dict():
            within = f" (± {value['precision_m']} m)" if value.get("precision_m") else ""
            return f"{value.get('lat', '')}, {value.get('lon', '')}{within}"
        case Role.AMOUNT, dict():
            return f"{value.get('value', '')} {value.get('unit', '')}".strip()
        case Role.GROUP, dict():
            parts = [part for part in spec.parts if value.get(part.name) is not None]
            return "; ".join(f"{_(part.label)}: {said(part, value[part.name], targets)}" for part in parts)
    return value if isinstance(value, str) else orjson.dumps(value, default=repr).decode("utf-8")


def _lines(texts: Any) -> str:
    return "\n".join(map(str, texts)) if isinstance(texts, list) else str(texts)


def _link(link: Mapping[str, Any], targets: Mapping[str, Record]) -> str:
    role = str(link.get("role", ""))
    label = _(LINK_ROLES[role][0]) if role in LINK_ROLES else role
    note = f" ({link['note']})" if link.get("note") else ""
    return f"{label}: {_title(str(link.get('to', '')), targets)}{note}"


def _title(uri: str, targets: Mapping[str, Record]) -> str:
    return names.title_of(targets[uri]).text if uri in targets else uri


def _uris(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        if is_record_uri(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _uris(one)
    elif isinstance(value, list):
        for one in value:
            yield from _uris(one)
