# SPDX-License-Identifier: Apache-2.0
"""Who may do what with opinions. Pure: nothing is read here."""

from collections.abc import Iterable

from ortaq.core.audience import PARTNERS, PRIVATE, Viewer, is_within, named_partners
from ortaq.people import rules as people


def may_give(viewer: Viewer) -> bool:
    """Contributors of an institution give opinions; others read them."""
    return people.may_write(viewer.standing)


def may_revise(viewer: Viewer, author: str, *, is_live: bool) -> bool:
    """Nobody edits another's words, and what was withdrawn stays so."""
    return is_live and author in viewer.actors and may_give(viewer)


def may_withdraw(viewer: Viewer, author: str, *, is_live: bool) -> bool:
    """One's own words may be taken back always, even by who only reads by now."""
    return is_live and author in viewer.actors


def audiences_within(viewer: Viewer, limit: str, groups: Iterable[str] = ()) -> list[str]:
    """Return the audiences that an opinion of *viewer* about a record with the audience *limit* may have, widest first.

    groups: audiences of the node's groups of partners
    """
    known: list[str] = []
    for audience in people.audiences_of(viewer.standing):
        known += [audience, *groups] if audience == PARTNERS else [audience]
    offered = [audience for audience in dict.fromkeys(known) if is_within(audience, limit)]
    # Of another node's record for its partners: that node, and whom it names, may see what is said of it.
    return [limit, *offered] if named_partners(limit) and limit not in offered else offered


def widest_within(viewer: Viewer, limit: str) -> str:
    return next(iter(audiences_within(viewer, limit)), PRIVATE)
