# SPDX-License-Identifier: Apache-2.0
"""Who may do what with opinions. Pure: nothing is read here."""

from ortaq.core.audience import AUDIENCES, PUBLIC, Viewer, is_within


def may_give(viewer: Viewer) -> bool:
    """People of the node give opinions; strangers read them."""
    return viewer.actor is not None


def may_revise(viewer: Viewer, author: str, *, is_live: bool) -> bool:
    """Nobody edits another's words, and what was withdrawn stays so."""
    return is_live and viewer.actor == author


def may_withdraw(viewer: Viewer, author: str, *, is_live: bool) -> bool:
    return may_revise(viewer, author, is_live=is_live)


def audiences_within(limit: str) -> list[str]:
    """Return the audiences that an opinion about a record with the audience *limit* may have, widest first."""
    return [audience for audience in AUDIENCES if is_within(audience, limit)]


def widest_within(limit: str) -> str:
    return next(iter(audiences_within(limit)), PUBLIC)
