# SPDX-License-Identifier: Apache-2.0
"""Reads of agreements: who has signed which text, and which one is in force."""

from collections.abc import Collection, Set
from dataclasses import dataclass
from typing import Any

import orjson

from ortaq.core.audience import Viewer
from ortaq.core.identifiers import split_uri
from ortaq.nodes.keeping import names_of_nodes
from ortaq.records.models import Change, Record
from ortaq.records.queries import bodies_before, records_linking, visible
from ortaq.roadmap.kind import ASSENT
from ortaq.roadmap.rules import Text, version_in_force

LanguageMap = dict[str, list[str]]
_MOST_TAKEN_BACK = 500  # newest that are looked through: who signs and takes back without end makes no page slow


@dataclass(frozen=True, slots=True)
class Signature:
    """What one party has said.

    names          of its node
    assent         the record of its newest yes, None if there is none; version: to which
    taken_back_at  when it last took a yes back; empty if it never did, or has said yes again since
    """

    node: str
    names: LanguageMap
    assent: Record | None = None
    version: int | None = None
    taken_back_at: str = ""

    @property
    def at(self) -> str:
        return self.assent.changed_at if self.assent else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement stands. version: the newest text; in_force: the version that binds, None while there is none."""

    version: int
    digest: str
    in_force: int | None
    signatures: list[Signature]

    @property
    def signed(self) -> list[Signature]:
        return [one for one in self.signatures if one.version == self.version]

    @property
    def waiting(self) -> list[Signature]:
        return [one for one in self.signatures if one.version != self.version]


def standing_of(agreement: Record, viewer: Viewer, *, without: Collection[Record] = ()) -> Standing | None:
    """Return how *agreement*, which is live, stands as far as *viewer* may see its assents; None if its text is not here.

    without  assents that are thought away
    """
    texts = _texts(agreement)
    if not texts or texts[-1].version != agreement.version:
        return None
    newest = texts[-1]
    assents = _assents(agreement, viewer, {one.uri for one in without})
    said = {node: [body["digest"] for _record, body in found] for node, found in assents.items()}
    names = names_of_nodes(newest.parties)
    by_digest = {text.digest: text.version for text in texts}
    taken_back = _taken_back(agreement, newest.parties - set(assents), viewer)
    signatures = [
        _signature(node, names.get(node, {}), assents.get(node, []), by_digest, taken_back.get(node, ""))
        for node in sorted(newest.parties)
    ]
    return Standing(newest.version, newest.digest, version_in_force(texts, said), signatures)


def newest_assents_of(agreement: Record, node: str, viewer: Viewer) -> tuple[int | None, list[Record]]:
    """Return the newest version that *node* says yes to, and its live assents to that; None if there is none."""
    found = [(int(body["version"]), record) for record, body in _assents(agreement, viewer).get(node, [])]
    newest = max((version for version, _record in found), default=None)
    return newest, [record for version, record in found if version == newest]


def _texts(agreement: Record) -> list[Text]:
    """Return the versions whose bodies are here, oldest first."""
    rows = Change.objects.filter(record=agreement.uri, body__isnull=False).order_by("version")
    return [
        Text(row.version, row.digest or "", frozenset(_party(uri) for uri in orjson.loads(row.body or "{}")["parties"]))
        for row in rows
    ]


def _party(uri: str) -> str:
    return split_uri(uri)[0] if uri.startswith("urn:ortaq:") else uri


def _assents(
    agreement: Record, viewer: Viewer, without: Collection[str] = ()
) -> dict[str, list[tuple[Record, dict[str, Any]]]]:
    """Return the live assents by the node that signed them; whose they are, the log says, not their words."""
    found: dict[str, list[tuple[Record, dict[str, Any]]]] = {}
    for record in records_linking(agreement.uri, "about", ASSENT.name, viewer):
        if record.uri not in without:
            found.setdefault(record.node, []).append((record, orjson.loads(record.change.body or "{}")))
    return found


def _taken_back(agreement: Record, nodes: Set[str], viewer: Viewer) -> dict[str, str]:
    """Return for those of *nodes* that have withdrawn an assent to *agreement* when they last did."""
    gone = Record.objects.filter(visible(viewer), kind=ASSENT.name, node__in=nodes, state=Record.WITHDRAWN)
    records = list(gone.order_by("-id")[:_MOST_TAKEN_BACK]) if nodes else []
    bodies = bodies_before(records, viewer)
    found: dict[str, str] = {}
    for record in records:
        if bodies.get(record.uri, {}).get("about") == agreement.uri:
            found[record.node] = max(found.get(record.node, ""), record.changed_at)
    return found


def _signature(
    node: str,
    names: LanguageMap,
    assents: list[tuple[Record, dict[str, Any]]],
    versions: dict[str, int],
    taken_back_at: str,
) -> Signature:
    known = [(versions[body["digest"]], record) for record, body in assents if body.get("digest") in versions]
    if not known:
        return Signature(node, names, taken_back_at=taken_back_at)
    version, record = max(known, key=lambda pair: (pair[0], pair[1].id))
    return Signature(node, names, record, version)
