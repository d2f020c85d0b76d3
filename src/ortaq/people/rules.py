# SPDX-License-Identifier: Apache-2.0
"""Who may do what: one policy for pages, API and command line. Pure; everything that is not allowed here is denied.

Reading follows from the audience alone. Writing follows from the role that a person has in the institution whose actor made
the record; nobody touches the records of another institution, and nobody rewords what another person has said.
"""

from dataclasses import dataclass
from typing import Final

from ortaq.core.audience import INSTITUTION, NODE, PARTNERS, PRIVATE, PUBLIC, Standing, Viewer, of_institution
from ortaq.core.errors import N_

READER: Final = "reader"
CONTRIBUTOR: Final = "contributor"
EDITOR: Final = "editor"
STEWARD: Final = "steward"
ADMINISTRATOR: Final = "administrator"
# each may what those before it may
ROLES: Final = {
    READER: N_("Reader"),
    CONTRIBUTOR: N_("Contributor"),
    EDITOR: N_("Editor"),
    STEWARD: N_("Steward"),
    ADMINISTRATOR: N_("Administrator"),
}
_RANK = {role: rank for rank, role in enumerate(ROLES)}

LIVE, WITHDRAWN, ERASED = "live", "withdrawn", "erased"
DRAFT, PROPOSED, RETURNED = "draft", "proposed", "returned"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted upon: a record, or a working copy.

    institution  local id of the institution whose actor made it; empty: the node itself
    author       URI of the actor who made it
    audience     token, as stored
    state        live, withdrawn or erased; of a working copy draft, proposed or returned
    is_personal  somebody's own words
    """

    institution: str
    author: str
    audience: str = PUBLIC
    state: str = LIVE
    is_personal: bool = False


def is_at_least(role: str | None, least: str) -> bool:
    return role is not None and _RANK[role] >= _RANK[least]


def _has_role(viewer: Viewer, institution: str, least: str) -> bool:
    return is_at_least(viewer.role_in(institution), least)


def _keeps(viewer: Viewer, institution: str, least: str) -> bool:
    """What the node itself made, by import, is in the care of its keepers."""
    return viewer.is_keeper if not institution else _has_role(viewer, institution, least)


def may_read(viewer: Viewer, subject: Subject) -> bool:
    """A role opens nothing: the audience says who reads, and a working copy is nobody's but its author's and its editors'."""
    if subject.state in (DRAFT, PROPOSED, RETURNED):
        return subject.author in viewer.actors or _may_decide(viewer, subject)
    return viewer.may_see(subject.audience)


def may_write(standing: Standing | None) -> bool:
    """Begin working copies, give opinions, upload files."""
    return standing is not None and is_at_least(standing.role, CONTRIBUTOR)


def may_fetch(standing: Standing | None) -> bool:
    """Have a file of another node's record brought here: it takes this node's room and the other one's line."""
    return standing is not None and is_at_least(standing.role, CONTRIBUTOR)


def may_publish(viewer: Viewer, subject: Subject, *, needs_proposal: bool) -> bool:
    """Make a record of what the viewer wrote; needs_proposal: the institution has editors publish."""
    if subject.author in viewer.actors:
        return _has_role(viewer, subject.institution, EDITOR if needs_proposal else CONTRIBUTOR)
    return _may_decide(viewer, subject)


def _may_decide(viewer: Viewer, subject: Subject) -> bool:
    return subject.state == PROPOSED and _has_role(viewer, subject.institution, EDITOR)


def may_return(viewer: Viewer, subject: Subject) -> bool:
    """Give a proposal back to its author with a remark."""
    return _may_decide(viewer, subject)


def may_revise(viewer: Viewer, subject: Subject) -> bool:
    """Write a new version of a record."""
    if not may_read(viewer, subject) or subject.state not in (LIVE, WITHDRAWN):
        return False
    if subject.is_personal:
        return subject.author in viewer.actors and may_write(viewer.standing) and subject.state == LIVE
    is_own = subject.author in viewer.actors and _has_role(viewer, subject.institution, CONTRIBUTOR)
    return is_own or _keeps(viewer, subject.institution, EDITOR)


def may_withdraw(viewer: Viewer, subject: Subject) -> bool:
    """Take a record back. One's own words may be taken back always, even by who has become a reader."""
    if not may_read(viewer, subject) or subject.state != LIVE:
        return False
    if subject.is_personal:
        return subject.author in viewer.actors
    return _keeps(viewer, subject.institution, STEWARD)


def may_hide_answers(viewer: Viewer, subject: Subject) -> bool:
    """Keep what others say about a record off the pages of this node; subject: the record, one of this node's own."""
    return not subject.is_personal and may_withdraw(viewer, subject)


def may_keep_location(viewer: Viewer, subject: Subject) -> bool:
    """Choose who may know where a record lies exactly: it takes the exact place out of its earlier versions."""
    return may_withdraw(viewer, subject) and not subject.is_personal


def may_merge(viewer: Viewer, subject: Subject) -> bool:
    """Put a record in the place of a duplicate, or withdraw it in favour of another."""
    return may_withdraw(viewer, subject) and not subject.is_personal


def may_take_back(viewer: Viewer, subject: Subject) -> bool:
    """Let a record that was merged into another stand by itself again."""
    if not may_read(viewer, subject) or subject.state != WITHDRAWN or subject.is_personal:
        return False
    return _keeps(viewer, subject.institution, STEWARD)


def may_change_many(viewer: Viewer) -> bool:
    """Change a field of many records at once; each of them must be one that the viewer may revise."""
    standing = viewer.standing
    return viewer.is_keeper or (standing is not None and is_at_least(standing.role, STEWARD))


def may_import(viewer: Viewer) -> bool:
    """Bring in records from files in the name of the institution for which they act; keepers who act for none, for the node."""
    standing = viewer.standing
    return viewer.is_keeper if standing is None else is_at_least(standing.role, STEWARD)


def may_administer(viewer: Viewer, institution: str) -> bool:
    """Invite people, give and end roles, switch the work flow, read the institution's audit trail."""
    return _has_role(viewer, institution, ADMINISTRATOR)


def may_keep(viewer: Viewer) -> bool:
    """Found and close institutions, set quotas, read the node's audit trail."""
    return viewer.is_keeper


def may_give_role(viewer: Viewer, institution: str, role: str) -> bool:
    """Nobody gives a role above their own; the keeper appoints the administrators of an institution, not its other people."""
    own = viewer.role_in(institution)
    if is_at_least(own, ADMINISTRATOR):
        return is_at_least(own, role)
    return viewer.is_keeper and role == ADMINISTRATOR


def audiences_of(standing: Standing | None) -> tuple[str, ...]:
    """Return the audiences that someone may choose from, widest first."""
    if standing is None:
        return (PUBLIC, PARTNERS, NODE, PRIVATE)
    return (PUBLIC, PARTNERS, NODE, of_institution(standing.institution), PRIVATE)


def may_address(viewer: Viewer, audience: str) -> bool:
    """Tell whether *audience* is one that the viewer may write for: never another institution's."""
    return not audience.startswith(f"{INSTITUTION}:") or audience.partition(":")[2] in viewer.institutions
