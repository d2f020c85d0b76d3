# SPDX-License-Identifier: Apache-2.0
"""The value of one field as short lines: for tables in which many of them stand one below the other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri
from ortaq.core.kind import FieldSpec
from ortaq.doors.web import addressing, fields, names
from ortaq.records.models import Record

_LONGEST = 300
_REFERENCES = (Role.REF, Role.TERM)


def in_lines(spec: FieldSpec | None, value: Any, targets: Mapping[str, Record]) -> list[str]:
    """Return *value* as a person reads it; spec None: it is an audience."""
    if value is None:
        return []
    if spec is None:
        return [addressing.label(str(value))]
    return [line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in _lines(spec, value, targets)]


def uris_in(spec: FieldSpec | None, value: Any) -> Iterator[str]:
    """Yield the records that *value* names."""
    if spec is None or value is None:
        return
    for one in value if isinstance(value, list) else [value]:
        if spec.role in _REFERENCES and is_record_uri(str(one)):
            yield one
        elif spec.role is Role.LINKS and is_record_uri(one["to"]):
            yield one["to"]
        elif spec.role is Role.GROUP:
            for part in spec.parts:
                yield from uris_in(part, one.get(part.name))


def _lines(spec: FieldSpec, value: Any, targets: Mapping[str, Record]) -> Iterator[str]:
    if spec.role in (Role.NAME, Role.PROSE):
        yield from (f"{names.language_name(tag)}: {text}" for tag, texts in value.items() for text in texts)
        return
    for one in value if isinstance(value, list) else [value]:
        yield _line(spec, one, targets)


def _line(spec: FieldSpec, value: Any, targets: Mapping[str, Record]) -> str:
    match spec.role:
        case role if role in _REFERENCES:
            return _name(value, targets)
        case Role.LINKS:
            note = f" ({value['note']})" if value.get("note") else ""
            return f"{fields.role_label(value['role'], is_inverse=False)}: {_name(value['to'], targets)}{note}"
        case Role.CHOICE:
            return _(spec.choices[value]) if spec.choices and value in spec.choices else str(value)
        case Role.COUNTRY:
            return names.country_name(value, names.reader_language())
        case Role.FLAG:
            return _("Yes") if value else _("No")
        case Role.GROUP:
            return "; ".join(_parts(spec.parts, value, targets))
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values())
    return str(value)


def _parts(specs: Iterable[FieldSpec], value: Mapping[str, Any], targets: Mapping[str, Record]) -> Iterator[str]:
    for spec in specs:
        if value.get(spec.name) is not None:
            yield f"{_(spec.label)}: {', '.join(_lines(spec, value[spec.name], targets))}"


def _name(uri: str, targets: Mapping[str, Record]) -> str:
    return names.title_of(targets[uri]).text if uri in targets else uri
