# SPDX-License-Identifier: Apache-2.0
"""Whose hand an import writes by: the node's own, which may all that the door lets it, or another's (behalf.py)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.records.door import Draft, Outcome, write_changes
from ortaq.records.models import Record
from ortaq.records.queries import body_of, standing
from ortaq.records.registry import KINDS


class Hand(Protocol):
    """by: actor URI under which the changes are signed."""

    @property
    def by(self) -> str: ...

    def known(self, source_ids: set[str]) -> dict[str, tuple[dict[str, Any], str]]:
        """Return body and audience of those of *source_ids* that stand here; an empty body for what stays as it is."""

    def stands(self, draft: Draft) -> bool:
        """Tell whether the record is here just as *draft* would have it."""

    def write(self, drafts: Sequence[Draft]) -> list[Outcome]:
        """Write *drafts*, or refuse them; return what became of each."""


class NodeHand:
    """The node's: source ids are the node's, and whoever can call the command may import everything."""

    def __init__(self, node: str, by: str) -> None:
        self.by, self._node = by, node

    def known(self, source_ids: set[str]) -> dict[str, tuple[dict[str, Any], str]]:
        uris = {record_uri(self._node, local_id_of_source(name)): name for name in source_ids}
        return {uris[uri]: body_and_audience(record) for uri, record in standing(uris).items()}

    def stands(self, draft: Draft) -> bool:
        uri = record_uri(self._node, local_id_of_source(str((draft.body or {})["source_id"])))
        record = standing([uri]).get(uri)
        return record is not None and says_the_same(record, draft, self._node)

    def write(self, drafts: Sequence[Draft]) -> list[Outcome]:
        return write_changes(with_own_source_ids(drafts), by=self.by) if drafts else []


def with_own_source_ids(drafts: Sequence[Draft]) -> list[Draft]:
    """Return *drafts*, those that name their record by its address with the source id that it has."""
    present = standing([draft.uri for draft in drafts if draft.uri])
    return [_with_source_id(draft, present.get(draft.uri or "")) for draft in drafts]


def _with_source_id(draft: Draft, present: Record | None) -> Draft:
    if present is None or not present.source_id or draft.body is None:
        return draft
    return replace(draft, body={**draft.body, "source_id": present.source_id})


def body_and_audience(record: Record) -> tuple[dict[str, Any], str]:
    """Return what an authority record says; nothing for one that was withdrawn, and stays so."""
    return (body_of(record) if record.state == Record.LIVE else {}), record.change.audience


def says_the_same(record: Record, draft: Draft, node: str) -> bool:
    try:
        return body_of(record) == KINDS[draft.kind].validate(draft.body or {}, node)
    except OrtaqError:
        return False
