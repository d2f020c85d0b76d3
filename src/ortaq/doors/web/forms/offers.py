# SPDX-License-Identifier: Apache-2.0
"""What the page of a record offers to whoever looks at it: only what people/rules.py allows."""

from dataclasses import dataclass

from ortaq.core.audience import Viewer
from ortaq.nodes.identity import identity
from ortaq.people import rules
from ortaq.people.rules import Subject
from ortaq.records.actions import subject_of
from ortaq.records.copies import copies_of
from ortaq.records.models import Record, WorkingCopy
from ortaq.records.registry import KINDS


@dataclass(frozen=True, slots=True)
class Offers:
    may_revise: bool
    may_withdraw: bool
    may_begin: bool
    may_merge: bool

    def __bool__(self) -> bool:
        return self.may_revise or self.may_withdraw or self.may_begin or self.may_merge


def offers_of(viewer: Viewer, record: Record) -> Offers | None:
    """Return what *viewer* may do with *record*; None where the area has pages of its own, and for strangers."""
    if viewer.actor is None or record.node != identity().id or not is_written_here(record.kind):
        return None
    subject = _subject(viewer, record)
    return Offers(
        rules.may_revise(viewer, subject),
        rules.may_withdraw(viewer, subject),
        rules.may_write(viewer.standing),
        rules.may_merge(viewer, subject),
    )


def _subject(viewer: Viewer, record: Record) -> Subject:
    """The record as the rules see it; what the viewer made themselves needs no look-up."""
    own = next((one for one in viewer.standings if one.actor == record.author), None)
    return Subject(own.institution, record.author, record.audience, record.state) if own else subject_of(record)


def is_written_here(kind: str) -> bool:
    """Tell whether the forms of this folder write records of *kind*: all but those that answer others, such as opinions."""
    return kind in KINDS and not KINDS[kind].bounded_by and not KINDS[kind].is_personal and not KINDS[kind].is_by_node


def open_copy(viewer: Viewer, record: Record) -> WorkingCopy | None:
    """Return what *viewer* is writing at *record* already."""
    return copies_of(viewer).filter(record=record.uri).exclude(state=WorkingCopy.PROPOSED).first()
