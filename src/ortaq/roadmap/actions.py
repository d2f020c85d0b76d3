# SPDX-License-Identifier: Apache-2.0
"""Signing an agreement for this node, and taking the signature back. Both are changes in the log, as everything else is."""

from ortaq.core.audience import Viewer, as_written
from ortaq.nodes.identity import own_id
from ortaq.people.errors import Denied, SignInRequired
from ortaq.records.door import Draft, Outcome, write_change, write_together
from ortaq.records.errors import Gone
from ortaq.records.models import Record
from ortaq.records.queries import limit_of_answers_to, record_of
from ortaq.roadmap import rules
from ortaq.roadmap.errors import NotAParty, NotSigned, TextChanged
from ortaq.roadmap.kind import AGREEMENT, ASSENT
from ortaq.roadmap.queries import Standing, newest_assents_of, standing_of


def sign_agreement(viewer: Viewer, uri: str, *, version: int) -> Outcome:
    """Say yes for this node to the text that the viewer has read.

    raises Absent, SignInRequired, Denied, NotAParty, TextChanged, Gone
    """
    agreement, actor, standing = _agreement(viewer, uri)
    if own_id() not in {one.node for one in standing.signatures}:
        raise NotAParty(uri=uri)
    if standing.version != version:
        raise TextChanged(uri=uri, present=standing.version)
    body = {"about": uri, "version": standing.version, "digest": standing.digest}
    if any(one.node == own_id() for one in standing.signed):
        return Outcome("unchanged", uri)
    draft = Draft(ASSENT.name, body, limit_of_answers_to(agreement), is_new=True, expected_version=0, is_by_node=True)
    return write_change(draft, by=actor)


def withdraw_assent(viewer: Viewer, uri: str, *, version: int) -> None:
    """Take back the newest yes of this node to the agreement, which was to *version*; what it said to earlier texts stays.

    So an amendment is left without leaving what is in force. Raises what `sign_agreement` raises, and NotSigned.
    """
    agreement, actor, _standing = _agreement(viewer, uri)
    newest, found = newest_assents_of(agreement, own_id(), viewer)
    if newest != version:
        raise NotSigned(uri=uri, version=version)
    drafts = [Draft(ASSENT.name, None, as_written(one.audience), one.uri, is_by_node=True) for one in found]
    write_together(drafts, by=actor)


def _agreement(viewer: Viewer, uri: str) -> tuple[Record, str, Standing]:
    agreement = record_of(uri, viewer)
    if viewer.actor is None:
        raise SignInRequired
    if not rules.may_sign(viewer):
        raise Denied(action="agreement.sign")
    standing = standing_of(agreement, viewer) if agreement.kind == AGREEMENT.name else None
    if agreement.state != Record.LIVE or standing is None:
        raise Gone(uri=uri)
    return agreement, viewer.actor, standing
