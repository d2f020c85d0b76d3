# SPDX-License-Identifier: Apache-2.0
"""For whom one may write, as every form offers it: the audiences of people/rules.py, and the groups of partners of this node."""

from django.utils.translation import gettext as _

from ortaq.core.audience import PARTNERS, PRIVATE, Viewer, label_of, named_partners
from ortaq.doors.web import names
from ortaq.nodes import groups
from ortaq.nodes.models import Partner
from ortaq.people import rules


def audiences(viewer: Viewer, *, with_private: bool = True) -> dict[str, str]:
    """Return what the viewer may choose from, widest first, with what it is called; a group as the list of nodes that will be signed."""
    found: dict[str, str] = {}
    for one in rules.audiences_of(viewer.standing):
        if with_private or one != PRIVATE:
            found[one] = _(label_of(one))
        if one == PARTNERS:
            found |= _groups()
    return found


def label(audience: str) -> str:
    """Return what an audience is called: a group by its name, other partners by theirs."""
    if not named_partners(audience):
        return _(label_of(audience))
    return _groups().get(audience) or _("Some partners only: %(nodes)s") % {"nodes": nodes_in(audience)}


def nodes_in(audience: str) -> str:
    """Return the names of the partners that *audience* names; of any other node, who may only ask to be one, the id."""
    nodes = named_partners(audience)
    active = Partner.objects.filter(node__in=nodes, state=Partner.ACTIVE).select_related("node")
    known = {one.node_id: names.node_name(one.node) for one in active}
    return ", ".join(known.get(node, node) for node in nodes)


def _groups() -> dict[str, str]:
    """Return the groups that can be written for: audience → name; of two with the same members the older one."""
    found: dict[str, str] = {}
    for one in groups.addressed():
        shown = names.shown({tag: list(texts) for tag, texts in one.names.items()})
        found.setdefault(one.audience, shown.text if shown else one.audience)
    return found
