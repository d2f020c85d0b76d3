# SPDX-License-Identifier: Apache-2.0
"""Happenings in the world: Days of Culture, screenings, meetings, exhibitions."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Country, Name, PointField, Span, choice
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

EVENT_TYPES = {
    "days_of_culture": N_("Days of Culture"),
    "film_days": N_("Film Days"),
    "festival": N_("Festival"),
    "screening": N_("Screening"),
    "exhibition": N_("Exhibition"),
    "concert": N_("Concert"),
    "meeting": N_("Meeting"),
    "visit": N_("Visit"),
    "reception": N_("Reception"),
    "forum": N_("Forum"),
    "conference": N_("Conference"),
    "book_presentation": N_("Book presentation"),
    "master_class": N_("Master class"),
    "ceremony": N_("Ceremony"),
    "other": N_("Other"),
}

STATUSES = {
    "held": N_("Held"),
    "ongoing": N_("Under way"),
    "planned": N_("Planned"),
    "agreed": N_("Agreed"),
    "proposed": N_("Proposed"),
    "wished": N_("Wished for"),
    "cancelled": N_("Cancelled"),
}


class Event(Body):
    """held: its days, whether past or to come."""

    event_type: Annotated[choice(EVENT_TYPES), Field(title=N_("Type"))]  # type: ignore[valid-type]
    status: Annotated[choice(STATUSES) | None, Field(title=N_("Status"))] = None  # type: ignore[valid-type]
    held: Annotated[
        Span | None, Field(title=N_("Date"), description=N_("Its first and last day, whether past or to come."))
    ] = None
    venue: Annotated[
        Name | None, Field(title=N_("Venue"), description=N_("The house or the square where it is held."))
    ] = None
    point: Annotated[PointField | None, Field(title=N_("Location"))] = None
    host_country: Annotated[Country | None, Field(title=N_("Host country"))] = None
    guest_country: Annotated[Country | None, Field(title=N_("Guest country"))] = None


EVENT = Kind("event", Event, N_("Event"), N_("Events"), nature=Nature.EVENT)
