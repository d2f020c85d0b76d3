# SPDX-License-Identifier: Apache-2.0
"""Authority records: the people, places and terms that other records name."""

from typing import Annotated

from pydantic import Field

from ortaq.core.errors import N_
from ortaq.core.fields import Name, Number, PointField, Span, TermRef, Url, Word, choice
from ortaq.core.kind import Body, Kind
from ortaq.core.nature import Nature

AGENT_TYPES = {"person": N_("Person"), "institution": N_("Institution"), "group": N_("Group")}


class Agent(Body):
    """A person, an institution or a group that acts."""

    agent_type: Annotated[choice(AGENT_TYPES), Field(title=N_("Type"))]  # type: ignore[valid-type]
    office: Annotated[
        Name | None,
        Field(title=N_("Office"), description=N_("What the person does there, for example director of the museum.")),
    ] = None
    life: Annotated[
        Span | None, Field(title=N_("Dates"), description=N_("From birth to death, or from founding to closing."))
    ] = None
    website: Annotated[Url | None, Field(title=N_("Website"))] = None


class Place(Body):
    """A country, a town, a region, a landscape."""

    types: Annotated[list[TermRef], Field(title=N_("Type"))] = []
    point: Annotated[PointField | None, Field(title=N_("Location"))] = None
    population: Annotated[Number | None, Field(title=N_("Population"))] = None


class Term(Body):
    """A value of a controlled vocabulary; its URI is the value, its titles are the labels."""

    scheme: Annotated[
        Word,
        Field(title=N_("Vocabulary"), description=N_("The list that the term belongs to, for example monument types.")),
    ]


AGENT = Kind("agent", Agent, N_("Person or institution"), N_("People and institutions"), nature=Nature.ACTOR)
PLACE = Kind("place", Place, N_("Place"), N_("Places"), nature=Nature.PLACE)
TERM = Kind("term", Term, N_("Term"), N_("Terms"), nature=Nature.CONCEPT)
