# SPDX-License-Identifier: Apache-2.0
"""The line format out: what `ortaq import` takes in, so that a record comes back as it was.

Records and references to them go by their source ids, those that no source names by NODE:RECORD: at the node that takes
them in, references then mean the records that came along, however often they come.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from ortaq.core.audience import PUBLIC, Viewer
from ortaq.core.fields import Role
from ortaq.core.identifiers import is_record_uri, local_id_of_source, record_uri, source_id_of_uri
from ortaq.core.kind import FieldSpec
from ortaq.records.bulk import in_chunks
from ortaq.records.models import Record
from ortaq.records.queries import body_of, records_by_uri
from ortaq.records.registry import KINDS

_REFERENCES = (Role.REF, Role.TERM)


def lines(records: Iterable[Record], viewer: Viewer) -> Iterator[bytes]:
    """Yield one line for each of *records*, which have their newest changes; viewer: who will read them."""
    for chunk in in_chunks(records):
        bodies = [body_of(record) for record in chunk]
        for record, body in zip(chunk, with_source_ids(chunk, bodies, viewer), strict=True):
            head = {"kind": record.kind, **_audience(record), "source_id": ""}
            yield orjson.dumps({**head, **body, "source_id": _name(record)}) + b"\n"


def with_source_ids(
    records: Sequence[Record], bodies: Sequence[dict[str, Any]], viewer: Viewer
) -> list[dict[str, Any]]:
    """Return *bodies* with the source ids of the records that they refer to, where the viewer may see those."""
    uris = {
        uri
        for record, body in zip(records, bodies, strict=True)
        for uri in _references(KINDS[record.kind].fields, body)
        if is_record_uri(uri)
    }
    known = {uri: _name(target) for uri, target in records_by_uri(uris, viewer).items()}
    if not known:
        return list(bodies)
    return [_replaced(KINDS[record.kind].fields, body, known) for record, body in zip(records, bodies, strict=True)]


def _name(record: Record) -> str:
    """The source id, if the record is what it means at its node; of two institutions' records of one id neither is."""
    source_id = record.source_id
    is_shared = source_id and record.uri == record_uri(record.node, local_id_of_source(source_id))
    return source_id if source_id and is_shared else source_id_of_uri(record.uri)


def _audience(record: Record) -> dict[str, str]:
    audience = record.change.audience
    return {} if audience == PUBLIC else {"audience": audience}


def _references(specs: Sequence[FieldSpec], body: dict[str, Any]) -> Iterator[str]:
    for spec in specs:
        value = body.get(spec.name)
        if value is None:
            continue
        if spec.role in _REFERENCES:
            yield from value if isinstance(value, list) else [value]
        elif spec.role is Role.LINKS:
            yield from (link["to"] for link in value)
        elif spec.role is Role.GROUP:
            for part in value if isinstance(value, list) else [value]:
                yield from _references(spec.parts, part)


def _replaced(specs: Sequence[FieldSpec], body: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    found = dict(body)
    for spec in specs:
        value = body.get(spec.name)
        if value is None:
            continue
        if spec.role in _REFERENCES:
            found[spec.name] = (
                [known.get(one, one) for one in value] if isinstance(value, list) else known.get(value, value)
            )
        elif spec.role is Role.LINKS:
            found[spec.name] = [{**link, "to": known.get(link["to"], link["to"])} for link in value]
        elif spec.role is Role.GROUP:
            parts = value if isinstance(value, list) else [value]
            replaced = [_replaced(spec.parts, part, known) for part in parts]
            found[spec.name] = replaced if isinstance(value, list) else replaced[0]
    return found
