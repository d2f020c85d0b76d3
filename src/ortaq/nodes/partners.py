# SPDX-License-Identifier: Apache-2.0
"""How two nodes become partners, and cease to be: each side says what it wants, and changes travel once both have said yes."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ortaq.core.errors import OrtaqError
from ortaq.nodes import keeping
from ortaq.nodes.document import Document
from ortaq.nodes.errors import DocumentOld, NotProposed, PartnerAbsent, PartnerIsSelf, TooManyChanges, TooManyProposals
from ortaq.nodes.identity import own_id
from ortaq.nodes.keys import KeyOf
from ortaq.nodes.models import Node, Partner

MOST_PROPOSALS: Final = 200


def partners() -> list[Partner]:
    """Return all partners, and those that would be, in the order in which they came."""
    return list(Partner.objects.select_related("node").order_by("made_at", "node_id"))


def exchanging() -> list[Partner]:
    return [one for one in partners() if one.exchanges]


def partner_of(name: str) -> Partner:
    """Return the partner with the node id, the address or the name *name*; raises PartnerAbsent."""
    found = [one for one in partners() if name in _names_of(one)]
    if len(found) != 1:
        raise PartnerAbsent(partner=name)
    return found[0]


def _names_of(partner: Partner) -> list[str]:
    node = partner.node
    return [
        node.id,
        node.address,
        f"{node.address}/",
        node.name,
        *(text for texts in node.names.values() for text in texts),
    ]


def know(document: Document) -> Node:
    """Keep what a node presents of itself; raises PartnerIsSelf, and DocumentOld where its log has shown newer keys."""
    if document.node == own_id():
        raise PartnerIsSelf(address=document.address)
    known = {key.public for key in keeping.keys_of(document.node)}
    if known - {key.public for key in document.keys}:
        raise DocumentOld(node=document.node)
    names = next(iter(document.names.values()))
    with transaction.atomic():
        node, is_new = Node.objects.update_or_create(
            id=document.node,
            defaults={
                "name": names[0][:200],
                "names": document.names,
                "countries": document.countries,
                "address": document.address,
                "software": document.software,
                "present_key": document.key,
            },
        )
        if is_new or not known:
            keeping.keep_keys(node.id, [KeyOf(document.first)])
    return node


def propose(document: Document, *, trust: str = Partner.PUBLIC) -> Partner:
    """We would like to exchange with that node; where it has asked us already, that is a yes. trust: what it gets of ours."""
    partner = _partner(document, Partner.ASKED)
    if partner.state == Partner.ASKING:
        partner.state = Partner.ACTIVE
    elif partner.state == Partner.ENDED:
        partner.state, partner.is_paused, partner.has_paused = Partner.ASKED, False, False
    partner.trust = trust
    partner.save()
    return partner


def proposed_by(document: Document) -> Partner:
    """That node would like to exchange with us; where we have asked it already, that is a yes. Raises TooManyProposals."""
    if Partner.objects.filter(state=Partner.ASKING).exclude(node=document.node).count() >= MOST_PROPOSALS:
        raise TooManyProposals(count=MOST_PROPOSALS)
    partner = _partner(document, Partner.ASKING)
    if partner.state == Partner.ASKED:
        partner.state = Partner.ACTIVE
    elif partner.state == Partner.ENDED:
        partner.state, partner.has_paused = Partner.ASKING, False
    partner.save()
    return partner


def _partner(document: Document, state: str) -> Partner:
    return Partner.objects.get_or_create(node=know(document), defaults={"state": state})[0]


def accept(partner: Partner, *, trust: str) -> None:
    """Exchange with who has asked; raises NotProposed."""
    if partner.state not in (Partner.ASKING, Partner.ACTIVE):
        raise NotProposed(partner=partner.node_id)
    _set(partner, state=Partner.ACTIVE, trust=trust)


def accepted_by(partner: Partner) -> None:
    """Who we have asked says yes; raises NotProposed where we have not."""
    if partner.state not in (Partner.ASKED, Partner.ACTIVE):
        raise NotProposed(partner=partner.node_id)
    _set(partner, state=Partner.ACTIVE)


def pause(partner: Partner, *, by_them: bool = False) -> None:
    _set(partner, **{"has_paused" if by_them else "is_paused": True})


def resume(partner: Partner, *, by_them: bool = False) -> None:
    _set(partner, **{"has_paused" if by_them else "is_paused": False})


def end(partner: Partner) -> None:
    """What came stays, and is marked with its node as before; nothing more comes or goes."""
    _set(partner, state=Partner.ENDED)


def set_terms(
    partner: Partner, *, trust: str | None = None, files: str | None = None, files_bytes: int | None = None
) -> None:
    """Change what a partner gets, or which of its files we fetch; None leaves it as it is."""
    given = {"trust": trust, "files": files, "files_bytes": files_bytes}
    _set(partner, **{name: value for name, value in given.items() if value is not None})


def reached(partner: Partner, *, clock_offset: int | None = None) -> None:
    """Note that it has answered."""
    more = {} if clock_offset is None else {"clock_offset": clock_offset}
    _set(partner, reached_at=timezone.now(), failures=0, **more)


def not_reached(partner: Partner, error: OrtaqError) -> None:
    """Note that it has not answered as it should, and why."""
    _set(partner, failed_at=timezone.now(), failure=error.as_dict(), failures=partner.failures + 1)


def check_allowance(partner: Partner) -> None:
    """Raise TooManyChanges once a partner has sent more today than any busy node writes."""
    is_today, limit = partner.taken_on == timezone.now().date(), settings.PARTNER_CHANGES
    if is_today and partner.taken >= limit:
        raise TooManyChanges(node=partner.node_id, count=partner.taken, limit=limit)


def note_taken(partner: Partner, count: int) -> None:
    today = timezone.now().date()
    _set(partner, taken=count + (partner.taken if partner.taken_on == today else 0), taken_on=today)


def _set(partner: Partner, **values: object) -> None:
    for name, value in values.items():
        setattr(partner, name, value)
    partner.save(update_fields=list(values))


def heard(partner: Partner) -> None:
    """Note that it asks us again: who had paused goes on, and what failed is worth another try at once."""
    _set(partner, has_paused=False, failures=0)
