# SPDX-License-Identifier: Apache-2.0
"""Who will see a record, said in plain words."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from ortaq.core.audience import INSTITUTION, NODE, PARTNERS, PRIVATE, PUBLIC, Viewer
from ortaq.core.errors import N_
from ortaq.people import rules

_WORDS: Final = {
    PUBLIC: (N_("Everyone"), N_("Anybody in the world, without signing in. Search engines too.")),
    PARTNERS: (N_("Our partners"), N_("The people of this node, and of the nodes that it exchanges with.")),
    NODE: (N_("People of this node"), N_("Everyone who signs in here, whatever their institution.")),
    INSTITUTION: (N_("People of my institution"), N_("Only who signs in for the same institution as you.")),
    PRIVATE: (N_("Only me"), N_("Nobody but you, under the institution that you act for now.")),
}
_NAMED: Final = N_("Some partners only: %(nodes)s")


@dataclass(frozen=True, slots=True)
class Offered:
    """One audience to choose: label and meaning are translated."""

    value: str
    label: str
    meaning: str
    is_chosen: bool


def offered(viewer: Viewer, chosen: str) -> list[Offered]:
    """Return the audiences that *viewer* may choose from; the one that is chosen already stays among them."""
    known = list(rules.audiences_of(viewer.standing))
    if chosen not in known:
        known.insert(0, chosen)
    return [_offer(value, value == chosen) for value in known]


def _offer(value: str, is_chosen: bool) -> Offered:
    name, colon, rest = value.partition(":")
    label, meaning = _WORDS.get(name, (value, ""))
    if name == PARTNERS and colon:
        return Offered(value, _(_NAMED) % {"nodes": rest.replace(",", ", ")}, "", is_chosen)
    return Offered(value, _(label), _(meaning) if meaning else "", is_chosen)
