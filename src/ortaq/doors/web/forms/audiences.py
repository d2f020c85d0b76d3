# SPDX-License-Identifier: Apache-2.0
"""Who will see a record, said in plain words."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from ortaq.core.audience import INSTITUTION, NODE, PARTNERS, PRIVATE, PUBLIC, Viewer, named_partners
from ortaq.core.errors import N_
from ortaq.doors.web import addressing

_WORDS: Final = {
    PUBLIC: (N_("Everyone"), N_("Anybody in the world, without signing in. Search engines too.")),
    PARTNERS: (N_("Our partners"), N_("The people of this node, and of the nodes that it exchanges with.")),
    NODE: (N_("People of this node"), N_("Everyone who signs in here, whatever their institution.")),
    INSTITUTION: (N_("People of my institution"), N_("Only who signs in for the same institution as you.")),
    PRIVATE: (N_("Only me"), N_("Nobody but you, under the institution that you act for now.")),
}
_LIST: Final = N_(
    "The people of this node, and of: %(nodes)s. This list is signed with the record; if a group changes later, the record stays for whom it names."
)


@dataclass(frozen=True, slots=True)
class Offered:
    """One audience to choose: label and meaning are translated."""

    value: str
    label: str
    meaning: str
    is_chosen: bool


def offered(viewer: Viewer, chosen: str) -> list[Offered]:
    """Return the audiences that *viewer* may choose from; the one that is chosen already stays among them."""
    known = addressing.audiences(viewer)
    if chosen not in known:
        known = {chosen: addressing.label(chosen), **known}
    return [Offered(value, *_words(value, label), value == chosen) for value, label in known.items()]


def _words(value: str, label: str) -> tuple[str, str]:
    """Return what the form calls an audience, and what that means."""
    if named_partners(value):
        return label, _(_LIST) % {"nodes": addressing.nodes_in(value)}
    words = _WORDS.get(value.partition(":")[0])
    return (_(words[0]), _(words[1])) if words else (label, "")
