# SPDX-License-Identifier: Apache-2.0
"""A harvest: page by page into the log; stopped anywhere it goes on there, and the next one asks only for what is new."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ortaq.core.audience import checked
from ortaq.core.errors import OrtaqError
from ortaq.core.identifiers import local_id_of_source, record_uri
from ortaq.doors.imports.authorities import Authorities
from ortaq.doors.imports.hands import NodeHand
from ortaq.doors.imports.harvest.errors import FormatUnreadable, RepositoryRefused
from ortaq.doors.imports.harvest.protocol import Identity, Met, Page, Repository
from ortaq.doors.imports.harvest.state import State, kept_state, write_state
from ortaq.doors.imports.harvest.taking import READERS, item_of, source_id
from ortaq.nodes.identity import identity
from ortaq.records.door import Draft, Outcome
from ortaq.records.models import Record
from ortaq.records.queries import standing

_BAD_TOKEN: Final = "badResumptionToken"  # noqa: S105  a code of the protocol


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to harvest. since: from when on, instead of since the last harvest; limit: records after which it stops, to go on later."""

    prefix: str = "lido"
    shelf: str = ""
    since: str = ""
    audience: str = "public"
    limit: int | None = None


@dataclass(slots=True)
class Told:
    """What became of the records; refused: identifier and why. is_whole: the end was reached."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("made", "revised", "unchanged", "withdrawn", "refused"), 0)
    )
    refused: list[tuple[str, OrtaqError]] = field(default_factory=list)
    is_whole: bool = False

    @property
    def taken(self) -> int:
        return sum(self.counts.values())


def harvest(repository: Repository, wishes: Wishes, went_on: Callable[[Told], object] = lambda _: None) -> Told:
    """Harvest *repository*; return what became of its records. Raises what stops it: what was taken until then is kept."""
    checked(wishes.audience)
    if wishes.prefix not in READERS:
        raise FormatUnreadable(format=wishes.prefix, known=", ".join(READERS))
    with kept_state(repository.base, wishes.prefix, wishes.shelf) as (state, file):
        run = _Run(repository, wishes, repository.identity(), state, file)
        run.to_the_end(went_on)
        return run.told


class _Run:
    def __init__(self, repository: Repository, wishes: Wishes, them: Identity, state: State, file: Path) -> None:
        me = identity()
        self._repository, self._wishes, self._them, self._state, self._file = repository, wishes, them, state, file
        self._node, self._hand = me.id, NodeHand(me.id, me.uri)
        self._authorities = Authorities(me.id, self._hand.known)
        self.told = Told()

    def to_the_end(self, went_on: Callable[[Told], object]) -> None:
        try:
            self._pages(went_on)
        except RepositoryRefused as error:
            if error.facts.get("code") != _BAD_TOKEN or not self._state.token:
                raise
            self._state.token = ""  # it no longer knows where we were: from the beginning of this harvest
            self._pages(went_on)

    def _pages(self, went_on: Callable[[Told], object]) -> None:
        state, wishes = self._state, self._wishes
        for page in self._repository.pages(self._asked(), state.token):
            if not state.token:
                state.began_at = page.answered_at
            self._take(page)
            state.token = page.token
            write_state(state, self._file)
            went_on(self.told)
            if page.token and wishes.limit is not None and self.told.taken >= wishes.limit:
                return
        state.token = ""
        if not self._leaves_a_gap():
            state.since = state.began_at or state.since
        write_state(state, self._file)
        self.told.is_whole = True

    def _leaves_a_gap(self) -> bool:
        """Who asked for what is new since a day has not seen what came before it, unless an earlier harvest has."""
        since, before = self._wishes.since, self._state.since
        return bool(since) and (not before or since > before)

    def _asked(self) -> dict[str, str]:
        since = self._wishes.since or self._state.since
        if since and not self._them.has_seconds:
            since = since[:10]
        named = {"metadataPrefix": self._wishes.prefix, "set": self._wishes.shelf, "from": since}
        return {name: value for name, value in named.items() if value}

    def _take(self, page: Page) -> None:
        """Write a page: for each record only what was said of it last."""
        last = {met.identifier: met for met in page.records}
        present = standing(self._uri(met) for met in last.values() if met.is_deleted)
        items = [
            item_of(
                met, number, self._wishes.prefix, base=self._repository.base, name=self._them.name, node=self._node,
                audience=self._wishes.audience,
            )
            for number, met in enumerate(last.values()) if not met.is_deleted
        ]  # fmt: skip
        also = [draft for draft, _item in self._authorities.additions(items)]
        drafts = [item.draft for item in items if item.draft]
        gone = [
            Draft(record.kind, None, record.change.audience, record.uri)
            for record in present.values()
            if record.state == Record.LIVE
        ]
        outcomes = iter(self._hand.write([*also, *drafts, *gone])[len(also) :])
        identifiers = [met.identifier for met in last.values() if not met.is_deleted]
        for identifier, item in zip(identifiers, items, strict=True):
            self._count(identifier, next(outcomes) if item.draft else Outcome("refused", error=item.error))
        for record, outcome in zip(gone, outcomes, strict=True):
            self._count(str(record.uri), outcome)

    def _uri(self, met: Met) -> str:
        return record_uri(self._node, local_id_of_source(source_id(self._repository.base, met.identifier)))

    def _count(self, identifier: str, outcome: Outcome) -> None:
        self.told.counts[outcome.status] += 1
        if outcome.error is not None:
            self.told.refused.append((identifier, outcome.error))
