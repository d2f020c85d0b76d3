# SPDX-License-Identifier: Apache-2.0
"""What an administrator decides about a partner, on a page or by a command: done here, written down, and said to the other side.

Who cannot be told now is a partner no less, or no longer: it is done here anyway, and `unsaid` says why they do not know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from ortaq.core.errors import OrtaqError
from ortaq.doors.feed import asking
from ortaq.nodes import groups, partners
from ortaq.nodes.document import Document
from ortaq.nodes.errors import NoAddress
from ortaq.nodes.groups import Names
from ortaq.nodes.models import Fork, Partner, PartnerGroup, Quarantined
from ortaq.people.audit import note
from ortaq.records.receiving import LogForked

PAUSE, RESUME, END = "pause", "resume", "end"
_DONE: Final[dict[str, tuple[str, Callable[[Partner], None]]]] = {
    PAUSE: ("partner.paused", partners.pause),
    RESUME: ("partner.resumed", partners.resume),
    END: ("partner.ended", partners.end),
}


@dataclass(frozen=True, slots=True)
class Decided:
    """unsaid: why the other side could not be told; None: it knows."""

    partner: Partner
    unsaid: OrtaqError | None = None


def propose(document: Document, *, trust: str, by: str = "") -> Decided:
    """We would like to exchange with the node of *document*; by: actor for the audit trail. Raises NoAddress, DocumentOld, PartnerIsSelf."""
    if not settings.ADDRESS:
        raise NoAddress
    partner = partners.propose(document, trust=trust)
    _note("partner.proposed", partner, by, address=document.address, trust=trust)
    return _said(partner)


def accept(partner: Partner, *, trust: str, by: str = "") -> Decided:
    """We say yes to who has asked; raises NotProposed."""
    partners.accept(partner, trust=trust)
    _note("partner.accepted", partner, by, trust=trust)
    return _said(partner)


def tell(partner: Partner, word: str, *, by: str = "") -> Decided:
    """Pause, resume or end."""
    action, do = _DONE[word]
    do(partner)
    _note(action, partner, by)
    return _said(partner, word)


def say_again(partner: Partner) -> Decided:
    """Tell them once more what holds here: they may not have heard it."""
    return _said(partner)


def set_terms(
    partner: Partner,
    *,
    trust: str | None = None,
    files: str | None = None,
    files_bytes: int | None = None,
    by: str = "",
) -> None:
    """Change what it gets, and which of its files come here: ours alone to decide, so nobody is told."""
    was = f"{partner.trust} {partner.files} {partner.files_bytes}"
    partners.set_terms(partner, trust=trust, files=files, files_bytes=files_bytes)
    now = f"{partner.trust} {partner.files} {partner.files_bytes}"
    if was != now:
        _note("partner.terms-changed", partner, by, was=was, now=now)


def make_group(names: Names, members: Iterable[str], *, by: str = "") -> PartnerGroup:
    """Name a group of partners, for authors to write for; raises as nodes/groups.py."""
    made = groups.make_group(names, members)
    note("partner-group.made", actor=by, subject=made.key, names=made.names, members=made.members)
    return made


def change_group(group: PartnerGroup, names: Names, members: Iterable[str], *, by: str = "") -> None:
    """From now on; what was signed for it names those who were in it then."""
    was = {"names": group.names, "members": group.members}
    groups.change_group(group, names, members)
    if was != {"names": group.names, "members": group.members}:
        note("partner-group.changed", actor=by, subject=group.key, names=group.names, members=group.members)


def remove_group(group: PartnerGroup, *, by: str = "") -> None:
    """Offer it no more; what was signed for it stays as it is."""
    key, names = group.key, group.names
    groups.remove_group(group)
    note("partner-group.removed", actor=by, subject=key, names=names)


def settle(partner: Partner, *, by: str = "") -> int:
    """The history that is here holds: take the log up again; return how many forks that settles."""
    now = timezone.now()
    count = Fork.objects.filter(log=partner.node_id, settled_at=None).update(settled_at=now)
    Quarantined.objects.filter(log=partner.node_id, code=LogForked.code, settled_at=None).update(settled_at=now)
    if count:
        _note("partner.settled", partner, by, forks=count)
    return count


def _said(partner: Partner, word: str = "") -> Decided:
    try:
        state = asking.say(partner.node.address, word or _word(partner))
    except OrtaqError as error:
        return Decided(partner, error)
    if partner.state == Partner.ASKED and state == Partner.ACTIVE:
        partners.accepted_by(partner)
    return Decided(partner)


def _word(partner: Partner) -> str:
    """What would tell the other side how it stands here."""
    if partner.state == Partner.ACTIVE:
        return PAUSE if partner.is_paused else "accept"
    return "propose" if partner.state == Partner.ASKED else END


def _note(action: str, partner: Partner, by: str, **facts: Any) -> None:
    note(action, actor=by, subject=partner.node_id, **facts)
