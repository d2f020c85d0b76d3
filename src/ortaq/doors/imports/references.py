# SPDX-License-Identifier: Apache-2.0
"""The source ids by which a body, as it comes in, names other records. It may have any shape: what is odd is left to the kind."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ortaq.core.fields import Role
from ortaq.core.identifiers import is_web_address, own_uri
from ortaq.core.kind import FieldSpec

_REFERENCES = (Role.REF, Role.TERM)


def with_references(
    specs: Sequence[FieldSpec], body: Mapping[str, Any], translate: Callable[[str], str]
) -> dict[str, Any]:
    """Return *body* with every reference as *translate* would have it."""
    found = dict(body)
    for spec in specs:
        value = body.get(spec.name)
        if value is None:
            continue
        if spec.role in _REFERENCES:
            found[spec.name] = _each(value, lambda one: translate(one) if isinstance(one, str) else one)
        elif spec.role is Role.LINKS:
            found[spec.name] = _each(value, lambda link: _link(link, translate))
        elif spec.role is Role.GROUP:
            found[spec.name] = _each(value, partial(_part, parts=spec.parts, translate=translate))
    return found


def source_ids_in(specs: Sequence[FieldSpec], body: Mapping[str, Any], node: str) -> set[str]:
    """Return the references that are source ids, and neither addresses nor URIs."""
    found: set[str] = set()

    def note(reference: str) -> str:
        if is_source_id(reference, node):
            found.add(reference)
        return reference

    with_references(specs, body, note)
    return found


def is_source_id(reference: str, node: str) -> bool:
    return not (reference.startswith("urn:ortaq:") or is_web_address(reference) or own_uri(reference, node))


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    return [change(one) for one in value] if isinstance(value, list) else change(value)


def _link(link: Any, translate: Callable[[str], str]) -> Any:
    is_link = isinstance(link, Mapping) and isinstance(link.get("to"), str)
    return {**link, "to": translate(link["to"])} if is_link else link


def _part(part: Any, parts: Sequence[FieldSpec], translate: Callable[[str], str]) -> Any:
    return with_references(parts, part, translate) if isinstance(part, Mapping) else part
