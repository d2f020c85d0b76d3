# SPDX-License-Identifier: Apache-2.0
"""Small closed lists that the product itself depends on, with their labels. Everything else is a term record."""

from typing import Final

from ortaq.core.errors import N_
from ortaq.core.replacing import REPLACES

AREAS: Final = {
    "culture": N_("Culture"),
    "cinema": N_("Cinema"),
    "media": N_("Media"),
    "archives": N_("Archives"),
    "translation": N_("Translation"),
    "books": N_("Books"),
    "heritage": N_("Heritage"),
    "restoration": N_("Restoration"),
    "archaeology": N_("Archaeology"),
    "museums": N_("Museums"),
    "youth": N_("Youth"),
    "volunteering": N_("Volunteering"),
    "research": N_("Research"),
    "creative_industry": N_("Creative industry"),
    "religion": N_("Religion"),
    "fund": N_("Development fund"),
    "anti_disinformation": N_("Work against fake information"),
    "other": N_("Other"),
}

# role: how it reads at the record that has the link, and at the record that is its target
LINK_ROLES: Final = {
    "part_of": (N_("part of"), N_("has part")),
    "member_of": (N_("member of"), N_("has member")),
    "located_in": (N_("located in"), N_("is the location of")),
    "about": (N_("about"), N_("is described in")),
    "kept_by": (N_("kept by"), N_("keeps")),
    "made_by": (N_("made by"), N_("made")),
    "created_by": (N_("created by"), N_("created")),
    "performed_by": (N_("performed by"), N_("performed at")),
    "held_at": (N_("held at"), N_("was the venue of")),
    "organised_by": (N_("organised by"), N_("organised")),
    "attended_by": (N_("attended by"), N_("attended")),
    "shown_at": (N_("shown at"), N_("showed")),
    "same_as": (N_("same as"), N_("same as")),
    "related_to": (N_("related to"), N_("related to")),
    "broader": (N_("broader term"), N_("narrower term")),
    "published_by": (N_("published by"), N_("published")),
    "depicts": (N_("depicts"), N_("is depicted in")),
    REPLACES: (N_("replaces"), N_("replaced by")),
}
# What people choose from: a record replaces another only by being merged with it.
GIVEN_ROLES: Final = {role: labels for role, labels in LINK_ROLES.items() if role != REPLACES}
